"""What many stations know, asked from outside the loop: the same answer that a driver gets."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import PLAIN, addresses, cached, opener
from sim.kernel.memory import known
from sim.state.world import World, open_world


def ask(world: World, stations: np.ndarray, streams: np.ndarray, now: int, lifetime: float = np.inf) -> np.ndarray:
    """Rows of `Contents` with the newest that stations know of streams, pair by pair, (pairs,); -1: nothing.

    Args:
        stations: rows of `Stations` (pairs,).
        streams: rows of `Streams` (pairs,).
        now: by when it must have arrived [beats].
        lifetime: older ones are not looked for [beats].
    """
    asked = Question(stations.astype(np.int64), streams.astype(np.int64), np.full(len(stations), -1, np.int64))
    block, question = addresses(world), addresses(asked)  # must live as long as the call
    told = (world, asked) if PLAIN else (block.ctypes.data, question.ctypes.data)
    answer(*told, len(stations), int(now), float(lifetime))
    return asked.found


class Question(NamedTuple):
    """Pairs of station and stream, (pairs,), and what is found for each."""

    stations: np.ndarray
    streams: np.ndarray
    found: np.ndarray


_open_question = opener({name: np.dtype(np.int64) for name in Question._fields}, (), frozenset({"stations", "streams"}))


@cached
def answer(handle: Any, question: Any, pairs: int, now: int, lifetime: float) -> None:
    """Fill in what is known of each pair."""
    w, q = open_world(handle), _open_question(question)
    for i in range(pairs):
        if w.radio.stations[q.stations[i]].block >= 0:
            q.found[i] = known(w, q.stations[i], q.streams[i], now, lifetime)
