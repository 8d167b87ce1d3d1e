"""Widen a road: more lanes each way, or one way only.

Source: cost assumed.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sim.errors import UpgradeError
from sim.park.importers.geojson.records import RoadRecord
from sim.provenance import Value
from sim.upgrade import Operation, Site, register

_MOST = 12


@register
class WidenRoad(Operation):
    """A road has more lanes than before.

    Args:
        forward: lanes to add along the drawing.
        backward: lanes to add against it.
        road: of the map.
    """

    typical: ClassVar[Value] = Value(15e6, "yuan", "half of a collector of a kilometre", "assumed")

    do: Literal["widen_road"]
    road: str
    forward: int = Field(default=1, ge=0, le=6)
    backward: int = Field(default=1, ge=0, le=6)

    @model_validator(mode="after")
    def _some(self) -> WidenRoad:
        if self.forward + self.backward == 0:
            raise ValueError("adds no lane; wanted forward or backward of 1 or more")
        return self

    def change(self, site: Site, who: str) -> None:
        """Add lanes."""
        road = site.feature("road", self.road)
        if road.get("state", "built") != "built":
            raise UpgradeError(f"road {self.road} is {road['state']}; only a road built in full can be widened")
        forward, backward = RoadRecord.model_validate({k: v for k, v in road.items() if k[0] != "_"}).directions
        if road.get("oneway") and self.backward:
            raise UpgradeError(f"road {self.road} is one-way; wanted backward: 0")
        wanted = {"lanes_forward": forward + self.forward, "lanes_backward": backward + self.backward}
        if max(wanted.values()) > _MOST:
            raise UpgradeError(f"road {self.road} would have more than {_MOST} lanes one way")
        if road.get("oneway"):
            del wanted["lanes_backward"]
        site.put("road", self.road, wanted | {"lanes": None}, who)
