"""Scale the demand: every flow, table and shift by a factor.

Source: no cost of its own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.errors import UpgradeError
from sim.upgrade import Operation, Site, register

_AMOUNT = {"flows": "per_hour", "shifts": "headcount"}


@register
class ScaleDemand(Operation):
    """More or fewer people drive; freight and buses keep their timetable.

    Args:
        factor: by which rates, trips and headcounts are multiplied [-].
    """

    do: Literal["scale_demand"]
    factor: float = Field(ge=0.0, le=100.0)

    def change(self, site: Site, who: str) -> None:
        """Scale amounts."""
        site.claim("traffic", "all", "demand", self.factor, who)
        traffic = site.scenario.get("traffic") or {}
        if any("file" in table for table in traffic.get("tables") or ()):
            raise UpgradeError("a table that lies in a file cannot be scaled; write its trips in the scenario")
        entries = [(x, key) for section, key in _AMOUNT.items() for x in traffic.get(section) or ()]
        entries += [(x, "trips") for table in traffic.get("tables") or () for x in table["trips"]]
        for entry, key in entries:
            entry[key] = float(entry[key]) * self.factor
