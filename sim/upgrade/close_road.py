"""Close a road, one direction of it, or a lane by the clock: a work zone.

Source: assumed; traffic management alone.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import model_validator

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class CloseRoad(Operation):
    """A work zone: nobody enters a road or a lane from a time on.

    Args:
        road: a road of the map; both directions of it.
        lane: id of a lane of the network, such as `hejin_3_0` or `-hejin_3_0`, instead of a road.
        begin: time of the clock, such as 07:30.
        end: time of the clock; for good if not told.
    """

    typical: ClassVar[Value] = Value(0.1e6, "yuan", "signs and barriers of a work zone", "assumed")

    do: Literal["close_road"]
    road: str | None = None
    lane: str | None = None
    begin: str | float = 0.0
    end: str | float | None = None

    @model_validator(mode="after")
    def _one(self) -> CloseRoad:
        if (self.road is None) == (self.lane is None):
            raise ValueError("wanted either road or lane")
        return self

    def change(self, site: Site, who: str) -> None:
        """Shut it by the clock."""
        name = self.road if self.road is not None else (self.lane or "").removeprefix("-").rsplit("_", 1)[0]
        road = site.feature("road", name)
        if road.get("state", "built") == "planned":
            raise UpgradeError(f"road {name} is not open: it cannot be closed")
        told: dict[str, Any] = {"kind": "close", "begin": self.begin}
        told |= {} if self.end is None else {"end": self.end}
        two_way = not road.get("oneway")
        where = [{"edge": x} for x in (name, f"-{name}")[: 1 + two_way]] if self.road else [{"lane": self.lane}]
        for each in where:
            site.claim("occurrence", str(each), "close", told, who)
        site.scenario.setdefault("occurrences", []).extend(each | told for each in where)
