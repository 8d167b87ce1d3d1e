"""Braking in steps: how far, how fast, how hard; what safe-speed models share.

Source: Krauss 1998, DLR-FB 98-08; discrete form as documented for SUMO's model "Krauss" (Euler update).
"""

from __future__ import annotations

import math

from sim.compiled import inline


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


@inline
def safe_speed(
    speed: float,
    room: float,
    leader_speed: float,
    deceleration: float,
    leader_deceleration: float,
    reaction_time: float,
    step: float,
) -> float:
    """Highest next speed from which one stops behind a leader who brakes to a stand [m/s].

    Where comfortable braking is too late, it is no lower than what it takes.
    """
    leader_room = 0.0
    if leader_speed > 0.0:
        leader_room = braking_distance(leader_speed, max(deceleration, leader_deceleration), step)
    safe = stopping_speed(room + leader_room, deceleration, reaction_time, step)
    hard = (speed - safe) / step
    if hard > deceleration:  # brake harder, but no harder than it takes
        needed = 1.2 * needed_deceleration(speed, room, leader_speed, leader_deceleration)
        safe = max(0.0, speed - step * min(hard, max(needed, deceleration)))
    return safe


@inline
def approach(
    speed: float,
    gap: float,
    closing_speed: float,
    deceleration: float,
    minimum_gap: float,
    leader_deceleration: float,
    step: float,
) -> float:
    """Highest acceleration with which a machine that reacts within a step comes safely up to somebody [m/s2]."""
    room = gap - minimum_gap
    if room > speed * (2.0 * step + 0.5 * speed / deceleration) + 1000.0 * step:
        return math.inf
    safe = safe_speed(speed, room, speed - closing_speed, deceleration, leader_deceleration, step, step)
    return (safe - speed) / step
