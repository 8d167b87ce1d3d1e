"""Set the mix of cards of all traffic, or of one flow.

Source: no cost of its own.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from sim.errors import UpgradeError
from sim.registry import near
from sim.upgrade import Operation, Share, Site, register


@register
class SetMix(Operation):
    """Departures have this mix of cards.

    Args:
        cards: share of each, adding up to 1.
        flow: id of a flow, table or shift; by default all that do not say their own.
    """

    do: Literal["set_mix"]
    cards: dict[str, Share] = Field(min_length=1)
    flow: str | None = None

    def change(self, site: Site, who: str) -> None:
        """Replace the mix."""
        traffic = site.scenario.setdefault("traffic", {})
        site.claim("mix", self.flow or "traffic", "cards", self.cards, who)
        if self.flow is None:
            traffic["cards"] = dict(self.cards)
            return
        entries = [x for section in ("flows", "tables", "shifts") for x in traffic.get(section) or ()]
        found = {str(x["id"]): x for x in entries if isinstance(x, dict) and "id" in x}
        if self.flow not in found:
            raise UpgradeError(f"no flow, table or shift has the id {self.flow}; {near(self.flow, found)}")
        found[self.flow]["cards"] = dict(self.cards)
