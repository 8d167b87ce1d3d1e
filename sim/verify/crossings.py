"""Junctions at which a queue without end waits for gaps in a stream with priority, and how many pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from sim.park.building.draft import Draft, Node, Road
from sim.traffic.card import Card
from sim.traffic.demand import Flow, ParkDemand
from sim.verify.junctions import LIMIT, copy_of
from sim.verify.roads import side_by_side
from sim.verify.trial import Trial

MAJOR, MINOR = 400.0, 200.0  #: length of approaches [m]
WARM_UP = 300.0  #: [s]
ENDLESS = 1700.0  #: demand of a queue without end, of a lane [veh/h]


@dataclass(frozen=True, slots=True)
class Way:
    """Who waits and who has the way: edges of a junction of `four_legs`.

    Args:
        waits: first and last edge of those who wait.
        streams: first and last edge of each conflicting stream, and its share of the conflicting flow.
    """

    waits: tuple[str, str]
    streams: tuple[tuple[str, str, float], ...]


def four_legs(node: Node, lanes: dict[str, int] | None = None) -> Draft:
    """Two-way roads `w`, `e`, `s`, `n` that meet at a node; edges towards it bear these names, those away a minus.

    Args:
        lanes: of each direction of a road, 1 if not told.
    """
    ends = {"w": (-MAJOR, 0.0), "e": (MAJOR, 0.0), "s": (0.0, -MINOR), "n": (0.0, MINOR)}
    nodes, roads = [node], []
    for name, (x, y) in ends.items():
        nodes.append(Node(f"end_{name}", x, y, "none", u_turn=False))
        shape = np.array([[x, y], [node.x, node.y]])
        count = (lanes or {}).get(name, 1)
        rank = "arterial" if name in "we" else "local"
        roads.append(Road(name, f"end_{name}", node.id, shape, count, count, LIMIT, 3.5, road_class=rank))
    return Draft("four legs", tuple(nodes), tuple(roads), synthetic=True)


def passed(
    draft: Draft,
    plans: Sequence[tuple[Way, float]],
    cards: tuple[Card, Card],
    duration: float,
    seed: int,
    lanes: int = 1,
) -> np.ndarray:
    """How many of those who wait pass in an hour, each plan on a copy of its own (plans,) [veh/h].

    Args:
        plans: who waits, and conflicting flow [veh/h].
        cards: of those who wait, and of those with priority.
        duration: measured after the warm-up [s].
        lanes: on which they wait.
    """
    park = side_by_side(draft, len(plans))
    end = WARM_UP + duration
    flows = []
    for c, (way, rate) in enumerate(plans):
        names = _edges(way.waits, c)
        flows.append(Flow(f"wait@{c}", *names, lanes * ENDLESS, end=end, cards={cards[0].name: 1.0}, arrivals="even"))
        flows += [
            Flow(f"major{k}@{c}", *_edges((one, other), c), share * rate, end=end, cards={cards[1].name: 1.0})
            for k, (one, other, share) in enumerate(way.streams)
            if share * rate > 0.0
        ]
    demand = ParkDemand({cards[0].name: 1.0}, tuple(flows), own_cards={one.name: one for one in cards})
    diary = Trial(park, demand, end).run(seed)
    ids = diary.departures.ids
    arrival = diary.trips_told["arrival_s"]
    counted = np.array([name.startswith("wait") for name in ids]) & (arrival > WARM_UP)
    return np.bincount(copy_of(ids)[counted], minlength=len(plans)) * 3600.0 / duration


def _edges(ends: tuple[str, str], c: int) -> tuple[str, str]:
    """Ids of the edges on a copy: `w` is towards the junction, `-w` away from it."""
    first, last = (f"-{x[1:]}@{c}" if x.startswith("-") else f"{x}@{c}" for x in ends)
    return first, last


def harders(flow: float, critical_gap: float, follow_up: float) -> float:
    """Capacity against random arrivals [veh/h].

    Args:
        flow: conflicting [veh/h].
        critical_gap: [s].
        follow_up: time between two who use the same gap [s].

    Source: HCM 7 eq. 20-36 (Harders 1968).
    """
    rate = flow / 3600.0
    if rate == 0.0:
        return 3600.0 / follow_up
    return float(flow * np.exp(-rate * critical_gap) / (1.0 - np.exp(-rate * follow_up)))


def fitted_gaps(flows: Sequence[float], capacities: Sequence[float]) -> tuple[float, float]:
    """Critical gap and follow-up time [s] with which `harders` comes nearest to measured capacities [veh/h]."""

    def errors(x: np.ndarray) -> np.ndarray:
        return np.array([harders(q, x[0], x[1]) - c for q, c in zip(flows, capacities, strict=True)])

    found = optimize.least_squares(errors, [5.0, 3.0], bounds=([0.5, 0.8], [30.0, 20.0])).x
    return float(found[0]), float(found[1])
