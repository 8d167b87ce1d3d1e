"""Small networks made by hand: edges with one lane of 100 m each, by the edges that follow them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.park.classes import EVERY_CLASS
from sim.park.network import Connection, Edge, Junction, Lane, Network, Place, Stop

LENGTH = 100.0


def network(
    following: Mapping[str, Sequence[str]],
    places: Mapping[str, tuple[Sequence[str], Sequence[str]]] | None = None,
    stops: Mapping[str, tuple[str, float, float]] | None = None,
    allowed: Mapping[str, int] | None = None,
) -> Network:
    """Network of edges.

    Args:
        following: edge -> edges that one can turn into from its end.
        places: id -> edges to leave by, edges to arrive at.
        stops: id -> edge, begin, end [m].
        allowed: class bits of an edge, every class if absent.
    """
    names = list(following)
    rank = {name: i for i, name in enumerate(names)}
    bits = allowed or {}
    lanes = [_lane(f"{name}_0", i, bits.get(name, EVERY_CLASS), LENGTH) for name, i in rank.items()]
    edges = [Edge(name, name, 2 * i, 2 * i + 1, (i,), internal=False) for name, i in rank.items()]
    connections = []
    turns = [(name, other) for name in names for other in following[name]]
    for one, other in turns:
        inner = len(lanes)
        lanes.append(_lane(f":{one}-{other}_0", len(edges), EVERY_CLASS, 5.0))
        edges.append(Edge(f":{one}-{other}", "", 2 * rank[one] + 1, 2 * rank[one] + 1, (inner,), internal=True))
        connections.append(Connection(rank[one], rank[other], (inner,), 2 * rank[one] + 1))
    junctions = tuple(Junction(f"j{i}", 0.0, 0.0, "priority", np.empty((0, 2))) for i in range(2 * len(names)))
    return Network(
        "tiny",
        junctions,
        tuple(edges),
        tuple(lanes),
        tuple(connections),
        (),
        stops=tuple(Stop(name, rank[edge], begin, end) for name, (edge, begin, end) in (stops or {}).items()),
        places=tuple(_place(name, rank, *ends) for name, ends in (places or {}).items()),
    )


def chain() -> Network:
    """Three edges in a row, a gate at each end and a plant that all pass."""
    places = {"west": (["a"], []), "plant": (["c"], ["b"]), "east": ([], ["c"])}
    return network({"a": ["b"], "b": ["c"], "c": []}, places)


def _lane(name: str, edge: int, allowed: int, length: float) -> Lane:
    shape = np.array([[0.0, 10.0 * edge], [length, 10.0 * edge]])
    return Lane(name, edge, 0, length, 13.9, 3.2, allowed, shape)


def _place(name: str, rank: Mapping[str, int], leave: Sequence[str], enter: Sequence[str]) -> Place:
    return Place(name, name, "gate", 0.0, 0.0, tuple(rank[x] for x in leave), tuple(rank[x] for x in enter))
