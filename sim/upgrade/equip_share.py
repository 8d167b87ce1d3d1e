"""Equip a share of the vehicles of a card with an on-board unit.

Source: cost assumed to be its owners'.
"""

from __future__ import annotations

from typing import Literal

from sim.upgrade import Operation, Share, Site, register


@register
class EquipShare(Operation):
    """A share of a card's vehicles hear and say messages."""

    do: Literal["equip_share"]
    card: str
    share: Share

    def change(self, site: Site, who: str) -> None:
        """Equip them."""
        site.claim("card", self.card, "equip", self.share, who)
        site.scenario.setdefault("equip", {})[self.card] = self.share
