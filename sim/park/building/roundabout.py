"""Roundabouts drawn as one point become a ring of one-way roads with a node for each road that joins it."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import shapely
from shapely.ops import substring

from sim.errors import Fault, NetworkError
from sim.park.building.draft import Draft, Node, Road
from sim.park.building.paths import turning_speed

#: A ring lane is wider than those of its roads by this [m], since long vehicles sweep. Source: assumed.
RING_EXTRA = 1.0
_ARC_STEP = math.radians(8.0)


def expanded(draft: Draft) -> Draft:
    """The same map with rings in place of roundabout nodes.

    Raises:
        NetworkError: a roundabout with less than two roads, or a road that ends inside the ring; change its radius.
    """
    faults: list[Fault] = []
    for node in [node for node in draft.nodes if node.control == "roundabout"]:
        ends = [(road, end) for road in draft.roads for end in (0, 1) if node.id == (road.start, road.end)[end]]
        faults += _faults(node, ends)
        if not faults:
            draft = _with_ring(draft, node, ends)
    if faults:
        raise NetworkError(faults=faults)
    return draft


def _faults(node: Node, ends: list[tuple[Road, int]]) -> list[Fault]:
    where = f"junction {node.id}"
    if len(ends) < 2:
        return [Fault(where, f"a roundabout of {len(ends)} road(s)", "at least two are needed")]
    centre = shapely.Point(node.x, node.y)
    inside = [road.id for road, _ in ends if shapely.LineString(road.shape).hausdorff_distance(centre) <= node.radius]
    return [Fault(f"road {name}", f"it ends inside the ring of {where}", "wanted a smaller radius") for name in inside]


def _with_ring(draft: Draft, node: Node, ends: list[tuple[Road, int]]) -> Draft:
    roads = {road.id: road for road in draft.roads}
    joints: list[tuple[float, Node, Road]] = []
    for road, end in ends:
        shape = _outside(roads[road.id].shape, end, node)
        x, y = shape[0] if end == 0 else shape[-1]
        name = f"{node.id}.{road.id}" + (".end" if end and road.start == node.id else "")
        joint = replace(node, id=name, x=float(x), y=float(y), u_turn=False, main=())
        joints.append((math.atan2(y - node.y, x - node.x), joint, road))
        start, stop = (joint.id, roads[road.id].end) if end == 0 else (roads[road.id].start, joint.id)
        setback = (math.nan, road.setback[1]) if end == 0 else (road.setback[0], math.nan)
        roads[road.id] = replace(roads[road.id], shape=shape, start=start, end=stop, setback=setback)
    joints.sort(key=lambda x: (x[0], x[1].id))
    arcs = [_arc(node, one, joints[(rank + 1) % len(joints)]) for rank, one in enumerate(joints)]
    nodes = [other for other in draft.nodes if other.id != node.id]
    return replace(draft, nodes=(*nodes, *(x[1] for x in joints)), roads=(*roads.values(), *arcs))


def _outside(shape: np.ndarray, end: int, node: Node) -> np.ndarray:
    """The part of a centre line from the ring on, seen from its end at the node."""
    line = shapely.LineString(shape)
    ring = shapely.Point(node.x, node.y).buffer(node.radius, quad_segs=64).exterior
    met = [line.project(point) for point in shapely.get_parts(shapely.intersection(line, ring))]
    kept = substring(line, min(met), line.length) if end == 0 else substring(line, 0.0, max(met))
    return np.array(shapely.get_coordinates(kept))


def _arc(node: Node, one: tuple[float, Node, Road], other: tuple[float, Node, Road]) -> Road:
    """Ring road from one joint counter-clockwise to the next."""
    sweep = (other[0] - one[0]) % (2.0 * math.pi)
    angles = one[0] + np.linspace(0.0, sweep, max(3, math.ceil(sweep / _ARC_STEP) + 1))
    shape = np.stack((node.x + node.radius * np.cos(angles), node.y + node.radius * np.sin(angles)), axis=1)
    shape[0], shape[-1] = (one[1].x, one[1].y), (other[1].x, other[1].y)
    widest = max(one[2].width, other[2].width)
    return Road(
        id=f"{node.id}.ring.{one[1].id.removeprefix(node.id + '.')}",
        start=one[1].id,
        end=other[1].id,
        shape=shape,
        forward=node.ring_lanes,
        backward=0,
        speed=min(turning_speed(node.radius), max(one[2].speed, other[2].speed)),
        width=widest + RING_EXTRA,
        name=node.name,
        road_class=one[2].road_class,
        allowed=one[2].allowed | other[2].allowed,
        ring=True,
    )
