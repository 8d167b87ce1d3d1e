"""The operational design domain: how far a vehicle has still to go until its way leaves it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from sim.engine.ways import remaining
from sim.park.network import Network
from sim.state.world import World


class Domain:
    """Where the system may drive.

    Args:
        park: the roads.
        outside: ids of edges that do not belong to it.
    """

    def __init__(self, park: Network, outside: Iterable[str]) -> None:
        names = set(outside)
        self._outside = np.array([edge.id in names for edge in park.edges], bool)
        self._across: dict[tuple[int, int], float] = {}
        for c in park.connections if names else ():
            pair = park.lanes[c.source].edge, park.lanes[c.target].edge
            way = math.fsum(park.lanes[i].length for i in c.via)
            self._across[pair] = min(self._across.get(pair, math.inf), way)

    def way_inside(self, w: World, row: int) -> float:
        """Way of a vehicle until it leaves the domain, along the kerb [m]; 0: it is outside; inf: it never leaves."""
        edges, v = remaining(w, row).tolist(), w.vehicles[row]
        length = [float(w.lanes[w.loose.edge_lane[edge]].length) for edge in edges]
        way = -length[0] if w.lanes[v.lane].internal else -float(v.position)
        for rank, edge in enumerate(edges):
            if self._outside[edge]:
                return max(0.0, way)
            onward = edges[rank + 1] if rank + 1 < len(edges) else -1
            way += length[rank] + self._across.get((edge, onward), 0.0)
        return math.inf
