"""Crossings for people on foot: strips over the arms of a junction, with room to stand at either kerb.

A strip lies between the stop line and the junction. People walk on lanes of their own, some each way, whose conflicts
with the paths of vehicles are those of any two lanes of a junction.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from sim.park.building.corners import BEFORE_STRIP, STRIP, Leg
from sim.park.building.draft import Node
from sim.park.building.ground import Ground
from sim.park.classes import class_bits
from sim.park.geometry import conflict_areas, length_of
from sim.park.network import Conflict, Connection, Crossing, Edge, Junction, Lane, Walkway

#: Who walks.
WALKERS = class_bits(["pedestrian", "wheelchair"])
#: Lanes each way, width of one [m], and of where people stand before they cross [m]. Source: assumed: two abreast.
ABREAST, BODY, STANDING = 2, 1.0, 8.0
#: Speed at which a strip is walked at ease [m/s]. Source: Weidmann 1993, doi:10.3929/ethz-a-000687810 (memory).
EASE = 1.34
#: Distance from which drivers see who wants to cross, and people who comes [m]. Source: assumed.
SEEN, SEES = 150.0, 20.0
_LEAST = 0.01  # [m] shorter overlaps are rounding


@dataclass(frozen=True, slots=True)
class Strip:
    """A crossing as drawn.

    Args:
        road: id of the arm's road.
        left: middle of its end at the left kerb, seen from the junction, (2,) [m]; `right` likewise.
        outward: unit vector along the arm, away from the junction (2,).
    """

    id: str
    road: str
    left: np.ndarray
    right: np.ndarray
    outward: np.ndarray

    @property
    def length(self) -> float:
        """From kerb to kerb [m]."""
        return float(np.hypot(*(self.right - self.left)))


def strips(node: Node, legs: Sequence[Leg], cuts: Mapping[tuple[str, int], float]) -> list[Strip]:
    """Crossings of a junction, in the order of its arms.

    Args:
        cuts: how far each end of each road is cut back [m].
    """
    found = []
    for leg in legs:
        if leg.road.id not in node.crossings:
            continue
        line = shapely.LineString(leg.road.shape if leg.end == 0 else leg.road.shape[::-1])
        away = cuts[leg.road.id, leg.end] - BEFORE_STRIP - STRIP / 2.0
        here, onward = (np.array(line.interpolate(x).coords[0]) for x in (away, away + 1.0))
        outward = (onward - here) / math.dist(onward, here)
        leftward = np.array([-outward[1], outward[0]])
        ends = here + leg.left * leftward, here - leg.right * leftward
        found.append(Strip(f"{node.id}.{leg.road.id}", leg.road.id, *ends, outward))
    return found


def lay(ground: Ground, rank: int, several: Sequence[Strip], signal: int) -> None:
    """Add the crossings of a junction whose paths for vehicles are built.

    Args:
        rank: of the junction.
        signal: index of its signal, whose last groups are theirs; -1: none.
    """
    vehicles = [i for c in ground.connections if c.junction == rank for i in c.via]
    groups = len([c for c in ground.connections if c.junction == rank])
    for number, strip in enumerate(several):
        ends = _kerbs(ground, rank, strip)
        walked = []
        for way in (0, 1):
            walked += _across(ground, rank, strip, way, (ends[way][0], ends[1 - way][1]))
        first = len(ground.connections)
        for source, via, target in walked:
            group = groups + number if signal >= 0 else -1
            ground.connections.append(
                Connection(source, target, (via,), rank, "s", "m", signal, group, False, SEES, WALKERS)
            )
        lanes = [c.via[0] for c in ground.connections[first:]]
        _add_conflicts(ground, vehicles, lanes)
        (from_left, to_left), (from_right, to_right) = ends
        edges = from_left, to_left, from_right, to_right
        ground.walkways.append(Walkway(strip.id, rank, *edges, strip.length, STRIP))
    if several and signal < 0:
        _let_walk(ground, rank)


def _kerbs(ground: Ground, rank: int, strip: Strip) -> tuple[tuple[int, int], tuple[int, int]]:
    """Edges towards the strip and away from it, at its left end and at its right one."""
    found = []
    for side, end, other in (("left", strip.left, strip.right), ("right", strip.right, strip.left)):
        away = (end - other) / math.dist(end, other)
        beyond = end + STANDING * away
        outer = ground.nodes + len(ground.ends)
        name = f"{strip.id}.{side}"
        ground.ends.append(Junction(name, float(beyond[0]), float(beyond[1]), "none", np.empty((0, 2))))
        pair = []
        for to_strip in (True, False):
            edge = len(ground.edges)
            ends = (outer, rank) if to_strip else (rank, outer)
            first = len(ground.lanes)
            walks_right = to_strip == (side == "left")
            for place in range(ABREAST):
                shift = _shift(place, walks_right) * strip.outward
                line = np.array([beyond, end] if to_strip else [end, beyond]) + shift
                label = name if to_strip else f"-{name}"
                ground.lanes.append(_lane(f"{label}_{place}", edge, place, line))
            lanes = tuple(range(first, len(ground.lanes)))
            ground.edges.append(Edge(name if to_strip else f"-{name}", "", *ends, lanes, False, "footway"))
            pair.append(edge)
        found.append((pair[0], pair[1]))
    return found[0], found[1]


def _shift(place: int, walks_right: bool) -> float:
    """How far out along the arm a lane lies from the strip's middle [m]: one direction on either side."""
    side = 1.0 if walks_right else -1.0
    return side * (place + 0.5) * BODY


def _across(ground: Ground, rank: int, strip: Strip, way: int, edges: tuple[int, int]) -> list[tuple[int, int, int]]:
    """Internal lanes from the left end (way 0) or the right one: (lane before, lane, lane behind) of each."""
    start, end = (strip.left, strip.right) if way == 0 else (strip.right, strip.left)
    found = []
    for place in range(ABREAST):
        line = np.array([start, end]) + _shift(place, way == 0) * strip.outward
        edge, lane = len(ground.edges), len(ground.lanes)
        name = f":{strip.id}.{'lr'[way]}{place}"
        ground.lanes.append(_lane(f"{name}_0", edge, 0, line))
        ground.edges.append(Edge(name, "", rank, rank, (lane,), True, "footway"))
        before, behind = (ground.edges[i].lanes[place] for i in edges)
        found.append((before, lane, behind))
    return found


def _lane(name: str, edge: int, index: int, line: np.ndarray) -> Lane:
    return Lane(name, edge, index, length_of(line), EASE, BODY, WALKERS, line, change_left=0, change_right=0)


def _add_conflicts(ground: Ground, vehicles: Sequence[int], walked: Sequence[int]) -> None:
    """Who drives over a strip and who walks there give way to each other: who goes is for them to see."""
    lanes = ground.lanes
    pairs = [(one, other) for one in range(len(vehicles)) for other in range(len(walked))]
    if not pairs:
        return
    both = [*vehicles, *walked]
    one = np.array([x for x, _ in pairs])
    other = np.array([len(vehicles) + y for _, y in pairs])
    kinds = np.full(len(pairs), int(Crossing.CROSS))
    areas = conflict_areas([lanes[i].shape for i in both], [lanes[i].width for i in both], one, other, kinds)
    for (x, y), area in zip(pairs, areas, strict=True):
        if np.isnan(area).any() or area[1] - area[0] < _LEAST or area[3] - area[2] < _LEAST:
            continue
        mine, its = (float(area[0]), float(area[1])), (float(area[2]), float(area[3]))
        ground.conflicts.append(Conflict(vehicles[x], walked[y], Crossing.CROSS, *mine, *its, True))
        ground.conflicts.append(Conflict(walked[y], vehicles[x], Crossing.CROSS, *its, *mine, True))


def _let_walk(ground: Ground, rank: int) -> None:
    """Let drivers who have the way but come over a strip look for people on foot, from afar."""
    walked = {c.foe for c in ground.conflicts if ground.lanes[c.lane].allowed & WALKERS == WALKERS}
    for i, c in enumerate(ground.connections):
        if c.junction == rank and c.rule == "M" and not walked.isdisjoint(c.via):
            ground.connections[i] = replace(c, rule="m", visibility=SEEN)
