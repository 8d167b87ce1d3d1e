"""Add a bus line over the map's stops.

Source: cost assumed; two buses.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from sim.errors import UpgradeError
from sim.provenance import Value
from sim.upgrade import Operation, Site, register


@register
class AddBusLine(Operation):
    """A bus calls at some stops each headway; entries as of a scenario's `bus_lines`.

    Args:
        id: of the line.
        halts: stops in the order of travel.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    typical: ClassVar[Value] = Value(2e6, "yuan", "two buses", "assumed")

    do: Literal["add_bus_line"]
    id: str
    halts: list[Any] = Field(min_length=1)

    def change(self, site: Site, who: str) -> None:
        """Put the line into the timetable; the scenario's own checks see to its entries."""
        lines = site.scenario.setdefault("traffic", {}).setdefault("bus_lines", [])
        if any(line.get("id") == self.id for line in lines):
            raise UpgradeError(f"there is already a bus line {self.id}")
        for halt in self.halts:
            site.feature("stop", halt if isinstance(halt, str) else str(halt.get("stop")))
        lines.append(self.model_dump(exclude={"do", "date", "cost"}))
