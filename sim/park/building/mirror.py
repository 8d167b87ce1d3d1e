"""Driving on the left: a map is mirrored, built as if driving on the right, and mirrored back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.park.building.draft import Draft, Node, Road
from sim.park.network import Network

_OTHER_SIDE = str.maketrans("lrLR", "rlRL")
_MIRROR = np.array([-1.0, 1.0])


def mirrored(draft: Draft) -> Draft:
    """The map as seen in a mirror; turns to the left and right change names."""
    return replace(draft, nodes=tuple(map(_node, draft.nodes)), roads=tuple(map(_road, draft.roads)))


def restored(network: Network) -> Network:
    """What was built of a mirrored map, as it is."""
    return replace(
        network,
        junctions=tuple(replace(x, x=-x.x, shape=x.shape * _MIRROR) for x in network.junctions),
        lanes=tuple(replace(lane, shape=lane.shape * _MIRROR) for lane in network.lanes),
        connections=tuple(replace(x, direction=x.direction.translate(_OTHER_SIDE)) for x in network.connections),
    )


def _node(node: Node) -> Node:
    stages = tuple(
        replace(stage, green={road: letters.translate(_OTHER_SIDE) for road, letters in stage.green.items()})
        for stage in node.programme.stages
    )
    return replace(node, x=-node.x, programme=replace(node.programme, stages=stages))


def _road(road: Road) -> Road:
    return replace(road, shape=road.shape * _MIRROR)
