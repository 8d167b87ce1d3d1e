"""How long each edge takes now: what those who drive see, remembered for some minutes."""

from __future__ import annotations

import numpy as np

from sim.park.network import Network
from sim.state.world import World

#: How long a look is remembered [s]. Source: default of SUMO's device.rerouting.adaptation-steps at its 1 s interval.
MEMORY = 180.0
#: A standing edge counts as this fast [m/s], lest it take for ever; assumed.
CRAWL = 0.1
#: Speeds are added up in whole parts of 1 m/s: such sums do not depend on the order of rows.
PARTS = 65_536.0


class TravelTimes:
    """Travel times of all edges, from mean speeds seen at a steady pace; an empty edge is as quick as its limit.

    Source: edge weights of SUMO's rerouting device (mean of the mean speeds of past instants).

    Args:
        network: whose edges.
        period: from one look to the next [s].
    """

    def __init__(self, network: Network, period: float) -> None:
        lanes = network.lanes
        self._length = np.array([lanes[e.lanes[0]].length if e.lanes else 0.0 for e in network.edges])
        self._allowed = np.array([max((lanes[i].speed for i in e.lanes), default=1.0) for e in network.edges])
        self._slower = np.zeros((max(1, round(MEMORY / period)), len(network.edges)))
        self._looks = 0

    def look(self, w: World) -> None:
        """Remember how much slower than allowed each edge is at this instant; forget the oldest look."""
        on_road = w.vehicles["departure"] >= 0
        edge = w.lanes["edge"][w.vehicles["lane"][on_road]]
        edges = len(self._length)
        count = np.bincount(edge, minlength=edges)
        parts = np.rint(w.vehicles["speed"][on_road] * PARTS)
        speed = np.bincount(edge, parts, edges) / (PARTS * np.maximum(count, 1))
        self._slower[self._looks % len(self._slower)] = np.where(count > 0, self._allowed - speed, 0.0)
        self._looks += 1

    def times(self, free: np.ndarray) -> np.ndarray:
        """Time to drive each edge now, no less than when it is free, (edges,) [s].

        Args:
            free: times on an empty network, (edges,) [s]; inf stays.
        """
        speed = self._allowed - self._slower.mean(axis=0)
        found: np.ndarray = np.maximum(free, self._length / np.maximum(speed, CRAWL))
        return found
