"""Dedicate the kerb lane of a road to a class of road users.

Source: cost assumed; paint and signs.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sim.errors import UpgradeError
from sim.park.importers.geojson.records import RoadRecord
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class DedicateLane(Operation):
    """The kerb lane of each direction with two lanes or more is for some classes only.

    Args:
        classes: of road users, by SUMO's names: `bus`, `taxi`, `truck` …
        road: of the map.
    """

    typical: ClassVar[Value] = Value(0.3e6, "yuan", "paint and signs on a kilometre", "assumed")

    do: Literal["dedicate_lane"]
    road: str
    classes: list[str] = Field(min_length=1)

    def change(self, site: Site, who: str) -> None:
        """Reserve the lane."""
        road = site.feature("road", self.road)
        record = RoadRecord.model_validate({k: v for k, v in road.items() if k[0] != "_"})
        if max(record.directions) < 2 or record.state != "built":
            raise UpgradeError(f"road {self.road} has no direction with two lanes: the rest could not pass")
        site.put("road", self.road, {"kerb_lane_for": self.classes}, who)
