"""How far roads end before a junction, so that carriageways do not overlap and corners leave room to turn."""

from __future__ import annotations

import math
from dataclasses import dataclass

import shapely

from sim.errors import Fault, NetworkError
from sim.park.building.draft import Draft, Node, Road

#: Kerb radius by importance of the greatest road of a junction [m]. Source: assumed; CJJ 152-2010 asks 5-15 m by class
#: (from memory, not checked).
KERB_RADIUS = {"access": 4.0, "local": 5.0, "collector": 8.0, "arterial": 10.0, "expressway": 12.0}
#: Within a road that only changes its lanes [m], and for each lane that ends or begins. Source: assumed.
SEAM, TAPER = 2.0, 8.0
#: No corner takes more than this of a road [m], no road gets shorter than the second [m], or than the third where its
#: map says where its lanes end [m]. Source: assumed.
LONGEST_CORNER, SHORTEST_ROAD, SHORTEST_LANES = 45.0, 5.0, 0.1
#: Width of a crossing for people on foot [m], and from it to the stop line [m]. Source: GB 5768.3: 3 m at least, and
#: 1 to 3 m; from memory.
STRIP, BEFORE_STRIP = 4.0, 2.0
_SIGHT = 15.0  # [m] of a road that tell the direction it leaves by
_STRAIGHT = math.radians(170.0)


@dataclass(frozen=True, slots=True)
class Leg:
    """One end of a road at a node, seen from the node.

    Args:
        end: 0: the road begins here, 1: it ends here.
        bearing: direction it leaves by [rad], counter-clockwise from east.
        left: from the centre line to the left edge [m].
        right: likewise to the right [m].
    """

    road: Road
    end: int
    bearing: float
    left: float
    right: float


def legs(draft: Draft) -> dict[str, list[Leg]]:
    """Legs of each node, counter-clockwise."""
    found: dict[str, list[Leg]] = {node.id: [] for node in draft.nodes}
    for road in draft.roads:
        found[road.start].append(Leg(road, 0, _bearing(road, 0), road.reach_left, road.reach_right))
        found[road.end].append(Leg(road, 1, _bearing(road, 1), road.reach_right, road.reach_left))
    for several in found.values():
        several.sort(key=lambda leg: (leg.bearing, leg.road.id, leg.end))
    return found


def setbacks(draft: Draft) -> dict[tuple[str, int], float]:
    """How far each end of each road is cut back, by (road id, end) [m].

    Raises:
        NetworkError: roads too short for the junctions at their ends; lengthen them or join the junctions.
    """
    around = legs(draft)
    found: dict[tuple[str, int], float] = {}
    for node in draft.nodes:
        for leg, setback in zip(around[node.id], _of_node(node, around[node.id]), strict=True):
            told = leg.road.setback[leg.end]
            found[leg.road.id, leg.end] = setback if math.isnan(told) else told
    faults = [fault for road in draft.roads for fault in _too_short(road, found)]
    if faults:
        raise NetworkError(faults=faults)
    return found


def _of_node(node: Node, around: list[Leg]) -> list[float]:
    if len(around) == 1:
        return [0.0 if node.u_turn is False else _turning_room(around[0])]
    seam = SEAM
    if len(around) == 2:
        change = abs(around[0].left - around[1].right) + abs(around[0].right - around[1].left)
        seam += TAPER * change / around[0].road.width
    radius = (
        4.0 if any(leg.road.ring for leg in around) else max(KERB_RADIUS.get(x.road.road_class, 5.0) for x in around)
    )
    found = []
    for rank, leg in enumerate(around):
        left, right = around[(rank + 1) % len(around)], around[rank - 1]
        to_left = _corner(_angle(leg, left), leg.left, left.right, radius)
        to_right = _corner(_angle(right, leg), leg.right, right.left, radius)
        found.append(min(max(to_left, to_right, seam), LONGEST_CORNER) + _strip(node, leg))
    return found


def _strip(node: Node, leg: Leg) -> float:
    """Room for a crossing before the junction, and from it to the stop line [m]."""
    return STRIP + BEFORE_STRIP if leg.road.id in node.crossings else 0.0


def _corner(angle: float, own: float, other: float, radius: float) -> float:
    """How far a leg must end before the node for a corner towards a neighbour [m].

    Args:
        angle: between the two [rad].
        own: from the leg's centre line to its edge on that side [m].
        other: likewise of the neighbour [m].
        radius: of the kerb between them [m].

    Source: the two edges, as straight lines, meet at (other + own cos) / sin from the node; a kerb arc of a radius
    begins radius / tan(angle / 2) before that.
    """
    if angle >= _STRAIGHT:
        return 0.0
    return max(0.0, (other + own * math.cos(angle)) / math.sin(angle)) + min(
        radius / math.tan(angle / 2.0), 1.5 * radius
    )


def _turning_room(leg: Leg) -> float:
    return max(leg.left, leg.right)


def _angle(leg: Leg, left: Leg) -> float:
    """From a leg counter-clockwise to the next one [rad], in (0, 2 pi]."""
    return (left.bearing - leg.bearing) % (2.0 * math.pi) or 2.0 * math.pi


def _bearing(road: Road, end: int) -> float:
    line = shapely.LineString(road.shape if end == 0 else road.shape[::-1])
    here, there = line.interpolate(0.0), line.interpolate(min(_SIGHT, line.length / 2.0))
    return math.atan2(there.y - here.y, there.x - here.x)


def _too_short(road: Road, cuts: dict[tuple[str, int], float]) -> list[Fault]:
    length = shapely.LineString(road.shape).length
    needed = cuts[road.id, 0] + cuts[road.id, 1]
    shortest = SHORTEST_ROAD if math.isnan(sum(road.setback)) else SHORTEST_LANES
    if length - needed >= shortest:
        return []
    what = f"it is {length:.1f} m long, but the junctions at its ends take {needed:.1f} m of it"
    return [Fault(f"road {road.id}", what, f"wanted {needed + shortest:.1f} m or more, or one junction for both")]
