"""Equip a share of the vehicles of a card with an on-board unit.

Source: cost assumed to be its owners'.
"""

from __future__ import annotations

from typing import Literal

from sim.errors import UpgradeError
from sim.registry import near
from sim.traffic.cards import CARDS
from sim.upgrade import Operation, Share, Site, register


@register
class EquipShare(Operation):
    """A share of a card's vehicles hear and say messages.

    Args:
        card: whose vehicles are equipped.
        share: of them [-].
    """

    do: Literal["equip_share"]
    card: str
    share: Share

    def change(self, site: Site, who: str) -> None:
        """Equip them."""
        known = [*CARDS.names(), *((site.scenario.get("traffic") or {}).get("own_cards") or {})]
        if self.card not in known:
            raise UpgradeError(f"there is no card {self.card}; {near(self.card, known)}")
        site.claim("card", self.card, "equip", self.share, who)
        site.scenario.setdefault("equip", {})[self.card] = self.share
