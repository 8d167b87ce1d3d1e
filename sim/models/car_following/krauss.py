"""Krauss' safe-speed model in the discrete form that SUMO uses by default.

Source: Krauss 1998, DLR-FB 98-08; discrete safe speed and emergency braking as documented for SUMO's model "Krauss"
(Euler update). Driver imperfection is applied after all constraints, see `sim.kernel.move`.
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
    reaction_time: float,
) -> float:
    target = min(speed + maximum_acceleration * step, max(desired_speed, speed - comfortable_deceleration * step))
    room = gap - minimum_gap
    reaction = step if to_line else reaction_time  # a line does not brake: nothing to react to
    reach = target * (reaction + step) + 0.5 * target * target / comfortable_deceleration
    if room < reach:  # else even a standing leader is too far away to matter
        leader_speed = speed - closing_speed
        safe = safe_speed(speed, room, leader_speed, comfortable_deceleration, leader_deceleration, reaction, step)
        target = min(target, safe)
    return (target - speed) / step
