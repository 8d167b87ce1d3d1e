"""Let vehicles of a card behave as another: the driving logic of a fleet.

Source: no cost of its own.
"""

from __future__ import annotations

from typing import Literal

from sim.errors import UpgradeError
from sim.upgrade import Operation, Site, mixes, register


@register
class ReplaceCard(Operation):
    """Every mix that holds a card holds another in its place.

    Args:
        card: that is replaced.
        by: card that takes its place.
    """

    do: Literal["replace_card"]
    card: str
    by: str

    def change(self, site: Site, who: str) -> None:
        """Rename it in every mix, keeping its rank, so that the same people have it."""
        site.claim("card", self.card, "card", self.by, who)
        found = [mix for mix in mixes(site.scenario) if self.card in mix]
        if not found:
            raise UpgradeError(f"no mix of the traffic holds {self.card}")
        for mix in found:
            if self.by != self.card and self.by in mix:
                raise UpgradeError(f"a mix holds both {self.card} and {self.by}")
            renamed = {self.by if name == self.card else name: share for name, share in mix.items()}
            mix.clear()
            mix |= renamed
