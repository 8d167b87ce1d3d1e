"""Open a planned road at half its width: a narrow lane each way, one way only, or one passage that both ways share.

Source: costs assumed: six tenths of a road in full; a signal or a roadside unit at both ends besides.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field, model_validator

from sim.errors import UpgradeError
from sim.park.importers.geojson.records import PassageRecord
from sim.provenance import Value
from sim.upgrade import Operation, Site, register

#: What a control costs beside the road [yuan]. Source: assumed; domain section 6 has ¥ 0.5 M for a junction at the
#: least, ¥ 1 to 2 M a kilometre of roadside equipment.
ENDS = {"courtesy": 0.05e6, "priority": 0.05e6, "signal": 0.5e6, "request": 1.0e6}


@register
class OpenHalfWidth(Operation):
    """One half of a planned road is open; the other is not built yet.

    Args:
        half: which, as drawn; by default what the map says, or the right one.
        oneway: only along the drawing.
        control: both directions share it: by courtesy, by priority of one direction, by an alternating signal, or by
            request and grant over radio; by default a lane each way where that half has room for them.
        passage: more of how they share it, as a map says: batch, green, patience, sight, bays …
        road: of the map.
    """

    typical: ClassVar[Value] = Value(18e6, "yuan", "six tenths of a collector of a kilometre", "assumed")

    do: Literal["open_half_width"]
    road: str
    half: Literal["left", "right"] | None = None
    oneway: bool = False
    control: Literal["courtesy", "priority", "signal", "request"] | None = None
    passage: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> OpenHalfWidth:
        if self.control is None and self.passage:
            raise ValueError("passage wants control: courtesy, priority, signal or request")
        if self.control is not None:
            if self.oneway:
                raise ValueError("a one-way road is not shared; wanted either control or oneway")
            PassageRecord.model_validate({"control": self.control} | self.passage)
        return self

    @property
    def price(self) -> float:
        """Investment [yuan]."""
        return super().price + (0.0 if self.cost is not None else ENDS.get(self.control or "", 0.0))

    def change(self, site: Site, who: str) -> None:
        """Let one half of the road be built."""
        state = site.feature("road", self.road).get("state", "built")
        if state != "planned" and not site.is_new("road", self.road, "state"):
            raise UpgradeError(f"road {self.road} is {state}; wanted a planned one")
        entries: dict[str, Any] = {"state": "half_width"} | ({"half": self.half} if self.half else {})
        entries |= {"oneway": True} if self.oneway else {}
        entries |= {"passage": {"control": self.control} | self.passage} if self.control else {}
        site.put("road", self.road, entries, who)
