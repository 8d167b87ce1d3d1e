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

    An empty lane counts as one vehicle at its limit: who comes next can go there, and a queue on a neighbouring lane
    that leads elsewhere is not his.

    Source: edge weights of SUMO's rerouting device (mean of the mean speeds of past instants; MSEdge::getMeanSpeed).

    Args:
        network: whose edges.
        period: from one look to the next [s].
    """

    def __init__(self, network: Network, period: float) -> None:
        lanes = network.lanes
        self._length = np.array([lanes[e.lanes[0]].length if e.lanes else 0.0 for e in network.edges])
        self._edge = np.array([lane.edge for lane in lanes], np.int64)
        self._limit = np.array([lane.speed for lane in lanes], np.float64)
        self._allowed = self._mean(self._limit, np.ones(len(lanes)))
        self._slower = np.zeros((max(1, round(MEMORY / period)), len(network.edges)))
        self._looks = 0

    def look(self, w: World) -> None:
        """Remember how much slower than allowed each edge is at this instant; forget the oldest look."""
        on_road = w.vehicles["departure"] >= 0
        lane = w.vehicles["lane"][on_road]
        count = np.bincount(lane, minlength=len(self._limit))
        parts = np.rint(w.vehicles["speed"][on_road] * PARTS)
        speeds = np.bincount(lane, parts, len(self._limit)) / PARTS
        speed = self._mean(np.where(count > 0, speeds, self._limit), np.maximum(count, 1))
        self._slower[self._looks % len(self._slower)] = self._allowed - speed
        self._looks += 1

    def _mean(self, speeds: np.ndarray, count: np.ndarray) -> np.ndarray:
        """Mean speed on each edge, (edges,) [m/s], from sums of speeds and vehicles on its lanes, (lanes,)."""
        edges = len(self._length)
        among = np.maximum(np.bincount(self._edge, count, edges), 1)
        mean: np.ndarray = np.bincount(self._edge, speeds, edges) / among
        return mean

    def times(self, free: np.ndarray) -> np.ndarray:
        """Time to drive each edge now, no less than when it is free, (edges,) [s].

        Args:
            free: times on an empty network, (edges,) [s]; inf stays.
        """
        speed = self._allowed - self._slower.mean(axis=0)
        found: np.ndarray = np.maximum(free, self._length / np.maximum(speed, CRAWL))
        return found
