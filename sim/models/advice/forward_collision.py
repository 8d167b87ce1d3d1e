"""How hard one must brake not to run into somebody ahead who goes on as he says.

Source: principle of the required deceleration; Kiefer et al. 1999, CAMP forward collision warning, DOT HS 808 964.
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.braking import needed_deceleration


@inline
def needed_braking(speed: float, gap: float, leader_speed: float, leader_acceleration: float) -> float:
    """Constant deceleration that just keeps one behind [m/s2]; 0: none is needed.

    Args:
        speed: own [m/s].
        gap: less what one keeps at rest [m].
        leader_speed: as told [m/s].
        leader_acceleration: as told [m/s2]; he brakes so to a stand.
    """
    closing = speed - leader_speed
    if leader_acceleration < -0.1:
        return needed_deceleration(speed, gap, leader_speed, -leader_acceleration)
    if closing <= 0.0:
        return 0.0
    return 0.5 * closing * closing / gap if gap > 0.0 else math.inf
