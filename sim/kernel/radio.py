"""How messages are said, carried and heard: once a step, on the same loop as the cars.

Everything said within a step is sorted onto a grid; each receiver then looks at the cells around it and decides each
reception by one draw keyed by sender, receiver and number. Who hears remembers of each sender when the newest message
was said, when it is known, and what was known before: drivers read what they know, never the truth.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import SAID, mix, uniform
from sim.compiled import inline
from sim.kernel.order import record
from sim.models.radio.cellular import outage, travel
from sim.state.air import (
    AGE_CLASS,
    AGE_CLASSES,
    BEAT,
    DELAY_CLASS,
    DELAY_CLASSES,
    GAP_CLASS,
    GAP_CLASSES,
    PARTED,
    PATCH,
    REMEMBERED,
    TALLIED,
)

U = np.uint64
#: Odd numbers that spread small whole numbers over 64 bits (SplitMix64's, and one of L'Ecuyer's).
SPREAD, OTHER = U(0x9E3779B97F4A7C15), U(0xD1342543DE82EF95)
UNIT = 1.0 / 9007199254740992.0
CELLULAR = 1
VEHICLE, SIGNAL = 1, 2
FATES, HEARD, OUTAGE, SAID_IN_ALL = 7, 0, 7, 9
#: Rule of ETSI EN 302 637-2: said after 4 m, 0.5 m/s or 4 degrees, and at least every second.
WAY, PACE, TURN, LONGEST = 4.0, 0.5, 4.0, BEAT
#: Fineness of what a message can carry; T/CSAE 53-2020, as in `sim.v2x`: 1e-7 degrees of latitude [m].
PLACE, SPEED, ACCELERATION = 0.0111, 0.02, 0.01
#: Places of a block of pairs that are looked at for a stream.
PROBES = 24


@inline
def beats(w: Any, step: int) -> int:
    """Time at which a step begins [beats]."""
    return int(round(step * w.totals[0].dt * BEAT))


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
        r.pairs[i].stream = 0
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
    m = r.uttered[a.spoken]
    a.spoken += 1
    hashed = mix(f.hash ^ (U(f.number) * SPREAD))
    m.x, m.y, m.hash, m.said = s.x, s.y, hashed, when
    m.stream, m.station, m.message = stream, f.station, f.message
    delay, m.cut = a.low + int(draw(hashed + SPREAD) * (a.high - a.low) + 0.5), False
    if a.way == CELLULAR:
        wait = outage(w.totals[0].seed, s.key, when / BEAT)
        delay = int((max(0.0, wait) + travel(draw(hashed + SPREAD), draw(hashed + OTHER))) * BEAT + 0.5)
        m.cut = wait < 0.0
    m.arrives = when + a.processing + delay
    column = int(min(max((s.x - a.west) / a.cell, 0.0), a.columns - 1.0))
    line = int(min(max((s.y - a.south) / a.cell, 0.0), a.lines - 1.0))
    m.cell = line * a.columns + column
    r.cells[m.cell].count += 1
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
        c = r.cells[r.uttered[i].cell]
        r.spoken[c.first + c.count] = r.uttered[i]
        c.count += 1


@inline
def set_bounds(w: Any, load: float) -> None:
    """Bounds of a draw for each fate, for a receiver whose channel bears such a load; and how busy it is."""
    r, a = w.radio, w.radio.air[0]
    at = min(load / a.load_step, a.loads - 1.0)
    low = min(int(at), a.loads - 2)
    share = np.float32(at - low)
    rest = np.float32(1.0) - share
    width = a.sights * a.classes * FATES
    one, two = low * width, (low + 1) * width
    for i in range(width):
        r.bounds[i] = rest * r.fates[one + i] + share * r.fates[two + i]
    busy = int(1e6 * ((1.0 - share) * r.occupied[low] + share * r.occupied[low + 1]))
    a.busy_sum += busy
    a.busy_count += 1
    a.busy_most = max(a.busy_most, busy)


@inline
def place_of(w: Any, block: int, stream: int, now: int) -> int:
    """Row of `Pairs` for a stream in a block: its own, else an unused one or one that is long out of date; -1: none."""
    r, slots = w.radio, w.radio.air[0].slots
    at = int((U(stream) * SPREAD) >> U(40))
    free = -1
    for i in range(PROBES):
        row = block * slots + ((at + i) & (slots - 1))
        e = r.pairs[row]
        if e.stream == stream + 1:
            return row
        if e.stream == 0:
            return row if free < 0 else free
        if free < 0 and now - e.arrived > PARTED:
            free = row
    return free


@inline
def count_gap(w: Any, since: int, until: int, age: int) -> None:
    """Count the time from one known message to the next, and the ages gone through meanwhile."""
    r, a = w.radio, w.radio.air[0]
    gap = until - since
    a.gap_time += gap
    a.gap_count += 1
    r.counts[min(gap // GAP_CLASS, GAP_CLASSES - 1)].gaps += 1
    a.age_area += gap * (2 * age + gap)
    a.age_time += gap
    r.counts[min(age // AGE_CLASS, AGE_CLASSES - 1)].ages += 1
    r.counts[min((age + gap) // AGE_CLASS, AGE_CLASSES - 1)].ages -= 1


@inline
def remember(w: Any, block: int, stream: int, said: int, arrives: int) -> int:
    """Take note of a message heard; returns the version known before, below zero if nothing was."""
    r, a = w.radio, w.radio.air[0]
    row = place_of(w, block, stream, said)
    if row < 0:
        a.overflow += 1
        return -1
    e = r.pairs[row]
    known = e.version
    if e.stream != stream + 1 or arrives - e.arrived > PARTED:
        known = known if e.stream == stream + 1 else -1
        e.stream, e.before, e.said, e.arrived = stream + 1, -1, said, arrives
    elif said > e.said:
        if arrives > e.arrived:
            if said >= a.warm:
                count_gap(w, e.arrived, arrives, e.arrived - e.said)
            if e.arrived <= said:
                e.before = e.said
            e.arrived = arrives
        e.said = said
    e.version = r.streams[stream].version
    return known


@inline
def tell(w: Any, station: int, stream: int, arrives: int) -> None:
    """Note that apps are to be told of a message once it is known."""
    r, a = w.radio, w.radio.air[0]
    if a.waiting >= a.waiting_room:
        a.overflow += 1
        return
    d = r.due[a.waiting]
    d.beat, d.station, d.stream = arrives, station, stream
    a.waiting += 1


@inline
def take(w: Any, station: int, m: Any) -> None:
    """What follows from a reception: it is counted and remembered, and who waits for it will be told."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    arrives = m.arrives
    if a.way == CELLULAR:
        arrives += int(max(0.0, outage(w.totals[0].seed, s.key, m.said / BEAT)) * BEAT + 0.5)
    if m.said >= a.warm:
        delay = arrives - m.said
        r.counts[min(delay // DELAY_CLASS, DELAY_CLASSES - 1)].delays += 1
        a.delay_time += delay
        a.delay_count += 1
    known = remember(w, s.block, m.stream, m.said, arrives)
    f = r.streams[m.stream]
    if f.wakes and known != f.version:
        tell(w, station, m.stream, arrives)


@inline
def in_sight(w: Any, one: int, other: int) -> int:
    """Row of the bounds: 0 in line of sight, 1 around a corner."""
    r = w.radio
    a, b = r.stations[one].patch, r.stations[other].patch
    bit = a * r.air[0].patches + b
    return 0 if (r.sight[bit >> 3] >> (bit & 7)) & 1 else 1


@inline
def fate_of(w: Any, first: int, chance: float) -> int:
    """Fate that a draw picks among bounds."""
    fate = 0
    while fate < FATES - 1 and chance >= w.radio.bounds[first + fate]:
        fate += 1
    return fate


@inline
def decide_one(w: Any, station: int, m: Any, kind: int, chance: float) -> None:
    """What becomes of one message at one receiver within range, in the class of distance `kind`."""
    r, a = w.radio, w.radio.air[0]
    first = kind * FATES
    if a.sights > 1:
        first += in_sight(w, station, m.station) * a.classes * FATES
    fate = fate_of(w, first, chance)
    if m.cut:
        fate = OUTAGE
    if m.said >= a.warm:
        r.tally[m.message * TALLIED + fate] += 1
        r.tally[(a.kinds + kind) * TALLIED + fate] += 1
    if fate == HEARD:
        take(w, station, m)


@inline
def hear(w: Any, station: int) -> None:
    """Decide every reception of one station in this step."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    set_bounds(w, s.load)
    x, y, mine = np.float32(s.x), np.float32(s.y), s.hash
    reach, finer = np.float32(a.range * a.range), np.float32(1.0 / a.step_of_class)
    around = int(math.ceil(a.range / a.cell))
    column, line = int((s.x - a.west) / a.cell), int((s.y - a.south) / a.cell)
    left, right = max(0, column - around), min(a.columns - 1, column + around)
    found = 0
    for j in range(max(0, line - around), min(a.lines - 1, line + around) + 1):
        end = r.cells[j * a.columns + right + 1].first
        for k in range(r.cells[j * a.columns + left].first, end):
            m = r.spoken[k]
            dx, dy = m.x - x, m.y - y
            away = dx * dx + dy * dy
            if away > reach or m.station == station:
                continue
            found += 1
            decide_one(w, station, m, int(math.sqrt(away) * finer), draw(m.hash ^ mine))
    a.decided += found
    dt = w.totals[0].dt
    s.load += (found / dt - s.load) * min(1.0, dt)


@inline
def tell_apps(w: Any, step: int, now: int) -> None:
    """Leave a record of each message that has become known to somebody and that apps wait for."""
    r, a = w.radio, w.radio.air[0]
    i, told = 0, 0
    while i < a.waiting and told < w.totals[0].on_road:
        d = r.due[i]
        if d.beat > now:
            i += 1
            continue
        s = r.stations[d.station]
        if s.row >= 0:
            v = w.vehicles[s.row]
            record(w, a.event, s.departure, -1, float(d.stream), v.lane, v.position)
            told += 1
        a.waiting -= 1
        r.due[i] = r.due[a.waiting]


@inline
def carry(w: Any, step: int) -> None:
    """Say, carry and hear all messages of a step."""
    r, a = w.radio, w.radio.air[0]
    now, end = beats(w, step), beats(w, step + 1)
    gather(w, step, now)
    say(w, now, end)
    sort(w)
    for i in range(a.present):
        if not r.stations[r.on_air[i]].silent:
            hear(w, r.on_air[i])
    if a.waiting > 0:
        tell_apps(w, step, now)
