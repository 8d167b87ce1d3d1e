"""Gipps' model: the speed that is wanted, or the one from which a braking leader is no danger, whichever is lower.

With a step as long as the reaction time it is the published one; shorter steps keep its equilibrium gap, minimum gap
plus 1.5 reaction times at that speed behind a leader who brakes alike.

Source: Gipps 1981, doi:10.1016/0191-2615(81)90037-0, eq. 12.
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
    reaction_time: float,
) -> float:
    ratio = speed / max(desired_speed, 0.01)
    free = 2.5 * maximum_acceleration * (1.0 - ratio) * math.sqrt(0.025 + ratio)
    free = max(free, -comfortable_deceleration)
    drop = comfortable_deceleration * reaction_time
    leader_speed = max(0.0, speed - closing_speed)
    room = 2.0 * (gap - minimum_gap) - speed * reaction_time + leader_speed * leader_speed / leader_deceleration
    if room >= 1e9:
        return free
    safe = math.sqrt(max(0.0, drop * drop + comfortable_deceleration * room)) - drop
    return min(free, (max(0.0, safe) - speed) / step)
