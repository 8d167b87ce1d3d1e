"""FollowerStopper: holds a wanted speed, and leaves it only as far as the leader makes it necessary: it calms waves.

Three envelopes x_k = x_k0 + dv^2 / (2 d_k), d = 1.5, 1.0, 0.5 m/s2, in the plane of gap and closing speed: within the
first the command is 0, from the second to the third it grows from the leader's speed to the wanted one. The wanted
speed is the desired speed: set the card's maximum speed to the one the stream can hold.

Source: Stern et al. 2018, doi:10.1016/j.trc.2018.02.005, eq. 2; x_10 = 4.5, x_20 = 5.25, x_30 = 6 m: here minimum gap,
+ 0.75, + 1.5 m.
"""

from __future__ import annotations

from sim.compiled import inline
from sim.models.braking import approach
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
) -> float:
    square = 0.5 * max(0.0, closing_speed) * max(0.0, closing_speed)
    first = minimum_gap + square / 1.5
    second = minimum_gap + 0.75 + square
    third = minimum_gap + 1.5 + square / 0.5
    leader_speed = min(max(speed - closing_speed, 0.0), desired_speed)
    if gap >= third:
        command = desired_speed
    elif gap >= second:
        command = leader_speed + (desired_speed - leader_speed) * (gap - second) / (third - second)
    elif gap >= first:
        command = leader_speed * (gap - first) / (second - first)
    else:
        command = 0.0
    wanted = min(max((command - speed) / step, -comfortable_deceleration), maximum_acceleration)
    coming = approach(speed, gap, closing_speed, comfortable_deceleration, minimum_gap, leader_deceleration, step)
    return min(wanted, coming)
