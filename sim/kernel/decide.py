"""What speed every driver chooses for the next step; computed from the old state, applied by `move`."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.admit import may_go, zip_in
from sim.kernel.claim import chooses_gap, follow_up
from sim.kernel.follow import approach_limit, braking_way, follow, misjudge, react, stop
from sim.kernel.foresee import foresee_lanes, foresee_links
from sim.kernel.heed import hears, heeded, slowed
from sim.kernel.junction import (
    RAIL,
    STANDING,
    has_priority,
    inside,
    is_red,
    is_yellow,
    letter_of,
)
from sim.kernel.order import find, onward, row_of
from sim.kernel.riders import behind_rider
from sim.kernel.room import has_room, ring_is_full
from sim.kernel.telling import (
    leave_after,
    leave_behind,
    mark_occupied,
    register,
    tell_from_afar,
    told_of,
    worth_telling,
)
from sim.kernel.warn import stops_at_red
from sim.models.right_of_way.windows import speed_after
from sim.state.place import TOLD_AFAR
from sim.state.traffic import BY_MODEL, PER_VEHICLE

BY_LIGHT, BY_END, BY_ROOM = -2, -3, -4
#: A driver brakes for yellow if this is enough, or if red will come first [m/s2]; SUMO's tls.yellow.min-decel.
YELLOW_DECELERATION = 3.0
#: Who can still stop so hard gives way to somebody seen late [m/s2]; the braking of SUMO's usual car.
REFUSAL = 4.5
#: Distance kept to the stop line of a red light [m]; SUMO's jmStoplineGap.
STOP_LINE_GAP = 1.0
#: Approaches are told this long ahead [s]; assumed: longer than any crossing takes with its margin. Drivers who judge
#: by arrival-time windows look along the whole road before the line, as in SUMO (MSVehicle::planMoveInternal): who has
#: waited a little expects even one far away to brake for him, and merges only if that one could follow (`windows`).
HORIZON, HORIZON_ON_RAILS, HORIZON_AFAR = 10.0, 30.0, 25.0


@inline
def limit_of(w: Any, row: int, lane: int) -> float:
    """Desired speed of a vehicle on a lane [m/s]."""
    r = w.vehicles[row]
    return min(w.lane[lane].limit * r.speed_factor, w.profiles[r.profile].maximum_speed)


@inline
def behind(w: Any, row: int, leader: int, gap: float, wish: float, desired: float, beyond: int = -1) -> float:
    """Speed behind a leader, and with an eye on his leader `beyond`, no higher than the wish [m/s]."""
    r = w.vehicles[row]
    linked = w.profiles[r.profile].linked
    if linked == BY_MODEL:
        r.connected = w.profiles[w.vehicles[leader].profile].linked == BY_MODEL
    elif linked and r.station >= 0:
        r.connected = hears(w, row, leader)
    speed = react(w, row, leader, gap, beyond, desired)
    if speed < wish:
        r.blocker = leader
        return speed
    return wish


@inline
def shadow_leader(w: Any, row: int, wish: float, desired: float) -> float:
    """Speed that respects the leader on the lane a changer is just leaving [m/s]."""
    r = w.vehicles[row]
    place = find(w, r.shadow, ~row)
    if place > 0:
        leader = row_of(w.loose.slots[w.lanes[r.shadow].slot + place - 1])
        other = w.vehicles[leader]
        return behind(w, row, leader, other.position - other.length - r.position, wish, desired)
    state = w.lane[r.shadow]
    if state.tail_row >= 0 and state.tail_row != row:
        return behind(w, row, state.tail_row, state.tail - r.position, wish, desired)
    return wish


@inline
def on_lane(w: Any, row: int, place: int, wish: float, desired: float) -> float:
    """Speed that respects leader and obstacles on the present lane [m/s]."""
    r = w.vehicles[row]
    lane = r.lane
    state = w.lane[lane]
    p = w.profiles[r.profile]
    dt = w.totals[0].dt
    if place > 0:
        leader = row_of(w.loose.slots[w.lanes[lane].slot + place - 1])
        other = w.vehicles[leader]
        beyond = -1
        if p.leaders > 1.0:
            follow_up(w, row, leader)
        if place > 1 and p.leaders > 1.0:
            beyond = row_of(w.loose.slots[w.lanes[lane].slot + place - 2])
        wish = behind(w, row, leader, other.position - other.length - r.position, wish, desired, beyond)
    elif state.tail_row >= 0 and state.tail_row != row:
        wish = behind(w, row, state.tail_row, state.tail - r.position, wish, desired)
    if r.shadow >= 0:
        wish = shadow_leader(w, row, wish, desired)
    if w.lanes[lane].internal:
        wish = inside(w, row, lane, -r.position, wish, desired)
    if state.block > r.position and state.block < math.inf:
        wish = min(wish, stop(p, r.speed, state.block - r.position - p.minimum_gap, desired, dt))
    if w.totals[0].riding and p.width > w.lanes[lane].passing_width:
        wish = behind_rider(w, row, wish, desired)
    return wish


@inline
def came_by(w: Any, row: int, rear: float, before: int, lane: int) -> bool:
    """Whether a body with its rear at a position of the lane after mine has come by mine, or has left it behind.

    Of a body over more lanes than are remembered nobody knows: it is taken to have come by mine.
    """
    r = w.vehicles[row]
    return rear >= 0.0 or r.behind == before or r.behind2 == before or r.behind3 == before or r.behind3 == lane


@inline
def next_lane(w: Any, row: int, before: int, lane: int, seen: float, wish: float, desired: float) -> float:
    """Speed that respects the last vehicle on the lane after `before`, which begins after `seen` [m/s].

    Who still hangs back into another lane that merges here is respected as a conflict of the junction.
    """
    state = w.lane[lane]
    leader, rear = state.tail_row, state.tail
    if state.count > 0:
        leader = row_of(w.loose.slots[w.lanes[lane].slot + state.count - 1])
        rear = w.vehicles[leader].position - w.vehicles[leader].length
    if leader >= 0 and leader != row and came_by(w, leader, rear, before, lane):
        if before == w.vehicles[row].lane and w.profiles[w.vehicles[row].profile].leaders > 1.0:
            follow_up(w, row, leader)
        wish = behind(w, row, leader, seen + rear, wish, desired)
        leave_behind(w, row, lane, leader, seen + rear)
    if state.block < math.inf:
        r = w.vehicles[row]
        p = w.profiles[r.profile]
        wish = min(wish, stop(p, r.speed, seen + state.block - p.minimum_gap, desired, w.totals[0].dt))
    return wish


@inline
def at_line(w: Any, row: int, seen: float, braking: float, wish: float, desired: float) -> float:
    """Speed that stops before the line of a light or of a closed lane; `braking` is the way one needs to stop [m/s]."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    dt = w.totals[0].dt
    offset = max(0.0, min(STOP_LINE_GAP, seen - braking))
    wish = min(wish, stop(p, r.speed, seen - offset, desired, dt))
    if wish < STANDING:
        r.blocker = BY_LIGHT
        if r.speed < STANDING and p.start_delay > 0.0:  # it takes a moment to see that it has changed
            r.set_off = w.totals[0].step + 1 + int(p.start_delay / dt + 0.5)
    return wish


@inline
def at_link(w: Any, row: int, link: int, stage: int, seen: float, wish: float, desired: float) -> tuple[float, bool]:
    """Speed that respects light, rule and room at a link, and whether to look beyond it [m/s]."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    k = w.links[link]
    dt = w.totals[0].dt
    braking = braking_way(r.speed, p.deceleration, dt)
    if link == r.link and r.ahead_light >= 0 and is_red(w.loose.light[r.ahead_light]):  # all of it is at hand
        if seen >= braking_way(r.speed, p.emergency, dt) and stops_at_red(w, row, r.ahead_light, seen):
            return at_line(w, row, seen, braking, wish, desired), False
    letter = letter_of(w, link)
    red, yellow = is_red(letter), is_yellow(letter)
    if k.waiting or (red and not stops_at_red(w, row, k.light, seen)):  # passed at the entry, or is run
        red, yellow = False, False
    shut = w.lane[k.lane].shut or w.lane[k.target].shut
    if red or yellow or shut:
        hard = p.emergency
        if yellow and not shut:
            left = (w.loose.light_end[k.light] - w.totals[0].step) * dt
            if seen < r.speed * left:  # can pass while it is yellow
                hard = max(YELLOW_DECELERATION, p.deceleration)
        if seen >= braking_way(r.speed, hard, dt):
            return at_line(w, row, seen, braking, wish, desired), False
    minor = (k.entry or k.waiting) and not k.waits and not has_priority(w, link, letter)
    barred = False
    if (k.entry or k.waiting) and seen >= braking:
        barred = k.keep_clear and not has_room(w, row, link, stage)
        barred = barred or (k.joins >= 0 and ring_is_full(w, row, k.joins))
    if barred:
        offset = max(0.0, min(0.1 if minor else STOP_LINE_GAP, seen - braking))
        wish = min(wish, stop(p, r.speed, seen - offset, desired, dt))
        if wish < STANDING:
            r.blocker = BY_ROOM
        return wish, False
    wish = inside(w, row, k.lane, seen, wish, desired)
    wait = math.inf
    if minor:
        wait = min(wish, stop(p, r.speed, seen - max(0.0, min(0.1, seen - braking)), desired, dt))
    arrive_speed = min(desired, speed_after(seen, wish, p.acceleration))
    chooses = minor and chooses_gap(w, row, link)
    if chooses:  # he reckons with being slowed down by the way inside
        arrive_speed = min(arrive_speed, limit_of(w, row, k.lane))
    if minor and seen > k.visibility and braking < seen and not chooses:
        # slow down so as to be able to stop; foes are only seen from the visibility distance on
        root = math.sqrt(2.0 * p.deceleration * k.visibility)
        arrive_speed = min(arrive_speed, speed_after(k.visibility, root, p.acceleration))
        if w.lanes[k.lane].watched:
            register(w, row, link, seen, wish, arrive_speed)
        return wait, False
    if minor or w.lanes[k.lane].watched:
        item = register(w, row, link, seen, wish, arrive_speed)
        if item >= 0:
            committed = seen < braking_way(r.speed, max(REFUSAL, p.deceleration), dt)  # the gap was accepted before
            if minor and not committed:
                w.approaches[item].wait = wait
                leave_after(w, row, k.lane, seen)
    return wish, True


@inline
def horizon(w: Any, row: int, link: int) -> float:
    """How long ahead one tells that one approaches a link [s]; answered as `worth_telling`."""
    r = w.vehicles[row]
    if w.profiles[r.profile].class_bit & RAIL:
        return HORIZON_ON_RAILS
    return HORIZON_AFAR if told_of(w, row, link) & TOLD_AFAR else HORIZON


@inline
def plan(w: Any, row: int, place: int) -> bool:
    """Decide a vehicle's speed but for foes that approach; returns whether it must ask for them."""
    r = w.vehicles[row]
    r.items = 0
    if r.holding:
        r.wish = 0.0
        return False
    p = w.profiles[r.profile]
    dt = w.totals[0].dt
    lane = r.lane
    v = r.speed
    advice, desired = heeded(w, row, place, limit_of(w, row, lane))
    r.blocker = -1
    if p.error_time > 0.0:
        misjudge(w, row)
    wish = follow(p, v, math.inf, v, p.deceleration, desired, dt)
    wish = on_lane(w, row, place, wish, desired)
    wish = slowed(w, row, advice, wish)
    top = v + p.acceleration * dt
    look = 2.0 * top + 0.5 * top * top / p.deceleration + 5.0
    seen = w.lanes[lane].length - r.position
    asks = False
    link = r.link
    stage = r.stage
    here = desired
    for _ in range(12):
        if r.halt_lane >= 0 and w.lanes[r.halt_lane].edge == w.lanes[lane].edge:
            to_halt = w.halts[r.halt].position - w.lanes[lane].length + seen
            if to_halt < look:
                wish = min(wish, stop(p, v, to_halt, desired, dt))
            break
        if link < 0:
            room = 0.0
            if r.offset > 0:  # leave room for one who needs the other way
                room = min(8.0, 0.5 * w.lanes[lane].length, max(0.0, seen - braking_way(v, p.deceleration, dt)))
            if stage < r.last_stage and seen - room < look:
                wish = min(wish, stop(p, v, max(0.0, seen - room), desired, dt))
                if wish < STANDING and r.blocker == -1:
                    r.blocker = BY_END
            break
        if seen > look:
            if seen < horizon(w, row, link) * max(desired, 5.0) and worth_telling(w, row, link):
                tell_from_afar(w, row, link, seen, wish, here)
            break
        wish, beyond = at_link(w, row, link, stage, seen, wish, here)
        if not beyond:
            break
        asks = asks or (r.items > 0 and w.approaches[row * PER_VEHICLE + r.items - 1].wait < math.inf)
        before = lane
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        here = limit_of(w, row, lane)
        if here < max(v, top):
            wish = min(wish, max(approach_limit(seen, here, p.deceleration, dt), v - p.deceleration * dt))
        wish = next_lane(w, row, before, lane, seen, wish, desired)
        seen += w.lanes[lane].length
        link = onward(w, row, lane, stage)
    r.wish = 0.0 if w.totals[0].step < r.set_off and v < STANDING else wish
    return asks


@inline
def settle(w: Any, row: int) -> None:
    """Give way at the first link that may not be entered."""
    r = w.vehicles[row]
    for i in range(r.items):
        item = row * PER_VEHICLE + i
        x = w.approaches[item]
        if x.wait < math.inf and not may_go(w, row, item):
            r.wish = zip_in(w, row, item, x.wait)
            return


@inline
def decide(w: Any) -> None:
    """Choose every vehicle's speed for the next step."""
    t = w.totals[0]
    mark_occupied(w)
    for i in range(t.touched):
        w.lane[w.loose.touched[i]].approach = -1
    t.touched = 0
    t.asking = 0
    for i in range(t.busy):
        foresee_lanes(w, w.loose.busy, i, t.busy, 2, 1)
        foresee_links(w, w.loose.busy, i, t.busy)
        lane = w.loose.busy[i]
        first = w.lanes[lane].slot
        for place in range(w.lane[lane].count):
            row = w.loose.slots[first + place]
            if row >= 0 and plan(w, row, place):
                w.loose.asking[t.asking] = row
                t.asking += 1
    for i in range(t.asking):
        settle(w, w.loose.asking[i])
