"""From centre lines to a network: lanes, connections, internal lanes, conflicts, right of way, signals."""

from __future__ import annotations

import numpy as np
import shapely

from sim.park.building.carriageways import Carriageway, carriageways, legs_of
from sim.park.building.corners import legs, setbacks
from sim.park.building.draft import Draft, Node
from sim.park.building.ground import Ground
from sim.park.building.inside import furnish
from sim.park.building.mirror import mirrored, restored
from sim.park.building.movements import movements
from sim.park.building.narrow import divided
from sim.park.building.roundabout import expanded
from sim.park.building.walkways import strips
from sim.park.network import Edge, Junction, Network
from sim.park.passing import Passage

__all__ = ["build"]


def build(draft: Draft) -> Network:
    """The network of a map of centre lines.

    Edge ids are those of the roads, with a minus sign for the way against the drawing; signals and junctions carry the
    nodes' ids, internal lanes those of the junction after a colon. A roundabout becomes a ring of one-way edges, a road
    that both directions share becomes strips with places to wait.

    Args:
        draft: the map; ids of its nodes and roads differ, and roads refer to nodes that are there.

    Raises:
        NetworkError: roads too short for their junctions, signal programmes that do not fit them.
    """
    if draft.left_hand:
        return restored(_built(mirrored(draft)))
    return _built(draft)


def _built(draft: Draft) -> Network:
    draft = divided(expanded(draft))
    cuts, around = setbacks(draft), legs(draft)
    ways, edges, lanes = carriageways(draft, cuts)
    ground = Ground(edges, lanes, len(draft.nodes))
    coming: dict[str, list[Carriageway]] = {node.id: [] for node in draft.nodes}
    going: dict[str, list[Carriageway]] = {node.id: [] for node in draft.nodes}
    for way in ways:
        coming[way.end].append(way)
        going[way.start].append(way)
    junctions = []
    for rank, node in enumerate(draft.nodes):
        arriving, leaving = coming[node.id], going[node.id]
        first = len(lanes)
        furnish(ground, node, rank, movements(node, arriving, leaving), strips(node, around[node.id], cuts))
        inside = [lane.shape for lane in lanes[first:]]
        ends = [lanes[i].shape[-1:] for way in arriving for i in way.lanes]
        ends += [lanes[i].shape[:1] for way in leaving for i in way.lanes]
        dead_end = legs_of(arriving, leaving) == 1
        junctions.append(_junction(node, np.concatenate(inside + ends), dead_end))
    return Network(
        name=draft.name,
        junctions=(*junctions, *ground.ends),
        edges=tuple(ground.edges),
        lanes=tuple(ground.lanes),
        connections=tuple(ground.connections),
        conflicts=tuple(ground.conflicts),
        signals=tuple(ground.signals),
        passages=_passages(draft, ground.edges),
        walkways=tuple(ground.walkways),
        synthetic=draft.synthetic,
        left_hand=draft.left_hand,
        crs=draft.crs,
    )


def _passages(draft: Draft, edges: list[Edge]) -> tuple[Passage, ...]:
    """Roads that both directions share, with their strips as edges."""
    rank = {edge.id: i for i, edge in enumerate(edges)}
    return tuple(
        Passage(name, passing, tuple((rank[strip], rank[f"-{strip}"]) for strip in strips))
        for name, (passing, strips) in draft.strips.items()
    )


def _junction(node: Node, points: np.ndarray, dead_end: bool) -> Junction:
    """The junction with a hull about some points as its outline."""
    hull = shapely.MultiPoint(points).convex_hull.buffer(1.5, quad_segs=2)
    shape = np.array(shapely.get_coordinates(hull.exterior))
    control = "dead_end" if dead_end else node.control
    return Junction(node.id, node.x, node.y, control, shape, node.name)
