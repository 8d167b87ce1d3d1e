"""Krauss' safe-speed model in the discrete form that SUMO uses by default.

Source: Krauss 1998, DLR-FB 98-08; discrete safe speed and emergency braking as documented for SUMO's model "Krauss"
(Euler update). Driver imperfection is applied after all constraints, see `sim.kernel.move`.
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.car_following import register


@inline
def braking_distance(speed: float, deceleration: float, step: float) -> float:
    """Distance to standstill when speed falls by deceleration * step each step [m]."""
    steps = math.floor(speed / (deceleration * step))
    return step * (steps * speed - deceleration * step * steps * (steps + 1.0) * 0.5)


@inline
def stopping_speed(distance: float, deceleration: float, reaction_time: float, step: float) -> float:
    """Highest speed from which one can stop within the distance after the reaction time [m/s]."""
    room = distance - 0.001
    if room <= 0.0:
        return 0.0
    drop = deceleration * step
    root = math.sqrt(step * step + 4.0 * (step * (2.0 * room / drop - reaction_time) + reaction_time * reaction_time))
    steps = math.floor(0.5 - (reaction_time - 0.5 * root) / step)
    used = 0.5 * steps * (steps - 1.0) * drop * step + steps * drop * reaction_time
    return steps * drop + (room - used) / (steps * step + reaction_time)


@inline
def needed_deceleration(speed: float, gap: float, leader_speed: float, leader_deceleration: float) -> float:
    """Constant deceleration that just avoids touching a braking leader [m/s2]."""
    if gap <= 0.0:
        return math.inf
    stopping = 0.5 * speed * speed / (gap + 0.5 * leader_speed * leader_speed / leader_deceleration)
    if stopping <= leader_deceleration:
        return stopping
    return 0.5 * (speed * speed - leader_speed * leader_speed) / gap


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
    reaction_time: float,
) -> float:
    target = min(speed + maximum_acceleration * step, max(desired_speed, speed - comfortable_deceleration * step))
    room = gap - minimum_gap
    reaction = step if to_line else reaction_time  # a line does not brake: nothing to react to
    reach = target * (reaction + step) + 0.5 * target * target / comfortable_deceleration
    if room < reach:  # else even a standing leader is too far away to matter
        leader_speed = speed - closing_speed
        leader_room = 0.0
        if leader_speed > 0.0:
            leader_room = braking_distance(leader_speed, max(comfortable_deceleration, leader_deceleration), step)
        safe = stopping_speed(room + leader_room, comfortable_deceleration, reaction, step)
        hard = (speed - safe) / step
        if hard > comfortable_deceleration:  # brake harder, but no harder than it takes
            needed = 1.2 * needed_deceleration(speed, room, leader_speed, leader_deceleration)
            safe = max(0.0, speed - step * min(hard, max(needed, comfortable_deceleration)))
        target = min(target, safe)
    return (target - speed) / step
