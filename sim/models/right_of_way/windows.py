"""Gap acceptance by arrival-time windows: may I pass before, or after, a road user who has priority?

Source: Erdmann, Krajzewicz 2013, "SUMO's road intersection model", doi:10.1007/978-3-662-45079-6_1; impatience as
documented for SUMO's junction model.
"""

from __future__ import annotations

import math

from sim.compiled import inline


@inline
def arrival_delay(
    distance: float, speed: float, arrival_speed: float, acceleration: float, deceleration: float
) -> float:
    """Least time to cover a distance and be at the arrival speed [s]."""
    if arrival_speed >= speed:
        rate = acceleration
    else:
        rate = -deceleration
    change = (arrival_speed - speed) / rate
    way = change * 0.5 * (arrival_speed + speed)
    if distance >= way:
        return change + (distance - way) / max(speed, arrival_speed, 0.1)
    return (math.sqrt(max(0.0, speed * speed + 2.0 * rate * distance)) - speed) / rate


@inline
def speed_after(distance: float, speed: float, acceleration: float) -> float:
    """Speed after accelerating over a distance [m/s]."""
    return math.sqrt(max(0.0, speed * speed + 2.0 * acceleration * distance))


@inline
def unsafe_merge(
    leader_speed: float, follower_speed: float, leader_deceleration: float, follower_deceleration: float
) -> bool:
    """Whether the follower could not stop behind a leader who stops."""
    return leader_speed * leader_speed / leader_deceleration <= follower_speed * follower_speed / follower_deceleration


@inline
def braking_arrival(
    arrive: float, foe_arrive: float, foe_distance: float, foe_deceleration: float, impatience: float
) -> tuple[float, float]:
    """When a foe would arrive if it braked for me, as hard as my impatience expects; and how fast [s], [m/s]."""
    rate = foe_deceleration * impatience
    speed = foe_distance / max(foe_arrive, 0.01)
    left = foe_distance - speed * arrive
    if 0.5 * speed * speed / rate <= left:
        return foe_arrive + 30.0, 0.0
    time = foe_arrive - arrive
    drop = time * rate
    saved = time * drop * 0.5
    root = 4.0 * (speed - drop) * (speed - drop) - 8.0 * rate * saved
    extra = max(0.0, (math.sqrt(max(0.0, root)) * -0.5 - drop + speed) / rate)
    return foe_arrive + extra, max(0.0, speed - (time + extra) * rate)
