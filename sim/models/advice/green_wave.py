"""What speed brings a car to a signal while it is green.

Arrive within the green at hand, if need be a little faster; else so slow that the next green has begun.

Source: principle as of SUMO's device.glosa (range 100 m, at least 5 m/s, factor at most 1.1) and Katsaros et al. 2011,
doi:10.1109/IWCMC.2011.5982524; what is left of the green at which one gives up, 1 s, is assumed.
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.right_of_way.windows import arrival_delay, speed_after

#: What must be left of a green on arrival [s].
LEFT = 1.0


@inline
def advised_speed(
    distance: float,
    speed: float,
    desired_speed: float,
    top_speed: float,
    minimum_speed: float,
    acceleration: float,
    deceleration: float,
    green_left: float,
    wait: float,
) -> float:
    """Speed to drive on with [m/s]; inf: as one likes.

    Args:
        distance: to the line [m].
        speed: now [m/s].
        desired_speed: without advice [m/s].
        top_speed: fastest that may be advised [m/s].
        minimum_speed: slowest that may be advised [m/s].
        acceleration: of the vehicle [m/s2].
        deceleration: comfortable one [m/s2].
        green_left: time until the green at hand ends [s]; 0: it is not green.
        wait: time until the next green, with its margin [s]; inf: not known.
    """
    reached = min(desired_speed, speed_after(distance, speed, acceleration))
    arrive = arrival_delay(distance, speed, reached, acceleration, deceleration)
    if green_left > 0.0:
        if arrive <= green_left - LEFT:
            return math.inf
        reached = min(top_speed, speed_after(distance, speed, acceleration))
        if arrival_delay(distance, speed, reached, acceleration, deceleration) <= green_left - LEFT:
            return top_speed
    if arrive >= wait or distance < minimum_speed * wait:
        return math.inf
    return distance / wait
