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
    BACK_BITS,
    BEAT,
    DELAY_CLASS,
    DELAY_CLASSES,
    GAP_CLASS,
    GAP_CLASSES,
    NUMBER_BITS,
    PARTED,
    PATCH,
    RECENT,
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
PROBES = 64
#: Places of a block that are swept in a step; all of them within some ten seconds.
SWEPT = 4
#: A pair's number, and how far back the one before is, as masks; bits of both.
NUMBERS, BACKS, HALF = (1 << NUMBER_BITS) - 1, (1 << BACK_BITS) - 1, NUMBER_BITS + BACK_BITS


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


@inline
def set_bounds(w: Any, load: float) -> None:
    """Shares heard by a receiver whose channel bears such a load; and how busy it is."""
    r, a = w.radio, w.radio.air[0]
    at = min(load / a.load_step, a.loads - 1.0)
    low = min(int(at), a.loads - 2)
    share = at - low
    width = a.sights * a.classes
    one, two = low * width, (low + 1) * width
    part, rest = np.float32(share), np.float32(1.0 - share)
    bounds, fates = r.bounds, r.fates
    for i in range(width):
        bounds[i] = rest * fates[(one + i) * FATES] + part * fates[(two + i) * FATES]
    busy = int(1e6 * ((1.0 - share) * r.occupied[low] + share * r.occupied[low + 1]))
    a.busy_sum += busy
    a.busy_count += 1
    a.busy_most = max(a.busy_most, busy)


@inline
def fate_of(w: Any, load: float, kind: int, chance: float) -> int:
    """Fate that a draw picks, of one who does not hear, in a class of sight and distance."""
    r, a = w.radio, w.radio.air[0]
    at = min(load / a.load_step, a.loads - 1.0)
    low = min(int(at), a.loads - 2)
    share = at - low
    width = a.sights * a.classes
    one, two = (low * width + kind) * FATES, ((low + 1) * width + kind) * FATES
    fate = 1
    while fate < FATES - 1 and chance >= (1.0 - share) * r.fates[one + fate] + share * r.fates[two + fate]:
        fate += 1
    return fate


@inline
def count_gap(w: Any, since: int, until: int, age: int, times: int) -> None:
    """Count the time from one known message to the next, and the ages gone through meanwhile, so many times."""
    r, a = w.radio, w.radio.air[0]
    gap = until - since
    if gap <= 0 or times == 0:
        return
    a.gap_time += gap * times
    a.gap_count += times
    r.counts[min(gap // GAP_CLASS, GAP_CLASSES - 1)].gaps += times
    a.age_area += gap * (2 * age + gap) * times
    r.counts[min(age // AGE_CLASS, AGE_CLASSES - 1)].ages += times
    r.counts[min((age + gap) // AGE_CLASS, AGE_CLASSES - 1)].ages -= times


@inline
def count_delay(w: Any, delay: int, times: int) -> None:
    """Count how long a message took to so many receivers."""
    r, a = w.radio, w.radio.air[0]
    r.counts[min(delay // DELAY_CLASS, DELAY_CLASSES - 1)].delays += times
    a.delay_time += delay * times
    a.delay_count += times


@inline
def arrival(w: Any, station: int, content: Any) -> int:
    """When a station that has heard a message knows it [beats]."""
    wait = 0
    if w.radio.air[0].way == CELLULAR:
        s = w.radio.stations[station]
        wait = int(max(0.0, outage(w.totals[0].seed, s.key, content.said / BEAT)) * BEAT + 0.5)
    return content.arrives + wait


@inline
def pair_at(w: Any, block: int, stream: int) -> int:
    """Place in `Radio.pairs` of a stream in a block; if it is not there, ~place of an unused one; if that, too, -1."""
    pairs, slots = w.radio.pairs, w.radio.air[0].slots
    at = spot(stream)
    for i in range(PROBES):
        place = block * slots + ((at + i) & (slots - 1))
        e = pairs[place]
        if (e >> HALF) == stream + 1:
            return place
        if e == 0:
            return -2 - place
    return -1


@inline
def spot(stream: int) -> int:
    """Where in a block a stream is looked for first."""
    return int((U(stream) * SPREAD) >> U(40))


@inline
def write_pair(w: Any, place: int, stream: int, number: int, back: int) -> None:
    """Note the newest message heard of a stream."""
    w.radio.pairs[place] = ((stream + 1) << HALF) | ((number & NUMBERS) << BACK_BITS) | back


@inline
def remember(w: Any, station: int, m: Any) -> bool:
    """Take note of a message heard; returns whether anything was known of its stream."""
    r, a = w.radio, w.radio.air[0]
    place = pair_at(w, r.stations[station].block, m.stream)
    if place == -1:
        a.overflow += 1
        return False
    if place < 0:
        write_pair(w, -2 - place, m.stream, m.number, 0)
        return False
    e = int(r.pairs[place])
    since = (m.number - (e >> BACK_BITS)) & NUMBERS
    if since == 0 or since >= PARTED:
        write_pair(w, place, m.stream, m.number, 0)
        return False
    last = r.contents[m.stream * REMEMBERED + (m.number - since) % REMEMBERED]
    this = r.contents[m.stream * REMEMBERED + m.number % REMEMBERED]
    known, knows = arrival(w, station, last), arrival(w, station, this)
    if m.said >= a.warm:
        count_gap(w, known, knows, known - last.said, 1)
    back = since if known <= m.said or (e & BACKS) == 0 else since + (e & BACKS)
    write_pair(w, place, m.stream, m.number, back if back <= BACKS else 0)
    return True


@inline
def known(w: Any, station: int, stream: int, now: int) -> int:
    """Row of `Contents` with the newest that a station knows of a stream at a time [beats]; -1: nothing."""
    r = w.radio
    place = pair_at(w, r.stations[station].block, stream)
    if place < 0:
        return -1
    e = int(r.pairs[place])
    ago = (int(r.streams[stream].number) - 1 - (e >> BACK_BITS)) & NUMBERS
    newest = int(r.streams[stream].number) - 1 - ago
    for number in (newest, newest - (e & BACKS)):
        row = stream * REMEMBERED + number % REMEMBERED
        if number >= 0 and ago + newest - number < REMEMBERED and arrival(w, station, r.contents[row]) <= now:
            return row
    return -1


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
    """What follows from a reception where each is its own: the first of a pair, one after a loss, through a network."""
    r, a = w.radio, w.radio.air[0]
    before = remember(w, station, m)
    f = r.streams[m.stream]
    if a.way != CELLULAR and not f.wakes:
        return
    arrives = arrival(w, station, r.contents[m.stream * REMEMBERED + m.number % REMEMBERED])
    if a.way == CELLULAR and m.said >= a.warm:
        count_delay(w, arrives - m.said, 1)
    if f.wakes and (not before or m.number == f.first):
        tell(w, station, m.stream, arrives)


@inline
def in_sight(w: Any, one: int, other: int) -> int:
    """Row of the bounds: 0 in line of sight, 1 around a corner."""
    r = w.radio
    a, b = r.stations[one].patch, r.stations[other].patch
    bit = a * r.air[0].patches + b
    return 0 if (r.sight[bit >> 3] >> (bit & 7)) & 1 else 1


@inline
def lose(w: Any, station: int, m: Any, kind: int, chance: float) -> None:
    """Count why a message is lost at one receiver."""
    r, a = w.radio, w.radio.air[0]
    fate = fate_of(w, r.stations[station].load, kind, chance)
    if m.said >= a.warm:
        r.tally[m.message * TALLIED + fate] += 1
        r.tally[(a.kinds + kind % a.classes) * TALLIED + fate] += 1


@inline
def cut_off(w: Any, m: Any, kind: int) -> None:
    """Count a message that is lost to all since its sender is cut off."""
    r, a = w.radio, w.radio.air[0]
    if m.said >= a.warm:
        r.tally[m.message * TALLIED + OUTAGE] += 1
        r.tally[(a.kinds + kind) * TALLIED + OUTAGE] += 1


@inline
def fetch(w: Any, first: int) -> int:
    """Bring a block of pairs near the processor, all lines at once; the sum only keeps the compiler from leaving it."""
    pairs, total = w.radio.pairs, 0
    for i in range(0, w.radio.air[0].slots, 16):
        total |= int(pairs[first + i])
    return total


@inline
def look_around(w: Any, station: int) -> int:
    """List the messages of this step within range of a station, others' only; returns how many there are."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys, near, kinds, cells = r.x, r.y, r.near, r.away, r.cells
    x, y = np.float32(s.x), np.float32(s.y)
    reach, finer = np.float32(a.range * a.range), np.float32(1.0 / a.step_of_class)
    columns, cell = a.columns, a.cell
    line = (s.y - a.south) / cell
    found = 0
    for j in range(max(0, int(line - a.range / cell)), min(a.lines - 1, int(line + a.range / cell)) + 1):
        off = max(0.0, max(j - line, line - j - 1.0)) * cell  # of the line of cells from here
        half = math.sqrt(max(0.0, a.range * a.range - off * off))
        left = max(0, int((s.x - half - a.west) / cell))
        right = min(columns - 1, int((s.x + half - a.west) / cell))
        for k in range(cells[j * columns + left].first, cells[j * columns + right + 1].first):
            dx, dy = xs[k] - x, ys[k] - y
            away = dx * dx + dy * dy
            near[found] = k
            kinds[found] = np.int32(np.sqrt(away) * finer)
            found += 1 if away <= reach else 0
    return found


@inline
def heard_lately(w: Any, k: int, first: int) -> bool:
    """Take note of a message heard, if one of the last few of its stream was heard, too; else it is left to `take`.

    Args:
        k: row of `Spoken`.
        first: of the receiver's block in `Radio.pairs`.
    """
    pairs, mask, m = w.radio.pairs, w.radio.air[0].slots - 1, w.radio.spoken[k]
    stream, number = int(m.stream), int(m.number)
    at = spot(stream) & mask
    e = int(pairs[first + at])
    while e != 0 and (e >> HALF) != stream + 1:
        at = (at + 1) & mask
        e = int(pairs[first + at])
    since = (number - (e >> BACK_BITS)) & NUMBERS
    if e == 0 or since == 0 or since >= RECENT:
        return False
    w.radio.after[k * RECENT + since] += 1
    pairs[first + at] = ((stream + 1) << HALF) | ((number & NUMBERS) << BACK_BITS) | since
    return True


@inline
def hear(w: Any, station: int) -> None:
    """Decide every reception of one station in this step."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    set_bounds(w, s.load)
    a.fetched |= fetch(w, s.block * a.slots)
    found = look_around(w, station)
    near, kinds, spoken, bounds, tally = r.near, r.away, r.spoken, r.bounds, r.tally
    mine, first, counted = s.hash, s.block * a.slots, a.kinds * TALLIED
    apart, sights, warm, own = a.apart, a.sights, a.warm, 0
    for i in range(found):
        m = spoken[near[i]]
        if m.station == station:
            own += 1
            continue
        kind = kinds[i]
        if sights > 1:
            kind += in_sight(w, station, m.station) * a.classes
        chance = draw(m.hash ^ mine)
        if apart and r.cut[near[i]] != 0:
            cut_off(w, m, kinds[i])
            continue
        if chance >= bounds[kind]:
            lose(w, station, m, kind, chance)
            continue
        m.heard += 1
        if m.said >= warm:
            tally[counted + kinds[i] * TALLIED] += 1
        if apart or not heard_lately(w, near[i], first):
            take(w, station, m)
    a.decided += found - own
    dt = w.totals[0].dt
    s.load += ((found - own) / dt - s.load) * min(1.0, dt)


@inline
def settle(w: Any) -> None:
    """Count what all receivers of a message have in common: its delay, and the time since those before."""
    r, a = w.radio, w.radio.air[0]
    for k in range(a.spoken):
        m = r.spoken[k]
        if m.said < a.warm:
            continue
        r.tally[m.message * TALLIED + HEARD] += m.heard
        if a.way == CELLULAR:
            continue
        arrives = r.contents[m.stream * REMEMBERED + m.number % REMEMBERED].arrives
        count_delay(w, arrives - m.said, m.heard)
        for since in range(1, RECENT):
            if r.after[k * RECENT + since] > 0:
                last = r.contents[m.stream * REMEMBERED + (m.number - since) % REMEMBERED]
                count_gap(w, last.arrives, arrives, last.arrives - last.said, r.after[k * RECENT + since])


@inline
def sweep(w: Any, station: int, step: int) -> None:
    """Forget what a station heard of those that have left or that it has lost sight of; a few places a step."""
    r, a = w.radio, w.radio.air[0]
    first = r.stations[station].block * a.slots
    for i in range(SWEPT):
        place = first + ((step * SWEPT + i) & (a.slots - 1))
        e = int(r.pairs[place])
        if e == 0:
            continue
        f = r.streams[(e >> HALF) - 1]
        silent = ((int(f.number) - 1 - (e >> BACK_BITS)) & NUMBERS) >= REMEMBERED
        if silent or r.stations[f.station].block < 0:
            forget(w, first, place)


@inline
def forget(w: Any, first: int, place: int) -> None:
    """Empty a place of a block, and move up those behind it that were looked for before it."""
    pairs, mask = w.radio.pairs, w.radio.air[0].slots - 1
    hole, at = place - first, place - first
    pairs[place] = 0
    for _ in range(mask):
        at = (at + 1) & mask
        e = int(pairs[first + at])
        if e == 0:
            return
        home = spot((e >> HALF) - 1) & mask
        if ((at - home) & mask) >= ((at - hole) & mask):
            pairs[first + hole] = e
            pairs[first + at] = 0
            hole = at


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
            sweep(w, r.on_air[i], step)
    settle(w)
    if a.waiting > 0:
        tell_apps(w, step, now)
