"""Intelligent Driver Model.

Source: Treiber, Hennecke, Helbing 2000, doi:10.1103/PhysRevE.62.1805, eqs. 2-3; acceleration exponent 4.
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
    free = maximum_acceleration * (1.0 - ratio * ratio * ratio * ratio)
    if free < -comfortable_deceleration:  # above the desired speed: brake no harder than comfortably
        free = -comfortable_deceleration
    braking = speed * closing_speed / (2.0 * math.sqrt(maximum_acceleration * comfortable_deceleration))
    wanted = minimum_gap + max(0.0, speed * time_gap + braking)
    share = wanted / max(gap, 0.01)
    return free - maximum_acceleration * share * share
