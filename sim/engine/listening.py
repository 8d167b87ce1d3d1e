"""What a station has heard of vehicles: the newest message of each that it remembers, and where that puts it now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.kernel.memory import BACKS, HALF, NUMBERS
from sim.state.air import BACK_BITS, BEAT, REMEMBERED
from sim.state.world import World


@dataclass(frozen=True, slots=True)
class Heard:
    """A vehicle as its last message tells of it.

    Args:
        departure: who says it.
        lane: where, when it was said.
        position: on that lane, gone on at the speed told [m].
        speed: told [m/s].
        age: of what was told [s].
    """

    departure: int
    lane: int
    position: float
    speed: float
    age: float


def heard_of(world: World, station: int, streams: np.ndarray, lifetime: float) -> list[Heard]:
    """What a station knows of some vehicles' streams, no older than a lifetime [s]; in the order of streams.

    Args:
        streams: rows of `Streams`, sorted.
    """
    r, block = world.radio, int(world.radio.stations["block"][station])
    if block < 0:
        return []
    slots = int(r.air[0].slots)
    held = r.pairs[block * slots : (block + 1) * slots].astype(np.int64)
    held = held[np.isin((held >> HALF) - 1, streams)]
    now, found = round(int(world.totals[0].step) * float(world.totals[0].dt) * BEAT), []
    for entry in sorted(held.tolist()):
        row = _newest(world, entry, now)
        if row < 0:
            continue
        c = r.contents[row]
        age = (now - int(c.said)) / BEAT
        if age <= lifetime:
            who = int(r.stations["departure"][r.streams["station"][(entry >> HALF) - 1]])
            found.append(Heard(who, int(c.lane), float(c.position + c.speed * age), float(c.speed), age))
    return found


def _newest(world: World, entry: int, now: int) -> int:
    """Row of `Contents` with the newest that has arrived by now [beats]; -1: none. As `sim.kernel.memory.known`."""
    r, stream = world.radio, (entry >> HALF) - 1
    last = int(r.streams["number"][stream]) - 1
    ago = (last - (entry >> BACK_BITS)) & NUMBERS
    for number in (last - ago, last - ago - (entry & BACKS)):
        row = stream * REMEMBERED + number % REMEMBERED
        if number >= 0 and last - number < REMEMBERED and int(r.contents["arrives"][row]) <= now:
            return row
    return -1
