"""Roads with room for one vehicle become strips that both directions share, with places to wait between and behind."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import shapely
from shapely.ops import substring

from sim.errors import Fault, NetworkError
from sim.park.building.corners import SEAM, TAPER, setbacks
from sim.park.building.draft import Draft, Node, Road, Stage

#: A shared strip is as wide as this [m], no shorter than the second, and, with control by signal or radio and bays as
#: many as it needs, no longer than the third [m]. Source: assumed.
STRIP_WIDTH, SHORTEST, LONGEST = 3.5, 20.0, 300.0
#: Controls under which drivers must see the other end of a strip.
BY_SIGHT = ("courtesy", "priority")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a shared road, by way along its centre line [m]."""

    id: str
    begin: float
    end: float
    shared: bool


def divided(draft: Draft) -> Draft:
    """The same map with shared roads cut into mouths, strips and bays.

    The first strip keeps the road's id; others are called `road.2`, the mouths `road.start` and `road.end`, bays
    `road.bay1`, junctions between `road.n1`.

    Raises:
        NetworkError: a shared road too short for its mouths and bays, or one that cannot be overlooked.
    """
    narrow = [road for road in draft.roads if road.passing]
    if not narrow:
        return draft
    cuts, faults = setbacks(draft), list[Fault]()
    pieces = {road.id: _pieces(road, (cuts[road.id, 0], cuts[road.id, 1]), faults) for road in narrow}
    if faults:
        raise NetworkError(faults=faults)
    roads, joints = list[Road](), list[Node]()
    for road in draft.roads:
        if road.id not in pieces:
            roads.append(road)
            continue
        parts, between = _cut(road, pieces[road.id])
        roads += parts
        joints += between
    strips = {
        road.id: (road.passing, tuple(x.id for x in pieces[road.id] if x.shared)) for road in narrow if road.passing
    }
    nodes = [_renamed(node, narrow) for node in draft.nodes]
    return replace(draft, nodes=(*nodes, *joints), roads=tuple(roads), strips=strips)


def _pieces(road: Road, cuts: tuple[float, float], faults: list[Fault]) -> list[Piece]:
    """Mouth, strip, bay, strip … mouth; the junctions at both ends are cut off besides."""
    how = road.passing
    assert how
    taper = SEAM + TAPER * abs(2.0 * road.width - STRIP_WIDTH) / road.width
    first, last = cuts[0] + how.mouth + taper, cuts[1] + how.mouth + taper
    bay = how.bay + 2.0 * taper
    length = float(shapely.LineString(road.shape).length)
    middle = length - first - last
    bays = how.bays
    if bays is None:
        longest = how.sight if how.control in BY_SIGHT else LONGEST
        bays = max(0, math.ceil((middle - longest) / (longest + bay)))
    strip = (middle - bays * bay) / (bays + 1)
    where = f"road {road.id}"
    if strip < SHORTEST + 2.0 * taper:
        needed = first + last + bays * bay + (bays + 1) * (SHORTEST + 2.0 * taper)
        what = f"it is {length:.0f} m long, too short to be shared with {bays} bay(s)"
        faults.append(Fault(where, what, f"wanted {needed:.0f} m or more, or two lanes"))
    elif how.control in BY_SIGHT and strip > how.sight:
        what = f"its strips of {strip:.0f} m are longer than the {how.sight:.0f} m that drivers see"
        faults.append(Fault(where, what, "wanted more bays, or control by signal or request"))
    found = [Piece(f"{road.id}.start", 0.0, first, False)]
    for rank in range(bays + 1):
        begin = found[-1].end
        found.append(Piece(road.id if rank == 0 else f"{road.id}.{rank + 1}", begin, begin + strip, True))
        if rank < bays:
            found.append(Piece(f"{road.id}.bay{rank + 1}", begin + strip, begin + strip + bay, False))
    return [*found, Piece(f"{road.id}.end", found[-1].end, length, False)]


def _cut(road: Road, pieces: Sequence[Piece]) -> tuple[list[Road], list[Node]]:
    """The roads of the pieces, and the nodes between them."""
    line = shapely.LineString(road.shape)
    joints = []
    for rank, (one, _) in enumerate(pairwise(pieces)):
        at = line.interpolate(one.end)
        joints.append(Node(f"{road.id}.n{rank + 1}", at.x, at.y, "passage", road.name, u_turn=False))
    ends = [road.start, *(node.id for node in joints), road.end]
    found = []
    for rank, piece in enumerate(pieces):
        shape = np.array(shapely.get_coordinates(substring(line, piece.begin, piece.end)))
        told = replace(road, id=piece.id, start=ends[rank], end=ends[rank + 1], shape=shape, passing=None)
        found.append(replace(told, width=STRIP_WIDTH, shared=True) if piece.shared else told)
    return found, joints


def _renamed(node: Node, narrow: Sequence[Road]) -> Node:
    """A node at which shared roads end, now by their mouths' names."""
    names = {x.id: f"{x.id}.{'start' if x.start == node.id else 'end'}" for x in narrow if node.id in (x.start, x.end)}
    if not names:
        return node
    stages = tuple(_stage(stage, names) for stage in node.programme.stages)
    main = tuple(names.get(x, x) for x in node.main)
    return replace(node, main=main, programme=replace(node.programme, stages=stages))


def _stage(stage: Stage, names: dict[str, str]) -> Stage:
    return replace(stage, green={names.get(road, road): letters for road, letters in stage.green.items()})
