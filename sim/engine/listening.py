"""What a station has heard of vehicles: the newest message of each that it remembers, and where that puts it now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.kernel.ask import ask
from sim.kernel.clock import clock_of
from sim.state.air import BEAT
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
    r, found = world.radio, []
    now = round(int(world.totals[0].step) * float(world.totals[0].dt) * BEAT)
    rows = ask(world, np.full(len(streams), station), streams, now, lifetime * BEAT)
    for stream, row in zip(streams[rows >= 0].tolist(), rows[rows >= 0].tolist(), strict=True):
        c = r.contents[row]
        age = (clock_of(r.stations[station], now) - int(c.said)) / BEAT
        if abs(age) <= lifetime:
            who = int(r.stations["departure"][r.streams["station"][stream]])
            found.append(Heard(who, int(c.lane), float(c.position + c.speed * age), float(c.speed), age))
    return found
