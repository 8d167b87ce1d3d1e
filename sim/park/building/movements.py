"""Which lane leads to which over a junction, by the angles of its roads.

Right turns leave from the kerb, left turns from the middle. Straight on lead all lanes but the middle one of three or
more, where one may turn left, and those that find no lane ahead while they can turn. A roundabout may be left from each
of its lanes. A road that goes on keeps its lanes along the middle; where lanes end, the outer ones join the next one
inwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.park.building.carriageways import Carriageway, legs_of
from sim.park.building.draft import Node

#: Directions up to this from straight on may count as straight, those beyond the other as turning round [rad].
#: Source: assumed.
STRAIGHT, ROUND = math.radians(45.0), math.radians(165.0)


@dataclass(frozen=True, slots=True)
class Movement:
    """One lane's way over a junction.

    Args:
        source: carriageway one comes by.
        target: carriageway one leaves by.
        lane: index on the source, from the kerb.
        goal: index on the target, from the kerb.
        direction: letter as in `network.Connection`.
        angle: turned to the left [rad].
    """

    source: Carriageway
    target: Carriageway
    lane: int
    goal: int
    direction: str
    angle: float


@dataclass(frozen=True, slots=True)
class _Exit:
    target: Carriageway
    angle: float
    direction: str


Pairs = list[tuple[int, int]]


def movements(node: Node, arriving: Sequence[Carriageway], leaving: Sequence[Carriageway]) -> list[Movement]:
    """All ways over a node: by carriageway one comes by, then from right to left."""
    if len(leaving) == 1 and len(arriving) > 1 and all(one.road.id != leaving[0].road.id for one in arriving):
        return _merging(arriving, leaving[0])
    found: list[Movement] = []
    for source in arriving:
        exits = _exits(node, source, leaving)
        onward = len(exits) == 1 and legs_of(arriving, leaving) == 2
        pairs = [_onward(source, exits[0].target)] if onward else _assigned(source, exits)
        for way, several in zip(exits, pairs, strict=True):
            found += _made(source, way, several)
        found += _for_buses(source, exits)
    return found


def _made(source: Carriageway, way: _Exit, pairs: Pairs) -> list[Movement]:
    return [Movement(source, way.target, lane, goal, way.direction, way.angle) for lane, goal in pairs]


def _exits(node: Node, source: Carriageway, leaving: Sequence[Carriageway]) -> list[_Exit]:
    """Where one may go, from right to left."""
    others = [one for one in leaving if one.road.id != source.road.id or one.edge == source.edge]
    back = [one for one in leaving if one.road.id == source.road.id and one.edge != source.edge]
    angles = [_turned(source, one) for one in others]
    ahead = min(range(len(others)), key=lambda i: abs(angles[i]), default=-1)
    found = [
        _Exit(one, angles[i], "s" if source.road.ring and one.road.ring else _letter(angles[i], i == ahead))
        for i, one in enumerate(others)
    ]  # who stays in a ring goes straight on, however narrow it is
    found.sort(key=lambda way: (way.angle, way.target.edge))
    allowed = not others if node.u_turn is None else node.u_turn
    return found + [_Exit(one, math.pi, "t") for one in back if allowed]


def _turned(source: Carriageway, target: Carriageway) -> float:
    """Angle turned to the left [rad], in (-pi, pi]."""
    angle = (target.outward - source.inward) % (2.0 * math.pi)
    return angle if angle <= math.pi else angle - 2.0 * math.pi


def _letter(angle: float, ahead: bool) -> str:
    if abs(angle) <= STRAIGHT:
        return "s" if ahead else ("L" if angle > 0.0 else "R")
    return "l" if angle > 0.0 else "r"


def _onward(source: Carriageway, target: Carriageway) -> Pairs:
    """Lanes of a road that only changes its number of lanes, kept along the middle."""
    here, there = source.general, target.general
    more = len(there) - len(here)
    pairs = [(lane, there[max(0, rank + more)]) for rank, lane in enumerate(here)]
    return pairs + [(here[0], there[rank]) for rank in range(more)]


def _assigned(source: Carriageway, exits: list[_Exit]) -> list[Pairs]:
    """Lanes for each exit of a junction."""
    lanes = list(source.general)
    rights = [way for way in exits if way.direction in "rR"]
    lefts = [way for way in exits if way.direction in "lL"]
    straight = next((way for way in exits if way.direction == "s"), None)
    if straight is None:
        return _shared_out(lanes, exits)
    goals = len(straight.target.general)
    kept = _straight_lanes(lanes, bool(lefts), bool(rights), goals)
    shift = min(max(0, goals - len(lanes)), max(0, goals - len(kept)))  # kept along the middle
    found = []
    for way in exits:
        there = way.target.general
        if way is straight:
            found.append([(lane, there[min(rank + shift, goals - 1)]) for rank, lane in enumerate(kept)])
        elif way in rights and source.road.ring:
            found.append([(lane, there[rank]) for rank, lane in enumerate(lanes[: len(there)])])
        elif way in rights:
            found.append([(lanes[0], there[0])])
        else:
            found.append([(lanes[-1], there[-1])])
    return found


def _straight_lanes(lanes: list[int], lefts: bool, rights: bool, goals: int) -> list[int]:
    """Lanes that go straight on: all but those set apart for turning."""
    kept = lanes
    if lefts and len(kept) > min(goals, 2) and len(kept) > 1:
        kept = kept[:-1]
    if rights and len(kept) > max(goals, 1):
        kept = kept[1:]
    return kept


def _shared_out(lanes: list[int], exits: list[_Exit]) -> list[Pairs]:
    """Lanes dealt out to exits none of which is straight on, both from right to left."""
    turning = [way for way in exits if way.direction != "t"]
    shares = _shares(len(lanes), [len(way.target.general) for way in turning])
    found: list[Pairs] = []
    for way, (first, count) in zip(turning, shares, strict=True):
        there = way.target.general
        mine = lanes[first : first + count]
        if way.direction in "rR":
            found.append([(lane, there[rank]) for rank, lane in enumerate(mine[: len(there)])])
        else:
            found.append(
                [(lane, there[rank - 1]) for rank, lane in zip(range(0, -len(there), -1), mine[::-1], strict=False)]
            )
    found += [[(lanes[-1], way.target.general[-1])] for way in exits if way.direction == "t"]
    return found


def _shares(lanes: int, goals: list[int]) -> list[tuple[int, int]]:
    """First lane and number of lanes for each exit; lanes are shared if there are too few."""
    if lanes < len(goals):
        return [(rank * lanes // len(goals), 1) for rank in range(len(goals))]
    counts = [1] * len(goals)
    for rank in [*range(len(goals) - 1, -1, -1)] * lanes:
        if sum(counts) < lanes and counts[rank] < goals[rank]:
            counts[rank] += 1
    return [(sum(counts[:rank]), count) for rank, count in enumerate(counts)]


def _for_buses(source: Carriageway, exits: list[_Exit]) -> list[Movement]:
    """Ways out of a bus lane: straight on and to the right, at the kerb."""
    if not source.bus_lane:
        return []
    ways = [way for way in exits if way.direction in "srR"] or [way for way in exits if way.direction != "t"][:1]
    return [movement for way in ways for movement in _made(source, way, [(0, 0)])]


def _merging(arriving: Sequence[Carriageway], target: Carriageway) -> list[Movement]:
    """Roads that join into one: each with lanes of its own if there are enough, else overlapping from both sides."""
    ranked = sorted(arriving, key=lambda one: (_turned(one, target), one.edge))
    there = list(target.general)
    total = sum(len(one.general) for one in ranked)
    found: list[Movement] = []
    before = 0
    for rank, source in enumerate(ranked):
        count, leftmost = len(source.general), rank == len(ranked) - 1
        first = before if total <= len(there) else (len(there) - count if leftmost else 0)
        pairs = [(lane, there[min(max(first + i, 0), len(there) - 1)]) for i, lane in enumerate(source.general)]
        if leftmost and total < len(there):
            pairs += [(source.general[-1], goal) for goal in there[total:]]
        angle = _turned(source, target)
        way = _Exit(target, angle, _letter(angle, True))
        found += _made(source, way, pairs) + _for_buses(source, [way])
        before += count
    return found
