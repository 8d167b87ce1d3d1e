"""What became of messages, counted by kind of message and of receiver and by distance; message by message where asked.

What vehicles and people say is counted at some receivers and taken for all. What the roadside says is so little that it
is counted at all of them, apart from the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.nearby import SLACK, width
from sim.kernel.places import in_sight, is_jammed
from sim.kernel.say import draw
from sim.kernel.traces import FATES, between, share_heard
from sim.state.air import BECAME, COUNTED, RECEIVERS, REMEMBERED, SAID_IN_ALL, TALLIED, TOLD, WITHIN

#: What may be wrong with a message, `Streams.flaw`.
STALE, FORGED = 1, 2
#: Some of `sim.models.radio.FATES`.
HEARD, OUTAGE, JAMMED = 0, 7, 8
#: Kinds of receivers.
KINDS = len(RECEIVERS)


@inline
def tally_fate(w: Any, station: int, k: int, near: int, fate: int) -> None:
    """Count what became of a message at a station, by kind and by class of distance."""
    r, a = w.radio, w.radio.air[0]
    first, message = r.stations[station].tallied, r.spoken[k].message
    r.tally[(first + message) * TALLIED + fate] += 1
    r.tally[(first + a.kinds + message * a.classes + near) * TALLIED + fate] += 1
    if a.each:
        r.became[k * BECAME + first // a.rows * SAID_IN_ALL + fate] += 1


@inline
def count_asked(w: Any, station: int, found: int, counts: bool) -> None:
    """Count how many receptions there are at a station of what vehicles and people say."""
    r = w.radio
    last = (r.stations[station].tallied + r.air[0].rows - 1) * TALLIED
    r.tally[last + WITHIN] += found
    r.tally[last + COUNTED] += found if counts else 0


@inline
def tell_around(w: Any, unit: int) -> None:
    """Count what becomes of the messages of a roadside unit at everybody within range."""
    r, a = w.radio, w.radio.air[0]
    u = r.stations[unit]
    if u.uttered == 0:
        return
    line, far = (u.y - a.south) / a.cell, a.range + SLACK
    for j in range(max(0, int(line - far / a.cell)), min(a.lines - 1, int(line + far / a.cell)) + 1):
        left, right = width(w, unit, j, far)
        for cell in range(j * a.columns + left, j * a.columns + right + 1):
            station = r.cells[cell].station
            while station >= 0:
                if station != unit and not r.stations[station].silent:
                    tell_one(w, unit, station)
                station = r.stations[station].beside


@inline
def tell_one(w: Any, unit: int, station: int) -> None:
    """Count what becomes of the messages of a roadside unit at one station, if that is within range."""
    r, a = w.radio, w.radio.air[0]
    u, s = r.stations[unit], r.stations[station]
    dx, dy = np.float32(u.x) - np.float32(s.x), np.float32(u.y) - np.float32(s.y)
    square = dx * dx + dy * dy
    if square > np.float32(a.range * a.range):
        return
    near = int(np.int32(np.sqrt(square) * np.float32(1.0 / a.step_of_class)))
    kind = near + (in_sight(w, s.patch, u.patch) * a.classes if a.sights > 1 else 0)
    share, jammed = share_heard(w, s.load, kind), a.jammed > 0 and is_jammed(w, s.x, s.y)
    low, part = between(w, s.load)
    for k in range(r.cells[u.cell].first, r.cells[u.cell + 1].first):
        m = r.spoken[k]
        if m.station != unit:
            continue
        s.told += 1
        if m.said < a.warm:
            continue
        chance, fate = draw(m.hash ^ s.hash), HEARD
        if a.apart and r.cut[k] != 0:
            fate = OUTAGE
        elif jammed:
            fate = JAMMED
        elif chance >= share:
            fate = fate_of(w, low, part, kind, chance)
        r.tally[(s.tallied + a.rows - 1) * TALLIED + TOLD] += 1
        tally_fate(w, station, k, near, fate)
        if fate == HEARD:
            flaw = r.streams[m.stream].flaw
            a.stale += flaw == STALE
            a.forged += flaw == FORGED


@inline
def fate_of(w: Any, low: int, share: float, kind: int, chance: float) -> int:
    """Fate that a draw picks, of one who does not hear, in a class of sight and distance.

    Args:
        low: the load of his channel lies between this one of `Radio.fates` and the next.
        share: of the way to the next.
    """
    r, a = w.radio, w.radio.air[0]
    wide = a.sights * a.classes
    one, two = (low * wide + kind) * FATES, ((low + 1) * wide + kind) * FATES
    fate = 1
    while fate < FATES - 1 and chance >= (1.0 - share) * r.fates[one + fate] + share * r.fates[two + fate]:
        fate += 1
    return fate


@inline
def can_list(w: Any) -> bool:
    """Whether what becomes of each message of one more step can be listed, whatever is said in it."""
    a = w.radio.air[0]
    a.short_of_listed = a.each and a.listed_room - a.listed < KINDS * a.room
    return not a.short_of_listed


@inline
def list_transmissions(w: Any, step: int) -> None:
    """List what became of each message, by kind of receivers; of one that nobody could hear, that it was said."""
    r, a = w.radio, w.radio.air[0]
    for k in range(a.spoken):
        if r.spoken[k].said < a.warm:
            continue
        found = 0
        for kind in range(KINDS):
            first, there = k * BECAME + kind * SAID_IN_ALL, 0
            for fate in range(SAID_IN_ALL):
                there += r.became[first + fate]
            if there > 0:
                write_transmission(w, step, k, kind)
            found += there
        if found == 0:
            write_transmission(w, step, k, -1)


@inline
def write_transmission(w: Any, step: int, k: int, kind: int) -> None:
    """Write down what became of a message at a kind of receivers; -1: there was none."""
    r, a = w.radio, w.radio.air[0]
    m, t, first = r.spoken[k], r.transmissions[a.listed], k * BECAME + max(0, kind) * SAID_IN_ALL
    a.listed += 1
    t.step, t.said, t.stream, t.message, t.station = step, m.said, m.stream, m.message, m.station
    t.number, t.bytes, t.receiver = m.number, m.bytes, kind
    t.arrives = r.contents[m.stream * REMEMBERED + m.number % REMEMBERED].arrives
    t.heard, t.half_duplex, t.sensitivity = r.became[first], r.became[first + 1], r.became[first + 2]
    t.propagation, t.collision, t.busy = r.became[first + 3], r.became[first + 4], r.became[first + 5]
    t.loss, t.outage, t.jammed = r.became[first + 6], r.became[first + 7], r.became[first + 8]
