"""Junctions, edges and lanes of a SUMO network file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.park.classes import CLASSES, EVERY_CLASS, class_bits
from sim.park.geometry import length_of
from sim.park.network import Edge, Junction, Lane
from sim.park.xml import Document, Node
from sim.registry import near

#: SUMO's node types and what they are here; those without a working rule of their own count as priority.
CONTROL = {
    "priority": "priority",
    "priority_stop": "stop",
    "allway_stop": "all_way_stop",
    "right_before_left": "right_before_left",
    "left_before_right": "priority",
    "traffic_light": "signal",
    "traffic_light_right_on_red": "signal",
    "traffic_light_unregulated": "none",
    "rail_signal": "priority",
    "rail_crossing": "priority",
    "zipper": "zipper",
    "unregulated": "none",
    "dead_end": "dead_end",
    "district": "none",
    "unknown": "none",
}
#: Of these the rule itself is not simulated: told to the user. (Left before right needs no word: the requests say it.)
NOT_YET = frozenset(("rail_crossing", "traffic_light_unregulated"))
IGNORING = class_bits(("ignoring",))
ON_FOOT = frozenset(("crossing", "walkingarea"))

JUNCTION = frozenset((
    "id", "type", "x", "y", "z", "incLanes", "intLanes", "shape", "customShape", "radius", "name", "keepClear",
    "rightOfWay", "fringe", "roundabout",
))  # fmt: skip
EDGE = frozenset((
    "id", "from", "to", "function", "priority", "type", "name", "shape", "spreadType", "distance", "bidi",
    "crossingEdges", "length",
))  # fmt: skip
LANE = frozenset((
    "id", "index", "allow", "disallow", "speed", "length", "shape", "width", "changeLeft", "changeRight",
    "customShape", "type",
))  # fmt: skip

#: Width of a lane whose file says none [m]. Source: SUMO documentation, SUMO_Road_Networks, attribute width.
WIDTH = 3.2
#: Shortest lane [m]: one step of a vehicle must end somewhere. Source: SUMO writes its shortest internal lanes so.
SHORTEST = 0.1


class Roads:
    """Junctions, edges and lanes in the order of the file, with where each id stands.

    Args:
        document: takes faults and what is left aside.
        junctions: `<junction>` elements.
        edges: `<edge>` elements with their lanes.
        roundabouts: `<roundabout>` elements.
    """

    def __init__(self, document: Document, junctions: list[Node], edges: list[Node], roundabouts: list[Node]) -> None:
        """Read them all."""
        self._document = document
        self._nodes = {word for node in roundabouts for word in node.words("nodes")}
        self._circle = {word for node in roundabouts for word in node.words("edges")}
        self.junctions: list[Junction] = []
        self.edges: list[Edge] = []
        self.lanes: list[Lane] = []
        self.junction: dict[str, int] = {}
        self.edge: dict[str, int] = {}
        self.lane: dict[str, int] = {}
        self.aside: set[str] = set()  #: ids of edges for people on foot
        self.rail_signals: set[str] = set()  #: ids of junctions with a signal for trains
        for node in junctions:
            if node.text("type") != "internal":
                self._read_junction(node)
        for node in edges:
            self._read_edge(node)
        for node in edges:
            self._join_opposite(node)

    def _read_junction(self, node: Node) -> None:
        self._document.spare(node, JUNCTION)
        name, kind = node.text("id"), node.text("type", "priority")
        if name in self.junction:
            self._document.fault(node, "there are two junctions of this id", "give each its own")
        if kind not in CONTROL:
            self._document.fault(node, f'its type "{kind}" is not known', near(kind, CONTROL))
        if kind == "rail_signal":
            self.rail_signals.add(name)
        if kind in NOT_YET:
            self._document.left_aside[f"{kind} junction (taken as {CONTROL[kind]})"] += 1
        control = CONTROL.get(kind, "priority")
        if name in self._nodes and control in ("priority", "right_before_left"):
            control = "roundabout"
        shape = points(self._document, node, least=0)[0]
        x, y = self._document.number(node, "x"), self._document.number(node, "y")
        self.junction[name] = len(self.junctions)
        self.junctions.append(Junction(name, x, y, control, shape, node.text("name")))

    def _read_edge(self, node: Node) -> None:
        name, function = node.text("id"), node.text("function", "normal")
        if function in ON_FOOT:
            self.aside.add(name)
            self._document.left_aside[f"{function} (for people on foot, not read)"] += 1
            return
        if name in self.edge:
            self._document.fault(node, "there are two edges of this id", "give each its own")
        self._document.spare(node, EDGE)
        internal = function == "internal"
        ends = self._inside(node) if internal else tuple(self._end(node, side) for side in ("from", "to"))
        nodes = list(self._lanes_of(node))
        lanes = tuple(self._read_lane(child, len(self.edges), rank) for rank, child in enumerate(nodes))
        if not lanes:
            self._document.fault(node, "it has no lane", "an edge wants at least one")
        # inside junctions SUMO's own writer numbers some lanes wrongly: there their order counts
        if not internal and any(child.text("index") != str(rank) for rank, child in enumerate(nodes)):
            self._document.fault(node, "its lanes are not numbered 0, 1, 2 ... from the right")
        edge = Edge(
            name,
            node.text("name"),
            ends[0],
            ends[1],
            lanes,
            internal,
            road_class=node.text("type"),
            priority=self._document.whole(node, "priority", -1, -(10**9)),
            roundabout=name in self._circle,
        )
        self.edge[name] = len(self.edges)
        self.edges.append(edge)

    def _join_opposite(self, node: Node) -> None:
        """Note which edge is the same track driven the other way."""
        index, other = self.edge.get(node.text("id"), -1), self.edge.get(node.text("bidi"), -1)
        if node.has("bidi") and index >= 0 and other >= 0:
            self.edges[index] = replace(self.edges[index], opposite=other)

    def _lanes_of(self, node: Node) -> Iterator[Node]:
        for child in node.children:
            if child.tag == "lane":
                yield child
            elif child.tag != "param":
                self._document.left_aside[f"<{child.tag}> in <edge> (not read)"] += 1

    def _end(self, node: Node, side: str) -> int:
        name = node.text(side)
        if name not in self.junction:
            hint = near(name, self.junction)
            self._document.fault(node, f'its {side} "{name}" is no junction', hint or "wanted a junction's id")
        return self.junction.get(name, 0)

    def _inside(self, node: Node) -> tuple[int, int]:
        """Junction an internal edge lies in, by its name `:junction_number`, twice."""
        name = node.text("id").removeprefix(":").rpartition("_")[0]
        if name not in self.junction:
            self._document.fault(node, f'it names no known junction ("{name}")', "wanted :JUNCTION_NUMBER")
        where = self.junction.get(name, 0)
        return where, where

    def _read_lane(self, node: Node, edge: int, index: int) -> int:
        document = self._document
        document.spare(node, LANE)
        for child in node.children:
            if child.tag != "param":
                document.left_aside[f"<{child.tag}> in <lane> (not read)"] += 1
        name = node.text("id")
        if name in self.lane:
            document.fault(node, "there are two lanes of this id", "give each its own")
        shape, elevation = points(document, node, least=2)
        length = document.number(node, "length", length_of(shape), 0.0)
        speed = document.number(node, "speed", None, 0.0)
        if speed == 0.0:
            document.fault(node, "nobody can drive at a speed of 0", "wanted more")
        lane = Lane(
            name,
            edge,
            index,
            max(length, SHORTEST),
            speed,
            document.number(node, "width", WIDTH, 0.1),
            allowed(document, node),
            shape,
            change_left=mask(document, node, "changeLeft", EVERY_CLASS) | IGNORING,
            change_right=mask(document, node, "changeRight", EVERY_CLASS) | IGNORING,
            elevation=elevation,
        )
        return self.add_lane(lane)

    def add_lane(self, lane: Lane) -> int:
        """Put a lane at the end; its index."""
        self.lane[lane.id] = len(self.lanes)
        self.lanes.append(lane)
        return len(self.lanes) - 1


def points(document: Document, node: Node, least: int) -> tuple[np.ndarray, np.ndarray]:
    """The attribute `shape` as points (n, 2) [m] and elevations (n,) [m], empty if flat."""
    words = node.attributes.get("shape", "").split()
    width = words[0].count(",") + 1 if words else 2
    try:
        flat = [float(number) for word in words for number in word.split(",")]
    except ValueError:
        flat = [math.nan]
    regular = width in (2, 3) and len(flat) == width * len(words) and all(map(math.isfinite, flat))
    if not regular or len(words) < least:
        document.fault(node, "its shape is not a line in the plane", f"wanted at least {least} points x,y or x,y,z")
        return np.array([[0.0, 0.0], [1.0, 0.0]]), np.empty(0)
    array = np.array(flat, dtype=np.float64).reshape(-1, width)
    return np.ascontiguousarray(array[:, :2]), array[:, 2].copy() if width == 3 else np.empty(0)


def allowed(document: Document, node: Node) -> int:
    """Bit mask of the classes that `allow` names or `disallow` leaves; the class `ignoring` may go everywhere."""
    if node.has("allow"):
        return mask(document, node, "allow", EVERY_CLASS) | IGNORING
    return EVERY_CLASS & ~mask(document, node, "disallow", 0) | IGNORING


def mask(document: Document, node: Node, name: str, default: int) -> int:
    """Bit mask of the classes an attribute lists."""
    text = node.attributes.get(name)
    if text is None:
        return default
    bits = 0
    for word in text.split():
        if word == "all":
            bits = EVERY_CLASS
        elif word in CLASSES:
            bits |= class_bits((word,))
        elif word != "none":
            document.fault(node, f'{name} names no known class: "{word}"', near(word, CLASSES))
    return bits
