"""What a driver does about others at a junction: those inside it, and those coming."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import aside, inline
from sim.kernel.abide import defers
from sim.kernel.aware import on_foot
from sim.kernel.believe import believed
from sim.kernel.claim import accepts_gaps
from sim.kernel.follow import braking_way, follow, stop
from sim.kernel.on_foot import far_from_path, must_let_cross, must_let_pass
from sim.models.right_of_way.gaps import is_gone_first
from sim.models.right_of_way.windows import braking_arrival, unsafe_merge
from sim.park.classes import class_bits
from sim.state.traffic import PER_VEHICLE

CROSS, MERGE, DIVERGE = 0, 1, 2
RAIL = np.uint64(class_bits(("rail_urban", "rail", "rail_electric", "rail_fast", "subway")))
#: Least time between a car and a train at a level crossing [s]; SUMO's time gap of rail crossings.
RAIL_TIME_GAP = 15.0
LEISURE = 3.0  # [m/s] a driver who stands expects to reach an area at no less, on average; assumed
NOTICED = 0.5  # [s] from setting off until one can be seen to be on the way; assumed
MARGIN = 0.5  # [m] kept to an area one stops before, if comfortable braking allows; assumed
STANDING = 0.1  # [m/s] below this one stands; SUMO's halting speed

GREEN_MAJOR, GREEN_MINOR = ord("G"), ord("g")
YELLOW_MINOR, YELLOW_MAJOR = ord("y"), ord("Y")
RED, RED_YELLOW = ord("r"), ord("u")
OFF = ord("O")
MAJOR, ALL_WAY, STOP_SIGN, EQUAL = ord("M"), ord("w"), ord("s"), ord("=")
ZIPPER = ord("Z")


@inline
def letter_of(w: Any, link: int) -> int:
    """Letter that holds on a link now: its light if it has one, else its rule."""
    k = w.links[link]
    if k.light >= 0:
        shown = w.loose.light[k.light]
        if shown != OFF:
            return shown
    return k.rule


@inline
def open_without_asking(letter: int) -> bool:
    """Whether the letter gives priority over all others."""
    return letter == GREEN_MAJOR or letter == MAJOR


@inline
def has_priority(w: Any, link: int, letter: int) -> bool:
    """Whether one passes a link, where a letter holds, before all others."""
    return w.links[link].within == 0 and open_without_asking(letter)


@inline
def is_red(letter: int) -> bool:
    """Whether the letter forbids entering."""
    return letter == RED or letter == RED_YELLOW


@inline
def is_yellow(letter: int) -> bool:
    """Whether the letter asks to stop if one can."""
    return letter == YELLOW_MINOR or letter == YELLOW_MAJOR


@inline
def goes_first(w: Any, row: int, foe: int, admitted: bool, in_area: bool, foe_in_area: bool) -> bool:
    """Whether a foe inside the junction goes before me; a total order, so that nobody waits in a circle."""
    me, other = w.vehicles[row], w.vehicles[foe]
    if foe_in_area != in_area:
        return foe_in_area
    if not admitted:
        return True
    if me.entered != other.entered:
        return other.entered < me.entered
    return other.key < me.key


@inline
def hold_before(w: Any, row: int, foe: int, c: Any, seen: float, foe_rear: float, desired: float) -> float:
    """Speed that lets a foe go first: stop before the area, or before the junction if that would bar others [m/s].

    Nobody enters to wait where he stands in somebody's way, unless the foe will be gone when he gets there.
    """
    me, other = w.vehicles[row], w.vehicles[foe]
    p = w.profiles[me.profile]
    dt = w.totals[0].dt
    to_area = seen + c.begin
    if c.kind == CROSS and accepts_gaps(w, row) and foe_rear > c.foe_begin - other.length:
        hard = w.profiles[other.profile].emergency
        if is_gone_first(other.speed, c.foe_end - foe_rear, hard, to_area, me.speed, p.acceleration):
            return math.inf
    braking = braking_way(me.speed, p.deceleration, dt)
    speed = stop(p, me.speed, to_area - max(0.0, min(MARGIN, to_area - braking)), desired, dt)
    if seen <= 0.0 or c.room >= me.length + 0.5 or seen < braking:
        return speed
    # he is bound for a place at which he may have to wait, or brakes for somebody already
    delayed = (other.link >= 0 and w.links[other.link].waiting) or other.acceleration < -0.1
    if not delayed and (c.foe_end - foe_rear) * max(me.speed, LEISURE) < to_area * other.speed:
        return speed
    return stop(p, me.speed, seen - max(0.0, min(MARGIN, seen - braking)), desired, dt)


@inline
def can_clear(w: Any, row: int, lane: int, c: Any, seen: float) -> bool:
    """Whether nobody stands in my way so near behind an area that I would have to stop in it."""
    me = w.vehicles[row]
    reach = c.end + me.length + 0.5
    if me.blocker >= 0:
        leader = w.vehicles[me.blocker]
        if leader.lane == lane and leader.speed < STANDING and leader.position - leader.length < reach:
            return False
    n = w.lanes[lane]
    for i in range(n.conflict, n.conflict_end):
        x = w.conflicts[i]
        if x.kind != CROSS or x.begin > reach or seen + x.end < 0.0 or x.foe == c.foe:
            continue
        first = w.lanes[x.foe].slot
        for k in range(w.lane[x.foe].count):
            slot = w.loose.slots[first + k]
            if slot >= 0:
                other = w.vehicles[slot]
                if other.position > x.foe_begin and other.position - other.length < x.foe_end:
                    return False
    return True


@inline
def relies_on_me(w: Any, row: int, foe: int, way: float) -> bool:
    """Whether a foe passes an area because I stand, and can no longer stop before it; `way` is his to it [m]."""
    me, other = w.vehicles[row], w.vehicles[foe]
    if me.speed >= STANDING or other.speed < STANDING:
        return False
    dt = w.totals[0].dt
    return way < braking_way(other.speed, w.profiles[other.profile].deceleration, dt) + other.speed * dt


@aside
def merges_first(w: Any, row: int, foe: int, c: Any, seen: float, foe_front: float) -> bool:
    """Whether a foe on a lane that merges with mine goes before me."""
    in_area, foe_in_area = seen + c.begin <= 0.0, foe_front > c.foe_begin
    if in_area and foe_in_area:
        way, foe_way = seen + c.end, c.foe_end - foe_front  # to the common end
        return bool(foe_way < way or (foe_way == way and w.vehicles[foe].key < w.vehicles[row].key))
    return goes_first(w, row, foe, seen <= 0.0, in_area, foe_in_area)


@inline
def merge_behind(w: Any, row: int, foe: int, c: Any, seen: float, foe_front: float, desired: float) -> float:
    """Speed behind one on a lane that merges with mine, who goes first [m/s]."""
    me, other = w.vehicles[row], w.vehicles[foe]
    p = w.profiles[me.profile]
    in_area = seen + c.begin <= 0.0
    gap = seen + c.end - (c.foe_end - foe_front) - other.length
    speed = 0.0
    if in_area or gap >= 0.0:
        braking = w.profiles[other.profile].deceleration
        speed = follow(p, me.speed, gap, other.speed, braking, desired, w.totals[0].dt)
    if not in_area:
        speed = max(speed, hold_before(w, row, foe, c, seen, foe_front - other.length, desired))
    return speed


@aside
def must_pass(w: Any, row: int, foe: int, to_area: float, way: float) -> bool:
    """Whether a foe can no longer stop before an area, `way` ahead of him, and I still can, `to_area` ahead of me."""
    me, other = w.vehicles[row], w.vehicles[foe]
    dt = w.totals[0].dt
    if other.speed < STANDING or way + 0.1 >= braking_way(other.speed, w.profiles[other.profile].deceleration, dt):
        return False
    return to_area > braking_way(me.speed, w.profiles[me.profile].deceleration, dt)


@inline
def is_seen_to_come(w: Any, row: int, kind: int, seen: float) -> bool:
    """Whether others in the junction reckon with me on a lane, `seen` ahead: I am on it, or first before its place."""
    if seen <= 0.0 or kind != CROSS:
        return seen <= 0.0
    lane = w.vehicles[row].lane
    return w.lanes[lane].internal and w.loose.slots[w.lanes[lane].slot] == row


@inline
def behind_foe(
    w: Any, row: int, foe: int, lane: int, c: Any, seen: float, foe_front: float, wish: float, desired: float
) -> float:
    """Speed that respects one vehicle on a conflicting lane [m/s]; `foe_front` is its front on that lane."""
    me, other = w.vehicles[row], w.vehicles[foe]
    p = w.profiles[me.profile]
    dt = w.totals[0].dt
    foe_rear = foe_front - other.length
    if foe_rear >= c.foe_end:
        return wish
    to_area = seen + c.begin
    if c.kind == DIVERGE:
        gap = seen + foe_rear
        if seen + foe_front <= 0.0 or (seen <= 0.0 and gap < 0.0 and other.key > me.key):
            return wish
        return min(
            wish, follow(p, me.speed, max(gap, 0.0), other.speed, w.profiles[other.profile].deceleration, desired, dt)
        )
    in_area = to_area <= 0.0
    foe_in_area = foe_front > c.foe_begin
    if other.speed < STANDING and not foe_in_area and can_clear(w, row, lane, c, seen):
        return wish  # stands before the area: lets me pass, or is held up itself
    foe_way = c.foe_begin - foe_front
    if not in_area and not foe_in_area and relies_on_me(w, row, foe, foe_way):
        return min(wish, hold_before(w, row, foe, c, seen, foe_rear, desired))
    first = False
    if not in_area and not foe_in_area and not (w.totals[0].walking and (on_foot(w, row) or on_foot(w, foe))):
        if is_seen_to_come(w, row, c.kind, seen) and must_pass(w, foe, row, foe_way, to_area):
            return wish
        first = must_pass(w, row, foe, to_area, foe_way)
    if c.kind == CROSS:
        if in_area or not (first or goes_first(w, row, foe, seen <= 0.0, False, foe_in_area)):
            return wish
        if w.totals[0].walking and not foe_in_area and on_foot(w, foe):
            if far_from_path(w, row, foe, c, to_area, foe_front):
                return wish
        return min(wish, hold_before(w, row, foe, c, seen, foe_rear, desired))
    if not (first or merges_first(w, row, foe, c, seen, foe_front)):
        return wish
    return min(wish, merge_behind(w, row, foe, c, seen, foe_front, desired))


@inline
def passes_waiting_place(w: Any, row: int, c: Any, seen: float, wish: float, desired: float) -> float:
    """Speed that respects one before a waiting place who will pass it: I stood, or he can no longer stop [m/s]."""
    n = w.lanes[c.foe]
    if c.kind != CROSS or n.inlet == n.inlet_end or seen + c.begin <= 0.0:
        return wish
    before = w.loose.inlets[n.inlet]
    if not w.lanes[before].internal or w.lane[before].count == 0:
        return wish
    foe = w.loose.slots[w.lanes[before].slot]
    if foe < 0 or foe == row:
        return wish
    front = w.vehicles[foe].position - w.lanes[before].length
    way = c.foe_begin - front
    if not relies_on_me(w, row, foe, way) and not must_pass(w, row, foe, seen + c.begin, way):
        return wish
    return min(wish, hold_before(w, row, foe, c, seen, front - w.vehicles[foe].length, desired))


@inline
def inside(w: Any, row: int, lane: int, seen: float, wish: float, desired: float) -> float:
    """Speed that respects everybody on internal lanes that conflict with one of mine [m/s].

    `seen` is the way to the lane's begin [m], negative when on it.
    """
    n = w.lanes[lane]
    occupied = w.junctions[n.junction].occupied & n.foes
    if occupied == 0:
        return wish
    me = w.vehicles[row]
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        if c.bit & occupied == 0:
            continue
        foe_lane = c.foe
        state = w.lane[foe_lane]
        if seen + c.end + me.length < 0.0 or (c.kind != MERGE and seen + c.end < 0.0):
            continue
        wish = passes_waiting_place(w, row, c, seen, wish, desired)
        first = w.lanes[foe_lane].slot
        for k in range(state.count):
            slot = w.loose.slots[first + k]
            if slot < 0 or slot == row:
                continue
            before = wish
            wish = behind_foe(w, row, slot, lane, c, seen, w.vehicles[slot].position, wish, desired)
            if wish < before:
                me.blocker = slot
        if state.tail_row >= 0 and state.tail_row != row:
            foe = state.tail_row
            before = wish
            wish = behind_foe(w, row, foe, lane, c, seen, state.tail + w.vehicles[foe].length, wish, desired)
            if wish < before:
                me.blocker = foe
    return wish


@inline
def can_still_stop(w: Any, foe: int, theirs: Any, time: float) -> bool:
    """Whether one who approaches can stop before his line once I can be seen on the way, `time` from now [s]."""
    v = max(w.vehicles[foe].speed, theirs.arrive_speed)
    way = braking_way(v, w.profiles[w.vehicles[foe].profile].deceleration, w.totals[0].dt)
    return theirs.distance > way + v * (time + NOTICED)


@inline
def blocks(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any, letter: int) -> bool:
    """Whether an approaching foe with priority keeps me from entering.

    Source: Erdmann, Krajzewicz 2013, doi:10.1007/978-3-662-45079-6_1.
    """
    me, other = w.vehicles[row], w.vehicles[foe]
    p, q = w.profiles[me.profile], w.profiles[other.profile]
    if letter == ZIPPER and (theirs.wait < math.inf or not accepts_gaps(w, row)):  # else he can no longer let me in
        if mine.arrive < theirs.arrive or (mine.arrive == theirs.arrive and me.key < other.key):
            return False
    if w.totals[0].walking:
        if on_foot(w, row):
            return must_let_pass(w, row, mine, foe, theirs, c)
        if on_foot(w, foe):
            return must_let_cross(w, row, foe, mine, theirs)
    merges = c.kind == MERGE
    if letter == ALL_WAY or letter == EQUAL or c.mutual or letter_of(w, theirs.link) == EQUAL:
        longer = me.waiting > other.waiting
        equal = me.waiting == other.waiting
        if letter == ALL_WAY or c.mutual or (me.waiting > 0.0 and other.waiting > 0.0):
            sooner = mine.arrive < theirs.arrive or (mine.arrive == theirs.arrive and me.key < other.key)
            if longer or (equal and sooner):
                return False
    if q.class_bit & RAIL:  # a train does not brake for anybody
        return theirs.arrive < mine.leave + RAIL_TIME_GAP and theirs.leave > mine.arrive
    foe_arrive, foe_braking = theirs.arrive, theirs.braking_speed
    impatience = min(1.0, p.impatience + me.waiting / p.time_to_impatience)
    if impatience > 0.0 and mine.arrive < foe_arrive:
        late, slow = braking_arrival(mine.arrive, foe_arrive, theirs.distance, q.deceleration, impatience)
        foe_arrive = (1.0 - impatience) * foe_arrive + impatience * late
        foe_braking = slow
    if theirs.leave < mine.arrive:
        if not merges:
            return False
        return mine.arrive - theirs.leave < p.minor_time_gap or unsafe_merge(
            theirs.leave_speed, mine.arrive_speed, q.deceleration, p.deceleration
        )
    if foe_arrive > mine.leave + p.minor_time_gap:
        return merges and unsafe_merge(mine.leave_speed, foe_braking, p.deceleration, q.deceleration)
    return w.links[mine.link].within != MAJOR or not can_still_stop(w, foe, theirs, mine.arrive)


@inline
def reckons_with(w: Any, row: int, item: int, c: Any, junction: int, behind_red: bool) -> int:
    """Approach of a foe who comes and means to pass, as I see him, or have heard of him; -1: none that I know of."""
    foe, theirs = item // PER_VEHICLE, w.approaches[item]
    if foe == row:
        return -1
    if theirs.distance > c.sight:
        return believed(w, row, foe, item, c.sight, junction)
    if theirs.braking_speed < 0.0 or (behind_red and w.vehicles[foe].speed <= STANDING):
        return -1
    return item


@inline
def may_enter(w: Any, row: int, item: int) -> bool:
    """Whether nobody who has priority keeps me from passing a link that I must ask for."""
    me = w.vehicles[row]
    mine = w.approaches[item]
    letter = letter_of(w, mine.link)
    if (letter == ALL_WAY or letter == STOP_SIGN) and me.waiting <= 0.0:
        return False
    n = w.lanes[w.links[mine.link].lane]
    approached = w.junctions[n.junction].approached & n.givers
    if approached == 0:
        return True
    behind_red = w.links[mine.link].waiting and is_red(letter)
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        if not c.yields or c.bit & approached == 0:
            continue
        a = w.lane[c.foe].approach
        while a >= 0:
            foe, known = a // PER_VEHICLE, reckons_with(w, row, a, c, n.junction, behind_red)
            if known >= 0:
                theirs = w.approaches[known]
                if not defers(w, row, mine, foe, theirs, c) and blocks(w, row, mine, foe, theirs, c, letter):
                    me.blocker = foe
                    return False
            a = w.approaches[a].next
    return True
