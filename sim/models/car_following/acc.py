"""Adaptive cruise control as measured in production cars: speed mode, gap mode, and approach mode.

Speed mode a = k (v0 - v); gap mode a = 0.23 (gap - T v) + 0.07 (v_l - v); approach mode: brake comfortably, and in
time, towards who is slower. The lowest of them counts.

Source: Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001 (gap mode); Xiao, Wang, van Arem 2017,
doi:10.3141/2623-01 (speed mode, margin at low speed); approach mode: as `sim.models.braking`, assumed.
"""

from __future__ import annotations

from sim.compiled import inline
from sim.models.braking import approach
from sim.models.car_following import register
from sim.models.spacing import margin


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
    cruise_control: float,
    gap_control: float,
    closing_control: float,
) -> float:
    cruise = cruise_control * (desired_speed - speed)
    cruise = min(max(cruise, -comfortable_deceleration), maximum_acceleration)
    error = gap - margin(speed, minimum_gap) - time_gap * speed
    keeping = gap_control * error - closing_control * closing_speed
    coming = approach(speed, gap, closing_speed, comfortable_deceleration, minimum_gap, leader_deceleration, step)
    return min(cruise, keeping, coming)
