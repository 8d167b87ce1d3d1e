"""What a station knows of a stream or of a road user, and notes of what applications made of it."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.park.network import class_bits
from sim.state.air import BEAT, REMEMBERED
from sim.state.belief import (
    INTERSECTION_COLLISION,
    NAMES,
    RANK_CROSSING,
    RANK_SHARED,
    RANK_WALKER,
    SENSOR_SHARING,
    VULNERABLE_ROAD_USER,
)

#: What is heard of so near to a road user is taken to be of him [m]; assumed.
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
    if row >= 0 and now - w.radio.contents[row].said <= lifetime * BEAT:
        return row
    return -1


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
def note_hidden(w: Any, row: int, warned: bool) -> None:
    """Note whether somebody who is heard and not seen keeps a driver from entering a junction."""
    if heeds(w, row, INTERSECTION_COLLISION):
        note(w, row, RANK_CROSSING, warned)


@inline
def is_there(w: Any, row: int, lane: int, position: float) -> bool:
    """Whether something heard of at a place can be a vehicle."""
    return lane == w.vehicles[row].lane and abs(position - w.vehicles[row].position) < SAME


@inline
def is_told_of(w: Any, row: int, foe: int, junction: int) -> bool:
    """Whether a driver has heard of another road user whom he cannot see, and heeds it."""
    if w.totals[0].walking and on_foot(w, foe) and is_warned(w, row, foe, junction):
        return True
    if heeds(w, row, INTERSECTION_COLLISION):
        return place_heard(w, row, foe, junction, w.radio.apps[0].intersection_collision_lifetime)[0]
    return heeds(w, row, SENSOR_SHARING) and is_sensed(w, row, foe, junction)


@inline
def on_foot(w: Any, row: int) -> bool:
    """Whether a road user walks."""
    return w.profiles[w.vehicles[row].profile].class_bit & WALKS != 0


@inline
def is_warned(w: Any, row: int, walker: int, junction: int) -> bool:
    """Whether a driver acts on hearing of somebody on foot who comes to a crossing."""
    if not heeds(w, row, VULNERABLE_ROAD_USER):
        return heeds(w, row, SENSOR_SHARING) and is_sensed(w, row, walker, junction)
    if not place_heard(w, row, walker, junction, w.radio.apps[0].vulnerable_road_user_lifetime)[0]:
        return False
    return acts_on(w, row, RANK_WALKER, walker)


@inline
def is_sensed(w: Any, row: int, foe: int, junction: int) -> bool:
    """Whether a driver acts on hearing of a road user whom a sensor at the roadside or another vehicle senses."""
    lifetime = w.radio.apps[0].sensor_sharing_lifetime
    if place_seen(w, w.vehicles[row].station, foe, w.radio.watchers[junction], lifetime, -1)[0]:
        return acts_on(w, row, RANK_SHARED, foe)
    return place_shared(w, row, foe)[0] and acts_on(w, row, RANK_SHARED, foe)


@inline
def place_heard(w: Any, row: int, foe: int, junction: int, lifetime: float) -> tuple[bool, float, float, float]:
    """Whether a driver has heard of a road user, and where that puts him on his lane [m], his speed, acceleration.

    From himself, or from the roadside's sensor, or from other vehicles that sense him (objects tell no acceleration).
    """
    other, now, station = w.vehicles[foe], beats(w, w.totals[0].step), w.vehicles[row].station
    if other.station >= 0:
        told = fresh(w, station, w.radio.stations[other.station].stream, lifetime)
        if told >= 0:
            c = w.radio.contents[told]
            place = c.position + c.speed * (now - c.said) / BEAT
            if is_there(w, foe, c.lane, place):
                return True, place, c.speed, c.acceleration
    seen, place, speed, _ = place_seen(w, station, foe, w.radio.watchers[junction], lifetime, -1)
    if not seen and heeds(w, row, SENSOR_SHARING):
        seen, place, speed = place_shared(w, row, foe)
    return seen, place, speed, 0.0


@inline
def is_kept(w: Any, stream: int, told: int) -> bool:
    """Whether the objects of a message, told by its row of `Contents`, are still kept."""
    f = w.radio.streams[stream]
    return (f.number - 1 - told) % REMEMBERED < w.radio.sensors[w.radio.stations[f.station].sensor].kept


@inline
def place_seen(
    w: Any, station: int, foe: int, stream: int, lifetime: float, since: int
) -> tuple[bool, float, float, int]:
    """Whether a station has heard of a road user by a stream of objects, and where that puts him on his lane [m].

    Args:
        stream: of RSM or SSM; -1: none.
        since: what was not said after that is left aside [beats].

    Returns:
        whether, where, his speed [m/s], and when it was said [beats].
    """
    told, now = -1, beats(w, w.totals[0].step)
    if stream >= 0:
        told = fresh(w, station, stream, lifetime)
    if told >= 0 and w.radio.contents[told].said > since and is_kept(w, stream, told):
        c = w.radio.contents[told]
        for i in range(int(c.position)):
            o = w.radio.objects[c.lane + i]
            place = o.position + o.speed * (now - c.said) / BEAT
            if is_there(w, foe, o.lane, place):
                return True, place, o.speed, c.said
    return False, 0.0, 0.0, since


@inline
def place_shared(w: Any, row: int, foe: int) -> tuple[bool, float, float]:
    """Whether a driver has heard of a road user from others near that one who sense him; where he is [m], his speed."""
    r, other, station = w.radio, w.vehicles[foe], w.vehicles[row].station
    found, place, speed, said = False, 0.0, 0.0, -1
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
                found, place, speed, said = True, at, pace, when
    if found:
        acts_on(w, row, RANK_SHARED, foe)
    return found, place, speed
