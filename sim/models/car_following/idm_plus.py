"""Intelligent Driver Model with its two wishes kept apart (IDM+): the lower of free and following acceleration.

Its equilibrium gap is minimum gap plus time gap times speed, up to the desired speed.

Source: Schakel, van Arem, Netten 2010, doi:10.1109/ITSC.2010.5625262.
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.car_following import register


@register
@inline
def acceleration(  # noqa: D103 - the package's docstring tells
    speed: float,
    gap: float,
    closing_speed: float,
    desired_speed: float,
    maximum_acceleration: float,
    comfortable_deceleration: float,
    minimum_gap: float,
    leader_deceleration: float,
    step: float,
    to_line: bool,
    last_acceleration: float,
    connected: bool,
    second_gap: float,
    second_closing: float,
    time_gap: float,
) -> float:
    ratio = speed / max(desired_speed, 0.01)
    free = max(maximum_acceleration * (1.0 - ratio * ratio * ratio * ratio), -comfortable_deceleration)
    braking = speed * closing_speed / (2.0 * math.sqrt(maximum_acceleration * comfortable_deceleration))
    share = (minimum_gap + max(0.0, speed * time_gap + braking)) / max(gap, 0.01)
    return min(free, maximum_acceleration * (1.0 - share * share))
