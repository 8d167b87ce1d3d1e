"""Cooperative adaptive cruise control: a short time gap while the leader is heard, else adaptive cruise control.

Per 0.1 s: v+ = v + 0.45 e + 0.0125 de/dt with e = gap - T v; gains are given per second, so that the step does not
matter. Not connected, it drives by the law of ACC with its own longer time gap.

Source: Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001; margin at low speed and speed mode as ACC.
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
    connected_time_gap: float,
    error_control: float,
    error_rate_control: float,
) -> float:
    cruise = cruise_control * (desired_speed - speed)
    cruise = min(max(cruise, -comfortable_deceleration), maximum_acceleration)
    away = gap - margin(speed, minimum_gap)
    if connected and not to_line:
        error_rate = -closing_speed - connected_time_gap * last_acceleration
        keeping = error_control * (away - connected_time_gap * speed) + error_rate_control * error_rate
    else:
        keeping = gap_control * (away - time_gap * speed) - closing_control * closing_speed
    coming = approach(speed, gap, closing_speed, comfortable_deceleration, minimum_gap, leader_deceleration, step)
    return min(cruise, keeping, coming)
