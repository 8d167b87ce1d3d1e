"""Drawn junctions of verification cases: a signal on a one-way street, alone or in a row, and who drives there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.park.building.draft import Draft, Node, Programme, Road, Stage
from sim.park.names import Names
from sim.park.network import Network
from sim.traffic.card import Card
from sim.traffic.demand import Flow, ParkDemand

LIMIT = 50.0 / 3.6  #: [m/s]
#: Yellow and all-red of the signals [s]. Source: assumed, usual at 50 km/h.
YELLOW, ALL_RED = 3.0, 2.0
APPROACH, CROSS, BEYOND = 900.0, 120.0, 250.0  #: [m]


@dataclass(frozen=True, slots=True)
class Times:
    """Times of a two-stage signal [s]: the street's displayed green, the cycle, and when its green begins."""

    cycle: float
    green: float
    offset: float = 0.0
    all_red: float = ALL_RED

    def programme(self, street: str, crossing: str) -> Programme:
        """Green for the street, then for the crossing road."""
        rest = self.cycle - self.green - 2.0 * (YELLOW + self.all_red)
        stages = (
            Stage({street: "s"}, self.green, math.nan, math.nan),
            Stage({crossing: "s"}, rest, math.nan, math.nan),
        )
        return Programme("fixed", math.nan, self.offset, YELLOW, self.all_red, stages=stages)


def road(name: str, start: tuple[str, float, float], end: tuple[str, float, float], speed: float = LIMIT) -> Road:
    """A straight one-way road of one lane between two named points."""
    shape = np.array([start[1:], end[1:]])
    return Road(name, start[0], end[0], shape, 1, 0, speed, 3.5)


def street(times: Sequence[Times | None], apart: float = 400.0) -> Draft:
    """A one-way street (`s0`, `s1` …) that meets a one-way road (`c<i>`, `d<i>`) at each signal.

    Args:
        times: of each signal; None: always open to the street, the crossing road gives way.
        apart: distance between signals [m].
    """
    nodes, roads = [Node("west", -APPROACH, 0.0, "none", u_turn=False)], []
    before = ("west", -APPROACH, 0.0)
    for i, one in enumerate(times):
        here = (f"x{i}", apart * i, 0.0)
        south, north = (f"south{i}", apart * i, -CROSS), (f"north{i}", apart * i, CROSS)
        main = (f"s{i}", f"s{i + 1}")
        if one is None:
            nodes.append(Node(*here, "priority", main=main, u_turn=False))
        else:
            nodes.append(Node(*here, "signal", u_turn=False, main=main, programme=one.programme(f"s{i}", f"c{i}")))
        nodes += [Node(*south, "none", u_turn=False), Node(*north, "none", u_turn=False)]
        roads += [road(f"s{i}", before, here), road(f"c{i}", south, here), road(f"d{i}", here, north)]
        before = here
    east = ("east", before[1] + BEYOND, 0.0)
    nodes.append(Node(*east, "none", u_turn=False))
    roads.append(road(f"s{len(times)}", before, east))
    return Draft("street", tuple(nodes), tuple(roads), synthetic=True)


def flows(card: Card, ways: Sequence[tuple[str, str, float]], copies: int, **times: float | str) -> ParkDemand:
    """Vehicles of one card from edge to edge (names without the copy's) at rates [1/h], on every copy of a map."""
    told = [
        Flow(f"{origin}.{goal}@{c}", f"{origin}@{c}", f"{goal}@{c}", rate, **times)  # type: ignore[arg-type]
        for c in range(copies)
        for origin, goal, rate in ways
    ]
    return ParkDemand({card.name: 1.0}, tuple(told), own_cards={card.name: card})


def line(network: Network, edge: str) -> float:
    """Way from where a departure sets out to the end of the edge [m], but for its body."""
    return network.lanes[network.edges[Names(network).edge[edge]].lanes[0]].length


def copy_of(names: Sequence[str]) -> np.ndarray:
    """Copy of the map on which each departure drives (vehicles,), by its name."""
    return np.array([int(name.rpartition("@")[2].partition(".")[0]) for name in names])
