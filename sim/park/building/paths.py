"""Ways over a junction: their curves, how fast they can be driven, and where a left turn may wait inside."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from sim.park.geometry import joint, length_of

#: Sideways acceleration that drivers accept in turns [m/s2]. Source: assumed; measured at junctions 2-3 m/s2 (from
#: memory, not checked).
SIDEWAYS = 2.5
#: Nobody creeps slower than this round a corner [m/s]. Source: assumed.
SLOWEST = 2.0


def turning_speed(radius: float) -> float:
    """How fast a curve is driven [m/s].

    Args:
        radius: [m].

    Source: circular motion, v = sqrt(a r), with the sideways acceleration `SIDEWAYS`.
    """
    return max(SLOWEST, math.sqrt(SIDEWAYS * radius))


def curve(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """Centre line over a junction from the end of a lane to the beginning of another, (points, 2) [m]."""
    return joint(before, after, points=13)


def curve_speed(path: np.ndarray, before: float, after: float) -> float:
    """Speed limit of a path over a junction [m/s].

    Args:
        path: centre line, (points, 2) [m].
        before: limit of the lane one comes by [m/s].
        after: limit of the lane one leaves by [m/s].

    Source: mean radius = length / angle turned; see `turning_speed`.
    """
    steps = np.diff(path, axis=0)
    steps = steps[np.hypot(steps[:, 0], steps[:, 1]) > 1e-6]
    headings = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    turned = float(np.abs(np.diff(headings)).sum())
    limit = (before + after) / 2.0
    return limit if turned < 0.1 else min(limit, turning_speed(length_of(path) / turned))


def pieces(path: np.ndarray, cuts: list[float]) -> list[np.ndarray]:
    """A path cut in places along it.

    Args:
        path: (points, 2) [m].
        cuts: distances from the start [m], increasing, all inside.

    Returns:
        one more centre line than cuts, each (points, 2) [m].
    """
    steps = np.diff(path, axis=0)
    along = np.concatenate(([0.0], np.cumsum(np.hypot(steps[:, 0], steps[:, 1]))))
    bounds = [0.0, *cuts, float(along[-1])]
    found = []
    for begin, end in pairwise(bounds):
        inner = along[(along > begin + 1e-6) & (along < end - 1e-6)]
        at = np.concatenate(([begin], inner, [end]))
        found.append(np.stack((np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])), axis=1))
    return found
