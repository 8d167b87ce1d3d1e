"""Set the share of one card among itself and another, in every mix that holds either: the share of automated cars.

Source: no cost of its own.
"""

from __future__ import annotations

from typing import Literal

from sim.errors import UpgradeError
from sim.upgrade import Operation, Share, Site, mixes, register


@register
class SetShare(Operation):
    """Of the vehicles of two cards, a share have the one.

    Args:
        card: whose share is set.
        among: the card that gives or takes the rest; mixes without it (a fleet of its own) stay as they are.
        share: of the vehicles of both [-].
    """

    do: Literal["set_share"]
    card: str
    among: str = "human_car"
    share: Share

    def change(self, site: Site, who: str) -> None:
        """Divide the sum of both anew; the other cards keep their shares and their vehicles."""
        if self.card == self.among:
            raise UpgradeError(f"{self.card} cannot be divided with itself")
        site.claim("card", f"{self.card} among {self.among}", "share", self.share, who)
        found = [mix for mix in mixes(site.scenario) if self.among in mix]
        if not found:
            raise UpgradeError(f"no mix of the traffic holds {self.among}")
        for mix in found:
            both = float(mix[self.among]) + float(mix.get(self.card, 0.0))
            rest = {name: share for name, share in mix.items() if name not in (self.card, self.among)}
            mix.clear()
            mix |= {self.among: both * (1.0 - self.share), self.card: both * self.share} | rest
