"""Small pilots made by hand: a grid of junctions of any control, and whoever shall drive there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sim.chance import key
from sim.engine.people import class_bit
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Road
from sim.park.network import Network
from sim.park.route import Router
from sim.pilot import Clock, Output, Pilot, Rules
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.traffic.departures import BASE, BEST, MAXIMUM, Departures

#: Controls a junction of a grid may have.
CONTROLS = ("priority", "yield", "stop", "all_way_stop", "right_before_left", "signal", "roundabout")
BLOCK = 160.0  #: [m] between junctions


@dataclass(frozen=True)
class Listed:
    """A demand that is told vehicle by vehicle: (id, time [s], first edge, last edge, card)."""

    wishes: tuple[tuple[str, float, int, int, Card], ...]

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """Everybody on the list who can get where they want, by the quickest way."""
        routers = {card.name: Router(network, class_bit(card)) for *_, card in self.wishes}
        found = [(wish, routers[wish[4].name].path(wish[2], wish[3])) for wish in self.wishes]
        rows = sorted(((w, way) for w, way in found if way is not None), key=lambda x: x[0][1])
        cards = list({w[4].name: w[4] for w, _ in rows}.values())
        rank = {card.name: i for i, card in enumerate(cards)}
        n = len(rows)
        return Departures(
            ids=[w[0] for w, _ in rows],
            key=np.array([key(w[0]) for w, _ in rows], np.uint64),
            time=np.array([w[1] for w, _ in rows], float),
            card=np.array([rank[w[4].name] for w, _ in rows], np.int64),
            route=np.arange(n),
            lane=np.full(n, BEST),
            position=np.full(n, BASE),
            speed=np.full(n, MAXIMUM),
            arrival_position=np.full(n, np.inf),
            speed_factor=np.ones(n),
            stop_begin=np.zeros(n + 1, np.int64),
            stop_lane=np.empty(0, np.int64),
            stop_position=np.empty(0),
            stop_duration=np.empty(0),
            stop_until=np.empty(0),
            routes=[way for _, way in rows],
            cards=tuple(cards),
        )


def krauss(name: str = "human_car", imperfection: float = 0.5) -> Card:
    """A built-in card driven by Krauss' model, with imperfection."""
    card = CARDS[name]
    noise = Value(imperfection, "-", "test", "given")
    return replace(
        card, name=f"{name}_krauss", car_following="krauss", parameters=card.parameters | {"imperfection": noise}
    )


def grid(columns: int, rows: int, controls: Sequence[str], lanes: Sequence[int], bus_lane: bool = False) -> Network:
    """Junctions in columns and rows, joined by two-way roads, with a way out on each side.

    Args:
        controls: of the junctions, by row, taken in turn.
        lanes: of the roads in each direction, taken in turn.
        bus_lane: whether kerb lanes of roads with several lanes are for buses.
    """
    nodes, roads = [], []
    places = {(i, j): (BLOCK * i, BLOCK * j) for i in range(columns) for j in range(rows)}
    for number, ((i, j), (x, y)) in enumerate(places.items()):
        nodes.append(Node(f"n{i}{j}", x, y, controls[number % len(controls)]))
    pairs = [((i, j), (i + di, j + dj)) for i, j in places for di, dj in ((1, 0), (0, 1))]
    outside = [((-1, j), (0, j)) for j in range(rows)] + [((i, -1), (i, 0)) for i in range(columns)]
    for one, other in [*pairs, *outside]:
        ends = []
        for i, j in (one, other):
            if (i, j) not in places:
                nodes.append(Node(f"out{i}{j}", BLOCK * i, BLOCK * j, "none", u_turn=False))
                ends.append(f"out{i}{j}")
            else:
                ends.append(f"n{i}{j}")
        shape = np.array([one, other], float) * BLOCK
        count = lanes[len(roads) % len(lanes)]
        roads.append(Road(f"r{len(roads)}", *ends, shape, count, count, 13.9, 3.5, bus_lane=bus_lane))
    unique = {node.id: node for node in nodes}
    return build(Draft("grid", tuple(unique.values()), tuple(roads), synthetic=True))


def ways_in(network: Network) -> list[int]:
    """Edges that come from outside."""
    return [
        i for i, e in enumerate(network.edges) if not e.internal and network.junctions[e.start].id.startswith("out")
    ]


def ways_out(network: Network) -> list[int]:
    """Edges that lead outside."""
    return [i for i, e in enumerate(network.edges) if not e.internal and network.junctions[e.end].id.startswith("out")]


def pilot(
    network: Network, wishes: Sequence[tuple[str, float, int, int, Card]], duration: float, change: float = 3.0
) -> Pilot:
    """A pilot of listed wishes; a lane change takes `change` [s]."""
    clock = Clock(0.0, duration, 0.0, 0.1, 1)
    return Pilot("small", network, Listed(tuple(wishes)), Rules(lane_change_duration=change), clock, Output(1.0, 60.0))
