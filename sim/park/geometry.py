"""Where things lie: lengths, points on centre lines, parallels, curves over a junction, where two paths touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from sim.park.network import Crossing, Lane

#: Half the room a body takes across its path [m]: two paths touch where their centre lines come nearer than the sum.
#: Source: assumed (a car of 1.8 m with 0.1 m of margin on each side); a narrower lane takes less.
HALF_BODY = 1.0
#: Turns sharper than this are drawn as a curve, not as a straight line [rad]. Source: assumed, drawing only.
BEND = 0.1


def length_of(shape: np.ndarray) -> float:
    """How long a polyline is [m].

    Args:
        shape: (points, 2) [m].
    """
    steps = np.diff(np.asarray(shape, dtype=np.float64), axis=0)
    return float(np.hypot(steps[:, 0], steps[:, 1]).sum())


def parallel(shape: np.ndarray, offset: float) -> np.ndarray:
    """A polyline beside another one, in the same direction of travel.

    Args:
        shape: (points, 2) [m].
        offset: how far to the left [m]; negative: to the right.

    Returns:
        (points, 2) [m]; the number of points may differ.
    """
    if offset == 0.0:
        return np.array(shape, dtype=np.float64)
    curve = shapely.offset_curve(shapely.LineString(shape), offset, join_style="mitre", mitre_limit=2.0)
    if curve.is_empty:
        return np.array(shape, dtype=np.float64) + offset * _left(shape[-1] - shape[0])
    return np.array(shapely.get_coordinates(curve))


def joint(before: np.ndarray, after: np.ndarray, points: int = 9) -> np.ndarray:
    """A path over a junction, from the end of one centre line to the beginning of the next, smooth at both.

    Args:
        before: centre line one comes by, (points, 2) [m].
        after: centre line one leaves by, (points, 2) [m].
        points: of the curve; a path that hardly bends has two.

    Returns:
        (points, 2) [m], a cubic Bezier curve whose handles reach a third of the way.
    """
    start, end = np.asarray(before[-1], dtype=np.float64), np.asarray(after[0], dtype=np.float64)
    reach = float(np.hypot(*(end - start)))
    inward, outward = _unit(before[-1] - before[-2]), _unit(after[1] - after[0])
    way = _unit(end - start)
    bend = max(_angle(inward, way), _angle(way, outward))
    if reach < 0.1 or bend < BEND:
        return np.array([start, end])
    handle = reach * (0.35 if _angle(inward, outward) < 2.5 else 0.8)
    t = np.linspace(0.0, 1.0, points)[:, None]
    first, second = start + handle * inward, end - handle * outward
    return (1 - t) ** 3 * start + 3 * (1 - t) ** 2 * t * first + 3 * (1 - t) * t**2 * second + t**3 * end


def _unit(vector: np.ndarray) -> np.ndarray:
    size = float(np.hypot(vector[0], vector[1]))
    return np.array([vector[0] / size, vector[1] / size]) if size > 0.0 else np.zeros(2)


def _left(vector: np.ndarray) -> np.ndarray:
    along = _unit(vector)
    return np.array([-along[1], along[0]])


def _angle(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.arccos(np.clip(a @ b, -1.0, 1.0)))


def conflict_areas(
    shapes: Sequence[np.ndarray], widths: Sequence[float], one: np.ndarray, other: np.ndarray, kinds: np.ndarray
) -> np.ndarray:
    """Where bodies on pairs of paths would touch; many pairs at once.

    Args:
        shapes: centre lines, each (points, 2) [m].
        widths: of the lanes [m].
        one: rank in `shapes`, (pairs,).
        other: rank in `shapes`, (pairs,).
        kinds: `Crossing`, (pairs,).

    Returns:
        (pairs, 4) begin, end, foe_begin, foe_end along the centre lines as drawn [m]; nan where they do not touch.
    """
    lines = _lines(shapes)
    half = np.minimum(np.asarray(widths, dtype=np.float64) / 2.0, HALF_BODY)
    areas = np.hstack(
        (
            _touched(lines, half[one] + half[other], one, other, kinds),
            _touched(lines, half[one] + half[other], other, one, kinds),
        )
    )
    areas[~np.isfinite(areas).all(axis=1)] = np.nan
    return areas


def _lines(shapes: Sequence[np.ndarray]) -> np.ndarray:
    counts = np.fromiter((len(shape) for shape in shapes), dtype=np.int64, count=len(shapes))
    ranks = np.repeat(np.arange(len(shapes)), counts)
    return np.asarray(shapely.linestrings(np.concatenate(list(shapes)), indices=ranks))


def _touched(lines: np.ndarray, reach: np.ndarray, own: np.ndarray, foe: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """Stretch of each `own` line that is nearer than `reach` to its `foe`, (pairs, 2) [m]; nan if none."""
    found = np.full((len(own), 2), np.nan)
    near = np.flatnonzero(shapely.dwithin(lines[own], lines[foe], reach))
    if not len(near):
        return found
    keys, which = np.unique(np.stack((foe[near], reach[near])), axis=1, return_inverse=True)
    zones = shapely.buffer(lines[keys[0].astype(np.int64)], keys[1], quad_segs=8)
    inside = shapely.intersection(lines[own[near]], zones[which.reshape(-1)])
    parts, pair = shapely.get_parts(inside, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    along = shapely.line_locate_point(lines[own[near]][pair[part]], shapely.points(points))
    begin, end = _extremes(along, part, len(parts))
    total = shapely.length(lines[own[near]])
    kind = kinds[near]
    found[near, 0] = np.where(kind == Crossing.DIVERGE, 0.0, _extremes(begin, pair, len(near))[0])
    found[near, 1] = np.where(kind == Crossing.MERGE, total, _extremes(end, pair, len(near))[1])
    last, first = np.full(len(near), -np.inf), np.full(len(near), np.inf)
    np.maximum.at(last, pair, end)
    np.minimum.at(first, pair, begin)
    ending, starting = end == last[pair], begin == first[pair]
    merging = ending & (kind[pair] == Crossing.MERGE)
    found[near[pair[merging]], 0] = begin[merging]
    parting = starting & (kind[pair] == Crossing.DIVERGE)
    found[near[pair[parting]], 1] = end[parting]
    return found


def _extremes(values: np.ndarray, group: np.ndarray, groups: int) -> tuple[np.ndarray, np.ndarray]:
    low, high = np.full(groups, np.inf), np.full(groups, -np.inf)
    np.minimum.at(low, group, values)
    np.maximum.at(high, group, values)
    return low, high


def nearest(shapes: Sequence[np.ndarray], one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Where pairs of paths come nearest to one another, (pairs, 2): along the one and along the other [m].

    Args:
        shapes: centre lines, each (points, 2) [m].
        one: rank in `shapes`, (pairs,).
        other: rank in `shapes`, (pairs,).
    """
    lines = _lines(shapes)
    ends = shapely.get_coordinates(shapely.shortest_line(lines[one], lines[other])).reshape(-1, 2, 2)
    first = shapely.line_locate_point(lines[one], shapely.points(ends[:, 0]))
    second = shapely.line_locate_point(lines[other], shapely.points(ends[:, 1]))
    return np.stack((first, second), axis=1)


class Axes:
    """Centre lines of many lanes in one pair of flat arrays, to say where a position on a lane lies in the plane.

    Args:
        lanes: in the order of their indices; a position is stretched by drawn over nominal length.
    """

    def __init__(self, lanes: Iterable[Lane]) -> None:
        """Lay the centre lines of `lanes` one behind another."""
        kept = list(lanes)
        shapes = [_without_repeats(lane.shape) for lane in kept]
        counts = np.array([len(shape) for shape in shapes], dtype=np.int64)
        self.begin = np.concatenate(([0], np.cumsum(counts)))
        self.points = np.concatenate(shapes) if shapes else np.empty((0, 2))
        step = np.zeros(len(self.points))
        step[1:] = np.hypot(*np.diff(self.points, axis=0).T)
        step[self.begin[:-1]] = 1.0  # a gap before each lane keeps the flat measure increasing
        self._measure = np.cumsum(step)
        self._start = self._measure[self.begin[:-1]]
        self.drawn = self._measure[self.begin[1:] - 1] - self._start
        nominal = np.array([lane.length for lane in kept], dtype=np.float64)
        self._stretch = self.drawn / np.where(nominal > 0.0, nominal, 1.0)

    def along(self) -> np.ndarray:
        """Where on its lane each point lies, by the lane's nominal length [m], (points,)."""
        counts = np.diff(self.begin)
        start, stretch = np.repeat(self._start, counts), np.repeat(self._stretch, counts)
        return np.asarray((self._measure - start) / stretch)

    def place(self, lane: np.ndarray, position: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where positions on lanes lie.

        Args:
            lane: lane index, (n,).
            position: along the lane by its nominal length [m], (n,); beyond the ends: at the ends.

        Returns:
            x [m], y [m], heading [degrees clockwise from north], each (n,).
        """
        lane = np.asarray(lane)
        along = np.clip(position * self._stretch[lane], 0.0, self.drawn[lane])
        measure = self._start[lane] + along
        after = np.searchsorted(self._measure, measure, side="left")
        after = np.clip(after, self.begin[lane] + 1, self.begin[lane + 1] - 1)
        head, tail = self.points[after], self.points[after - 1]
        step = self._measure[after] - self._measure[after - 1]
        share = (measure - self._measure[after - 1]) / step
        x, y = (tail + (head - tail) * share[:, None]).T
        heading = np.degrees(np.arctan2(head[:, 0] - tail[:, 0], head[:, 1] - tail[:, 1])) % 360.0
        return x, y, heading


def _without_repeats(shape: np.ndarray) -> np.ndarray:
    """The polyline without points that repeat their predecessor; never less than two points."""
    shape = np.asarray(shape, dtype=np.float64)
    moved = np.concatenate(([True], np.any(np.diff(shape, axis=0) != 0.0, axis=1)))
    kept = shape[moved]
    return kept if len(kept) > 1 else np.array([shape[0], shape[0] + (0.0, 1e-3)])
