"""What becomes of all messages around who counts, where all hear at once: many at a time, loop by loop.

Each loop does one thing for all messages that are gathered around a cell, so that nothing waits for what came before.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.chance import mix
from sim.compiled import fetch, inline
from sim.kernel.draws import U
from sim.kernel.outcome import count_fate, take
from sim.kernel.pairs import follows, heard_lately, place_of
from sim.kernel.traces import fate_of, set_limits
from sim.state.air import RECENT

#: Words of `Radio.pairs` in a line of the cache.
WORDS = 16


@inline
def foresee_pairs(w: Any, station: int) -> None:
    """Fetch what a station has heard of others, that it counts soon."""
    first = w.radio.stations[station].block * w.radio.air[0].slots
    for line in range(w.radio.air[0].slots // WORDS):
        fetch(w.radio.pairs, first, line)


@inline
def survey(w: Any, station: int) -> None:
    """How far all messages around its cell are said from a station, its own too far, and its draw of each of them."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys, keys, drawn, away = r.x_around, r.y_around, r.keys_around, r.drawn, r.away
    x, y, mine = np.float32(s.x), np.float32(s.y), s.hash
    reach, finer = np.float32(a.range * a.range), np.float32(1.0 / a.step_of_class)
    beyond = np.int32(a.sights * a.classes)
    for i in range(a.around):
        dx, dy = xs[i] - x, ys[i] - y
        square = dx * dx + dy * dy
        away[i] = np.int32(np.sqrt(square) * finer) if square <= reach else beyond
    for i in range(a.around):
        drawn[i] = np.int32(mix(keys[i] ^ mine) >> U(34))
    if a.sights > 1:
        look_behind(w, r.standpoints[s.patch] * a.patches)
    own = r.rows[s.first] + a.home
    for i in range(own, own + s.uttered):
        away[i] = beyond


@inline
def look_behind(w: Any, first: int) -> None:
    """Tell apart which messages around a cell are said in line of sight.

    Args:
        first: bit of `Radio.sight` that tells of a receiver and the first place.
    """
    r, a = w.radio, w.radio.air[0]
    away, stands, sight, classes = r.away, r.stands_around, r.sight, a.classes
    for i in range(a.around):
        bit = first + stands[i]
        hidden = ((sight[bit >> 3] >> (bit & 7)) & 1) ^ 1
        away[i] += classes * (hidden & (away[i] < classes))


@inline
def part(w: Any) -> tuple[int, int]:
    """Part messages around a cell into those heard and those that were said near and are lost."""
    r, away, near, missed = w.radio, w.radio.away, w.radio.near, w.radio.missed
    drawn, limits, beyond = r.drawn, r.limits, r.air[0].sights * r.air[0].classes
    heard, lost = 0, 0
    for i in range(r.air[0].around):
        near[heard] = i
        missed[lost] = i
        kind = away[i]
        hears = drawn[i] < limits[kind]
        heard += hears
        lost += (not hears) & (kind < beyond)
    return heard, lost


@inline
def hear_all(w: Any, station: int) -> int:
    """Decide the receptions of one who hears at once; returns how many there were."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    set_limits(w, s.load)
    survey(w, station)
    heard, lost = part(w)
    near, away, around, marks, after = r.near, r.away, r.rows_around, r.marks, r.after
    passed, counted_in, first, classes = r.passed, r.counted_in, s.block * a.slots, a.classes
    here = s.tallied // a.rows * (a.kinds + 1) * classes
    for i in range(heard):  # first all looks, then all writing: one that waits for the other costs more than both
        r.places_heard[i] = place_of(w, first, marks[around[near[i]]])
    for i in range(heard):
        k, kind = around[near[i]], away[near[i]]
        passed[here + counted_in[k] + (kind if kind < classes else kind - classes)] += 1
        since = follows(w, r.places_heard[i], marks[k])
        if since > 0:
            after[k * RECENT + since] += 1
        elif not heard_lately(w, k, first):
            after[k * RECENT] += 1
            take(w, station, r.spoken[k])
    for i in range(lost):
        k, kind = around[r.missed[i]], away[r.missed[i]]
        fate = fate_of(w, kind, r.drawn[r.missed[i]])
        count_fate(w, station, k, kind if kind < classes else kind - classes, fate)
    return heard + lost
