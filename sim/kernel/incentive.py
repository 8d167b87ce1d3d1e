"""What a change to a neighbouring lane is worth to a driver, by the accelerations it brings him and others (MOBIL)."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.beside import follower_on, leader_on
from sim.kernel.decide import limit_of
from sim.kernel.follow import follow
from sim.kernel.order import place_for, row_of
from sim.models.lane_change.mobil import THRESHOLD, incentive


@inline
def pull(w: Any, row: int, leader: int, gap: float) -> float:
    """Acceleration of a driver behind a leader, or on a free road if there is none (-1) [m/s2]."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    desired, dt = limit_of(w, row, r.lane), w.totals[0].dt
    if leader < 0:
        return (follow(p, r.speed, math.inf, r.speed, p.deceleration, desired, dt) - r.speed) / dt
    other = w.vehicles[leader]
    braking = w.profiles[other.profile].deceleration
    return (follow(p, r.speed, max(gap, 0.1), other.speed, braking, desired, dt) - r.speed) / dt


@inline
def held_up(w: Any, row: int, place: int) -> tuple[float, float]:
    """Acceleration on the present lane, and how much more there were on a free road [m/s2]."""
    leader, gap = leader_on(w, row, w.vehicles[row].lane, place)
    own = pull(w, row, leader, gap)
    return own, pull(w, row, -1, math.inf) - own if leader >= 0 else 0.0


@inline
def worth(w: Any, row: int, target: int, place: int, own: float) -> float:
    """What a change to a lane beside is worth [m/s2].

    Args:
        place: on the present lane.
        own: acceleration there [m/s2].
    """
    r = w.vehicles[row]
    there = place_for(w, target, r.position, r.key)
    leader, ahead = leader_on(w, row, target, there)
    then = pull(w, row, leader, ahead)
    if then - own <= THRESHOLD:  # politeness alone moves nobody
        return 0.0
    others, others_then = 0.0, 0.0
    follower, back = follower_on(w, row, target, there)
    if follower >= 0:
        others += pull(w, follower, leader, back + r.length + ahead)
        others_then += pull(w, follower, row, back)
    if place + 1 < w.lane[r.lane].count:
        old = row_of(w.loose.slots[w.lanes[r.lane].slot + place + 1])
        back = r.position - r.length - w.vehicles[old].position
        leader, ahead = leader_on(w, row, r.lane, place)
        others += pull(w, old, row, back)
        others_then += pull(w, old, leader, back + r.length + ahead)
    return incentive(own, then, others, others_then, w.profiles[r.profile].politeness)
