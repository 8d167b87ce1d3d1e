"""Number lanes and connections junction by junction: what is looked at together lies together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.park.network import Network


def in_order(network: Network) -> Network:
    """The same network with lanes numbered by the junction that they lie in or lead to, connections by their source.

    Tables of a run have a row a lane or connection. Walked from junction to junction they are then read from their
    begin to their end, which memory far away is fastest at.
    """
    edges, lanes = network.edges, network.lanes
    order = sorted(range(len(lanes)), key=lambda i: (edges[lanes[i].edge].end, not edges[lanes[i].edge].internal, i))
    new = np.argsort(order).tolist()
    connections = [
        replace(c, source=new[c.source], target=new[c.target], via=tuple(new[lane] for lane in c.via))
        for c in network.connections
    ]
    return replace(
        network,
        edges=tuple(replace(edge, lanes=tuple(new[lane] for lane in edge.lanes)) for edge in edges),
        lanes=tuple(lanes[i] for i in order),
        connections=tuple(sorted(connections, key=lambda c: c.source)),
        conflicts=tuple(
            sorted((replace(c, lane=new[c.lane], foe=new[c.foe]) for c in network.conflicts), key=lambda c: c.lane)
        ),
        stops=tuple(replace(stop, lane=new[stop.lane]) for stop in network.stops),
    )
