"""What a station knows of a stream or of a road user, and notes of what applications made of it."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.state.air import BEAT
from sim.state.belief import INTERSECTION_COLLISION

#: What is heard of so near to a road user is taken to be of him [m]; assumed.
SAME = 10.0
RANK = 6  # of intersection_collision in sim.state.belief.NAMES


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
    """Whether a driver has heard of another one whom he cannot see: from himself, or from the roadside."""
    me, other = w.vehicles[row], w.vehicles[foe]
    if me.station < 0 or not w.radio.stations[me.station].uses & INTERSECTION_COLLISION:
        return False
    lifetime, now = w.radio.apps[0].intersection_collision_lifetime, beats(w, w.totals[0].step)
    if other.station >= 0:
        told = fresh(w, me.station, w.radio.stations[other.station].stream, lifetime)
        if told >= 0:
            c = w.radio.contents[told]
            if is_there(w, foe, c.lane, c.position + c.speed * (now - c.said) / BEAT):
                return True
    stream = w.radio.watchers[junction]
    told = -1
    if stream >= 0:
        told = fresh(w, me.station, stream, lifetime)
    if told >= 0:
        c = w.radio.contents[told]
        for i in range(int(c.position)):
            o = w.radio.objects[c.lane + i]
            if is_there(w, foe, o.lane, o.position + o.speed * (now - c.said) / BEAT):
                return True
    return False
