"""The inside of a junction: internal lanes, connections, and where they are in each other's way."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from sim.park.building.draft import Node
from sim.park.building.ground import Ground
from sim.park.building.movements import Movement
from sim.park.building.paths import curve, curve_speed, pieces, turning_speed
from sim.park.building.programmes import programme, strip_end
from sim.park.building.right_of_way import right_of_way
from sim.park.building.walking_lights import feet
from sim.park.building.walkways import Strip, lay
from sim.park.geometry import conflict_areas, length_of
from sim.park.network import SEEN, SEEN_BESIDE, Conflict, Connection, Crossing, Edge, Lane

#: A left turn that waits inside keeps this far from the opposing stream [m]; a waiting place with less room than the
#: second number [m] is none. Source: assumed.
MARGIN, ROOM = 0.5, 4.0
#: Radius of the curve into or out of a roundabout [m]. Source: NCHRP Report 672 (roundabouts: an informational guide),
#: entry radii of 15 to 30 m at one lane; from memory.
FLARE = 15.0
_OPPOSING = math.radians(135.0)
_LEAST = 0.01  # [m] shorter overlaps are rounding


@dataclass(frozen=True, slots=True)
class _Meeting:
    """Two movements in each other's way: where, on the one and on the other [m]."""

    one: int
    other: int
    kind: Crossing
    on_one: tuple[float, float]
    on_other: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Piece:
    """An internal lane and the part of its movement's path that it covers [m]."""

    lane: int
    begin: float
    end: float


def furnish(ground: Ground, node: Node, rank: int, ways: list[Movement], walks: Sequence[Strip]) -> None:
    """Add everything inside a junction to what has been built.

    Args:
        ground: is added to.
        node: the junction.
        rank: its index.
        ways: its movements.
        walks: its crossings for people on foot.

    Raises:
        NetworkError: its signal programme cannot be made.
    """
    paths = [curve(_source(ground, way).shape, _target(ground, way).shape) for way in ways]
    meetings = _meetings(ground, ways, paths)
    gives, letters = right_of_way(node, ways, [(x.one, x.other, x.kind) for x in meetings])
    signal = -1
    if node.control in ("signal", "passage"):
        signal = len(ground.signals)
        own = node.control == "signal"
        ground.signals.append(programme(node, ways, gives, feet(ways, walks)) if own else strip_end(node, ways))
    beside = [letter == "Z" or way.source.road.ring for letter, way in zip(letters, ways, strict=True)]
    several = len({way.source.road.id for way in ways} | {way.target.road.id for way in ways}) > 2
    parts: list[list[_Piece]] = []
    for i, way in enumerate(ways):
        parts.append(
            _internal_lanes(
                ground, f":{node.id}_{i}", rank, way, pieces(paths[i], _waiting(node, ways, i, meetings, gives))
            )
        )
        connection = Connection(
            source=way.source.lanes[way.lane],
            target=way.target.lanes[way.goal],
            via=tuple(part.lane for part in parts[-1]),
            junction=rank,
            direction=way.direction,
            rule=letters[i],
            signal=signal,
            group=i if signal >= 0 else -1,
            keep_clear=several and letters[i] != "Z",
            visibility=SEEN_BESIDE if beside[i] else SEEN,
        )
        ground.connections.append(connection)
    for meeting in meetings:
        _add_conflicts(ground, meeting, parts, gives)
    lay(ground, rank, walks, signal)


def _source(ground: Ground, way: Movement) -> Lane:
    return ground.lanes[way.source.lanes[way.lane]]


def _target(ground: Ground, way: Movement) -> Lane:
    return ground.lanes[way.target.lanes[way.goal]]


def _meetings(ground: Ground, ways: list[Movement], paths: list[np.ndarray]) -> list[_Meeting]:
    """All pairs of movements whose bodies would touch."""
    pairs = list(combinations(range(len(ways)), 2))
    if not pairs:
        return []
    kinds = [_kind(ways[one], ways[other]) for one, other in pairs]
    widths = [min(_source(ground, way).width, _target(ground, way).width) for way in ways]
    one, other = np.array(pairs).T
    areas = conflict_areas(paths, widths, one, other, np.array([int(kind) for kind in kinds]))
    return [
        _Meeting(*pair, kind, (float(area[0]), float(area[1])), (float(area[2]), float(area[3])))
        for pair, kind, area in zip(pairs, kinds, areas, strict=True)
        if not np.isnan(area).any()
    ]


def _kind(one: Movement, other: Movement) -> Crossing:
    if (one.target.edge, one.goal) == (other.target.edge, other.goal):
        return Crossing.MERGE
    if (one.source.edge, one.lane) == (other.source.edge, other.lane):
        return Crossing.DIVERGE
    return Crossing.CROSS


def _waiting(
    node: Node, ways: list[Movement], i: int, meetings: list[_Meeting], gives: set[tuple[int, int]]
) -> list[float]:
    """Where a left turn that has only the opposing stream to wait for may wait inside, along its path [m]."""
    if ways[i].direction not in "lL":
        return []
    foes = {j for who, j in gives if who == i}
    opposing = {j for j in foes if _opposing(ways[i], ways[j])}
    if not opposing or (node.control != "signal" and opposing != foes):
        return []
    begins = [x.on_one[0] for x in meetings if x.one == i and x.other in opposing]
    begins += [x.on_other[0] for x in meetings if x.other == i and x.one in opposing]
    place = min(begins) - MARGIN
    return [place] if place >= ROOM else []


def _opposing(one: Movement, other: Movement) -> bool:
    between = (other.source.inward - one.source.inward + math.pi) % (2.0 * math.pi) - math.pi
    return abs(between) > _OPPOSING


def _internal_lanes(ground: Ground, name: str, rank: int, way: Movement, shapes: list[np.ndarray]) -> list[_Piece]:
    """Internal edges of one lane each for the pieces of a movement's path."""
    source, target = _source(ground, way), _target(ground, way)
    speed = curve_speed(np.concatenate(shapes), source.speed, target.speed)
    if way.source.road.ring != way.target.road.ring:  # flared: the drawn path is tighter than the built one
        speed = max(speed, min(turning_speed(FLARE), (source.speed + target.speed) / 2.0))
    found: list[_Piece] = []
    begin = 0.0
    for piece, shape in enumerate(shapes):
        edge = f"{name}.{piece}" if piece else name
        length = length_of(shape)
        lane = Lane(
            id=f"{edge}_0",
            edge=len(ground.edges),
            index=0,
            length=length,
            speed=speed,
            width=min(source.width, target.width),
            allowed=source.allowed & target.allowed,
            shape=shape,
        )
        found.append(_Piece(len(ground.lanes), begin, begin + length))
        ground.edges.append(Edge(edge, "", rank, rank, (len(ground.lanes),), internal=True))
        ground.lanes.append(lane)
        begin += length
    return found


def _add_conflicts(ground: Ground, meeting: _Meeting, parts: list[list[_Piece]], gives: set[tuple[int, int]]) -> None:
    """Records for both directions, on the internal lanes that cover the conflict area."""
    mine, its = parts[meeting.one], parts[meeting.other]
    for a in mine:
        for b in its:
            begin, end = _within(a, meeting.on_one)
            foe_begin, foe_end = _within(b, meeting.on_other)
            if end - begin < _LEAST or foe_end - foe_begin < _LEAST:
                continue
            kind = meeting.kind
            if kind == Crossing.DIVERGE and (a is not mine[0] or b is not its[0]):
                continue
            if kind == Crossing.MERGE and (a is not mine[-1] or b is not its[-1]):
                kind = Crossing.CROSS
            first = (meeting.one, meeting.other) in gives
            second = (meeting.other, meeting.one) in gives
            ground.conflicts.append(Conflict(a.lane, b.lane, kind, begin, end, foe_begin, foe_end, first))
            ground.conflicts.append(Conflict(b.lane, a.lane, kind, foe_begin, foe_end, begin, end, second))


def _within(piece: _Piece, area: tuple[float, float]) -> tuple[float, float]:
    """The part of a conflict area that lies on a piece, from the piece's start [m]."""
    length = piece.end - piece.begin
    return max(0.0, area[0] - piece.begin), min(length, area[1] - piece.begin)
