"""Change how the way is given at a junction: priority, yield, stop, all-way stop, right before left …

Source: cost assumed; signs.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class SetControl(Operation):
    """A junction without signal has another right of way.

    Args:
        main: ids of the two roads that have the way; by default decided by class and shape.
        junction: of the map.
        control: who gives way to whom.
    """

    typical: ClassVar[Value] = Value(0.05e6, "yuan", "signs of a junction", "assumed")

    do: Literal["set_control"]
    junction: str
    control: Literal["priority", "yield", "stop", "all_way_stop", "right_before_left"]
    main: list[str] = Field(default_factory=list)

    def change(self, site: Site, who: str) -> None:
        """Set it; a signal there goes."""
        site.put(
            "junction", self.junction, {"control": self.control, "programme": None, "main": self.main or None}, who
        )
