"""Pairs of road users that come near each other: from the first sign of danger until it is over, one row each.

An encounter opens when a measure passes a generous threshold and closes when none has done so for a while, or when one
of the two is home. All that is compared is a minimum or a maximum, so it does not matter in which order pairs are seen.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline

# ranks in sim.metrics.KINDS; of several kinds the highest one names an encounter
FOLLOWING, LANE_CHANGE, MERGING, CROSSING = 0, 1, 2, 3
#: An encounter opens below these [s]. Assumed, and generous: SSAM looks at TTC up to 1.5 s and PET up to 5 s, SUMO at 3
#: and 2 s; users may want thresholds of their own.
OPEN_TTC, OPEN_PET = 4.0, 5.0
#: Time without any of that after which an encounter is over [s]; default of SUMO's SSM device (extra time).
QUIET = 5.0
#: Steps from one look for encounters that are over to the next.
EVERY = 10


@inline
def known(w: Any, one: int, other: int) -> int:
    """Row of the open encounter of an earlier and a later departure; -1 if there is none."""
    at = w.trips[one].encounter
    while at >= 0 and w.encounters[at].other != other:
        at = w.encounters[at].next
    return at


@inline
def begin(w: Any, one: int, other: int) -> int:
    """Row of a new encounter of an earlier and a later departure; -1 if there is no room."""
    t = w.totals[0]
    if t.encounters >= t.encounter_room:
        t.missed += 1
        return -1
    at = t.encounters
    t.encounters += 1
    e = w.encounters[at]
    e.one, e.other, e.next, e.kind, e.subject = one, other, w.trips[one].encounter, FOLLOWING, -1
    w.trips[one].encounter = at
    e.begin, e.last, e.end, e.step = t.step + 1, t.step, -1, -1
    e.now, e.ttc, e.pet = math.inf, math.inf, math.inf
    e.tet, e.tit, e.drac, e.mdrac, e.braking, e.other_braking = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    e.collided = False
    return at


@inline
def look_at(w: Any, at: int, row: int, kind: int) -> None:
    """Note that an encounter goes on in this step, and how hard a vehicle of it brakes."""
    e, me = w.encounters[at], w.vehicles[row]
    e.kind = max(e.kind, kind)
    if e.last != w.totals[0].step + 1:
        e.last = w.totals[0].step + 1
        e.now = math.inf
    if me.departure == e.one:
        e.braking = max(e.braking, -me.acceleration)
    else:
        e.other_braking = max(e.other_braking, -me.acceleration)


@inline
def expose(w: Any, at: int, ttc: float) -> None:
    """Count how long and how far the time to collision is below its threshold; the least one in a step counts.

    Source: time exposed and integrated time to collision: Minderhoud, Bovy 2001, doi:10.1016/S0001-4575(00)00019-1.
    """
    e = w.encounters[at]
    t = w.totals[0]
    if ttc < t.exposure and ttc < e.now:
        if e.now >= t.exposure:
            e.tet += t.dt
        e.tit += (min(t.exposure, e.now) - ttc) * t.dt
    e.now = min(e.now, ttc)


@inline
def meet(w: Any, second: int, first: int, kind: int, ttc: float, drac: float, mdrac: float) -> int:
    """Note how near two come to a collision in this step, who of them must act, and what that takes; the encounter."""
    me, other = w.vehicles[second], w.vehicles[first]
    one, two = min(me.departure, other.departure), max(me.departure, other.departure)
    at = me.met  # most often it is the one of the step before
    if at < 0 or at >= w.totals[0].encounters or w.encounters[at].one != one or w.encounters[at].other != two:
        at = known(w, one, two)
        if at < 0:
            at = begin(w, one, two)
        if at < 0:
            return -1
        me.met = at
    e = w.encounters[at]
    look_at(w, at, second, kind)
    look_at(w, at, first, kind)
    expose(w, at, ttc)
    e.drac = max(e.drac, drac)
    e.mdrac = max(e.mdrac, mdrac)
    if ttc < e.ttc:
        e.ttc = ttc
        e.step = w.totals[0].step + 1
        e.subject = me.departure
        e.lane, e.position, e.speed = me.lane, me.position, me.speed
        e.other_lane, e.other_position, e.other_speed = other.lane, other.position, other.speed
    return at


@inline
def follow_each_other(w: Any, row: int, foe: int, kind: int, pet: float, area: int) -> None:
    """Note that one has entered an area (of the foe's side) so soon after another had left it."""
    me = w.vehicles[row]
    x = w.areas[area]
    one, two = min(me.departure, x.by), max(me.departure, x.by)
    at = known(w, one, two)
    if at < 0:
        at = begin(w, one, two)
    if at < 0:
        return
    look_at(w, at, row, kind)
    if w.trips[x.by].row >= 0:
        look_at(w, at, w.trips[x.by].row, kind)
    e = w.encounters[at]
    if pet < e.pet:
        e.pet = pet
        if e.ttc == math.inf:
            e.step = w.totals[0].step + 1
            e.subject = me.departure
            e.lane, e.position, e.speed = me.lane, me.position, me.speed
            e.other_lane, e.other_position, e.other_speed = foe, w.conflicts[area].end, x.speed


@inline
def point(w: Any, old: int, new: int) -> None:
    """Let whoever points to an encounter point to another row instead."""
    e = w.encounters[old]
    trip = w.trips[e.one]
    if trip.encounter == old:
        trip.encounter = new
        return
    at = trip.encounter
    while w.encounters[at].next != old:
        at = w.encounters[at].next
    w.encounters[at].next = new


@inline
def close(w: Any, at: int) -> None:
    """Move an encounter to those that are past; the last open one takes its row."""
    t = w.totals[0]
    w.encounters[at].end = t.step + 1
    w.past[t.past] = w.encounters[at]
    t.past += 1
    point(w, at, w.encounters[at].next)
    last = t.encounters - 1
    if at != last:
        point(w, last, at)
        w.encounters[at] = w.encounters[last]
    t.encounters = last


@inline
def close_old(w: Any) -> None:
    """Close every encounter that is over; looked for now and then."""
    t = w.totals[0]
    at = 0
    while at < t.encounters:
        e = w.encounters[at]
        quiet = (t.step + 1 - e.last) * t.dt >= QUIET
        if quiet or w.trips[e.one].row < 0 or w.trips[e.other].row < 0:
            close(w, at)
        else:
            at += 1
