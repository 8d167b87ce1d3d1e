"""What became of messages, counted by kind of message and of receiver and by distance; message by message where asked.

What vehicles and people say is counted at some receivers and taken for all. What the roadside says is so little that it
is counted at all of them, apart from the others.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.draws import lot
from sim.kernel.nearby import SLACK, width
from sim.kernel.network import fate_down
from sim.kernel.places import in_sight, is_jammed
from sim.kernel.traces import fate_of, limit_heard, set_limits
from sim.state.air import BECAME, COUNTED, FORGED, RECEIVERS, SAID_IN_ALL, STALE, TALLIED, THROUGH, TOLD, WITHIN

#: Some of `sim.models.radio.FATES`.
HEARD, JAMMED = 0, 8
#: Kinds of receivers.
KINDS = len(RECEIVERS)


@inline
def tally_fate(w: Any, station: int, k: int, near: int, fate: int) -> None:
    """Count what became of a message at a station, by kind and by class of distance."""
    r, a = w.radio, w.radio.air[0]
    first, message = r.stations[station].tallied, int(r.spoken[k].message)
    r.tally[(first + message) * TALLIED + fate] += 1
    r.tally[(first + a.kinds + message * a.classes + near) * TALLIED + fate] += 1
    if a.each:
        r.became[k * BECAME + first // a.rows * SAID_IN_ALL + fate] += 1
    if a.zones > 0:
        place = SAID_IN_ALL if r.spoken[k].station < a.apart_told else 0
        r.through[through_of(w, station) + place + fate] += 1


@inline
def through_of(w: Any, station: int) -> int:
    """First place in `Radio.through` of receivers like a station where it is."""
    s = w.radio.stations[station]
    return (int(s.zone) * KINDS + s.tallied // w.radio.air[0].rows) * THROUGH


@inline
def is_counted(w: Any, k: int) -> bool:
    """Whether a message is counted at those who count: behind the warm-up, and not of those that are decided apart."""
    return bool(w.radio.counted_in[k] < w.radio.air[0].kinds * w.radio.air[0].classes)


@inline
def count_passed(w: Any) -> None:
    """Count the receptions of this step that were only gathered: by kind and by class of distance."""
    r, a = w.radio, w.radio.air[0]
    classes = int(a.classes)
    for message in range(a.kinds):
        if not r.kinds[message].passes:
            continue
        r.kinds[message].passes = False
        for receiver in range(KINDS):
            first, own, total = receiver * a.rows, (receiver * (a.kinds + 1) + message) * classes, 0
            for i in range(classes):
                r.tally[(first + a.kinds + message * classes + i) * TALLIED + HEARD] += r.passed[own + i]
                total += r.passed[own + i]
                r.passed[own + i] = 0
            r.tally[(first + message) * TALLIED + HEARD] += total


@inline
def count_asked(w: Any, station: int, found: int, counts: bool) -> None:
    """Count how many receptions there are at a station of what vehicles and people say."""
    r = w.radio
    last = (r.stations[station].tallied + r.air[0].rows - 1) * TALLIED
    r.tally[last + WITHIN] += found
    r.tally[last + COUNTED] += found if counts else 0
    if r.air[0].zones > 0:
        first = through_of(w, station) + 2 * SAID_IN_ALL
        r.through[first + WITHIN] += found
        r.through[first + COUNTED] += found if counts else 0


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
            head = r.cells[cell].head
            for i in range(head, head + r.cells[cell].stations):
                if r.in_cells[i] != unit and not r.stations[r.in_cells[i]].silent:
                    tell_one(w, unit, r.in_cells[i])


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
    limit, jammed = limit_heard(w, s.load, kind), a.jammed > 0 and is_jammed(w, s.x, s.y)
    for k in range(r.rows[u.first], r.rows[u.first] + u.uttered):
        m = r.spoken[k]
        s.told += 1
        if m.said < a.warm:
            continue
        chance, fate = lot(r.keys[k] ^ s.hash), HEARD
        if r.cut[k] != 0:
            fate = r.cut[k]
        elif jammed:
            fate = JAMMED
        elif a.zones > 0 and (u.zone | s.zone) != 0:
            fate = fate_down(w, u.zone, s.zone, w.totals[0].step, chance)
        elif chance >= limit:
            set_limits(w, s.load)
            fate = fate_of(w, kind, chance)
        r.tally[(s.tallied + a.rows - 1) * TALLIED + TOLD] += 1
        tally_fate(w, station, k, near, fate)
        if fate == HEARD:
            a.stale += m.flaw == STALE
            a.forged += m.flaw == FORGED


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
    t.number, t.bytes, t.receiver, t.arrives = m.number, m.bytes, kind, m.arrives
    t.heard, t.half_duplex, t.sensitivity = r.became[first], r.became[first + 1], r.became[first + 2]
    t.propagation, t.collision, t.busy = r.became[first + 3], r.became[first + 4], r.became[first + 5]
    t.loss, t.outage, t.jammed = r.became[first + 6], r.became[first + 7], r.became[first + 8]
