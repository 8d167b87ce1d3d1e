"""Who is on the air in a step, what each says, and where on the grid it is said."""

from __future__ import annotations

import math
from typing import Any

from sim.chance import SAID, mix, uniform
from sim.compiled import fetch, inline
from sim.kernel.choose import book, forget_sensed
from sim.kernel.draws import OTHER, SPREAD, U
from sim.kernel.fill import fill_in
from sim.kernel.nearby import cell_of
from sim.kernel.network import way_up, zone_of
from sim.kernel.pairs import mark_of
from sim.kernel.places import on_plane, patch_of
from sim.state.air import BEAT, BECAME, BYTES_IN_ALL, RECENT, REMEMBERED, SAID_IN_ALL, TALLIED

RESOURCES = 2  # rank in sim.engine.air.WAYS
#: Rule of ETSI EN 302 637-2: said after 4 m, 0.5 m/s or 4 degrees, and at least every second.
WAY, PACE, TURN, LONGEST = 4.0, 0.5, 4.0, BEAT
#: How many speakers ahead each is fetched.
STATION, STREAM, CONTENT = 9, 6, 3
#: Sub-frame of the sidelink [beats].
FRAME = BEAT // 1000
#: Rate control of ETSI TS 102 687, table A.1 (reactive, up to 1 ms on the air): least time between messages [beats]
#: below such channel busy ratios; from memory of the standard.
PAUSES = ((0.30, BEAT // 10), (0.40, BEAT // 5), (0.50, 2 * BEAT // 5), (0.60, BEAT // 2), (math.inf, BEAT))


@inline
def beats(w: Any, step: int) -> int:
    """Time at which a step begins [beats]."""
    return round(step * w.totals[0].dt * BEAT)


@inline
def put_in_place(w: Any, station: int, lane: int, position: float) -> float:
    """Put a station where a position on a lane lies; returns its heading [degrees clockwise from north]."""
    s = w.radio.stations[station]
    s.x, s.y, heading = on_plane(w, lane, position)
    s.patch = patch_of(w, lane, position)
    if w.radio.air[0].zones > 0:
        s.zone = zone_of(w, lane, position)
    return heading


@inline
def go_on_air(w: Any, station: int, now: int) -> None:
    """Give a station room to remember, and each of its messages a first time."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    a.free -= 1
    s.block = r.free_blocks[a.free]
    s.load, s.busy = 0.0, 0.0
    if a.way == RESOURCES:
        forget_sensed(w, s.block)
    if s.counts:
        for i in range(s.block * a.slots, (s.block + 1) * a.slots):
            r.pairs[i] = 0
    for k in range(s.stream, s.stream_end):
        f = r.streams[k]
        f.next = now + int(uniform(w.totals[0].seed, SAID, s.key, k - s.stream) * f.period)
        f.reserved = 0


@inline
def gather(w: Any, step: int, now: int) -> None:
    """List who is on the air, in the order of rows, and take note of who has left."""
    r, a, t = w.radio, w.radio.air[0], w.totals[0]
    before = a.present
    for i in range(before):
        r.were_on_air[i] = r.on_air[i]
    n = a.roadside
    for row in range(t.rows):
        v = w.vehicles[row]
        if v.departure < 0:
            continue
        station = r.units[v.departure].station
        if station < 0:
            continue
        s = r.stations[station]
        s.row, s.seen = row, step
        if s.block < 0:
            go_on_air(w, station, now)
        r.on_air[n] = station
        n += 1
    a.present = n
    for i in range(a.roadside, before):
        s = r.stations[r.were_on_air[i]]
        if s.seen < step:
            r.free_blocks[a.free] = s.block
            a.free += 1
            s.block, s.row = -1, -1


@inline
def has_changed(w: Any, stream: int, when: int, heading: float) -> bool:
    """Whether a vehicle has enough to say, or has been silent long enough; ETSI's rule."""
    f = w.radio.streams[stream]
    if when - f.last >= LONGEST:
        return True
    s = w.radio.stations[f.station]
    v = w.vehicles[s.row]
    dx, dy = s.x - f.last_x, s.y - f.last_y
    turned = abs(heading - f.last_heading)
    return dx * dx + dy * dy >= WAY * WAY or abs(v.speed - f.last_speed) >= PACE or min(turned, 360.0 - turned) >= TURN


@inline
def speak(w: Any, stream: int, when: int, now: int, heading: float, sent: int) -> bool:
    """Put one message on the air; returns whether there was anything to say.

    Args:
        when: it is asked for [beats].
        sent: its sub-frame begins, where it has one [beats].
    """
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    if a.spoken >= a.room:
        a.overflow += 1
        return True
    if not fill_in(w, stream, when, now, heading):
        return False
    m, p = r.uttered[a.spoken], r.places[a.spoken]
    a.spoken += 1
    hashed = mix(f.hash ^ (U(f.number) * SPREAD))
    m.said, m.stream, m.station, m.number, m.bytes = when, stream, f.station, f.number, f.bytes
    m.message, m.flaw, m.before, m.aged = f.kind, f.flaw, f.arrives, f.arrives - f.last
    held = hashed if a.kept <= 1 else mix(f.hash ^ (U(f.number // a.kept) * OTHER))
    delay, p.cut = way_up(w, stream, hashed, held, when)
    if a.way == RESOURCES:
        delay = sent + FRAME - when
        p.slot = (sent - a.begin) // FRAME * a.sub_channels + f.sub_channel
    m.arrives = f.arrives = when + a.processing + delay
    c = r.contents[stream * REMEMBERED + f.number % REMEMBERED]
    c.arrives, c.zone, c.cut = m.arrives, s.zone, p.cut
    p.hash, p.x, p.y = hashed, s.x, s.y
    p.stand = r.standpoints[s.patch] if a.sights > 1 else 0
    a.calls += f.wakes
    f.number += 1
    f.last = when
    if when >= a.warm:
        r.tally[int(f.kind) * TALLIED + SAID_IN_ALL] += 1
        r.tally[int(f.kind) * TALLIED + BYTES_IN_ALL] += f.bytes
    return True


@inline
def pause(w: Any, station: int, period: int) -> int:
    """Time until the next message [beats]: the period, or more where the station finds the channel busy."""
    if not w.radio.air[0].controlled:
        return period
    busy = w.radio.stations[station].busy
    least = 0
    for bound, time in PAUSES:
        if least == 0 and busy < bound:
            least = time
    return max(period, least)


@inline
def say_stream(w: Any, stream: int, now: int, end: int, heading: float) -> None:
    """Say what is due of one stream in this step: at once, or in the sub-frame that it has reserved."""
    a = w.radio.air[0]
    f = w.radio.streams[stream]
    while f.period > 0 and f.next < end:
        when, sent = f.next, f.next
        if a.way == RESOURCES:
            sent = book(w, stream, when, pause(w, f.station, f.period))
            if sent >= end:
                break
            f.reserved -= 1
        f.next = when + pause(w, f.station, f.period)
        lasts, wanted = f.next - when, not f.muted
        if wanted and (not f.triggered or has_changed(w, stream, when, heading)):
            wanted = speak(w, stream, when, now, heading, sent)
        if wanted and when >= a.warm:
            w.radio.kinds[f.kind].due += lasts


@inline
def hold_back(w: Any, stream: int, begin: int, end: int) -> None:
    """Count the time in which a fault keeps a station from saying something, and whether there is anything to say."""
    f = w.radio.streams[stream]
    if begin >= w.radio.air[0].warm:
        kind = w.radio.kinds[f.kind]
        kind.kept += end - begin
        kind.due += end - begin if f.period > 0 else 0


@inline
def foresee_speakers(w: Any, i: int) -> None:
    """Fetch what those will need who speak soon, ahead of place i: stations, their streams, where they write."""
    r, n = w.radio, w.radio.air[0].present
    if i + STATION < n:
        for line in range(2):
            fetch(r.stations, r.on_air[i + STATION], line)
    if i + STREAM < n:
        fetch(r.streams, r.stations[r.on_air[i + STREAM]].stream, 0)
    if i + CONTENT < n:
        k = r.stations[r.on_air[i + CONTENT]].stream
        fetch(r.contents, k * REMEMBERED + r.streams[k].number % REMEMBERED, 0)


@inline
def say(w: Any, now: int, end: int) -> None:
    """Let everybody say what is due before a time [beats]; the step began now [beats]."""
    r, a = w.radio, w.radio.air[0]
    for i in range(a.columns * a.lines + 1):
        r.cells[i].count, r.cells[i].stations, r.cells[i].counting = 0, 0, 0
    a.spoken, a.calls = 0, 0
    begin = a.begin if a.way == RESOURCES else now
    for i in range(a.present):
        foresee_speakers(w, i)
        s = r.stations[r.on_air[i]]
        heading = 0.0
        if s.row >= 0:
            v = w.vehicles[s.row]
            heading = put_in_place(w, r.on_air[i], v.lane, v.position)
        s.first = a.spoken
        for k in range(s.stream, s.stream_end):
            if s.silent or r.streams[k].muted:
                hold_back(w, k, begin, end)
            if not s.silent:
                say_stream(w, k, now, end, heading)
        s.uttered = a.spoken - s.first
        r.cell[i] = cell_of(w, s.x, s.y)
        c = r.cells[r.cell[i]]
        c.stations, c.counting, c.count = c.stations + 1, c.counting + s.counts, c.count + s.uttered
        for k in range(s.first, a.spoken):
            r.places[k].cell = r.cell[i]


@inline
def sort(w: Any) -> None:
    """Bring what was said, and who is on the air, into the order of cells."""
    r, a = w.radio, w.radio.air[0]
    first, head = 0, 0
    for i in range(a.columns * a.lines + 1):
        c = r.cells[i]
        c.first, c.head = first, head
        first, head = first + c.count, head + c.stations
        c.count, c.stations = 0, 0
    for i in range(a.present):
        c = r.cells[r.cell[i]]
        r.in_cells[c.head + c.stations] = r.on_air[i]
        c.stations += 1
    for i in range(a.spoken):
        p, m = r.places[i], r.uttered[i]
        c = r.cells[p.cell]
        k = c.first + c.count
        c.count += 1
        r.spoken[k], r.rows[i] = m, k
        r.x[k], r.y[k], r.cut[k], r.slot[k], r.keys[k], r.stands[k] = p.x, p.y, p.cut, p.slot, p.hash, p.stand
        r.marks[k], r.counted_in[k] = mark_of(m.stream, m.number), a.kinds * a.classes
        if m.said >= a.warm and m.station >= a.apart_told:
            r.counted_in[k], r.kinds[m.message].passes = int(m.message) * a.classes, True
        for j in range(RECENT):
            r.after[k * RECENT + j] = 0
        for j in range(BECAME if a.each else 0):
            r.became[k * BECAME + j] = 0
