"""Move a gate or another place: trips begin and end elsewhere.

Source: cost assumed.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class MoveGate(Operation):
    """A place lies at another junction, or on other roads.

    Args:
        place: gate, plant …
        junction: where roads are left and entered; or
        roads: whose edges are.
    """

    typical: ClassVar[Value] = Value(2e6, "yuan", "a gate", "assumed")

    do: Literal["move_gate"]
    place: str
    junction: str | None = None
    roads: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _one(self) -> MoveGate:
        if (self.junction is None) == (not self.roads):
            raise ValueError("wanted either junction or roads")
        return self

    def change(self, site: Site, who: str) -> None:
        """Move it."""
        for road in self.roads:
            site.feature("road", road)
        if self.junction is not None:
            site.feature("junction", self.junction)
        site.put("place", self.place, {"junction": self.junction, "roads": self.roads or None}, who)
