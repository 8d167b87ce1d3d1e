"""What who counts remembers: the newest message heard of each stream, a word each, found by hash in a block of his own.

A stream's place is looked for from the first of a row of eight on, which are compared at once; whoever finds that full
goes on to the next. There is never an unused place between a stream's first and its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline, match
from sim.state.air import BACK_BITS, NUMBER_BITS, RECENT, REMEMBERED

U = np.uint64
#: An odd number that spreads small whole numbers over 64 bits (SplitMix64's).
SPREAD = U(0x9E3779B97F4A7C15)
#: Places that are compared at once.
ROW = 8
#: Places of a block of pairs that are looked at for a stream.
PROBES = 64
#: Places of a block that are swept in a step; all of them within some ten seconds.
SWEPT = 4
#: A pair's number, and how far back the one before is, as masks; bits of both.
NUMBERS, BACKS, HALF = (1 << NUMBER_BITS) - 1, (1 << BACK_BITS) - 1, NUMBER_BITS + BACK_BITS


@inline
def spot(stream: int) -> int:
    """Where in a block a stream is looked for first: the first of a row."""
    return int((U(stream) * SPREAD) >> U(40)) & ~(ROW - 1)


@inline
def mark_of(stream: int, number: int) -> int:
    """Word that stands for a message, as who hears it remembers it if he heard none of the last few before."""
    return ((stream + 1) << HALF) | ((number & NUMBERS) << BACK_BITS)


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
def write_pair(w: Any, place: int, stream: int, number: int, back: int) -> None:
    """Note the newest message heard of a stream."""
    w.radio.pairs[place] = mark_of(stream, number) | back


@inline
def place_of(w: Any, first: int, mark: int) -> int:
    """Place in `Radio.pairs` of a message's stream, if that is in its first row; else -1.

    Args:
        first: of the receiver's block.
        mark: `mark_of` the message.
    """
    row = first + (spot((mark >> HALF) - 1) & (w.radio.air[0].slots - 1))
    found = match(w.radio.pairs, row, mark, HALF)
    return row + found if found < ROW else -1


@inline
def follows(w: Any, place: int, mark: int) -> int:
    """Take note of a message heard in an ordinary way: how many messages ago its stream was heard before; else 0.

    Args:
        place: of its stream, or below 0.
        mark: `mark_of` the message.
    """
    pairs = w.radio.pairs
    since = (mark - np.int64(pairs[max(0, place)]) + BACKS) >> BACK_BITS
    if (place < 0) | (since <= 0) | (since >= RECENT):
        return 0
    pairs[place] = mark | since
    return int(since)


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
    e = np.int64(pairs[first + at])
    left = mask
    while e != 0 and (e >> HALF) != stream + 1 and left > 0:
        at, left = (at + 1) & mask, left - 1
        e = np.int64(pairs[first + at])
    since = (number - (e >> BACK_BITS)) & NUMBERS
    if e == 0 or left == 0 or since == 0 or since >= RECENT:
        return False
    w.radio.after[k * RECENT + since] += 1
    pairs[first + at] = ((stream + 1) << HALF) | ((number & NUMBERS) << BACK_BITS) | since
    return True


@inline
def sweep(w: Any, station: int, step: int) -> None:
    """Forget what a station heard of those that have left or that it has lost sight of; a few places a step."""
    r, a = w.radio, w.radio.air[0]
    first = r.stations[station].block * a.slots
    for i in range(SWEPT):
        place = first + ((step * SWEPT + i) & (a.slots - 1))
        e = np.int64(r.pairs[place])
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
        e = np.int64(pairs[first + at])
        if e == 0:
            return
        home = spot((e >> HALF) - 1) & mask
        if ((at - home) & mask) >= ((at - hole) & mask):
            pairs[first + hole] = e
            pairs[first + at] = 0
            hole = at
