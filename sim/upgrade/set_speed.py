"""Set the speed limit of a road.

Source: cost assumed; signs.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.park.importers.geojson.records import Speed
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class SetSpeed(Operation):
    """A road has another speed limit [m/s].

    Args:
        road: of the map.
        speed: limit, both ways [m/s].
    """

    typical: ClassVar[Value] = Value(0.05e6, "yuan", "signs of a road", "assumed")

    do: Literal["set_speed"]
    road: str
    speed: Speed

    def change(self, site: Site, who: str) -> None:
        """Set it."""
        site.put("road", self.road, {"speed": self.speed}, who)
