"""What MAP tells of a junction: the roads that lead there, their lanes, and where these go on."""

from __future__ import annotations

import math
import re
from collections import defaultdict

import numpy as np

from sim.engine.told_spat import phases_of
from sim.park.network import Connection, Network
from sim.v2x import Road, Strip, Way

#: A ten-millionth of a degree of latitude [m].
FINE = 0.0111
#: Most that a list of MAP holds: roads and lanes, points of a road, ways from a lane; T/CSAE 53-2020.
MOST, POINTS, WAYS = 32, 31, 16


def roads_to(park: Network, junctions: set[int]) -> dict[int, list[Road]]:
    """What MAP tells of some junctions: roads that lead there, up to what its lists hold, in the network's order."""
    ways: dict[int, list[Connection]] = defaultdict(list)
    for c in park.connections:
        if c.junction in junctions:
            ways[c.source].append(c)
    found: dict[int, list[Road]] = {x: [] for x in junctions}
    for i, edge in enumerate(park.edges):
        if edge.end in junctions and not edge.internal and not edge.footway and len(found[edge.end]) < MOST:
            found[edge.end].append(_road(park, i, ways))
    return found


def _road(park: Network, index: int, ways: dict[int, list[Connection]]) -> Road:
    edge = park.edges[index]
    lanes = [park.lanes[x] for x in edge.lanes]
    strips = tuple(
        Strip(lane.width, tuple(_way(park, c) for c in ways[x][:WAYS]))
        for x, lane in zip(edge.lanes[:MOST], lanes, strict=False)
    )
    points = _points(park, edge.end, lanes[len(lanes) // 2].shape)
    return Road(edge.start, max(x.speed for x in lanes), points, strips)


def _way(park: Network, c: Connection) -> Way:
    target = park.lanes[c.target]
    phase = int(phases_of(park.signals[c.signal])[c.group]) if c.signal >= 0 else -1
    return Way(park.edges[target.edge].end, target.index, phase)


def _points(park: Network, junction: int, shape: np.ndarray) -> tuple[tuple[int, int], ...]:
    """A centre line off the junction [1e-7 deg], thinned to what a list holds."""
    here = park.junctions[junction]
    some = shape[np.unique(np.linspace(0, len(shape) - 1, min(POINTS, len(shape))).round().astype(int)), :2]
    return offsets(park, some - (here.x, here.y))


def offsets(park: Network, ways: np.ndarray) -> tuple[tuple[int, int], ...]:
    """Latitudes and longitudes [1e-7 deg] of ways to the east and north (n, 2) [m].

    Where the map does not tell its latitude, longitudes are as fine as at the equator.
    """
    told = re.search(r"\+lat_0=(-?[\d.]+)", park.crs)
    across = FINE * math.cos(math.radians(float(told.group(1)))) if told else FINE
    lat, lon = np.rint(ways[:, 1] / FINE), np.rint(ways[:, 0] / across)
    return tuple((int(y), int(x)) for y, x in zip(lat, lon, strict=True))
