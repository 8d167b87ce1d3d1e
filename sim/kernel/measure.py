"""How near road users come to each other in a step: on lanes, over connections, and where paths meet in junctions.

Collisions are always looked for; encounters only where the run asks for them (`Totals.probing`).

Pairs in a junction are those of whom one at least is in it; the other one is in it, too, or comes to it within
`OPEN_TTC`, is not kept out by a red light and does not brake so as to stop before the line.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.aware import on_foot
from sim.kernel.contact import SLACK, collide, walk
from sim.kernel.decide import came_by
from sim.kernel.encounters import CROSSING, EVERY, FOLLOWING, LANE_CHANGE, MERGING, OPEN_TTC, close_old, meet
from sim.kernel.foresee import foresee_areas, foresee_lanes
from sim.kernel.junction import DIVERGE, MERGE, is_red, letter_of
from sim.kernel.order import onward, row_of
from sim.models.safety import crossing, following, merging

#: After a lane change this long ago an encounter counts as one of the lane change [s]; assumed, as `QUIET`.
RECENT = 5.0

follow_ttc, follow_drac = following.time_to_collision, following.deceleration_to_avoid
cross_ttc, cross_drac, arrival = crossing.time_to_collision, crossing.deceleration_to_avoid, crossing.arrival
merge_ttc, merge_drac = merging.time_to_collision, merging.deceleration_to_avoid


@inline
def has_changed(w: Any, row: int) -> bool:
    """Whether a vehicle changes lanes or has lately done so."""
    r = w.vehicles[row]
    return r.shadow >= 0 or (w.totals[0].step + 1 - r.change_step) * w.totals[0].dt < RECENT


@inline
def behind(w: Any, row: int, leader: int, gap: float) -> None:
    """Measure one who follows another on one way."""
    t = w.totals[0]
    closing = w.vehicles[row].speed - w.vehicles[leader].speed
    if gap < 0.0 or closing <= 0.0 or gap >= OPEN_TTC * closing:
        return
    if t.walking and on_foot(w, row):
        return  # people walk as near each other as they like
    kind = LANE_CHANGE if has_changed(w, row) or has_changed(w, leader) else FOLLOWING
    mdrac = follow_drac(gap, closing, t.reaction)
    meet(w, row, leader, kind, follow_ttc(gap, closing), follow_drac(gap, closing, 0.0), mdrac)


@inline
def look_ahead(w: Any, row: int) -> None:
    """Measure the first on a lane against whoever is next on its way, beyond the lane's end."""
    r = w.vehicles[row]
    reach = OPEN_TTC * r.speed
    seen = w.lanes[r.lane].length - r.position
    lane, link, stage = r.lane, r.link, r.stage
    for _ in range(12):
        if link < 0 or seen >= reach:
            return
        before, lane = lane, w.links[link].lane
        n = w.lanes[lane]
        state = w.lane[lane]
        if not n.internal:
            stage += 1
        leader, rear = state.tail_row, state.tail
        if state.count > 0:
            leader = row_of(w.loose.slots[n.slot + state.count - 1])
            rear = w.vehicles[leader].position - w.vehicles[leader].length
        if leader >= 0:
            if leader != row and came_by(w, leader, rear, before, lane):
                behind(w, row, leader, seen + rear)
            return
        seen += n.length
        link = onward(w, row, lane, stage)


@inline
def has_left(w: Any, slot: int) -> bool:
    """Whether a slot is the shadow of a lane change of which half is done: the body's middle is over the marking."""
    if slot >= 0:
        return False
    t = w.totals[0]
    return 2 * (w.vehicles[~slot].shadow_end - t.step - 1) <= t.change_steps


@inline
def look_along(w: Any, lane: int, probing: bool) -> None:
    """Look at each vehicle of a lane and whoever is before it there; shadows count for half of a lane change."""
    first = w.lanes[lane].slot
    state = w.lane[lane]
    leader, rear = state.tail_row, state.tail
    for place in range(state.count):
        slot = w.loose.slots[first + place]
        if has_left(w, slot):
            continue
        row = row_of(slot)
        r = w.vehicles[row]
        gap = rear - r.position
        if leader < 0 or leader == row:
            if probing and slot >= 0 and r.speed > 0.0:
                look_ahead(w, row)
        elif gap < 0.0:
            kind = LANE_CHANGE if has_changed(w, row) or has_changed(w, leader) else FOLLOWING
            collide(w, row, leader, kind, r.speed - w.vehicles[leader].speed)
        elif probing:
            behind(w, row, leader, gap)
        leader, rear = row, r.position - r.length


# ------------------------------------------------------------------------------------------------ in junctions


@inline
def list_inside(w: Any, lane: int) -> None:
    """List who on a lane is in a junction, or was before the step."""
    t = w.totals[0]
    internal = w.lanes[lane].internal
    first = w.lanes[lane].slot
    for place in range(w.lane[lane].count - 1, -1, -1):
        slot = w.loose.slots[first + place]
        r = w.vehicles[row_of(slot)]
        hangs = r.position - r.speed * t.dt - r.length < SLACK
        if not (internal or hangs):
            return
        if slot >= 0 and (internal or r.behind >= 0):
            w.loose.inside[t.inside] = slot
            t.inside += 1


@inline
def use(w: Any, row: int, lane: int, front: float, coming: bool) -> None:
    """Note that a vehicle uses an internal lane, if paths meet there."""
    if w.lanes[lane].conflict == w.lanes[lane].conflict_end:
        return
    t = w.totals[0]
    u = w.users[t.users]
    u.row, u.lane, u.front, u.coming = row, lane, front, coming
    u.next = w.loose.user[lane]
    w.loose.user[lane] = t.users
    t.users += 1


@inline
def comes(w: Any, row: int, link: int, distance: float) -> bool:
    """Whether a vehicle is about to pass a line: soon, not before a red light, not braking so as to stop before it."""
    r = w.vehicles[row]
    if distance >= OPEN_TTC * r.speed or is_red(letter_of(w, link)):
        return False
    return r.acceleration >= 0.0 or r.speed * r.speed > -2.0 * r.acceleration * distance


@inline
def use_lanes(w: Any, row: int) -> None:
    """Note every internal lane that a vehicle in a junction is on, and the next one."""
    r = w.vehicles[row]
    lane, front = r.lane, r.position
    n = w.lanes[lane]
    if n.internal and w.lanes[w.links[n.link].lane].internal and comes(w, row, n.link, n.length - front):
        use(w, row, w.links[n.link].lane, front - n.length, False)
    for i in range(4):
        if w.lanes[lane].internal and front - r.length < w.lanes[lane].length:
            use(w, row, lane, front, False)
        if front - r.length >= 0.0:
            return
        lane = r.behind if i == 0 else (r.behind2 if i == 1 else r.behind3)
        if lane < 0:
            return
        front += w.lanes[lane].length


@inline
def list_coming(w: Any, lane: int) -> None:
    """Note who comes to a junction from a normal lane: all up to the first one who does not."""
    n = w.lanes[lane]
    for place in range(w.lane[lane].count):
        row = w.loose.slots[n.slot + place]
        if row < 0:
            continue
        r = w.vehicles[row]
        way = n.length - r.position
        if way >= OPEN_TTC * r.speed or r.link < 0 or not comes(w, row, r.link, way):
            return
        if not w.lanes[w.links[r.link].lane].internal:
            return
        use(w, row, w.links[r.link].lane, r.position - n.length, True)


@inline
def cross(w: Any, u: Any, x: Any, c: Any) -> None:
    """Measure two whose paths cross."""
    t = w.totals[0]
    me, other = w.vehicles[u.row], w.vehicles[x.row]
    enter, leave = arrival(c.begin - u.front, me.speed), arrival(c.end + me.length - u.front, me.speed)
    foe_enter = arrival(c.foe_begin - x.front, other.speed)
    foe_leave = arrival(c.foe_end + other.length - x.front, other.speed)
    if leave <= 0.0 or foe_leave <= 0.0:
        return
    first, second, clear, late, way = u.row, x.row, leave, foe_enter, c.foe_begin - x.front
    if foe_enter < enter or (foe_enter == enter and other.departure < me.departure):
        first, second, clear, late, way = x.row, u.row, foe_leave, enter, c.begin - u.front
    ttc = cross_ttc(late, clear)
    if ttc < OPEN_TTC:
        speed = w.vehicles[second].speed
        drac, mdrac = cross_drac(way, speed, clear, 0.0), cross_drac(way, speed, clear, t.reaction)
        meet(w, second, first, CROSSING, ttc, drac, mdrac)


@inline
def merge(w: Any, u: Any, x: Any, c: Any) -> None:
    """Measure two whose paths merge."""
    t = w.totals[0]
    me, other = w.vehicles[u.row], w.vehicles[x.row]
    enter, foe_enter = arrival(c.begin - u.front, me.speed), arrival(c.foe_begin - x.front, other.speed)
    together = max(enter, foe_enter)
    way, foe_way = c.end - u.front, c.foe_end - x.front
    if together >= OPEN_TTC or way <= -me.length or foe_way <= -other.length:
        return
    first, second, gap, before = x.row, u.row, way - foe_way - other.length, c.begin - u.front
    ahead = foe_way - other.speed * together - (way - me.speed * together)  # [m] I am before him when both are there
    if ahead > 0.0 or (ahead == 0.0 and me.departure < other.departure):
        first, second, gap, before = u.row, x.row, foe_way - way - me.length, c.foe_begin - x.front
    speed = w.vehicles[second].speed
    closing = speed - w.vehicles[first].speed
    ttc = merge_ttc(gap, closing, together)
    if ttc < OPEN_TTC:
        drac = merge_drac(gap, closing, together, before, speed, 0.0)
        mdrac = merge_drac(gap, closing, together, before, speed, t.reaction)
        meet(w, second, first, MERGING, ttc, drac, mdrac)


@inline
def part(w: Any, u: Any, x: Any, c: Any) -> None:
    """Measure two whose paths part: one follows the other until the area ends."""
    me, other = w.vehicles[u.row], w.vehicles[x.row]
    if u.front >= x.front:
        if u.front - me.length < c.end:
            behind(w, x.row, u.row, u.front - me.length - x.front)
    elif x.front - other.length < c.foe_end:
        behind(w, u.row, x.row, x.front - other.length - u.front)


@inline
def look_across(w: Any, i: int) -> None:
    """Measure one in a junction against everybody whose path meets his."""
    u = w.users[i]
    n = w.lanes[u.lane]
    for k in range(n.conflict, n.conflict_end):
        c = w.conflicts[k]
        at = w.loose.user[c.foe]
        while at >= 0:
            x = w.users[at]
            if x.row != u.row and (x.coming or u.lane < c.foe):
                if c.kind == DIVERGE:
                    part(w, u, x, c)
                elif c.kind == MERGE:
                    merge(w, u, x, c)
                elif c.begin <= c.end:
                    cross(w, u, x, c)
            at = x.next


@inline
def look_into_junctions(w: Any) -> None:
    """Measure everybody in a junction against whoever is in it or comes to it."""
    t = w.totals[0]
    for i in range(t.users):
        w.loose.user[w.users[i].lane] = -1
    t.users = 0
    for i in range(t.inside):
        use_lanes(w, w.loose.inside[i])
    inside = t.users
    for i in range(t.busy):
        if inside > 0 and not w.lanes[w.loose.busy[i]].internal:
            list_coming(w, w.loose.busy[i])
    for i in range(inside):
        look_across(w, i)


@inline
def measure(w: Any) -> None:
    """Find who touches whom, and where asked for, how near they come to it."""
    t = w.totals[0]
    t.inside = 0
    for i in range(t.busy):
        foresee_lanes(w, w.loose.busy, i, t.busy, 1, 3)
        look_along(w, w.loose.busy[i], t.probing)
        list_inside(w, w.loose.busy[i])
    for i in range(t.inside):
        foresee_areas(w, w.loose.inside, i, t.inside)
        walk(w, w.loose.inside[i], True)
    for i in range(t.inside):
        foresee_areas(w, w.loose.inside, i, t.inside)
        walk(w, w.loose.inside[i], False)
    if t.probing:
        look_into_junctions(w)
        if t.step % EVERY == 0:
            close_old(w)
