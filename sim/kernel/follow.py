"""What speed a driver chooses behind a leader, before a standing obstacle, or before a lower limit."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.models.car_following import acceleration


@inline
def follow(p: Any, v: float, gap: float, leader_speed: float, braking: float, desired: float, dt: float) -> float:
    """Speed in the next step behind a leader who can brake so hard, by the driver's own model [m/s]."""
    a = acceleration(
        p.model,
        (v, gap, v - leader_speed, desired, p.acceleration, p.deceleration, p.minimum_gap, braking, dt, False),
        (p.p0, p.p1, p.p2, p.p3, p.p4, p.p5, p.p6, p.p7),
    )
    return v + a * dt


@inline
def approach_limit(distance: float, limit: float, deceleration: float, dt: float) -> float:
    """Highest speed from which a lower limit ahead is reached by braking so hard [m/s]."""
    room = distance - 0.5 * limit * dt
    if room <= limit * dt:
        return limit
    drop = deceleration * dt
    return max(limit, math.sqrt(limit * limit + 2.0 * deceleration * room + 0.25 * drop * drop) - 0.5 * drop)


@inline
def stop(p: Any, v: float, distance: float, desired: float, dt: float) -> float:
    """Speed in the next step so as to stop at a line, and not beyond it if brakes can do that [m/s]."""
    gap = distance + p.minimum_gap
    a = acceleration(
        p.model,
        (v, gap, v, desired, p.acceleration, p.deceleration, p.minimum_gap, p.deceleration, dt, True),
        (p.p0, p.p1, p.p2, p.p3, p.p4, p.p5, p.p6, p.p7),
    )
    return max(0.0, min(v + a * dt, approach_limit(distance, 0.0, p.emergency, dt)))


@inline
def braking_way(v: float, deceleration: float, dt: float) -> float:
    """Way to standstill when speed falls at the begin of each step [m]."""
    return max(0.0, 0.5 * v * (v / deceleration - dt))
