"""What many stations know, asked from outside the loop: the same answer that a driver gets."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import PLAIN, addresses, cached
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
    found = np.full(len(stations), -1, np.int64)
    block = addresses(world)  # must live as long as the call
    handle = world if PLAIN else block.ctypes.data
    answer(handle, stations.astype(np.int64), streams.astype(np.int64), int(now), float(lifetime), found)
    return found


@cached
def answer(handle: Any, stations: Any, streams: Any, now: int, lifetime: float, found: Any) -> None:
    """Fill in what is known of each pair."""
    w = open_world(handle)
    for i in range(len(stations)):
        if w.radio.stations[stations[i]].block >= 0:
            found[i] = known(w, stations[i], streams[i], now, lifetime)
