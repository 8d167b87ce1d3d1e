"""How far up the road a driver who must give way sees past the buildings at a corner: computed once, before the run.

Source: sight triangles as in AASHTO's Green Book, chapter 9; where the eye is, is assumed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from sim.park.geometry import Axes
from sim.park.network import Network

#: Eyes are so far behind the front bumper [m]; how far up the road one looks, and how finely [m].
EYE, REACH, STEP = 2.0, 200.0, 1.0


def lay_corners(network: Network, lanes: Any, conflicts: Any) -> None:
    """Set `Conflicts.sight` of those who give way where they come from outside the junction; else all is seen.

    Who looks has crept up to where the first other path comes near.
    """
    if not network.buildings:
        return
    walls = shapely.STRtree([shapely.Polygon(x) for x in network.buildings])
    source = {c.via[0]: c.source for c in network.connections}
    axes = Axes(network.lanes)
    for lane, mine in source.items():
        rows = np.arange(lanes["conflict"][lane], lanes["conflict_end"][lane])
        rows = rows[conflicts["yields"][rows]]
        if not len(rows):
            continue
        eye = eye_at(network, axes, mine, lane, float(conflicts["begin"][rows].min()) - EYE)
        for row in rows:
            other = source.get(int(conflicts["foe"][row]))
            if other is not None:
                conflicts["sight"][row] = seen(network, axes, walls, eye, other)


def eye_at(network: Network, axes: Axes, before: int, lane: int, position: float) -> np.ndarray:
    """Where a position on an internal lane lies, (2,) [m]; on the lane before it if it is negative."""
    if position < 0.0:
        lane, position = before, max(0.0, network.lanes[before].length + position)
    x, y, _ = axes.place(np.array([lane]), np.array([position]))
    return np.array([x[0], y[0]])


def seen(network: Network, axes: Axes, walls: shapely.STRtree, eye: np.ndarray, other: int) -> float:
    """Way before the end of a lane up to which it is seen from a point [m]; inf: as far as it goes."""
    far = network.lanes[other].length
    away = np.arange(STEP, min(REACH, far), STEP)
    xs, ys, _ = axes.place(np.full(len(away), other), far - away)
    ends = np.stack([np.broadcast_to(eye, (len(away), 2)), np.stack([xs, ys], 1)], 1)
    hidden = np.unique(walls.query(shapely.linestrings(ends), predicate="intersects")[0])
    return float(away[hidden[0]] - STEP) if len(hidden) else float("inf")
