"""Turn a junction into a roundabout.

Source: cost from domain section 6, ¥ 1.6 M for a junction (memory).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sim.errors import UpgradeError
from sim.park.importers.geojson.records import Length
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class AddRoundabout(Operation):
    """A junction is a roundabout.

    Args:
        radius: to the middle of the ring [m].
        lanes: of the ring.
        junction: of the map, without a signal of its own.
    """

    typical: ClassVar[Value] = Value(1.6e6, "yuan", "junction upgrade; domain section 6", "memory")

    do: Literal["add_roundabout"]
    junction: str
    radius: Length = 20.0
    lanes: int = Field(default=1, ge=1, le=4)

    def change(self, site: Site, who: str) -> None:
        """Lay the ring."""
        before = site.feature("junction", self.junction)
        if before.get("control") == "roundabout" and not site.is_new("junction", self.junction, "control"):
            raise UpgradeError(f"junction {self.junction} is a roundabout already")
        ring = {"radius": self.radius, "ring_lanes": self.lanes}
        site.put("junction", self.junction, {"control": "roundabout", "programme": None, "main": None} | ring, who)
