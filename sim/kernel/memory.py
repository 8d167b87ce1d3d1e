"""What a station knows of others: the newest message of each stream that got through to it; gaps and ages of that.

Who counts what he hears remembers the newest message of each stream, found by hash.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.clock import is_right
from sim.kernel.network import way_down
from sim.kernel.pairs import BACKS, NUMBERS, pair_at, write_pair
from sim.kernel.traces import got_through, zone_then
from sim.models.radio.cellular import outage
from sim.state.air import AGES, BACK_BITS, BEAT, DELAYS, GAPS, PARTED, REMEMBERED

RESOURCES = 2  # rank in sim.engine.air.WAYS


@inline
def count_gap(w: Any, message: int, since: int, until: int, age: int, times: int) -> None:
    """Count the time from one known message to the next, and the ages gone through meanwhile, so many times."""
    r, kind = w.radio, w.radio.kinds[message]
    gap = until - since
    if gap <= 0 or times == 0:
        return
    kind.gap_time += gap * times
    kind.gap_count += times
    r.gaps[message * GAPS + min(gap, GAPS - 1)] += times
    kind.age_area += gap * (2 * age + gap) * times
    r.ages[message * AGES + min(age, AGES - 1)] += times
    r.ages[message * AGES + min(age + gap, AGES - 1)] += (max(0, gap + min(0, age - AGES + 1)) - 1) * times


@inline
def count_delay(w: Any, message: int, delay: int, times: int) -> None:
    """Count how long a message took to so many receivers."""
    r, kind = w.radio, w.radio.kinds[message]
    r.delays[message * DELAYS + min(delay, DELAYS - 1)] += times
    kind.delay_time += delay * times
    kind.delay_count += times


@inline
def arrival(w: Any, station: int, stream: int, number: int) -> int:
    """When a station that has heard a message, one of those remembered, knows it [beats]."""
    r, a = w.radio, w.radio.air[0]
    c = r.contents[stream * REMEMBERED + number % REMEMBERED]
    if not a.own_times:
        return int(c.arrives)
    if a.zones > 0:
        return int(c.arrives + way_down(w, station, zone_then(w, station, c.step), stream, number))
    wait = outage(w.totals[0].seed, r.stations[station].key, c.sent / BEAT)
    return int(c.arrives + int(max(0.0, wait) * BEAT + 0.5))


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
    e = np.int64(r.pairs[place])
    since = (m.number - (e >> BACK_BITS)) & NUMBERS
    if since == 0 or since >= PARTED:
        write_pair(w, place, m.stream, m.number, 0)
        return False
    last = r.contents[m.stream * REMEMBERED + (m.number - since) % REMEMBERED]
    known, knows = arrival(w, station, m.stream, m.number - since), arrival(w, station, m.stream, m.number)
    if m.said >= a.warm:
        count_gap(w, int(m.message), known, knows, known - last.sent, 1)
    back = since if known <= m.said or (e & BACKS) == 0 else since + (e & BACKS)
    write_pair(w, place, m.stream, m.number, back if back <= BACKS else 0)
    return True


@inline
def known(w: Any, station: int, stream: int, now: int, lifetime: float) -> int:
    """Row of `Contents` with the newest that a station knows of a stream at a time [beats]; -1: nothing.

    The one way to ask what a driver or a unit has heard. Whoever asks must still look how old it says it is.

    Args:
        lifetime: older ones need not be looked for [beats].
    """
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    if a.way == RESOURCES:
        return remembered(w, station, stream, now)
    s = r.stations[f.station]
    if f.station == station:
        return -1
    right = is_right(s) and s.since == 0  # always was: it dates its messages when it says them
    right = right and is_right(r.stations[station])
    last, step = int(f.number) - 1, w.totals[0].step
    for back in range(min(REMEMBERED, last + 1)):
        row = stream * REMEMBERED + (last - back) % REMEMBERED
        c = r.contents[row]
        if (right and now - c.sent > lifetime) or step - c.step >= a.memory:
            return -1
        if arrival(w, station, stream, last - back) <= now and got_through(w, station, stream, last - back):
            return row
    return -1


@inline
def remembered(w: Any, station: int, stream: int, now: int) -> int:
    """The same where every sub-channel is simulated: what got through is remembered, for it cannot be decided anew."""
    r = w.radio
    place = pair_at(w, r.stations[station].block, stream)
    if place < 0:
        return -1
    e = int(r.pairs[place])
    ago = (int(r.streams[stream].number) - 1 - (e >> BACK_BITS)) & NUMBERS
    newest = int(r.streams[stream].number) - 1 - ago
    for number in (newest, newest - (e & BACKS)):
        row = stream * REMEMBERED + number % REMEMBERED
        if number >= 0 and ago + newest - number < REMEMBERED and arrival(w, station, stream, number) <= now:
            return row
    return -1
