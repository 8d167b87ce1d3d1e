"""Connections of a SUMO network file, each followed over its internal lanes to the lane it leads to."""

from __future__ import annotations

from dataclasses import dataclass

from sim.park.geometry import joint, length_of
from sim.park.importers.sumo_net.roads import SHORTEST, Roads, allowed
from sim.park.importers.sumo_net.signals import Programmes
from sim.park.network import SEEN, SEEN_BESIDE, Connection, Edge, Lane
from sim.park.xml import Document, Node

#: Without a working signal a signalled connection goes by SUMO's letter: o gives way, O has priority.
RULES = {"o": "m", "O": "M", "M": "M", "m": "m", "=": "=", "s": "s", "w": "w", "Z": "Z", "-": "M"}
LONGEST_CHAIN = 8

ATTRIBUTES = frozenset((
    "from", "to", "fromLane", "toLane", "via", "dir", "state", "tl", "linkIndex", "uncontrolled", "keepClear",
    "visibility", "allow", "disallow", "contPos", "shape", "length", "speed", "customShape", "type",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Ends:
    """The lanes a connection begins and ends at, and the junction between."""

    source: int
    target: int
    junction: int


class Links:
    """Connections between normal lanes in the order of the file.

    Args:
        document: takes faults and what is left aside.
        roads: edges and lanes; internal lanes are added where the file has none.
        programmes: signals known.
        nodes: `<connection>` elements.
    """

    def __init__(self, document: Document, roads: Roads, programmes: Programmes, nodes: list[Node]) -> None:
        """Follow them all."""
        self._document = document
        self._roads = roads
        self._programmes = programmes
        self._onward = {
            (node.text("from"), node.text("fromLane")): node for node in nodes if node.text("from").startswith(":")
        }
        self._built: dict[int, int] = {}
        self._rail: dict[str, int] = {}  # signals for trains met so far
        self.connections: list[Connection] = []
        self.groups: list[tuple[int, int]] = []  #: signal and group of each controlled connection, people on foot too
        for node in nodes:
            self._read(node)

    def _read(self, node: Node) -> None:
        source, target = node.text("from"), node.text("to")
        if source in self._roads.aside or target in self._roads.aside:
            self._note_group(node)
            return
        if source.startswith(":"):
            return
        self._document.spare(node, ATTRIBUTES)
        ends = self._ends(node)
        if ends is None:
            return
        signal, group = self._note_group(node)
        state = node.text("state", "M")
        if state not in RULES:
            self._document.fault(node, f'its state "{state}" is not known', "wanted one of M m = s w Z o O")
        via = self._via(node, ends)
        connection = Connection(
            ends.source,
            ends.target,
            via,
            ends.junction,
            direction=node.text("dir", "s"),
            rule=RULES.get(state, "m"),
            within=self._within(via),
            signal=signal,
            group=group,
            keep_clear=self._document.flag(node, "keepClear", True),
            visibility=self._document.number(node, "visibility", SEEN_BESIDE if state == "Z" else SEEN, 0.0),
            allowed=allowed(self._document, node),
        )
        self.connections.append(connection)

    def _ends(self, node: Node) -> _Ends | None:
        source, target = self._lane(node, "from"), self._lane(node, "to")
        if source < 0 or target < 0:
            return None
        before = self._roads.edges[self._roads.lanes[source].edge]
        after = self._roads.edges[self._roads.lanes[target].edge]
        if before.end != after.start:
            self._document.fault(node, f"edge {before.id} does not end where edge {after.id} begins")
        return _Ends(source, target, before.end)

    def _lane(self, node: Node, side: str) -> int:
        edge = self._roads.edge.get(node.text(side), -1)
        if edge < 0:
            self._document.fault(node, f'{side} "{node.text(side)}" is no edge')
            return -1
        index = self._document.whole(node, f"{side}Lane")
        lanes = self._roads.edges[edge].lanes
        if index >= len(lanes):
            self._document.fault(node, f"edge {node.text(side)} has no lane {index}", f"it has {len(lanes)}")
            return -1
        return lanes[index]

    def _note_group(self, node: Node) -> tuple[int, int]:
        """Signal and group of a connection; (-1, -1) if none."""
        name = node.text("tl")
        if not name or self._document.flag(node, "uncontrolled", False):
            return -1, -1
        index = self._programmes.index.get(name, -1)
        if name in self._roads.rail_signals and (index < 0 or (name, index) in self._rail.items()):
            group = self._document.whole(node, "linkIndex")
            self._rail[name] = self._programmes.rail(name, group)
            return self._rail[name], group
        if index < 0:
            self._missing(node, name)
            return -1, -1
        group = self._document.whole(node, "linkIndex")
        self.groups.append((index, group))
        return index, group

    def _missing(self, node: Node, name: str) -> None:
        """A signal without programme: told once for signals of railways, a fault otherwise."""
        where = self._roads.junction.get(name, -1)
        if where >= 0 and self._roads.junctions[where].control != "signal":
            self._document.left_aside["connection under a railway signal (taken as without signal)"] += 1
        else:
            self._document.fault(node, f'its signal "{name}" has no <tlLogic>', "add a programme to the file")

    def _via(self, node: Node, ends: _Ends) -> tuple[int, ...]:
        chain: list[int] = []
        name = node.text("via")
        while name and len(chain) < LONGEST_CHAIN:
            lane = self._roads.lane.get(name, -1)
            if lane < 0:
                self._document.fault(node, f'its way leads over "{name}", which is no lane')
                break
            chain.append(lane)
            onward = self._after(lane)
            name = onward.text("via") if onward else ""
        if name and len(chain) == LONGEST_CHAIN:
            self._document.fault(node, "its way over internal lanes does not end")
        return tuple(chain) or (self._build(ends),)

    def _after(self, lane: int) -> Node | None:
        """The `<connection>` that leads on from an internal lane."""
        here = self._roads.lanes[lane]
        return self._onward.get((self._roads.edges[here.edge].id, here.id.rpartition("_")[2]))

    def _within(self, via: tuple[int, ...]) -> str:
        """Letter at a waiting place: that of the connection on from there, which no signal changes in SUMO."""
        onward = self._after(via[-2]) if len(via) > 1 else None
        return "M" if onward and onward.text("state", "M") == "M" else "m"

    def _build(self, ends: _Ends) -> int:
        """An internal lane, on an edge of its own, for a connection that the file gives none."""
        roads = self._roads
        source, target = roads.lanes[ends.source], roads.lanes[ends.target]
        junction = roads.junctions[ends.junction].id
        number = self._built.get(ends.junction, 0)
        while f":{junction}_{number}" in roads.edge:
            number += 1
        self._built[ends.junction] = number + 1
        name = f":{junction}_{number}"
        shape = joint(source.shape, target.shape)
        lane = Lane(
            f"{name}_0",
            len(roads.edges),
            0,
            max(length_of(shape), SHORTEST),
            (source.speed + target.speed) / 2.0,
            min(source.width, target.width),
            source.allowed & target.allowed,
            shape,
        )
        roads.edge[name] = len(roads.edges)
        index = roads.add_lane(lane)
        roads.edges.append(Edge(name, "", ends.junction, ends.junction, (index,), True))
        return index
