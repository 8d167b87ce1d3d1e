"""Who is on the lanes beside a driver, how fast one could go there, and whether a follower could bear one."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.decide import limit_of
from sim.kernel.follow import braking_way, follow
from sim.kernel.junction import CROSS, open_without_asking
from sim.kernel.order import inlet_beside, place_for, row_of
from sim.kernel.telling import HEADWAY
from sim.models.braking import safe_speed

CREEP = 0.1  # [m] gap that is enough for a change at rest; assumed
TURN_LANE = 200.0  # [m] within which a lane that leads elsewhere is left alone (LC2013)
OCCUPIED = 7.5  # [m] a queued vehicle takes; assumed


@inline
def last_to_part(w: Any, row: int, lane: int, seen: float) -> tuple[int, float]:
    """Row of the last one on a way that parts from an internal lane and is still in mine, and the gap [m]; -1, inf."""
    found, nearest = -1, math.inf
    n = w.lanes[lane]
    if n.conflict == n.parted:
        return found, nearest
    occupied = w.junctions[n.junction].occupied & n.foes
    if occupied == 0:
        return found, nearest
    for i in range(n.conflict, n.parted):
        c = w.conflicts[i]
        if c.bit & occupied == 0 or w.lane[c.foe].count == 0:
            continue
        slot = w.loose.slots[w.lanes[c.foe].slot + w.lane[c.foe].count - 1]
        if slot < 0 or slot == row:
            continue
        rear = w.vehicles[slot].position - w.vehicles[slot].length
        if rear < c.foe_end and seen + rear < nearest:
            found, nearest = slot, seen + rear
    return found, nearest


@inline
def leader_on(w: Any, row: int, lane: int, place: int) -> tuple[int, float]:
    """Row of the leader I would have on a lane, and the gap to it [m]; -1, inf if none within the next lane."""
    r = w.vehicles[row]
    if place > 0:
        leader = row_of(w.loose.slots[w.lanes[lane].slot + place - 1])
        other = w.vehicles[leader]
        return leader, other.position - other.length - r.position
    state = w.lane[lane]
    if state.tail_row >= 0 and state.tail_row != row:
        return state.tail_row, state.tail - r.position
    link = w.plans[w.stages[r.stage].plan + w.lanes[lane].index].link
    if link >= 0:
        onward = w.links[link].lane
        seen = w.lanes[lane].length - r.position
        for _ in range(2):
            nearest, gap = last_to_part(w, row, onward, seen)
            state = w.lane[onward]
            leader, rear = state.tail_row, state.tail
            if state.count > 0:
                leader = row_of(w.loose.slots[w.lanes[onward].slot + state.count - 1])
                rear = w.vehicles[leader].position - w.vehicles[leader].length
            if leader >= 0 and seen + rear < gap:
                nearest, gap = leader, seen + rear
            if nearest >= 0:
                return nearest, gap
            if not w.lanes[onward].internal:
                break
            seen += w.lanes[onward].length
            onward = w.links[w.lanes[onward].link].lane if w.links[link].waits else w.links[link].target
    return -1, math.inf


@inline
def first_on(w: Any, lane: int) -> int:
    """Row of the first vehicle on a lane, shadows of those who have left it sideways not counted; -1: none."""
    first = w.lanes[lane].slot
    for place in range(first, first + w.lane[lane].count):
        if w.loose.slots[place] >= 0:
            return int(w.loose.slots[place])
    return -1


@inline
def nearest_upstream(w: Any, lane: int) -> tuple[int, float]:
    """Row of the first vehicle that is about to enter a lane, and its way to it [m]; -1, inf if none."""
    found, nearest = -1, math.inf
    for i in range(w.lanes[lane].inlet, w.lanes[lane].inlet_end):
        inlet = w.loose.inlets[i]
        way = 0.0
        for _ in range(2):
            slot = first_on(w, inlet)
            if slot >= 0:
                other = w.vehicles[slot]
                link = other.link
                heads = w.lanes[inlet].internal or (link >= 0 and w.links[link].target == lane)
                to_lane = way + w.lanes[inlet].length - other.position
                if heads and to_lane < nearest:
                    found, nearest = slot, to_lane
                break
            way += w.lanes[inlet].length
            if not w.lanes[inlet].internal or w.lanes[inlet].inlet == w.lanes[inlet].inlet_end:
                break
            inlet = w.loose.inlets[w.lanes[inlet].inlet]
    return found, nearest


@inline
def follower_on(w: Any, row: int, lane: int, place: int) -> tuple[int, float]:
    """Row of the follower I would have on a lane, and its gap to me [m]; -1, inf if none is near."""
    r = w.vehicles[row]
    if place < w.lane[lane].count:
        follower = row_of(w.loose.slots[w.lanes[lane].slot + place])
        return follower, r.position - r.length - w.vehicles[follower].position
    if r.position < 80.0:
        follower, way = nearest_upstream(w, lane)
        if follower >= 0 and follower != row:
            return follower, r.position - r.length + way
    return -1, math.inf


@inline
def comes_through(w: Any, row: int, x: Any) -> bool:
    """Whether somebody else moves through the area of a conflict on its foe lane, or can no longer stop before it."""
    first = w.lanes[x.foe].slot
    for place in range(first, first + w.lane[x.foe].count):
        foe = row_of(w.loose.slots[place])
        other = w.vehicles[foe]
        way = braking_way(other.speed, w.profiles[other.profile].deceleration, w.totals[0].dt)
        if foe != row and other.speed > 0.0 and other.position + way > x.foe_begin:
            if other.position - other.length < x.foe_end:
                return True
    foe = w.lane[x.foe].tail_row
    return foe >= 0 and foe != row and w.vehicles[foe].speed > 0.0 and w.lane[x.foe].tail < x.foe_end


@inline
def can_swing(w: Any, row: int, lane: int) -> bool:
    """Whether a body that reaches back into a junction may go over to a lane beside: nobody passes where its rear goes.

    Who stands there may wait for it to go over: he does not hinder it.
    """
    r = w.vehicles[row]
    if r.position >= r.length:
        return True
    inlet = inlet_beside(w, row, lane)
    if inlet < 0:
        return True
    for i in range(w.lanes[inlet].conflict, w.lanes[inlet].conflict_end):
        x = w.conflicts[i]
        if x.kind == CROSS and w.lanes[inlet].length + r.position - r.length < x.end and comes_through(w, row, x):
            return False
    return True


@inline
def is_used(w: Any, row: int, x: Any) -> bool:
    """Whether somebody else is on the foe lane of a conflict, and not yet out of its area."""
    first = w.lanes[x.foe].slot
    for place in range(first, first + w.lane[x.foe].count):
        foe = row_of(w.loose.slots[place])
        if foe != row and w.vehicles[foe].position - w.vehicles[foe].length < x.foe_end:
            return True
    return w.lane[x.foe].tail_row >= 0 and w.lane[x.foe].tail_row != row and w.lane[x.foe].tail < x.foe_end


@inline
def can_let_pass(w: Any, row: int, lane: int) -> bool:
    """Whether on a lane beside one could still stop before all who are already in the junction at its end."""
    r = w.vehicles[row]
    link = w.plans[w.stages[r.stage].plan + w.lanes[lane].index].link
    way = braking_way(r.speed, w.profiles[r.profile].deceleration, w.totals[0].dt)
    seen = w.lanes[lane].length - r.position
    if link < 0 or seen >= way:
        return True
    n = w.lanes[w.links[link].lane]
    for i in range(n.parted, n.conflict_end):
        x = w.conflicts[i]
        if x.begin <= x.end and seen + x.begin < way and is_used(w, row, x):
            return False
    return True


@inline
def can_go_over(w: Any, row: int, lane: int) -> bool:
    """Whether nobody in the junction behind or ahead keeps one from going over to a lane beside."""
    return can_swing(w, row, lane) and can_let_pass(w, row, lane)


@inline
def bears(w: Any, follower: int, leader: int, gap: float) -> bool:
    """Whether a follower can take somebody as leader without braking harder than comfortably (MOBIL's criterion)."""
    f, q = w.vehicles[follower], w.profiles[w.vehicles[follower].profile]
    if gap < CREEP + q.minimum_gap * min(1.0, 0.5 * f.speed):
        return False
    dt = w.totals[0].dt
    other = w.vehicles[leader]
    desired = max(f.speed, 1.0)
    speed = follow(q, f.speed, gap, other.speed, w.profiles[other.profile].deceleration, desired, dt)
    return max(0.0, speed) >= f.speed - q.deceleration * dt  # who stands can go on standing


@inline
def lane_speed(w: Any, row: int, lane: int, place: int, limit: float) -> tuple[float, float, float]:
    """Speed a driver can hope for on a lane [m/s], and leader's gap [m] and speed [m/s] there.

    It is what is safe behind the leader there, so that of two queues the shorter one is the better.

    Source: MSLCM_LC2013::anticipateFollowSpeed of SUMO, without lookahead.
    """
    leader, gap = leader_on(w, row, lane, place)
    if leader < 0:
        return limit, math.inf, limit
    p, q = w.profiles[w.vehicles[row].profile], w.profiles[w.vehicles[leader].profile]
    speed, room = w.vehicles[leader].speed, max(0.0, gap - p.minimum_gap)
    safe = safe_speed(0.0, room, speed, p.deceleration, q.deceleration, HEADWAY, w.totals[0].dt)
    return min(limit, safe), gap, speed


@inline
def too_late_to_ask(w: Any, row: int, lane: int, link: int) -> bool:
    """Whether a lane ends at a line without light where one gives way, and one could not stop there any more."""
    if link < 0 or w.links[link].light >= 0 or open_without_asking(w.links[link].rule):
        return False
    r = w.vehicles[row]
    way = braking_way(r.speed, w.profiles[r.profile].deceleration, w.totals[0].dt)
    return w.lanes[lane].length - r.position < way + r.speed


@inline
def tempting(w: Any, row: int, lane: int, here: float, look: float) -> tuple[bool, float, float]:
    """Whether a neighbouring lane may be used without need; relative gain of speed there, seconds free of leaders."""
    r = w.vehicles[row]
    x = w.plans[w.stages[r.stage].plan + w.lanes[lane].index]
    if x.reach < 0.0 or too_late_to_ask(w, row, lane, x.link):
        return False, 0.0, 0.0
    left_way = x.reach - r.position
    if x.offset != 0:
        left_way -= OCCUPIED * max(w.lane[lane].count, w.lane[r.lane].count)  # one has to find the way back, too
    if x.offset != 0 and left_way < max(2.0 * look, TURN_LANE):
        return False, 0.0, 0.0
    if r.position < w.lane[lane].block < r.position + max(2.0 * look, TURN_LANE):
        return False, 0.0, 0.0
    limit = limit_of(w, row, lane)
    place = place_for(w, lane, r.position, r.key)
    there, gap, speed = lane_speed(w, row, lane, place, limit)
    free = left_way / max(limit, 1.0)
    if speed < limit:
        free = min(free, max(0.0, gap - limit) / (limit - speed))
    return True, (there - here) / max(there, 10.0), free
