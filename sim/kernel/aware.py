"""What a station knows of a stream or of a road user, and notes of what applications made of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.clock import clock_of
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.park.classes import class_bits
from sim.state.air import BEAT, REMEMBERED
from sim.state.belief import (
    NAMES,
    RANK_SHARED,
    RANK_WALKER,
    SENSOR_SHARING,
    VULNERABLE_ROAD_USER,
)

#: What is told of so near to a place may be there: errors of positions, and way while a message is on its way [m];
#: assumed.
SAME = 10.0
#: Two warnings of one kind that are so long apart are two, and each takes its time to react [s]; assumed.
APART = 1.0
WIDTH = len(NAMES)
WALKS = np.uint64(class_bits(("pedestrian", "wheelchair")))


@inline
def fresh(w: Any, station: int, stream: int, lifetime: float) -> int:
    """Row of `Contents` with what a station knows of a stream, if it is no older than so [s]; else -1."""
    return fresh_by(w, station, stream, lifetime, beats(w, w.totals[0].step))


@inline
def fresh_by(w: Any, station: int, stream: int, lifetime: float, now: int) -> int:
    """The same by a time [beats]: behind `move` it is that of the step's end, when its messages have been said."""
    if w.radio.stations[station].block < 0:  # has just set out
        return -1
    row = known(w, station, stream, now, lifetime * BEAT)
    if row >= 0 and abs(age_told(w, station, w.radio.contents[row], now)) <= lifetime * BEAT:
        return row
    return -1


@inline
def age_told(w: Any, station: int, c: Any, now: int) -> int:
    """How old a station takes a message to be [beats]: its own clock against the sender's; below 0: not said yet."""
    return clock_of(w.radio.stations[station], now) - c.said


@inline
def note(w: Any, row: int, rank: int, acts: bool) -> None:
    """Count and record each time an application begins to act on a vehicle."""
    r = w.vehicles[row]
    s = w.radio.stations[r.station]
    bit = 1 << rank
    if acts and not s.advised & bit:
        s.advised |= bit
        w.radio.used[rank] += 1
        record(w, w.radio.apps[0].event, r.departure, -1, float(rank), r.lane, r.position)
    elif not acts and s.advised & bit:
        s.advised ^= bit


@inline
def acts_on(w: Any, row: int, rank: int, other: int) -> bool:
    """Take note that an application warns a driver now; returns whether he acts: after his time to react.

    Args:
        other: row of whom it warns of; -1: nobody.
    """
    r = w.vehicles[row]
    s, step, at = w.radio.stations[r.station], w.totals[0].step, r.station * WIDTH + rank
    if (step - w.radio.lately[at]) * w.totals[0].dt > APART:
        w.radio.since[at] = step
        w.radio.used[rank] += 1
        who = w.vehicles[other].departure if other >= 0 else -1
        record(w, w.radio.apps[0].event, r.departure, who, float(rank), r.lane, r.position)
    w.radio.lately[at] = step
    return step - w.radio.since[at] >= s.reaction


@inline
def heeds(w: Any, row: int, application: Any) -> bool:
    """Whether a driver is equipped, and does what an application, told by its bit, advises."""
    station = w.vehicles[row].station
    return station >= 0 and w.radio.stations[station].uses & application != 0


@inline
def way_off(w: Any, row: int, lane: int, position: float) -> tuple[bool, float]:
    """Whether a place lies on a road user's way, where he was lately; how far beyond where he truly is it lies [m]."""
    r = w.vehicles[row]
    if lane == r.lane or (not w.lanes[lane].internal and w.lanes[lane].edge == w.lanes[r.lane].edge):
        return True, position - r.position
    back = 0.0
    for before in (r.behind, r.behind2, r.behind3):
        if before < 0:
            break
        back += w.lanes[before].length
        if before == lane:
            return True, position - back - r.position
    return False, 0.0


@inline
def on_foot(w: Any, row: int) -> bool:
    """Whether a road user walks."""
    return w.profiles[w.vehicles[row].profile].class_bit & WALKS != 0


@inline
def is_warned(w: Any, row: int, walker: int, junction: int) -> tuple[bool, float]:
    """Whether a driver acts on hearing of somebody on foot who comes to a crossing; how late he believes him to be [s].

    Later than he truly comes, for he is told of behind where he is; less than 0: sooner.
    """
    warned, off, speed = False, 0.0, 0.0
    if heeds(w, row, VULNERABLE_ROAD_USER):
        lifetime = w.radio.apps[0].vulnerable_road_user_lifetime
        warned, off, speed, _ = place_heard(w, row, walker, junction, lifetime)
        warned = warned and acts_on(w, row, RANK_WALKER, walker)
    elif heeds(w, row, SENSOR_SHARING):
        warned, off, speed = is_sensed(w, row, walker, junction)
    if abs(off) < SAME:
        return warned, 0.0
    return warned, -off / max(speed, w.lane[w.vehicles[walker].lane].limit)


@inline
def is_sensed(w: Any, row: int, foe: int, junction: int) -> tuple[bool, float, float]:
    """Whether a driver acts on hearing of a road user whom a sensor at the roadside or another vehicle senses.

    Returns:
        whether, how far beyond where he is that puts him on his way [m], and his speed [m/s].
    """
    lifetime = w.radio.apps[0].sensor_sharing_lifetime
    seen, off, speed, _ = place_seen(w, w.vehicles[row].station, foe, w.radio.watchers[junction], lifetime, -1)
    if not seen:
        seen, off, speed = place_shared(w, row, foe)
    return seen and acts_on(w, row, RANK_SHARED, foe), off, speed


@inline
def place_heard(w: Any, row: int, foe: int, junction: int, lifetime: float) -> tuple[bool, float, float, float]:
    """Whether a driver has heard of a road user; how far beyond where he is that puts him [m], speed, acceleration.

    From himself, or from the roadside's sensor, or from other vehicles that sense him (objects tell no acceleration).
    """
    other, now, station = w.vehicles[foe], beats(w, w.totals[0].step), w.vehicles[row].station
    if other.station >= 0:
        told = fresh(w, station, w.radio.stations[other.station].stream, lifetime)
        if told >= 0:
            c = w.radio.contents[told]
            found, off = way_off(w, foe, c.lane, c.position + c.speed * age_told(w, station, c, now) / BEAT)
            if found:
                return True, off, c.speed, c.acceleration
    seen, off, speed, _ = place_seen(w, station, foe, w.radio.watchers[junction], lifetime, -1)
    if not seen and heeds(w, row, SENSOR_SHARING):
        seen, off, speed = place_shared(w, row, foe)
    return seen, off, speed, 0.0


@inline
def is_kept(w: Any, stream: int, told: int) -> bool:
    """Whether the objects of a message, told by its row of `Contents`, are still kept."""
    f = w.radio.streams[stream]
    return (f.number - 1 - told) % REMEMBERED < w.radio.sensors[w.radio.stations[f.station].sensor].kept


@inline
def place_seen(
    w: Any, station: int, foe: int, stream: int, lifetime: float, since: int
) -> tuple[bool, float, float, int]:
    """Whether a station has heard of a road user by a stream of objects, and how far beyond where he is [m].

    One of the objects is taken to be him, wherever it was told to be.

    Args:
        stream: of RSM or SSM; -1: none.
        since: what was not said after that is left aside [beats].

    Returns:
        whether, how far, his speed [m/s], and when it was said [beats].
    """
    told, now = -1, beats(w, w.totals[0].step)
    if stream >= 0:
        told = fresh(w, station, stream, lifetime)
    if told >= 0 and w.radio.contents[told].said > since and is_kept(w, stream, told):
        c = w.radio.contents[told]
        age = age_told(w, station, c, now) / BEAT
        for i in range(int(c.position)):
            o = w.radio.objects[c.lane + i]
            if o.departure != w.vehicles[foe].departure:
                continue
            found, off = way_off(w, foe, o.lane, o.position + o.speed * age)
            if found:
                return True, off, o.speed, c.said
    return False, 0.0, 0.0, since


@inline
def place_shared(w: Any, row: int, foe: int) -> tuple[bool, float, float]:
    """Whether a driver has heard of a road user from others near that one; how far beyond him [m], and his speed."""
    r, other, station = w.radio, w.vehicles[foe], w.vehicles[row].station
    found, off, speed, said = False, 0.0, 0.0, -1
    for i in range(r.vicinity[other.lane], r.vicinity[other.lane + 1]):
        lane = r.watched[i]
        first = w.lanes[lane].slot
        for k in range(w.lane[lane].count):
            slot = w.loose.slots[first + k]
            if slot < 0 or slot == foe or w.vehicles[slot].station < 0:
                continue
            stream = r.stations[w.vehicles[slot].station].ssm
            lifetime = w.radio.apps[0].sensor_sharing_lifetime
            heard, at, pace, when = place_seen(w, station, foe, stream, lifetime, said)
            if heard:
                found, off, speed, said = True, at, pace, when
    if found:
        acts_on(w, row, RANK_SHARED, foe)
    return found, off, speed
