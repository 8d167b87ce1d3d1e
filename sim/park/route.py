"""Which way to go: the quickest path of edges, for one class of road users, over free or live travel times."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from sim.park.network import Connection, Network

#: What an edge or turn costs at least [s]: a sparse graph would take an arc of zero cost for none.
_LEAST = 1e-6
#: What giving way without a signal, and turning around, count for when choosing a way [s].
#: Source: defaults of SUMO's options weights.minor-penalty and weights.turnaround-penalty.
MINOR_PENALTY, TURNAROUND_PENALTY = 1.5, 5.0


class Router:
    """Quickest paths of edges for road users of one class.

    The graph's nodes are edges and its arcs the connections between them, so forbidden turns stay forbidden. One
    search from an edge answers all trips that begin there and is kept until travel times change.

    Args:
        network: where to drive.
        class_bits: class of the road user, see `sim.park.classes.class_bits`; of several classes what all may use.
        top_speed: how fast the road user can go [m/s].
    """

    def __init__(self, network: Network, class_bits: int, top_speed: float = math.inf) -> None:
        self._admitted = _admitted(network, class_bits)
        self.free_times = _free_times(network, class_bits, top_speed)
        turns: dict[tuple[int, int], float] = {}
        for connection in network.connections:
            if not _usable(network, connection, class_bits):
                continue
            pair = network.lanes[connection.source].edge, network.lanes[connection.target].edge
            turns[pair] = min(_turn_time(network, connection, top_speed), turns.get(pair, math.inf))
        self._turns = np.array([turns[pair] for pair in sorted(turns)], dtype=np.float64)
        pairs = np.array(sorted(turns), dtype=np.int32).reshape(-1, 2)
        count = len(network.edges)
        begin = np.searchsorted(pairs[:, 0], np.arange(count + 1)).astype(np.int32)
        self._begin, self._heads = begin, pairs[:, 1].copy()  # the arcs from an edge lie side by side, by their heads
        self.update(self.free_times)

    def update(self, travel_times: np.ndarray) -> None:
        """Replace what edges cost, from now on.

        Args:
            travel_times: (edges,) [s]; inf: closed. Edges the class may not use stay closed.

        Raises:
            ValueError: an edge's time is missing, negative or not a number.
        """
        times = np.asarray(travel_times, dtype=np.float64)
        if times.shape != self.free_times.shape or not np.all(times >= 0.0):
            raise ValueError(f"travel times must be {self.free_times.shape[0]} numbers of seconds, none below zero")
        self.times = np.where(self._admitted, np.maximum(times, _LEAST), math.inf)
        self._costs = self._turns + self.times[self._heads]
        self._found: dict[int, np.ndarray] = {}

    def path(self, source_edge: int, target_edge: int, via: Sequence[int] = ()) -> np.ndarray | None:
        """Edges of the quickest path, or None if there is none.

        Args:
            source_edge: where the trip begins, edge index.
            target_edge: where it ends; the same edge again is a path of that one edge.
            via: edges to be passed on the way, in order.

        Returns:
            (edges,) int32, with the first and the last edge.
        """
        if not self._admitted[source_edge]:
            return None
        whole = [source_edge]
        for goal in (*via, target_edge):
            part = self._leg(whole[-1], goal)
            if part is None:
                return None
            whole += part
        return np.array(whole, dtype=np.int32)

    def search(self, source_edges: Sequence[int]) -> None:
        """Search from many edges at once, for the paths asked next."""
        new = [edge for edge in dict.fromkeys(source_edges) if edge not in self._found]
        if not new:
            return
        self._found |= zip(new, self._searched(new)[1], strict=True)

    def _searched(self, edges: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Times from edges to all others [s], and the edges before these, both (edges, all edges)."""
        from scipy.sparse import csr_array  # takes long, and few processes search that only run what is kept
        from scipy.sparse.csgraph import dijkstra

        graph = csr_array((self._costs, self._heads, self._begin), shape=(len(self.times), len(self.times)))
        times, before = dijkstra(graph, indices=edges, return_predecessors=True)
        return times, before

    def quickest(self, source_edges: Sequence[int], target_edges: Sequence[int]) -> tuple[int, int] | None:
        """The source and the target between which a trip is quickest, first ones first; None if there is no way."""
        sources = [edge for edge in source_edges if self._admitted[edge]]
        if not sources or not target_edges:
            return None
        targets = np.asarray(target_edges, dtype=np.int64)
        total = self._searched(sources)[0][:, targets]
        total += self.times[sources][:, None]
        best = int(np.argmin(total))
        if not math.isfinite(total.flat[best]):
            return None
        return sources[best // len(targets)], int(targets[best % len(targets)])

    def best_ends(self, sources: list[int], via: list[int], targets: list[int]) -> tuple[int, int] | None:
        """Of several edges to begin and to end on, those that make a trip over others quickest; None: no way."""
        if len(sources) == len(targets) == 1:
            return sources[0], targets[0]
        first = self.quickest(sources, via[:1] or targets)
        last = self.quickest(via[-1:], targets) if via else first
        return None if first is None or last is None else (first[0], last[1])

    def travel_time(self, path: np.ndarray) -> float:
        """How long a path takes now, from the start of its first edge to the end of its last [s]; inf if broken."""
        total = float(self.times[path[0]])
        for one, other in pairwise(path):
            total += self._cost(int(one), int(other))
        return total

    def _cost(self, one: int, other: int) -> float:
        """Time from the end of an edge to the end of another [s]; inf if nothing leads there."""
        begin, end = self._begin[one], self._begin[one + 1]
        at = begin + int(np.searchsorted(self._heads[begin:end], other))
        return float(self._costs[at]) if at < end and self._heads[at] == other else math.inf

    def _leg(self, source: int, target: int) -> list[int] | None:
        """Edges after `source` up to `target`."""
        before = self._predecessors(source)
        backward = []
        while target != source:
            backward.append(target)
            target = int(before[target])
            if target < 0:
                return None
        return backward[::-1]

    def _predecessors(self, source: int) -> np.ndarray:
        self.search([source])
        return self._found[source]


def _admitted(network: Network, bits: int) -> np.ndarray:
    """Which normal edges have a lane for the class, (edges,) bool."""
    lanes = network.lanes
    return np.array(
        [not edge.internal and any(lanes[i].allowed & bits == bits for i in edge.lanes) for edge in network.edges],
        dtype=bool,
    )


def _free_times(network: Network, bits: int, top_speed: float) -> np.ndarray:
    """Time on each edge by its fastest lane for the class, (edges,) [s]; inf where it has none."""
    times = np.full(len(network.edges), math.inf)
    for lane in network.lanes:
        if lane.allowed & bits == bits:
            times[lane.edge] = min(times[lane.edge], lane.length / min(lane.speed, top_speed))
    return times


def _usable(network: Network, connection: Connection, bits: int) -> bool:
    lanes = (connection.source, *connection.via, connection.target)
    return connection.allowed & bits == bits and all(network.lanes[i].allowed & bits == bits for i in lanes)


def _turn_time(network: Network, connection: Connection, top_speed: float) -> float:
    """Time that a connection counts for: on its internal lanes, and for giving way [s]."""
    lanes = (network.lanes[i] for i in connection.via)
    driving = math.fsum(lane.length / min(lane.speed, top_speed) for lane in lanes)
    yields = connection.signal < 0 and connection.rule != "M"
    around = connection.direction == "t"
    return driving + MINOR_PENALTY * yields + TURNAROUND_PENALTY * around
