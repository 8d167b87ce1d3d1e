"""What drivers make known to each other at junctions: who is inside, who approaches, and whether he means to pass."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.aware import on_foot
from sim.kernel.junction import MERGE, STANDING, is_red, letter_of
from sim.kernel.order import mark
from sim.models.braking import safe_speed
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.state.place import TOLD_BEHIND, TOLD_HERE
from sim.state.traffic import PER_VEHICLE

#: Time gap to a leader with which drivers reckon how fast they will leave a junction [s]; SUMO's usual tau.
HEADWAY = 1.0


@inline
def mark_occupied(w: Any) -> None:
    """Note for each junction on which of its lanes somebody is, so that empty ones need not be looked at."""
    t = w.totals[0]
    for i in range(t.junctions):
        w.junctions[i].occupied = np.uint64(0)
        w.junctions[i].approached = np.uint64(0)
    for i in range(t.busy):
        n = w.lanes[w.loose.busy[i]]
        if n.internal:
            w.junctions[n.junction].occupied |= n.bit
            if n.link >= 0 and w.links[n.link].waiting:  # and where he goes on from his waiting place
                w.junctions[n.junction].occupied |= w.lanes[w.links[n.link].lane].bit
    for i in range(t.hanging):
        mark(w, w.loose.hanging[i])


@inline
def behind_standing(w: Any, row: int) -> bool:
    """Whether somebody stands at the head of my lane, so that I cannot be at its end before he is gone."""
    first = w.loose.slots[w.lanes[w.vehicles[row].lane].slot]
    return first >= 0 and first != row and w.vehicles[first].speed < STANDING


@inline
def register(w: Any, row: int, link: int, seen: float, wish: float, arrive_speed: float) -> int:
    """Tell others that I approach a link; returns the item, or -1 if I have told too many already.

    Who is held up before the link does not mean to pass it, and nobody need wait for him.
    """
    me = w.vehicles[row]
    if me.items >= PER_VEHICLE:
        return -1
    p = w.profiles[me.profile]
    k = w.links[link]
    item = row * PER_VEHICLE + me.items
    me.items += 1
    x = w.approaches[item]
    x.link = link
    x.distance = seen
    x.arrive_speed = arrive_speed
    x.arrive = arrival_delay(max(seen, 0.0), wish, arrive_speed, p.acceleration, p.deceleration)
    limit = min(w.lane[k.lane].limit * me.speed_factor, p.maximum_speed)
    x.leave_speed = min(limit, math.sqrt(arrive_speed * arrive_speed + 2.0 * p.acceleration * k.inside))
    mean = max(0.5 * (arrive_speed + x.leave_speed), 0.001)
    if w.totals[0].walking and on_foot(w, row):  # walks off at once
        mean = limit
    x.leave = x.arrive + (k.inside + me.length) / mean
    x.braking_speed, x.wait = -1.0, math.inf
    if wish > 0.001 and not behind_standing(w, row):
        x.braking_speed = min(arrive_speed, math.sqrt(max(0.0, wish * wish - 2.0 * p.deceleration * seen)))
    state = w.lane[k.lane]
    if state.approach < 0:
        w.loose.touched[w.totals[0].touched] = k.lane
        w.totals[0].touched += 1
    x.next = state.approach
    state.approach = item
    if k.place >= 0:
        w.junctions[k.junction].approached |= np.uint64(1) << np.uint64(k.place)
    return item


@inline
def leave_behind(w: Any, row: int, lane: int, leader: int, gap: float) -> None:
    """Reckon with a leader on a lane, if that is behind the link told last: I leave it no faster than he lets me.

    Source: SUMO's junction model (leave speeds are adapted to the leader, MSVehicle::adaptToLeader).
    """
    me, other = w.vehicles[row], w.vehicles[leader]
    x = w.approaches[row * PER_VEHICLE + max(0, me.items - 1)]
    if me.items == 0 or w.links[x.link].lane != lane:
        return
    p, q = w.profiles[me.profile], w.profiles[other.profile]
    room = max(0.0, gap - p.minimum_gap)
    speed = safe_speed(0.0, room, other.speed, p.deceleration, q.deceleration, HEADWAY, w.totals[0].dt)
    if speed < x.leave_speed:
        x.leave_speed = speed
        x.leave = x.arrive + (w.links[x.link].inside + me.length) / max(0.5 * (x.arrive_speed + speed), 0.001)


@inline
def leave_after(w: Any, row: int, lane: int, seen: float) -> None:
    """Reckon with those inside the junction who merge with my lane, which begins after `seen` [m]."""
    n = w.lanes[lane]
    occupied = w.junctions[n.junction].occupied & n.foes
    if occupied == 0:
        return
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        if c.kind != MERGE or c.bit & occupied == 0:
            continue
        first = w.lanes[c.foe].slot
        for k in range(w.lane[c.foe].count):
            foe = w.loose.slots[first + k]
            if foe >= 0 and foe != row:
                other = w.vehicles[foe]
                leave_behind(w, row, lane, foe, seen + c.end - (c.foe_end - other.position) - other.length)
        foe = w.lane[c.foe].tail_row
        if foe >= 0 and foe != row:
            leave_behind(w, row, lane, foe, seen + c.end - (c.foe_end - w.lane[c.foe].tail))


@inline
def told_of(w: Any, row: int, link: int) -> int:
    """Who wants to know of a vehicle that comes to a link; answered from its own row if it is its next one."""
    return int(w.vehicles[row].ahead_told if link == w.vehicles[row].link else w.links[link].told)


@inline
def worth_telling(w: Any, row: int, link: int) -> bool:
    """Whether somebody may have to give way at a link; answered from the vehicle's own row if it is its next one."""
    r = w.vehicles[row]
    if link == r.link and r.ahead_light >= 0 and is_red(w.loose.light[r.ahead_light]):
        return False
    return told_of(w, row, link) > 0


@inline
def tell_from_afar(w: Any, row: int, link: int, seen: float, wish: float, desired: float) -> None:
    """Register an approach that is too far away to act on, for those who must give way."""
    if is_red(letter_of(w, link)):
        return
    told, lane = told_of(w, row, link), w.links[link].lane
    if told & TOLD_HERE and not w.lane[lane].shut:
        p = w.profiles[w.vehicles[row].profile]
        register(w, row, link, seen, wish, min(desired, speed_after(seen, wish, p.acceleration)))
    if told & TOLD_BEHIND:
        register(w, row, w.lanes[lane].link, seen + w.lanes[lane].length, wish, desired)
