"""Where and how fast a departure would like to start: as its demand asks, by SUMO's words for it."""

from __future__ import annotations

import math
from typing import Any

from sim.chance import DEPART_LANE, DEPART_POSITION, DEPART_SPEED, uniform
from sim.compiled import inline
from sim.kernel.follow import braking_way
from sim.kernel.order import row_of
from sim.kernel.telling import HEADWAY

FIRST_ALLOWED, BEST, FREE, RANDOM_LANE = -1, -2, -3, -4
BASE, RANDOM_POSITION, FREE_POSITION, LAST, RANDOM_FREE = -1.0, -2.0, -3.0, -4.0, -5.0
MAXIMUM, SPEED_LIMIT, RANDOM_SPEED, AVERAGE = -1.0, -3.0, -4.0, -5.0


@inline
def load_of(w: Any, lane: int) -> float:
    """How full a lane is: length of the bodies on it over its length [-]."""
    length = 0.0
    first = w.lanes[lane].slot
    for i in range(w.lane[lane].count):
        row = row_of(w.loose.slots[first + i])
        length += w.vehicles[row].length + w.profiles[w.vehicles[row].profile].minimum_gap
    return length / w.lanes[lane].length


@inline
def pick_lane(w: Any, d: int, stage: int) -> int:
    """Lane to start on, as the departure asks; -1 if its class may use none."""
    s = w.starts[d]
    edge = w.stages[stage].edge
    plan = w.stages[stage].plan
    first, lanes = w.loose.edge_lane[edge], w.loose.edge_lanes[edge]
    if s.lane >= 0:
        return first + min(s.lane, lanes - 1)
    best, value, allowed = -1, math.inf, 0
    for i in range(lanes):
        if w.plans[plan + i].reach < 0.0:
            continue
        allowed += 1
        if s.lane == FIRST_ALLOWED:
            return first + i
        load = load_of(w, first + i)
        if s.lane == BEST:
            load += 1000.0 * abs(w.plans[plan + i].offset)
        elif s.lane == RANDOM_LANE:
            load = uniform(w.totals[0].seed, DEPART_LANE, s.key, i)
        if load < value:
            best, value = first + i, load
    return best


@inline
def start_position(w: Any, d: int, lane: int, step: int) -> float:
    """Where on the lane to start [m]; a place by chance is another one in each step."""
    s = w.starts[d]
    length = w.lanes[lane].length
    body = w.profiles[s.profile].length
    if s.position >= 0.0:
        least = min(body, length)  # all of the body on the lane, but not beyond the first halt
        if s.halt < s.halt_end and w.halts[s.halt].lane == lane:
            least = min(least, w.halts[s.halt].position)
        return min(max(s.position, least), length)
    if s.position == RANDOM_POSITION or s.position == RANDOM_FREE:
        share = uniform(w.totals[0].seed, DEPART_POSITION, s.key, max(0, step - s.step))
        return min(length, body + share * max(0.0, length - body))
    if s.position == LAST and w.lane[lane].count > 0:
        row = row_of(w.loose.slots[w.lanes[lane].slot + w.lane[lane].count - 1])
        other = w.vehicles[row]
        room = other.position - other.length - w.profiles[s.profile].minimum_gap
        return min(length, max(min(body + 0.1, length), room))
    return min(body + 0.1, length)


@inline
def start_speed(w: Any, d: int, lane: int) -> float:
    """Speed asked for at the start [m/s]."""
    s = w.starts[d]
    limit = min(w.lane[lane].limit * s.speed_factor, w.profiles[s.profile].maximum_speed)
    if s.speed >= 0.0:
        return min(s.speed, limit)
    if s.speed == SPEED_LIMIT:
        return min(w.lane[lane].limit, w.profiles[s.profile].maximum_speed)
    if s.speed == RANDOM_SPEED:
        return limit * uniform(w.totals[0].seed, DEPART_SPEED, s.key, 0)
    if s.speed == AVERAGE and w.lane[lane].count > 0:
        speed = 0.0
        for i in range(w.lane[lane].count):
            speed += w.vehicles[row_of(w.loose.slots[w.lanes[lane].slot + i])].speed
        return min(limit, speed / w.lane[lane].count)
    return limit


@inline
def seeks_gap(w: Any, d: int) -> bool:
    """Whether one who finds no room where he would start looks for a gap farther on."""
    return w.starts[d].position == FREE_POSITION or w.starts[d].position == RANDOM_FREE


@inline
def ahead_of(w: Any, d: int, lane: int, place: int) -> float:
    """Where one would start before somebody on a lane who could still stop if he stood there [m]; inf: beyond the lane.

    Source: Eclipse SUMO 1.28, MSLane::freeInsertion.
    """
    slot = w.loose.slots[w.lanes[lane].slot + place]
    f = w.vehicles[row_of(slot)]
    q = w.profiles[f.profile]
    gap = q.minimum_gap + f.speed * HEADWAY + braking_way(f.speed, q.deceleration, w.totals[0].dt)
    position = f.position + gap + w.profiles[w.starts[d].profile].length + 0.01
    return position if position < w.lanes[lane].length else math.inf
