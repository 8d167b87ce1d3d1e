"""Install or re-time a signal at a junction.

Source: cost from domain section 6, ¥ 0.5 M at the least for a junction (memory).
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import Field

from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class SetSignal(Operation):
    """A junction has a signal with this programme.

    Args:
        programme: as in a map: kind, cycle, offset, yellow, all_red, left, phases …; by default made from the shape.
        junction: of the map.
    """

    typical: ClassVar[Value] = Value(0.5e6, "yuan", "junction upgrade, the least; domain section 6", "memory")

    do: Literal["set_signal"]
    junction: str
    programme: dict[str, Any] = Field(default_factory=dict)

    def change(self, site: Site, who: str) -> None:
        """Install it, or replace its programme."""
        site.put("junction", self.junction, {"control": "signal", "programme": self.programme or None}, who)
