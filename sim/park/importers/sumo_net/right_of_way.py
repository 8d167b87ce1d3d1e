"""Who conflicts with whom at a junction, and who gives way: SUMO's request tables laid over the paths' geometry.

A connection is a *link* here; its number is its row in the junction's request table. A link with `cont` is entered
freely and gives way at the second internal lane of its path: it waits inside the junction, for those links that the
internal junction there lists. (Its row tells more: at a signal also the links that are never green together with it.)

Source: SUMO documentation, Networks/SUMO_Road_Networks (requests, internal junctions).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.park.classes import ON_RAILS, class_bits
from sim.park.geometry import conflict_areas, length_of, nearest
from sim.park.importers.sumo_net.links import Links
from sim.park.importers.sumo_net.roads import Roads
from sim.park.network import Conflict, Connection, Crossing
from sim.park.xml import Document, Node

#: Whoever else may use a lane that is for trains only: nobody, or vehicles that ignore all permissions.
TRAINS = class_bits((*ON_RAILS, "ignoring"))


@dataclass(frozen=True, slots=True)
class _Link:
    """A connection with its row of the request table: bit j of `foes`, `response` and `waits` stands for link j."""

    path: Connection
    number: int
    foes: int
    response: int
    cont: bool
    waits: int = 0

    @property
    def deciding(self) -> int:
        """The internal lane at whose beginning it gives way."""
        return self.path.via[-1] if self.cont else self.path.via[0]

    def told(self, other: _Link) -> bool:
        """Whether its row says that it must give way to the other."""
        return bool(self.response >> other.number & 1) and self.path.source != other.path.source

    def waits_for(self, other: _Link) -> bool:
        """Whether it stands at its waiting place for the other."""
        return self.cont and bool(self.waits >> other.number & 1)

    def answers(self, other: _Link) -> bool:
        """Whether it gives way to the other, if their paths touch."""
        if not self.cont:
            return self.told(other)
        if self.waits_for(other):
            return other.waits_for(self) or not (other.cont and not self.told(other))
        return other.cont and not other.waits_for(self) and self.told(other)

    def heeds(self, other: _Link) -> bool:
        """Whether it gives way to the other even where geometry finds no contact."""
        return self.answers(other) and not other.answers(self) and (not self.cont or self.waits_for(other))

    def meets(self, other: _Link) -> bool:
        """Whether the table calls the two foes."""
        return bool(self.foes >> other.number & 1 or other.foes >> self.number & 1)


@dataclass(slots=True)
class _Pair:
    """Two internal lanes that may conflict: `one` < `other`."""

    one: int
    other: int
    kind: Crossing
    one_yields: bool = False
    other_yields: bool = False


class _Pairs:
    """Pairs found so far, and which giving way must not be lost if geometry finds no contact."""

    def __init__(self) -> None:
        self.found: dict[tuple[int, int], _Pair] = {}
        #: (lane that gives way, last lane of the foe, all lanes of the foe)
        self.kept: list[tuple[int, int, tuple[int, ...]]] = []

    def add(self, a: int, b: int, kind: Crossing, a_yields: bool, b_yields: bool) -> None:
        if a == b:
            return
        if a > b:
            a, b, a_yields, b_yields = b, a, b_yields, a_yields
        pair = self.found.setdefault((a, b), _Pair(a, b, kind))
        pair.one_yields |= a_yields
        pair.other_yields |= b_yields


def conflicts(document: Document, nodes: list[Node], roads: Roads, links: Links) -> tuple[Conflict, ...]:
    """All conflicts of a network, one record for each of the two directions, in order of lane and place.

    Args:
        document: takes faults.
        nodes: `<junction>` elements with their `<request>` rows.
        roads: edges and lanes.
        links: connections.
    """
    at: dict[int, list[Connection]] = {}
    for connection in links.connections:
        at.setdefault(connection.junction, []).append(connection)
    pairs = _Pairs()
    waiting = {roads.lane.get(node.text("id"), -1): node for node in nodes if node.text("type") == "internal"}
    for node in nodes:
        here = at.get(roads.junction.get(node.text("id"), -1), [])
        rows = list(_table(document, node, roads, here))
        if node.text("type") == "rail_crossing":
            rows = _trains_first(rows, roads)
        table = [_with_waits(link, rows, waiting.get(link.path.via[-1]), roads) for link in rows]
        for rank, link in enumerate(table):
            for other in table[rank + 1 :]:
                _compare(pairs, link, other)
    return _measured(pairs, roads)


def _table(document: Document, node: Node, roads: Roads, here: list[Connection]) -> Iterator[_Link]:
    """The connections of a junction with their rows; without rows nobody gives way and only ends are compared."""
    rows = {document.whole(child, "index"): child for child in node.children if child.tag == "request"}
    inside = {roads.lane.get(name, -1): rank for rank, name in enumerate(node.words("intLanes"))}
    incoming = {roads.lane.get(name, -1): rank for rank, name in enumerate(node.words("incLanes"))}
    ordered = sorted(here, key=lambda connection: incoming.get(connection.source, len(incoming)))
    for rank, path in enumerate(ordered):
        number = inside.get(path.via[-1], rank) if inside else rank
        row = rows.get(number)
        if row is None:
            if rows:
                document.fault(node, f"its request table has no row {number}", "build the network file anew")
            yield _Link(path, number, 0, 0, False)
            continue
        foes, response = (_bits(document, node, row, name) for name in ("foes", "response"))
        yield _Link(path, number, foes, response, document.flag(row, "cont", False) and len(path.via) > 1)


def _trains_first(table: list[_Link], roads: Roads) -> list[_Link]:
    """The links of a level crossing: roads give way to rails, whatever the table says.

    Its red lights see to that in SUMO; netconvert fills the table by the angles of roads and rails.
    """
    rails = sum(1 << x.number for x in table if not roads.lanes[x.path.source].allowed & ~TRAINS)
    return [
        replace(x, response=x.response & rails if rails >> x.number & 1 else x.response | (x.foes & rails))
        for x in table
    ]


def _with_waits(link: _Link, table: list[_Link], place: Node | None, roads: Roads) -> _Link:
    """The link with those it waits for inside: that come by the incoming and go over the crossing lanes listed."""
    if not link.cont:
        return link
    if place is None:
        return replace(link, waits=link.response)
    incoming = {roads.lane.get(name, -1) for name in place.words("incLanes")[1:]}
    inside = {roads.lane.get(name, -1) for name in place.words("intLanes")}
    ranks = (x.number for x in table if x.path.source in incoming and x.path.via[0] in inside)
    return replace(link, waits=sum(1 << number for number in ranks if number != link.number))


def _bits(document: Document, node: Node, row: Node, name: str) -> int:
    text = row.text(name)
    if not text or not set(text) <= {"0", "1"}:
        document.fault(node, f'{name} of request {row.text("index")} is "{text}"', "wanted a row of 0 and 1")
        return 0
    return int(text, 2)


def _compare(pairs: _Pairs, link: _Link, other: _Link) -> None:
    """Find which internal lanes of two links have to do with each other."""
    path, foe = link.path, other.path
    if path.source == foe.source:
        pairs.add(path.via[0], foe.via[0], Crossing.DIVERGE, False, False)
        return
    if path.target == foe.target:
        pairs.add(path.via[-1], foe.via[-1], Crossing.MERGE, False, False)
    if not link.meets(other):
        return
    for lane in path.via:
        for opposite in foe.via:
            if _concerned(link, lane, other) and _concerned(other, opposite, link):
                yields = link.answers(other) and lane == link.deciding
                yielded = other.answers(link) and opposite == other.deciding
                pairs.add(lane, opposite, Crossing.CROSS, yields, yielded)
    if link.heeds(other):
        pairs.kept.append((link.deciding, foe.via[-1], foe.via))
    if other.heeds(link):
        pairs.kept.append((other.deciding, path.via[-1], path.via))


def _concerned(link: _Link, lane: int, other: _Link) -> bool:
    """Whether a lane of a link is in the way of another link.

    The lane before the waiting place is so only for those who give way to this link and whom it does not wait for: who
    waits at its end leaves the others room.
    """
    return lane == link.path.via[-1] or (other.told(link) and not link.waits_for(other))


def _measured(pairs: _Pairs, roads: Roads) -> tuple[Conflict, ...]:
    """Conflicts of those pairs that touch, and of those where giving way would be lost otherwise."""
    found = list(pairs.found.values())
    if not found:
        return ()
    used = sorted({lane for pair in found for lane in (pair.one, pair.other)})
    rank = {lane: place for place, lane in enumerate(used)}
    shapes = [roads.lanes[lane].shape for lane in used]
    widths = [roads.lanes[lane].width for lane in used]
    stretch = np.array([roads.lanes[lane].length / max(length_of(roads.lanes[lane].shape), 1e-9) for lane in used])
    one = np.array([rank[pair.one] for pair in found])
    other = np.array([rank[pair.other] for pair in found])
    areas = conflict_areas(shapes, widths, one, other, np.array([int(pair.kind) for pair in found]))
    touching = {(pair.one, pair.other) for pair, area in zip(found, areas, strict=True) if area[0] == area[0]}
    lost = _lost(pairs, touching)
    for place, pair in enumerate(found):
        if (pair.one, pair.other) in lost:
            here, there = nearest([shapes[one[place]], shapes[other[place]]], np.array([0]), np.array([1]))[0]
            areas[place] = here, here, there, there
    areas[:, :2] *= stretch[one][:, None]
    areas[:, 2:] *= stretch[other][:, None]
    records = (_records(pair, area, roads) for pair, area in zip(found, areas, strict=True) if area[0] == area[0])
    return tuple(sorted((x for both in records for x in both), key=lambda x: (x.lane, x.begin, x.foe)))


def _lost(pairs: _Pairs, touching: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Pairs that do not touch and are kept, because no other pair says that the one gives way to the other."""
    lost = set()
    for lane, last, lanes in pairs.kept:
        if not any((min(lane, foe), max(lane, foe)) in touching for foe in lanes):
            lost.add((min(lane, last), max(lane, last)))
    return lost & pairs.found.keys()


def _records(pair: _Pair, area: np.ndarray, roads: Roads) -> tuple[Conflict, Conflict]:
    """The two records of a pair."""
    own, foe = roads.lanes[pair.one].length, roads.lanes[pair.other].length
    begin, end = (float(min(max(x, 0.0), own)) for x in area[:2])
    foe_begin, foe_end = (float(min(max(x, 0.0), foe)) for x in area[2:])
    return (
        Conflict(pair.one, pair.other, pair.kind, begin, end, foe_begin, foe_end, pair.one_yields),
        Conflict(pair.other, pair.one, pair.kind, foe_begin, foe_end, begin, end, pair.other_yields),
    )
