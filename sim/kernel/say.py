"""Who is on the air in a step, what each says, and where on the grid it is said."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import SAID, mix, uniform
from sim.compiled import inline
from sim.models.radio.cellular import outage, travel
from sim.state.air import BEAT, PATCH, RECENT, REMEMBERED, TALLIED

U = np.uint64
#: Odd numbers that spread small whole numbers over 64 bits (SplitMix64's, and one of L'Ecuyer's).
SPREAD, OTHER = U(0x9E3779B97F4A7C15), U(0xD1342543DE82EF95)
UNIT = 1.0 / 9007199254740992.0
CELLULAR = 1  # rank in sim.engine.air.WAYS
VEHICLE, SIGNAL = 1, 2
#: Place of messages said in a row of `Radio.tally`, behind their fates.
SAID_IN_ALL = TALLIED - 1
#: Rule of ETSI EN 302 637-2: said after 4 m, 0.5 m/s or 4 degrees, and at least every second.
WAY, PACE, TURN, LONGEST = 4.0, 0.5, 4.0, BEAT
#: Fineness of what a message can carry; T/CSAE 53-2020, as in `sim.v2x`: 1e-7 degrees of latitude [m].
PLACE, SPEED, ACCELERATION = 0.0111, 0.02, 0.01


@inline
def beats(w: Any, step: int) -> int:
    """Time at which a step begins [beats]."""
    return round(step * w.totals[0].dt * BEAT)


@inline
def draw(hashed: Any) -> float:
    """Draw in [0, 1) of a hash [-]."""
    return float(mix(hashed) >> U(11)) * UNIT


@inline
def fine(value: float, resolution: float) -> float:
    """What a field of such resolution can carry of a value."""
    return math.floor(value / resolution + 0.5) * resolution


@inline
def put_in_place(w: Any, station: int, lane: int, position: float) -> float:
    """Put a station where a position on a lane lies; returns its heading [degrees clockwise from north]."""
    r = w.radio
    low, high = r.outlines[lane].first, r.outlines[lane].end - 2
    while low < high:
        middle = (low + high + 1) // 2
        if r.axes[middle].along <= position:
            low = middle
        else:
            high = middle - 1
    p, q = r.axes[low], r.axes[low + 1]
    share = min(1.0, max(0.0, (position - p.along) / (q.along - p.along)))
    r.stations[station].x = p.x + share * (q.x - p.x)
    r.stations[station].y = p.y + share * (q.y - p.y)
    r.stations[station].patch = r.outlines[lane].patch + int(max(0.0, position) / PATCH)
    return p.heading


@inline
def go_on_air(w: Any, station: int, now: int) -> None:
    """Give a station room to remember, and each of its messages a first time."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    a.free -= 1
    s.block = r.free_blocks[a.free]
    s.load = 0.0
    for i in range(s.block * a.slots, (s.block + 1) * a.slots):
        r.pairs[i] = 0
    for k in range(s.stream, s.stream_end):
        f = r.streams[k]
        f.next = now + int(uniform(w.totals[0].seed, SAID, s.key, k - s.stream) * f.period)


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
def fill_in(w: Any, stream: int, when: int, now: int, heading: float) -> None:
    """Write down what a message says, as its fields can carry it."""
    r = w.radio
    f = r.streams[stream]
    s = r.stations[f.station]
    c = r.contents[stream * REMEMBERED + f.number % REMEMBERED]
    c.said = when
    if f.content == VEHICLE:
        v = w.vehicles[s.row]
        c.lane = v.lane
        c.position = fine(v.position + v.speed * (when - now) / BEAT, PLACE)
        c.speed, c.acceleration = fine(v.speed, SPEED), fine(v.acceleration, ACCELERATION)
        f.last_x, f.last_y, f.last_speed, f.last_heading = s.x, s.y, v.speed, heading
    elif f.content == SIGNAL:
        g = w.signals[s.signal]
        phase = w.phases[g.phase]
        c.position = float(g.phase - g.first)
        c.speed = float(g.change)
        c.acceleration = float(max(g.change, g.began + phase.maximum)) if g.actuated else float(g.change)


@inline
def speak(w: Any, stream: int, when: int, now: int, heading: float) -> None:
    """Put one message on the air."""
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    if a.spoken >= a.room:
        a.overflow += 1
        return
    fill_in(w, stream, when, now, heading)
    m, p = r.uttered[a.spoken], r.places[a.spoken]
    a.spoken += 1
    hashed = mix(f.hash ^ (U(f.number) * SPREAD))
    m.hash, m.said, m.heard = hashed, when, 0
    m.stream, m.station, m.message, m.number = stream, f.station, f.message, f.number
    delay, p.cut = a.low + int(draw(hashed + SPREAD) * (a.high - a.low) + 0.5), False
    if a.way == CELLULAR:
        wait = outage(w.totals[0].seed, s.key, when / BEAT)
        delay = int((max(0.0, wait) + travel(draw(hashed + SPREAD), draw(hashed + OTHER))) * BEAT + 0.5)
        p.cut = wait < 0.0
    r.contents[stream * REMEMBERED + f.number % REMEMBERED].arrives = when + a.processing + delay
    column = int(min(max((s.x - a.west) / a.cell, 0.0), a.columns - 1.0))
    line = int(min(max((s.y - a.south) / a.cell, 0.0), a.lines - 1.0))
    p.x, p.y, p.cell = s.x, s.y, line * a.columns + column
    r.cells[p.cell].count += 1
    f.number += 1
    f.last = when
    if when >= a.warm:
        r.tally[f.message * TALLIED + SAID_IN_ALL] += 1


@inline
def say(w: Any, now: int, end: int) -> None:
    """Let everybody say what is due in this step."""
    r, a = w.radio, w.radio.air[0]
    for i in range(a.columns * a.lines + 1):
        r.cells[i].count = 0
    a.spoken = 0
    for i in range(a.present):
        s = r.stations[r.on_air[i]]
        heading = 0.0
        if s.row >= 0:
            v = w.vehicles[s.row]
            heading = put_in_place(w, r.on_air[i], v.lane, v.position)
        if s.silent:
            continue
        for k in range(s.stream, s.stream_end):
            f = r.streams[k]
            while f.period > 0 and f.next < end:
                when = f.next
                f.next = when + f.period
                if not f.triggered or has_changed(w, k, when, heading):
                    speak(w, k, when, now, heading)


@inline
def sort(w: Any) -> None:
    """Bring what was said into the order of cells."""
    r, a = w.radio, w.radio.air[0]
    first = 0
    for i in range(a.columns * a.lines + 1):
        r.cells[i].first = first
        first += r.cells[i].count
        r.cells[i].count = 0
    for i in range(a.spoken):
        p = r.places[i]
        c = r.cells[p.cell]
        k = c.first + c.count
        c.count += 1
        r.spoken[k] = r.uttered[i]
        r.x[k], r.y[k], r.cut[k] = p.x, p.y, p.cut
        for j in range(RECENT):
            r.after[k * RECENT + j] = 0
