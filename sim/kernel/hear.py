"""What becomes of each message at each receiver within range."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import mix
from sim.compiled import inline
from sim.kernel.call import tell
from sim.kernel.memory import HALF, NUMBERS, arrival, count_delay, count_gap, heard_lately, remember, spot, write_pair
from sim.kernel.nearby import count_near, look_around, width
from sim.kernel.places import in_sight, is_jammed
from sim.kernel.say import UNIT, U, draw
from sim.kernel.tally import FORGED, HEARD, JAMMED, OUTAGE, STALE, count_asked, fate_of, tally_fate
from sim.kernel.traces import FATES, between, leave_trace
from sim.state.air import BACK_BITS, RECENT, REMEMBERED, TALLIED

CELLULAR, RESOURCES = 1, 2  # ranks in sim.engine.air.WAYS


@inline
def set_bounds(w: Any, load: float) -> None:
    """Shares heard by a receiver whose channel bears such a load, as `share_heard`."""
    r, a = w.radio, w.radio.air[0]
    low, share = between(w, load)
    width = a.sights * a.classes
    one, two = low * width, (low + 1) * width
    part, rest = np.float32(share), np.float32(1.0 - share)
    bounds, fates = r.bounds, r.fates
    for i in range(width):
        bounds[i] = rest * fates[(one + i) * FATES] + part * fates[(two + i) * FATES]


@inline
def busy_at(w: Any, load: float) -> float:
    """How busy the channel is that bears such a load; counted."""
    r, a = w.radio, w.radio.air[0]
    low, share = between(w, load)
    busy = int(1e6 * ((1.0 - share) * r.occupied[low] + share * r.occupied[low + 1]))
    a.busy_sum += busy
    a.busy_count += 1
    a.busy_most = max(a.busy_most, busy)
    return 1e-6 * busy


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
        count_delay(w, m.message, arrives - m.said, 1)
    if a.way == RESOURCES and (not before or m.number == f.first):
        tell(w, station, m.stream, arrives)


@inline
def count_fate(w: Any, station: int, k: int, kind: int, fate: int) -> None:
    """Count what became of a message at a station, in a class of distance; not of those that are decided apart."""
    a, m = w.radio.air[0], w.radio.spoken[k]
    if m.said >= a.warm and m.station >= a.apart_told:
        tally_fate(w, station, k, kind, fate)


@inline
def fetch(w: Any, first: int) -> int:
    """Bring a block of pairs near the processor, all lines at once; the sum only keeps the compiler from leaving it."""
    pairs, total = w.radio.pairs, 0
    for i in range(0, w.radio.air[0].slots, 16):
        total |= int(pairs[first + i])
    return total


@inline
def draw_all(w: Any, station: int, begin: int, end: int) -> None:
    """How far messages of one line of cells are said from a station, into `Radio.away`; its draws into `Radio.drawn`.

    Nothing depends on anything else here, and no place can be negative, so that the processor does some at a time.
    """
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys, keys, drawn, away = r.x, r.y, r.keys, r.drawn, r.away
    x, y, mine = np.float32(s.x), np.float32(s.y), s.hash
    reach, finer = np.float32(a.range * a.range), np.float32(1.0 / a.step_of_class)
    beyond = np.int32(a.classes)
    for k in range(U(begin), U(end)):
        dx, dy = xs[k] - x, ys[k] - y
        square = dx * dx + dy * dy
        away[k] = np.int32(np.sqrt(square) * finer) if square <= reach else beyond
    for k in range(U(begin), U(end)):
        drawn[k] = np.int64(mix(keys[k] ^ mine) >> U(11))


@inline
def part(w: Any, begin: int, end: int, heard: int, missed: int) -> tuple[int, int]:
    """Part messages of one line of cells into those heard and those that were said near and are lost."""
    r, away, near, lost = w.radio, w.radio.away, w.radio.near, w.radio.missed
    drawn, limits, beyond = r.drawn, r.limits, r.air[0].classes
    for k in range(U(begin), U(end)):
        near[heard] = k
        lost[missed] = k
        hears = drawn[k] < limits[away[k]]
        heard += hears
        missed += (not hears) & (away[k] < beyond)
    return heard, missed


@inline
def hear(w: Any, station: int, step: int, measured: bool) -> None:
    """Let a station take note of how much is said around it; who counts decides every reception.

    Args:
        measured: behind the warm-up.
    """
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    s.busy = busy_at(w, s.load)
    jammed = a.jammed > 0 and is_jammed(w, s.x, s.y)
    leave_trace(w, station, step, jammed)
    found = count_near(w, station) - s.uttered
    a.decided += found
    if measured:
        count_asked(w, station, found - s.told, s.counts)
    s.told = 0
    if s.counts:
        set_bounds(w, s.load)
        a.fetched |= fetch(w, s.block * a.slots)
        if a.sights > 1 or a.apart or jammed or a.each:
            hear_each(w, station, jammed)
        else:
            hear_all(w, station)
    dt = w.totals[0].dt
    s.load += (found / dt - s.load) * min(1.0, dt)


@inline
def hear_all(w: Any, station: int) -> None:
    """Decide the receptions of one who sees everybody and hears at once."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    for i in range(a.classes):
        r.limits[i] = math.ceil(r.bounds[i] / UNIT)  # exact: a power of two
    heard, missed = 0, 0
    line, far, cells, columns = (s.y - a.south) / a.cell, a.range, r.cells, a.columns
    for j in range(max(0, int(line - far / a.cell)), min(a.lines - 1, int(line + far / a.cell)) + 1):
        left, right = width(w, station, j, far)
        begin, end = cells[j * columns + left].first, cells[j * columns + right + 1].first
        draw_all(w, station, begin, end)
        heard, missed = part(w, begin, end, heard, missed)
    near, away, spoken, tally, after, pairs = r.near, r.away, r.spoken, r.tally, r.after, r.pairs
    first, mask, warm, apart_told = s.block * a.slots, a.slots - 1, a.warm, a.apart_told
    own, counted, classes = s.tallied * TALLIED, (s.tallied + a.kinds) * TALLIED, int(a.classes)
    for i in range(heard):
        k = near[i]
        m = spoken[k]
        if m.station == station:
            continue
        if m.said >= warm and m.station >= apart_told:
            tally[own + m.message * TALLIED] += 1
            tally[counted + (m.message * classes + away[k]) * TALLIED] += 1
        place = first + (spot(m.stream) & mask)
        e = np.int64(pairs[place])
        since = (m.number - (e >> BACK_BITS)) & NUMBERS
        if (e >> HALF == m.stream + 1) & (since > 0) & (since < RECENT):  # as `heard_lately`, which need not be asked
            after[k * RECENT + since] += 1
            write_pair(w, place, m.stream, m.number, since)
        elif not heard_lately(w, k, first):
            after[k * RECENT] += 1
            take(w, station, m)
    low, share = between(w, s.load)
    for i in range(missed):
        k = r.missed[i]
        if spoken[k].station != station:
            count_fate(w, station, k, away[k], fate_of(w, low, share, away[k], r.drawn[k] * UNIT))


@inline
def hear_each(w: Any, station: int, jammed: bool) -> None:
    """Decide the receptions of one station one after the other."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    found = look_around(w, station, a.range)
    near, kinds, spoken, bounds = r.near, r.away, r.spoken, r.bounds
    mine, first, apart, sights = s.hash, s.block * a.slots, a.apart, a.sights
    low, share = between(w, s.load)
    for i in range(found):
        m = spoken[near[i]]
        if m.station == station:
            continue
        kind = kinds[i]
        if sights > 1:
            kind += in_sight(w, s.patch, r.stations[m.station].patch) * a.classes
        chance = draw(m.hash ^ mine)
        if apart and r.cut[near[i]] != 0:
            count_fate(w, station, near[i], kinds[i], OUTAGE)
            continue
        if jammed:
            count_fate(w, station, near[i], kinds[i], JAMMED)
            continue
        if chance >= bounds[kind]:
            count_fate(w, station, near[i], kinds[i], fate_of(w, low, share, kind, chance))
            continue
        count_fate(w, station, near[i], kinds[i], HEARD)
        if apart or not heard_lately(w, near[i], first):
            r.after[near[i] * RECENT] += 1
            take(w, station, m)


@inline
def settle(w: Any) -> None:
    """Count what all receivers of a message have in common: its delay, and the time since those before."""
    r, a = w.radio, w.radio.air[0]
    for k in range(a.spoken):
        m = r.spoken[k]
        if m.said < a.warm:
            continue
        heard = 0
        for i in range(RECENT):
            heard += r.after[k * RECENT + i]
        if heard == 0:
            continue
        flaw = r.streams[m.stream].flaw
        if flaw != 0 and m.station >= a.apart_told:
            a.stale += heard if flaw == STALE else 0
            a.forged += heard if flaw == FORGED else 0
        if a.way == CELLULAR:
            continue
        arrives = r.contents[m.stream * REMEMBERED + m.number % REMEMBERED].arrives
        count_delay(w, m.message, arrives - m.said, heard)
        for since in range(1, RECENT):
            times = r.after[k * RECENT + since]
            if times > 0:
                last = r.contents[m.stream * REMEMBERED + (m.number - since) % REMEMBERED]
                count_gap(w, m.message, last.arrives, arrives, last.arrives - last.sent, times)
