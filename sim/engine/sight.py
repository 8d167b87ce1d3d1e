"""Where lanes lie for the radio, and which places see each other past buildings: computed once, before the run."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from sim.park.geometry import Axes
from sim.park.network import Network
from sim.state import grid
from sim.state.air import PATCH
from sim.state.columns import allocate

#: Places between which sight is known at most (their bits take 18 MB); of larger parks places are wider.
MOST_PLACES = 12_000
#: Lines that are laid past the buildings at once.
AT_ONCE = 200_000


def lay_axes(network: Network) -> tuple[Any, Any]:
    """Centre lines of all lanes as rows of `grid.Axes`, and where each lane's rows and patches begin."""
    drawn = Axes(network.lanes)
    rows, outlines = allocate(grid.Axes, len(drawn.points)), allocate(grid.Outlines, len(network.lanes))
    outlines["first"], outlines["end"] = drawn.begin[:-1], drawn.begin[1:]
    lengths = np.array([x.length for x in network.lanes])
    patches = (lengths / PATCH).astype(np.int64) + 2
    outlines["patch"] = np.cumsum(patches) - patches
    rows["x"], rows["y"] = drawn.points.T
    rows["along"] = drawn.along()
    ahead = np.roll(drawn.points, -1, axis=0) - drawn.points
    rows["heading"] = np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1])) % 360.0
    return rows, outlines


def patch_points(outlines: Any, axes: Any) -> np.ndarray:
    """Middle of every patch of every lane, (patches, 2) [m]."""
    points = []
    ends = [*outlines["patch"][1:], None]
    for outline, end in zip(outlines, ends, strict=True):
        rows = axes[outline.first : outline.end]
        last = int(rows["along"][-1] / PATCH) + 2 if end is None else int(end) - int(outline.patch)
        middle = np.minimum((np.arange(last) + 0.5) * PATCH, rows["along"][-1])
        points.append(np.stack([np.interp(middle, rows["along"], rows[x]) for x in ("x", "y")], axis=1))
    return np.concatenate(points) if points else np.empty((0, 2))


def places_of(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Place of each point, (points,), and where the places lie, (places, 2) [m]: points of one square are one place."""
    width = PATCH
    while True:
        cells = np.floor(points / width).astype(np.int64)
        _, place, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
        if len(count) <= MOST_PLACES:
            break
        width *= 2.0
    place = place.ravel()
    middle = np.stack([np.bincount(place, points[:, i]) / count for i in (0, 1)], axis=1)
    return place.astype(np.int32), middle


def hidden_pairs(places: np.ndarray, buildings: tuple[np.ndarray, ...], reach: float) -> np.ndarray:
    """Pairs of places within reach [m] that a building lies between, (pairs, 2)."""
    from scipy.spatial import cKDTree  # takes a tenth of a second, and few runs need it

    walls = shapely.STRtree([shapely.Polygon(x) for x in buildings])
    pairs = cKDTree(places).query_pairs(reach, output_type="ndarray")
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    hidden = np.zeros(len(pairs), bool)
    for first in range(0, len(pairs), AT_ONCE):
        some = pairs[first : first + AT_ONCE]
        lines = shapely.linestrings(places[some])
        hidden[first + np.unique(walls.query(lines, predicate="intersects")[0])] = True
    return np.asarray(pairs[hidden])


def lay_sight(network: Network, outlines: Any, axes: Any, units: np.ndarray, reach: float) -> dict[str, np.ndarray]:
    """`standpoints` of patches and then of units at the roadside, and bits of `sight`; everybody sees all without
    buildings.

    Args:
        units: (units, 2) [m].
        reach: farthest pair that matters [m].
    """
    if not network.buildings:
        return {"standpoints": np.zeros(1, np.int32), "sight": np.full(1, 255, np.uint8), "places": np.empty((0, 2))}
    place, middle = places_of(patch_points(outlines, axes))
    places = np.concatenate([middle, units])
    n = len(places)
    sees = np.ones((n, n), bool)
    one, other = hidden_pairs(places, network.buildings, reach).T
    sees[one, other] = sees[other, one] = False
    standpoints = np.concatenate([place, len(middle) + np.arange(len(units), dtype=np.int32)]).astype(np.int32)
    return {"standpoints": standpoints, "sight": np.packbits(sees.ravel(), bitorder="little"), "places": places}
