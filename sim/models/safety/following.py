"""How near one who follows is to running into his leader, both keeping their speeds.

Source: time to collision: Hayward 1972, Near-miss determination through use of a scale of danger, Highway Research
Record 384; deceleration to avoid the crash (DRAC): Gettman, Head 2003, FHWA-RD-03-050; after a reaction time (MDRAC):
documentation of SUMO's SSM device, DV / (2 (TTC - reaction time)).
"""

from __future__ import annotations

import math

from sim.compiled import inline


@inline
def time_to_collision(gap: float, closing: float) -> float:
    """Time until the gap is used up [s]; inf if it is not."""
    if gap <= 0.0:
        return 0.0
    if closing <= 0.0:
        return math.inf
    return gap / closing


@inline
def deceleration_to_avoid(gap: float, closing: float, reaction: float) -> float:
    """Constant deceleration after a reaction time that just avoids touching [m/s2]; inf if none does."""
    if closing <= 0.0:
        return 0.0
    room = gap - closing * reaction
    if room <= 0.0:
        return math.inf
    return closing * closing / (2.0 * room)
