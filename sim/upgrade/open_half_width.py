"""Open a planned road at half its width: a narrow lane each way, one way only, or one shared passage.

Source: cost assumed, six tenths of a road in full.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class OpenHalfWidth(Operation):
    """One half of a planned road is open; the other is not built yet.

    Args:
        half: which, as drawn; by default what the map says, or the right one.
        oneway: only along the drawing.
    """

    typical: ClassVar[Value] = Value(18e6, "yuan", "six tenths of a collector of a kilometre", "assumed")

    do: Literal["open_half_width"]
    road: str
    half: Literal["left", "right"] | None = None
    oneway: bool = False

    def change(self, site: Site, who: str) -> None:
        """Let one half of the road be built."""
        state = site.feature("road", self.road).get("state", "built")
        if state != "planned" and not site.is_new("road", self.road, "state"):
            raise UpgradeError(f"road {self.road} is {state}; wanted a planned one")
        entries = {"state": "half_width"} | ({"half": self.half} if self.half else {})
        site.put("road", self.road, entries | ({"oneway": True} if self.oneway else {}), who)
