"""Sums of edges by Edie's definitions, from what a run writes of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.verify.trial import Diary

PERIOD = 60.0  #: of sums [s]


@dataclass(frozen=True, slots=True)
class Sums:
    """Edie's sums of one edge: columns (intervals,).

    Args:
        flow: of all lanes [veh/h].
        density: [veh/km].
        speed: [m/s]; nan while nobody is there.
        left: vehicles that left the edge in an hour [veh/h].
    """

    flow: np.ndarray
    density: np.ndarray
    speed: np.ndarray
    left: np.ndarray


def sums(diary: Diary, edge: int, after: float) -> Sums:
    """Sums of an edge in the intervals that begin at some time or later [s]."""
    park = diary.pilot.park
    length = park.lanes[park.edges[edge].lanes[0]].length
    metres, seconds, left, span = [], [], [], []
    for begin, end, columns in diary.intervals:
        if begin < after:
            continue
        row = np.flatnonzero(columns["edge"] == edge)
        known = len(row) > 0
        metres.append(columns["vehicle_metres"][row[0]] if known else 0.0)
        seconds.append(columns["vehicle_seconds"][row[0]] if known else 0.0)
        left.append(columns["left"][row[0]] if known else 0)
        span.append(end - begin)
    m, s, t = np.array(metres), np.array(seconds), np.array(span)
    speed = np.divide(m, s, out=np.full(len(m), np.nan), where=s > 0)
    return Sums(3600.0 * m / (length * t), 1000.0 * s / (length * t), speed, 3600.0 * np.array(left) / t)
