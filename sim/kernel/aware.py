"""What a station knows of a stream or of a road user, and notes of what applications made of it."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.state.air import BEAT
from sim.state.belief import INTERSECTION_COLLISION, VULNERABLE_ROAD_USER

#: What is heard of so near to a road user is taken to be of him [m]; assumed.
SAME = 10.0
RANK, RANK_WALKER = 6, 8  # of intersection_collision and vulnerable_road_user in sim.state.belief.NAMES
#: Two warnings of people on foot that are so long apart are two, and each takes its time to react [s]; assumed.
APART = 1.0


@inline
def fresh(w: Any, station: int, stream: int, lifetime: float) -> int:
    """Row of `Contents` with what a station knows of a stream, if it is no older than so [s]; else -1."""
    if w.radio.stations[station].block < 0:  # has just set out
        return -1
    now = beats(w, w.totals[0].step)
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
def note_hidden(w: Any, row: int, warned: bool) -> None:
    """Note whether somebody who is heard and not seen keeps a driver from entering a junction."""
    if w.vehicles[row].station >= 0:
        note(w, row, RANK, warned)


@inline
def is_there(w: Any, row: int, lane: int, position: float) -> bool:
    """Whether something heard of at a place can be a vehicle."""
    return lane == w.vehicles[row].lane and abs(position - w.vehicles[row].position) < SAME


@inline
def is_told_of(w: Any, row: int, foe: int, junction: int) -> bool:
    """Whether a driver has heard of another one whom he cannot see, and heeds it."""
    station = w.vehicles[row].station
    if station < 0 or not w.radio.stations[station].uses & INTERSECTION_COLLISION:
        return False
    return is_heard_of(w, station, foe, junction, w.radio.apps[0].intersection_collision_lifetime)


@inline
def is_warned(w: Any, row: int, walker: int, junction: int) -> bool:
    """Whether a driver acts on hearing of somebody on foot who comes to a crossing: after his time to react."""
    r = w.vehicles[row]
    if r.station < 0 or not w.radio.stations[r.station].uses & VULNERABLE_ROAD_USER:
        return False
    if not is_heard_of(w, r.station, walker, junction, w.radio.apps[0].vulnerable_road_user_lifetime):
        return False
    s, step = w.radio.stations[r.station], w.totals[0].step
    if (step - s.walker_last) * w.totals[0].dt > APART:
        s.walker_since = step
        w.radio.used[RANK_WALKER] += 1
        record(
            w, w.radio.apps[0].event, r.departure, w.vehicles[walker].departure, float(RANK_WALKER), r.lane, r.position
        )
    s.walker_last = step
    return step - s.walker_since >= s.reaction


@inline
def is_heard_of(w: Any, station: int, foe: int, junction: int, lifetime: float) -> bool:
    """Whether a station has heard of a road user: from himself, or from the roadside, no longer ago than so [s]."""
    other, now = w.vehicles[foe], beats(w, w.totals[0].step)
    if other.station >= 0:
        told = fresh(w, station, w.radio.stations[other.station].stream, lifetime)
        if told >= 0:
            c = w.radio.contents[told]
            if is_there(w, foe, c.lane, c.position + c.speed * (now - c.said) / BEAT):
                return True
    stream = w.radio.watchers[junction]
    told = -1
    if stream >= 0:
        told = fresh(w, station, stream, lifetime)
    if told >= 0:
        c = w.radio.contents[told]
        for i in range(int(c.position)):
            o = w.radio.objects[c.lane + i]
            if is_there(w, foe, o.lane, o.position + o.speed * (now - c.said) / BEAT):
                return True
    return False
