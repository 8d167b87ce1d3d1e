"""Departures: who is due waits outside until there is a safe gap, then comes onto the road."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.beside import nearest_upstream
from sim.kernel.claim import NEVER
from sim.kernel.follow import braking_way, follow
from sim.kernel.line_up import enqueue_due
from sim.kernel.move import follow_route, hang
from sim.kernel.order import place_for, put, reach_back, record, row_of
from sim.kernel.shift import turn_of
from sim.kernel.starts import AVERAGE, MAXIMUM, ahead_of, pick_lane, seeks_gap, start_position, start_speed

DEPART = 0  # rank in sim.engine.recording.EVENT_KINDS


@inline
def steady_speed(p: Any, gap: float, leader_speed: float, braking: float, wanted: float, dt: float) -> float:
    """Highest speed, up to the wanted one, at which the driver need hardly brake behind a leader [m/s]."""
    low, high = 0.0, wanted
    slack = 0.1 * p.deceleration * dt
    if follow(p, high, gap, leader_speed, braking, max(high, 0.1), dt) >= high - slack:
        return high
    for _ in range(12):
        middle = 0.5 * (low + high)
        if follow(p, middle, gap, leader_speed, braking, middle, dt) >= middle - slack:
            low = middle
        else:
            high = middle
    return low


@inline
def behind_whom(w: Any, d: int, lane: int, place: int, position: float) -> tuple[int, float]:
    """Row of the leader a departure would have on its lane or the next one, and the gap [m]; -1, inf if none."""
    s = w.starts[d]
    if place > 0:
        leader = row_of(w.loose.slots[w.lanes[lane].slot + place - 1])
        return leader, w.vehicles[leader].position - w.vehicles[leader].length - position
    if w.lane[lane].tail_row >= 0:
        return w.lane[lane].tail_row, w.lane[lane].tail - position
    link = w.plans[w.stages[s.stage].plan + w.lanes[lane].index].link
    if link >= 0 and s.stage < s.last_stage:
        onward = w.links[link].lane
        if w.lane[onward].count > 0:
            leader = row_of(w.loose.slots[w.lanes[onward].slot + w.lane[onward].count - 1])
            other = w.vehicles[leader]
            return leader, w.lanes[lane].length - position + other.position - other.length
    return -1, math.inf


@inline
def room_behind(w: Any, d: int, lane: int, place: int, position: float, speed: float) -> bool:
    """Whether whoever comes from behind can take a departure as leader without braking hard."""
    p = w.profiles[w.starts[d].profile]
    dt = w.totals[0].dt
    follower, way = -1, math.inf
    if place < w.lane[lane].count:
        follower = row_of(w.loose.slots[w.lanes[lane].slot + place])
        way = position - w.vehicles[follower].position
    elif position < 100.0:
        follower, way = nearest_upstream(w, lane)
        way += position
    if follower < 0:
        return True
    f = w.vehicles[follower]
    q = w.profiles[f.profile]
    gap = way - p.length
    if gap < q.minimum_gap:
        return False
    after = follow(q, f.speed, gap, speed, p.deceleration, max(f.speed, 1.0), dt)
    return after >= f.speed - q.deceleration * dt


@inline
def safe_speed(w: Any, d: int, lane: int, position: float, wanted: float) -> float:
    """Highest safe speed to start with, up to the wanted one [m/s]; negative if there is no room at all."""
    s = w.starts[d]
    p = w.profiles[s.profile]
    place = place_for(w, lane, position, s.key)
    speed = wanted
    leader, gap = behind_whom(w, d, lane, place, position)
    if leader >= 0:
        if gap < p.minimum_gap:
            return -1.0
        other = w.vehicles[leader]
        speed = steady_speed(p, gap, other.speed, w.profiles[other.profile].deceleration, wanted, w.totals[0].dt)
    if place == 0 and s.stage < s.last_stage and wanted > 0.0:  # may have to stop at the line
        to_end = w.lanes[lane].length - position
        speed = min(speed, math.sqrt(2.0 * p.deceleration * max(0.0, to_end - 1.0)))
    if s.halt < s.halt_end and w.lanes[w.halts[s.halt].lane].edge == w.lanes[lane].edge:  # and at the first halt
        to_halt = w.halts[s.halt].position - position
        speed = min(speed, math.sqrt(2.0 * p.deceleration * max(0.0, to_halt)))
    if not room_behind(w, d, lane, place, position, speed):
        return -1.0
    return speed


@inline
def set_off(w: Any, d: int, lane: int, position: float, speed: float, step: int) -> None:
    """Give a departure a row and put it on the road."""
    s = w.starts[d]
    t = w.totals[0]
    t.free -= 1
    row = w.loose.free[t.free]
    r = w.vehicles[row]
    r.departure, r.key, r.profile, r.lane = d, s.key, s.profile, lane
    r.position, r.speed, r.acceleration, r.length = position, speed, 0.0, w.profiles[s.profile].length
    r.wish, r.speed_factor, r.advice = speed, s.speed_factor, math.inf
    r.advice_end, r.connected, r.station = 0, False, w.radio.units[d].station
    r.gap_error, r.closing_error = np.float32(0.0), np.float32(0.0)
    r.stage, r.last_stage, r.arrival = s.stage, s.last_stage, s.arrival
    r.halt, r.halt_end, r.holding = s.halt, s.halt_end, False
    r.halt_lane = w.halts[s.halt].lane if s.halt < s.halt_end else -1
    r.waiting, r.entered, r.behind, r.behind2, r.behind3 = 0.0, 0, -1, -1, -1
    if position < r.length:
        reach_back(w, row, lane)
        hang(w, row)
    r.shadow, r.shadow_end, r.change_step, r.blocker, r.alarm, r.items = -1, 0, -1000000, -1, 0, 0
    r.gain, r.right_wish, r.pace = np.float32(0.0), np.float32(0.0), np.float32(speed)
    r.alert, r.cause = s.alert, s.cause
    r.claim, r.gap_since, r.coming, r.set_off, r.stood = NEVER, NEVER, NEVER, 0, False
    r.resolve, r.follow_up, r.held_up, r.met = np.float32(0.0), np.float32(0.0), False, -1
    trip = w.trips[d]
    r.distance, r.lost, r.waited, r.energy, r.stops = trip.distance, trip.lost, trip.waited, trip.energy, trip.stops
    w.loose.turn[row] = turn_of(w, s.key)
    follow_route(w, row)
    put(w, lane, place_for(w, lane, position, s.key), row)
    w.lane[lane].entered += 1
    trip.row = row
    t.on_road += 1
    t.waiting -= 1
    if trip.depart < 0:
        trip.depart = step
        record(w, DEPART, d, -1, speed, lane, position)


@inline
def clear_behind(w: Any, lane: int) -> bool:
    """Whether nobody is in the way, or will be, of a body that reaches back from its departure into a junction."""
    for i in range(w.lanes[lane].inlet, w.lanes[lane].inlet_end):
        n = w.lanes[w.loose.inlets[i]]
        if n.internal and w.junctions[n.junction].occupied & (n.foes | n.bit):
            return False
        for k in range(n.inlet, n.inlet_end):
            before = w.loose.inlets[k]
            first = w.loose.slots[w.lanes[before].slot]
            if w.lane[before].count > 0 and first >= 0:
                f = w.vehicles[first]
                way = braking_way(f.speed, w.profiles[f.profile].deceleration, w.totals[0].dt)
                if f.speed > 0.0 and w.lanes[before].length - f.position < way + 5.0:
                    return False
    return True


@inline
def start_at(w: Any, d: int, lane: int, position: float, step: int) -> bool:
    """Bring one departure onto the road at a place, if there is a safe gap."""
    s = w.starts[d]
    if position < w.profiles[s.profile].length and not clear_behind(w, lane):
        return False
    wanted = start_speed(w, d, lane)
    speed = safe_speed(w, d, lane, position, wanted)
    if speed < 0.0 or (speed < wanted - 0.1 and s.speed != MAXIMUM and s.speed != AVERAGE):
        return False
    set_off(w, d, lane, position, speed, step)
    return True


@inline
def try_departure(w: Any, d: int, lane: int, step: int) -> bool:
    """Bring one departure onto the road, on a lane, if there is a safe gap where it may start."""
    if lane < 0 or w.lane[lane].count + 2 >= w.lanes[lane].room or w.lane[lane].shut:
        return False
    if start_at(w, d, lane, start_position(w, d, lane, step), step):
        return True
    if seeks_gap(w, d):
        for place in range(w.lane[lane].count - 1, -1, -1):
            position = ahead_of(w, d, lane, place)
            if position < math.inf and start_at(w, d, lane, position, step):
                return True
    return False


@inline
def insert_from(w: Any, edge: int, step: int) -> None:
    """Let those who wait for an edge depart, in order: who finds no gap holds up those behind him on his lane only.

    Source: Eclipse SUMO 1.28, whose memory of failed insertions is by lane.
    """
    t = w.totals[0]
    q = w.queues[edge]
    first, lanes = w.loose.edge_lane[edge], w.loose.edge_lanes[edge]
    every = (np.uint64(1) << np.uint64(lanes)) - np.uint64(1)
    refused = np.uint64(0)
    before, d = -1, q.head
    while d >= 0 and t.free > 0 and refused != every and not w.starts[d].held:
        onward = w.loose.waiting_next[d]
        lane = pick_lane(w, d, w.starts[d].stage)
        bit = np.uint64(lane >= 0) << np.uint64(max(lane - first, 0))
        if refused & bit == 0 and try_departure(w, d, lane, step):
            if before < 0:
                q.head = onward
            else:
                w.loose.waiting_next[before] = onward
            if onward < 0:
                q.tail = before
        else:
            refused |= bit
            before = d
        d = onward


@inline
def insert(w: Any, step: int) -> None:
    """Let everybody depart who is due and finds a safe gap; first come, first served on each lane."""
    enqueue_due(w, step)
    t = w.totals[0]
    kept = 0
    for i in range(t.waiting_edges):
        edge = w.loose.waiting_edges[i]
        insert_from(w, edge, step)
        if w.queues[edge].head >= 0:
            w.loose.waiting_edges[kept] = edge
            kept += 1
    t.waiting_edges = kept
