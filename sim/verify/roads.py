"""Small networks for verification: rings and roads laid by hand, and copies of a drawn junction side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim.park.building import build
from sim.park.building.draft import Draft, Node
from sim.park.classes import EVERY_CLASS
from sim.park.network import Connection, Edge, Junction, Lane, Network

#: Length of a seam between two pieces of a road that goes on [m].
SEAM = 1.0
#: Distance between copies [m].
APART = 6000.0


class Layout:
    """A network under construction, of roads that go on: edges joined by seams without any conflict."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._junctions: list[Junction] = []
        self._edges: list[Edge] = []
        self._lanes: list[Lane] = []
        self._connections: list[Connection] = []

    def junction(self) -> int:
        """A place where roads go on; its index."""
        rank = len(self._junctions)
        self._junctions.append(Junction(f"j{rank}", 0.0, APART * rank, "none", np.empty((0, 2))))
        return rank

    def edge(self, start: int, end: int, length: float, speed: float, lanes: int = 1, internal: bool = False) -> int:
        """A straight piece [m], [m/s]; its index."""
        rank, first = len(self._edges), len(self._lanes)
        name = f":{rank}" if internal else f"e{rank}"
        shape = np.array([[0.0, APART * rank], [length, APART * rank]])
        for i in range(lanes):
            line = shape + np.array([0.0, 3.5 * i])
            self._lanes.append(Lane(f"{name}_{i}", rank, i, length, speed, 3.5, EVERY_CLASS, line))
        self._edges.append(Edge(name, name, start, end, tuple(range(first, first + lanes)), internal))
        return rank

    def join(self, before: int, after: int) -> None:
        """Lead the lanes of an edge into those of the next one, from the left."""
        one, other = self._edges[before], self._edges[after]
        speed = self._lanes[one.lanes[0]].speed
        lanes = min(len(one.lanes), len(other.lanes))
        seam = self._edges[self.edge(one.end, one.end, SEAM, speed, lanes, internal=True)]
        for rank in range(lanes):
            ends = one.lanes[rank - lanes], other.lanes[rank - lanes]
            self._connections.append(Connection(*ends, (seam.lanes[rank],), one.end, keep_clear=False))

    def join_right(self, before: int, after: int) -> None:
        """Lead the lanes of an edge into the rightmost ones of the next one."""
        one, other = self._edges[before], self._edges[after]
        speed = self._lanes[one.lanes[0]].speed
        seam = self._edges[self.edge(one.end, one.end, SEAM, speed, len(one.lanes), internal=True)]
        for here, there, via in zip(one.lanes, other.lanes, seam.lanes, strict=False):
            self._connections.append(Connection(here, there, (via,), one.end, keep_clear=False))

    def network(self) -> Network:
        """What was laid."""
        return Network(
            self._name,
            tuple(self._junctions),
            tuple(self._edges),
            tuple(self._lanes),
            tuple(self._connections),
            (),
            synthetic=True,
        )


def rings(parts: Sequence[tuple[float, float]], speed: float, lanes: int = 1) -> tuple[Network, list[tuple[int, int]]]:
    """Rings of two parts each, seams included [m]; and the two edges of each."""
    layout = Layout("rings")
    halves = []
    for part, rest in parts:
        one, other = layout.junction(), layout.junction()
        first = layout.edge(one, other, part - SEAM, speed, lanes)
        second = layout.edge(other, one, rest - SEAM, speed, lanes)
        layout.join(first, second)
        layout.join(second, first)
        halves.append((first, second))
    return layout.network(), halves


def road(lengths: Sequence[float], speed: float, lanes: Sequence[int] = (1,), copies: int = 1) -> Network:
    """Roads of pieces one behind the other, each [m] with its number of lanes; edge c * 2 n … are copy c's."""
    layout = Layout("road")
    counts = [lanes[min(i, len(lanes) - 1)] for i in range(len(lengths))]
    for _ in range(copies):
        ends = [layout.junction() for _ in range(len(lengths) + 1)]
        pieces = [layout.edge(ends[i], ends[i + 1], x, speed, counts[i]) for i, x in enumerate(lengths)]
        for one, other in pairwise(pieces):
            layout.join(one, other)
    return layout.network()


def side_by_side(draft: Draft, copies: int) -> Network:
    """A drawn map several times, out of sight of each other; names of copy c end in `@c`."""
    nodes, roads = [], []
    for c in range(copies):
        shift = APART * c
        nodes += [_copied(node, c, shift) for node in draft.nodes]
        for one in draft.roads:
            shape = one.shape + np.array([0.0, shift])
            ends = f"{one.start}@{c}", f"{one.end}@{c}"
            roads.append(replace(one, id=f"{one.id}@{c}", start=ends[0], end=ends[1], shape=shape))
    return build(Draft(draft.name, tuple(nodes), tuple(roads), synthetic=True))


def _copied(node: Node, c: int, shift: float) -> Node:
    stages = tuple(
        replace(stage, green={f"{name}@{c}": letters for name, letters in stage.green.items()})
        for stage in node.programme.stages
    )
    main = tuple(f"{name}@{c}" for name in node.main)
    programme = replace(node.programme, stages=stages)
    crossings = tuple(f"{name}@{c}" for name in node.crossings)
    return replace(node, id=f"{node.id}@{c}", y=node.y + shift, main=main, programme=programme, crossings=crossings)
