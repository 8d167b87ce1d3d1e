"""Rail-safe driving: one can always stop within the gap, as if the leader could turn into a wall (absolute braking).

Highest speed v+ with v+ T + v+^2 / (2 b) <= gap - minimum gap, T the reaction time of the system.

Source: CoEXist driving logic "rail-safe" (brick-wall stop distance), Olstam et al. 2020, doi:10.1155/2020/8850591.
"""

from __future__ import annotations

from sim.compiled import inline
from sim.models.braking import safe_speed
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
    wanted = min(maximum_acceleration, max(-comfortable_deceleration, (desired_speed - speed) / step))
    room = gap - minimum_gap
    fastest = speed + maximum_acceleration * step
    if room > fastest * (time_gap + 2.0 * step) + 0.5 * fastest * fastest / comfortable_deceleration:
        return wanted
    reaction = step if to_line else max(step, time_gap)
    safe = safe_speed(speed, room, 0.0, comfortable_deceleration, leader_deceleration, reaction, step)
    return min(wanted, (safe - speed) / step)
