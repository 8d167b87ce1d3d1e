"""What speed a driver chooses behind a leader, before a standing obstacle, or before a lower limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import CLOSING_ERROR, GAP_ERROR, uniform
from sim.compiled import inline
from sim.kernel.claim import follows_late
from sim.models.braking import safe_speed
from sim.models.car_following import of_profile
from sim.models.perception.wiener import estimated_closing, estimated_gap, responded, seen_speed, wander
from sim.models.right_of_way.gaps import CLOSEST, leans_in


@inline
def follow(p: Any, v: float, gap: float, leader_speed: float, braking: float, desired: float, dt: float) -> float:
    """Speed in the next step behind a leader who can brake so hard, by the driver's own model [m/s]."""
    return v + of_profile(p, v, gap, v - leader_speed, desired, braking, dt, False, 0.0, False, math.inf, 0.0) * dt


@inline
def react(w: Any, row: int, leader: int, gap: float, beyond: int, desired: float) -> float:
    """Speed in the next step behind a present leader, as it is perceived, and as fast as one responds [m/s].

    `beyond` is the leader's own leader on the same lane, -1 if it is not looked at. People who use a gap in a stream
    with priority after somebody follow him closer than on the road, if that is safe: what they keep less is added. Who
    would be at the line later than at his follow-up time is as fast as is safe.
    """
    r, other = w.vehicles[row], w.vehicles[leader]
    p = w.profiles[r.profile]
    dt = w.totals[0].dt
    v = r.speed
    less, most = 0.0, math.inf
    if r.follow_up > 0.0 and p.leaders > 1.0 and gap > 0.0:
        less = leans_in(p.time_gap, r.follow_up, v, p.minimum_gap, other.length)
        hard = w.profiles[other.profile].deceleration
        most = follow(p, v, gap, other.speed, hard, desired, dt)
        most = max(most, safe_speed(v, gap - p.minimum_gap, other.speed, p.deceleration, hard, CLOSEST, dt))
        gap += less
        if follows_late(w, row, leader, desired):  # he saw the gap himself, and sets off with him
            return min(most, follow(p, v, math.inf, v, hard, desired, dt))
    closing = v - seen_speed(other.speed, other.acceleration, p.reaction_delay)
    second_gap, second_closing = math.inf, 0.0
    if beyond >= 0:
        x = w.vehicles[beyond]
        second_gap = gap + less + max(0.0, x.position - x.length - other.position)
        second_closing = v - seen_speed(x.speed, x.acceleration, p.reaction_delay)
    if p.error_time > 0.0 and gap > 0.0:
        closing = estimated_closing(closing, gap, r.closing_error, p.closing_rate)
        second_closing = estimated_closing(second_closing, gap, r.closing_error, p.closing_rate)
        second_gap = estimated_gap(second_gap, r.gap_error, p.gap_variation)
        gap = estimated_gap(gap, r.gap_error, p.gap_variation)
    hard = w.profiles[other.profile].deceleration
    a = of_profile(
        p, v, gap, closing, desired, hard, dt, False, r.acceleration, r.connected, second_gap, second_closing
    )  # fmt: skip
    if p.response_time > 0.0:
        a = responded(a, r.acceleration, p.response_time, p.deceleration, dt)
    return min(v + a * dt, most)


@inline
def misjudge(w: Any, row: int) -> None:
    """Let a driver's errors of perception wander by one step."""
    r = w.vehicles[row]
    t = w.totals[0]
    time = w.profiles[r.profile].error_time
    r.gap_error = np.float32(wander(r.gap_error, time, t.dt, uniform(t.seed, GAP_ERROR, r.key, t.step)))
    r.closing_error = np.float32(wander(r.closing_error, time, t.dt, uniform(t.seed, CLOSING_ERROR, r.key, t.step)))


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
    """Speed in the next step so as to stop at a line, and not beyond it if brakes can do that [m/s].

    A line does not move: where it needs more than comfortable braking, an even deceleration is enough, whatever the
    driver would do about a vehicle there.
    """
    gap = distance + p.minimum_gap
    a = of_profile(p, v, gap, v, desired, p.deceleration, dt, True, 0.0, False, math.inf, 0.0)
    speed = v + a * dt
    if v * v > 2.0 * p.deceleration * distance and distance > 0.0:
        even = v - 0.5 * v * v / distance * dt
        speed = even if p.leaders > 1.0 else max(speed, even)  # people hurried up to a line brake evenly, too
    elif p.leaders > 1.0 and distance > 0.0:
        speed = max(speed, v - p.deceleration * dt)  # and no harder than comfortably where that is enough
    return max(0.0, min(speed, approach_limit(distance, 0.0, p.emergency, dt), distance / dt))


@inline
def braking_way(v: float, deceleration: float, dt: float) -> float:
    """Way to standstill when speed falls at the begin of each step [m]."""
    return max(0.0, 0.5 * v * (v / deceleration - dt))
