"""Roads of a map of ours from the edges of a network: which edges are one road, its centre line, what it says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from shapely.ops import substring

from sim.errors import Fault
from sim.park.classes import class_bits
from sim.park.conversion.said import described
from sim.park.geometry import parallel
from sim.park.network import Lane, Network

#: Two edges against each other are one road if they lie so near to each other [m]. Source: assumed.
BESIDE = 12.0
#: Who drives on roads: an edge for nobody of these is left out.
DRIVERS = class_bits(("passenger", "taxi", "bus", "coach", "delivery", "truck", "trailer", "motorcycle", "private"))
#: Paths over a junction have a length: its roads end at least so far before it [m].
LEAST_SETBACK = 0.1
#: Lanes end this much before the bend towards a node [m], so that rounding leaves nothing of it.
ROUNDING = 0.02
_GAP = 0.3  # [m] less between two directions is no median

Said = tuple[dict[str, Any], np.ndarray]


@dataclass(slots=True)
class Way:
    """A road: its edges forward and, if there is one, backward; their lanes for vehicles; its line and setbacks [m]."""

    id: str
    forward: int
    backward: int
    shape: np.ndarray
    setback: tuple[float, float]
    median: float
    lanes: tuple[list[Lane], list[Lane]]


@dataclass(slots=True)
class Drawing:
    """Roads of a network, names of its junctions in the map, and what was left out: a reason for each edge."""

    network: Network
    ways: list[Way] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    left: dict[str, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    unsignalled: list[str] = field(default_factory=list)

    def edges(self) -> dict[int, str]:
        """Edge index -> id of the edge that the map makes of it."""
        there = {way.forward: way.id for way in self.ways}
        return there | {way.backward: f"-{way.id}" for way in self.ways if way.backward >= 0}

    def used(self) -> dict[int, list[Way]]:
        """Roads that end at each junction, by its index."""
        found: dict[int, list[Way]] = defaultdict(list)
        for way in self.ways:
            edge = self.network.edges[way.forward]
            for junction in {edge.start, edge.end}:
                found[junction].append(way)
        return found

    def features(self) -> Iterator[Said]:
        """Roads, and places at the ends of those that lead to the border of the net."""
        for way in self.ways:
            edge = self.network.edges[way.forward]
            yield described(self, way) | {"from": self.names[edge.start], "to": self.names[edge.end]}, way.shape
        for junction, ways in self.used().items():
            if self.border(junction, ways):
                node = self.network.junctions[junction]
                said: dict[str, Any] = {"kind": "place", "id": f"at_{self.names[junction]}", "type": "gate"}
                said |= {"name": node.name} if node.name else {}
                both = any(way.backward >= 0 for way in ways) or len(ways) > 1
                said |= {"junction": self.names[junction]} if both else {"roads": [ways[0].id]}
                yield said, np.array([[node.x, node.y]])

    def border(self, junction: int, ways: Sequence[Way]) -> bool:
        """Whether roads end there from one direction only."""
        edges = [self.network.edges[way.forward] for way in ways]
        return len({edge.start + edge.end - junction for edge in edges}) == 1

    def blamed(self, faults: Sequence[Fault]) -> dict[str, str]:
        """Edges that faults are about, with the reason; empty if that is none."""
        known = {way.id: self.network.edges[way.forward].id for way in self.ways}
        found = {}
        for fault in faults:
            named = re.search(r"(?:road|edge) (\S+)$", fault.where)
            if named and named[1].removeprefix("-") in known:
                found[known[named[1].removeprefix("-")]] = re.sub(r"-?\d+(\.\d+)? m", "… m", fault.what)
        return found

    def notes(self) -> list[str]:
        """What was left out or made simpler, with counts."""
        reasons = Counter(self.left.values())
        names = {why: [name for name, its in self.left.items() if its == why] for why in reasons}
        told = [f"{n} edge(s) left out: {why} ({_some(names[why])})" for why, n in sorted(reasons.items())]
        told += [f"{n} {what}" for what, n in sorted(self.counts.items())]
        if self.unsignalled:
            told.append(f"{len(self.unsignalled)} signal programme(s) made anew ({_some(self.unsignalled)})")
        return told


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (", …" if len(names) > 5 else "")


def draw(network: Network, left: dict[str, str]) -> Drawing:
    """The roads of a network.

    Args:
        network: as an importer read it.
        left: ids of edges to be left out, with the reason.
    """
    drawing = Drawing(network, left=dict(left))
    drawing.names = _names([junction.id for junction in network.junctions])
    lanes = {i: [network.lanes[k] for k in edge.lanes] for i, edge in enumerate(network.edges) if not edge.internal}
    driven = {}
    for i, several in lanes.items():
        own = [lane for lane in several if lane.allowed & DRIVERS]
        if not own and network.edges[i].id not in left:
            drawing.left[network.edges[i].id] = "for people on foot, bicycles or trains only"
        elif own and network.edges[i].id not in left:
            driven[i] = own
            drawing.counts["lane(s) for people on foot or bicycles only"] += len(several) - len(own)
    drawing.counts = +drawing.counts
    pairs = _pairs(network, driven)
    ids = _names([network.edges[one].id for one, _ in pairs])
    drawing.ways = [_way(network, name, pair, driven) for name, pair in zip(ids, pairs, strict=True)]
    return drawing


def _names(ids: Sequence[str]) -> list[str]:
    """Ids as a map of ours wants them, all different."""
    found: dict[str, None] = {}
    for name in ids:
        new = re.sub(r"[\s:]+", "_", name).lstrip("-_") or "x"
        rank = 2
        while new in found:
            new, rank = f"{new.rsplit('~', 1)[0]}~{rank}", rank + 1
        found[new] = None
    return list(found)


def _pairs(network: Network, driven: dict[int, list[Lane]]) -> list[tuple[int, int]]:
    """Edges that are one road: forward, and backward or -1; whose id has no minus sign is forward."""
    against: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in driven:
        against[network.edges[i].start, network.edges[i].end].append(i)
    found, taken = [], set()
    for i in sorted(driven, key=lambda i: (network.edges[i].id.startswith("-"), i)):
        edge = network.edges[i]
        if i in taken:
            continue
        free = [j for j in against[edge.end, edge.start] if j not in taken and j != i and edge.start != edge.end]
        near = min(free, key=lambda j: _apart(driven[i], driven[j]), default=-1)
        if near >= 0 and _apart(driven[i], driven[near]) > BESIDE:
            near = -1
        taken |= {i, near}
        found.append((i, near))
    return sorted(found)


def _inner(lanes: Sequence[Lane]) -> np.ndarray:
    """The left border of a carriageway, (points, 2) [m]."""
    return parallel(lanes[-1].shape, lanes[-1].width / 2.0)


def _apart(one: Sequence[Lane], other: Sequence[Lane]) -> float:
    """How far apart the left borders of two carriageways lie at most [m]."""
    a, b = shapely.LineString(_inner(one)), shapely.LineString(_inner(other))
    shorter, longer = sorted((a, b), key=lambda line: line.length)
    return max(shapely.Point(shorter.interpolate(x, normalized=True)).distance(longer) for x in (0.1, 0.5, 0.9))


def _way(network: Network, name: str, pair: tuple[int, int], driven: dict[int, list[Lane]]) -> Way:
    forward, backward = driven[pair[0]], driven.get(pair[1], [])
    median = 0.0
    if backward:
        line = _inner(forward)
        other = _inner(backward)[::-1]
        median = shapely.LineString(line).interpolate(0.5, normalized=True).distance(shapely.LineString(other))
        if median < _GAP:
            median = 0.0
        else:
            line = _between(line, other)
    else:
        across = sum(lane.width for lane in forward) / 2.0
        line = parallel(_inner(forward), -across)
    edge = network.edges[pair[0]]
    ends = [np.array([[x.x, x.y]]) for x in (network.junctions[edge.start], network.junctions[edge.end])]
    line, last = _to_node(line, ends[1])
    line, first = _to_node(line[::-1], ends[0])
    return Way(name, *pair, line[::-1], (first, last), median, (forward, backward))


def _to_node(line: np.ndarray, node: np.ndarray) -> tuple[np.ndarray, float]:
    """A line led on to the node at its end, and how far before that its lanes end [m]; one that overshoots is cut."""
    onward, step = node[0] - line[-1], line[-1] - line[-2]
    if float(onward @ step) < 0.0:
        whole = shapely.LineString(line)
        where = whole.project(shapely.Point(node[0]))
        if where > whole.length / 2.0:
            line = np.array(shapely.get_coordinates(substring(whole, 0.0, where)))
    reach = float(np.hypot(*(node[0] - line[-1])))
    if reach < LEAST_SETBACK:
        return np.concatenate((line[:-1], node)), LEAST_SETBACK
    return np.concatenate((line, node)), round(reach + ROUNDING, 3)


def _between(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The line midway between two, (points, 2) [m]."""
    a, b = shapely.LineString(one), shapely.LineString(other)
    where = sorted({round(a.project(shapely.Point(p), normalized=True), 6) for p in one} | {0.0, 1.0})
    middle = [(a.interpolate(x, normalized=True), b.interpolate(x, normalized=True)) for x in where]
    return np.array([((p.x + q.x) / 2.0, (p.y + q.y) / 2.0) for p, q in middle])
