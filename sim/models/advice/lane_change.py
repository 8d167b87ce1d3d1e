"""Whether somebody on the lane beside is too near, or comes too fast, for a change to it.

Source: zones and time to collision as of ISO 17387 (lane change decision aid systems), from memory of the standard.
"""

from __future__ import annotations

from sim.compiled import inline


@inline
def bars_change(gap: float, closing_speed: float, beside: float, time_to_collision: float) -> bool:
    """Whether one is warned of a change in front of somebody.

    Args:
        gap: from his front to my rear [m].
        closing_speed: his less mine [m/s].
        beside: way behind my rear in which one is warned of whoever is there [m].
        time_to_collision: below which one is warned of who comes faster [s].
    """
    return gap < beside or closing_speed * time_to_collision > gap
