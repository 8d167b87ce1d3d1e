"""What a station knows of a stream or of a road user, and notes of what applications made of it."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.state.air import BEAT
from sim.state.belief import INTERSECTION_COLLISION, NAMES, RANK_CROSSING, RANK_WALKER, VULNERABLE_ROAD_USER

#: What is heard of so near to a road user is taken to be of him [m]; assumed.
SAME = 10.0
#: Two warnings of one kind that are so long apart are two, and each takes its time to react [s]; assumed.
APART = 1.0
WIDTH = len(NAMES)


@inline
def fresh(w: Any, station: int, stream: int, lifetime: float) -> int:
    """Row of `Contents` with what a station knows of a stream, if it is no older than so [s]; else -1."""
    return fresh_by(w, station, stream, lifetime, beats(w, w.totals[0].step))


@inline
def fresh_by(w: Any, station: int, stream: int, lifetime: float, now: int) -> int:
    """The same by a time [beats]: behind `move` it is that of the step's end, when its messages have been said."""
    if w.radio.stations[station].block < 0:  # has just set out
        return -1
    row = known(w, station, stream, now)
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
    if w.vehicles[row].station >= 0:
        note(w, row, RANK_CROSSING, warned)


@inline
def is_there(w: Any, row: int, lane: int, position: float) -> bool:
    """Whether something heard of at a place can be a vehicle."""
    return lane == w.vehicles[row].lane and abs(position - w.vehicles[row].position) < SAME


@inline
def is_told_of(w: Any, row: int, foe: int, junction: int) -> bool:
    """Whether a driver has heard of another one whom he cannot see, and heeds it."""
    if not heeds(w, row, INTERSECTION_COLLISION):
        return False
    station = w.vehicles[row].station
    return is_heard_of(w, station, foe, junction, w.radio.apps[0].intersection_collision_lifetime)


@inline
def is_warned(w: Any, row: int, walker: int, junction: int) -> bool:
    """Whether a driver acts on hearing of somebody on foot who comes to a crossing."""
    if not heeds(w, row, VULNERABLE_ROAD_USER):
        return False
    lifetime = w.radio.apps[0].vulnerable_road_user_lifetime
    if not is_heard_of(w, w.vehicles[row].station, walker, junction, lifetime):
        return False
    return acts_on(w, row, RANK_WALKER, walker)


@inline
def is_heard_of(w: Any, station: int, foe: int, junction: int, lifetime: float) -> bool:
    """Whether a station has heard of a road user: from himself, or from the roadside, no longer ago than so [s]."""
    return place_heard(w, station, foe, junction, lifetime)[0]


@inline
def place_heard(w: Any, station: int, foe: int, junction: int, lifetime: float) -> tuple[bool, float, float, float]:
    """Whether a station has heard of a road user, and where that puts him on his lane [m], his speed, acceleration.

    From himself, or else from the roadside's sensor (whose objects tell no acceleration).
    """
    other, now = w.vehicles[foe], beats(w, w.totals[0].step)
    if other.station >= 0:
        told = fresh(w, station, w.radio.stations[other.station].stream, lifetime)
        if told >= 0:
            c = w.radio.contents[told]
            place = c.position + c.speed * (now - c.said) / BEAT
            if is_there(w, foe, c.lane, place):
                return True, place, c.speed, c.acceleration
    stream = w.radio.watchers[junction]
    told = -1
    if stream >= 0:
        told = fresh(w, station, stream, lifetime)
    if told >= 0:
        c = w.radio.contents[told]
        for i in range(int(c.position)):
            o = w.radio.objects[c.lane + i]
            place = o.position + o.speed * (now - c.said) / BEAT
            if is_there(w, foe, o.lane, place):
                return True, place, o.speed, 0.0
    return False, 0.0, 0.0, 0.0
