"""Open a planned road in full.

Source: cost assumed; no price of a road a kilometre is in the notes.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class OpenRoad(Operation):
    """A planned or half-width road is open in full.

    Args:
        road: of the map.
    """

    typical: ClassVar[Value] = Value(30e6, "yuan", "a collector of a kilometre", "assumed")

    do: Literal["open_road"]
    road: str

    def change(self, site: Site, who: str) -> None:
        """Let the road be built."""
        if (
            site.feature("road", self.road).get("state", "built") == "built"
            and ("road", self.road, "state") not in site.written
        ):
            raise UpgradeError(f"road {self.road} is open already")
        site.put("road", self.road, {"state": "built", "half": None, "passage": None}, who)
