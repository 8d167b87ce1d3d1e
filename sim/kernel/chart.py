"""What a station takes from MAP: limits of lanes, and by which group of a signal it goes; as heard, right or not.

A MAP that was made before a road change tells the limits of then, and numbers signal groups as they were, or knows
neither. Who hears it cannot know.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import fresh
from sim.state.air import STALE

#: A MAP heard so lately tells which signal groups are whose [s]; assumed.
KEPT = 10.0


@inline
def limit_told(w: Any, station: int, lane: int, lifetime: float) -> float:
    """Limit of a lane as the newest MAP heard tells it [m/s]; inf: none was heard, or it does not know the lane."""
    stream = w.radio.guides[lane]
    told = fresh(w, station, stream, lifetime) if stream >= 0 else -1
    if told < 0:
        return math.inf
    c = w.radio.contents[told]
    if c.about != STALE:
        return float(w.lane[lane].limit)
    return float(c.speed) if c.speed >= 0.0 else math.inf


@inline
def group_told(w: Any, station: int, light: int) -> int:
    """Group of a signal by which a driver goes at a light, as the newest MAP heard of it tells; -1: none does."""
    unit = w.radio.stations[w.radio.streams[w.radio.heralds[light]].station]
    told = fresh(w, station, unit.stream, KEPT)  # a unit's first stream is its MAP
    if told < 0:
        return -1
    c, g = w.radio.contents[told], w.signals[unit.signal]
    if c.about != STALE:
        return int(light - g.light)
    return int((light - g.light + int(c.position)) % g.groups) if c.position >= 0.0 else -1
