"""Lay those who drive out as arrays: profiles, routes with their plans, departures with their halts."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.engine.roads import lay_links
from sim.kernel.plans import Ways, fill_plans
from sim.models.mass import mass_of
from sim.park.classes import CLASSES
from sim.park.network import Network
from sim.state import place as tables
from sim.state.columns import allocate
from sim.traffic.card import Card
from sim.traffic.departures import Departures


def class_bit(card: Card) -> int:
    """Class of a card, as bit."""
    return 1 << CLASSES.index(card.vehicle_class)


def masses(departures: Departures) -> np.ndarray:
    """Mass of each departure, (departures,) [kg]."""
    return np.array([mass_of(card.vehicle_class).amount for card in departures.cards] or [0.0])[departures.card]


def halt_stages(network: Network, route: np.ndarray, lanes: np.ndarray) -> tuple[tuple[int, int], ...]:
    """(edge of a route, lane on it) of halts on some lanes, each edge once."""
    found: dict[int, int] = {}
    at = 0
    for lane in lanes:
        where = np.flatnonzero(route[at:] == network.lanes[lane].edge)
        if len(where):
            at += int(where[0])
            found.setdefault(at, network.lanes[lane].index)
    return tuple(found.items())


def _distinct(network: Network, departures: Departures) -> tuple[list[tuple[int, int, Any]], np.ndarray]:
    """Different (route, class, halts) that are driven, and which of them each departure drives."""
    bits = [class_bit(c) for c in departures.cards]
    halting = np.flatnonzero(np.diff(departures.stop_begin))
    halts = {
        row: halt_stages(
            network,
            departures.routes[departures.route[row]],
            departures.stop_lane[departures.stop_begin[row] : departures.stop_begin[row + 1]],
        )
        for row in halting.tolist()
    }
    number: dict[tuple[int, int, Any], int] = {}
    of_departure = np.empty(len(departures), np.int64)
    for row, (route, card) in enumerate(zip(departures.route.tolist(), departures.card.tolist(), strict=True)):
        of_departure[row] = number.setdefault((route, bits[card], halts.get(row, ())), len(number))
    return list(number), of_departure


def entry_links(network: Network) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Entry link, (source lane, target lane) and classes of each connection."""
    _, *entries = lay_links(network, [0] * len(network.signals))
    return entries[0], entries[1], entries[2]


def way_out(network: Network, entries: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """What `sim.kernel.plans.Ways` tells of a network."""
    link, ends, allowed = entries
    order = np.argsort(ends[:, 0], kind="stable")
    return (
        np.array([e.lanes[0] if e.lanes else 0 for e in network.edges], np.int64),
        np.array([len(e.lanes) for e in network.edges], np.int64),
        np.array([lane.length for lane in network.lanes]),
        np.array([lane.allowed for lane in network.lanes], np.uint64),
        np.searchsorted(ends[order, 0], np.arange(len(network.lanes) + 1)),
        link[order],
        ends[order, 1],
        allowed[order],
    )


def plan_ways(
    ways: list[np.ndarray], bits: list[int], halts: list[Any], net: tuple[np.ndarray, ...]
) -> tuple[Any, Any]:
    """Rows of `Stages` and `Plans` for some ways, one behind the other."""
    begin = np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64)
    edges = np.concatenate([*ways, np.zeros(0, np.int32)]).astype(np.int32)
    halt = np.full(len(edges), -1, np.int64)
    for first, stops in zip(begin[:-1], halts, strict=True):
        for stage, lane in stops:
            halt[first + stage] = lane
    sizes = net[1][edges]
    stages = allocate(tables.Stages, len(edges))
    stages["edge"] = edges
    stages["plan"] = np.cumsum(sizes) - sizes
    plans = allocate(tables.Plans, int(sizes.sum()))
    fill_plans(Ways(edges, begin, halt, np.array(bits, np.uint64), stages["plan"], plans, *net))
    return stages, plans


def lay_routes(network: Network, departures: Departures, net: tuple[np.ndarray, ...]) -> tuple[Any, Any, np.ndarray]:
    """Rows of `Stages` and `Plans`, and (departures, 2) first and last stage of each departure."""
    distinct, of_departure = _distinct(network, departures)
    ways = [departures.routes[route] for route, _, _ in distinct]
    stages, plans = plan_ways(ways, [bit for _, bit, _ in distinct], [halts for _, _, halts in distinct], net)
    begin = np.concatenate([[0], np.cumsum([len(way) for way in ways])]).astype(np.int64)
    return stages, plans, np.stack([begin[of_departure], begin[of_departure + 1] - 1], 1)


def lay_starts(departures: Departures, spans: np.ndarray, begin: float, dt: float) -> tuple[Any, Any]:
    """Rows of `Starts` and `Halts`."""
    starts = allocate(tables.Starts, len(departures))
    starts["key"] = departures.key
    starts["step"] = np.ceil((departures.time - begin) / dt - 1e-9).astype(np.int64)
    starts["stage"], starts["last_stage"] = spans[:, 0], spans[:, 1]
    starts["lane"] = departures.lane
    starts["position"], starts["speed"] = departures.position, departures.speed
    starts["arrival"] = departures.arrival_position
    starts["speed_factor"] = departures.speed_factor
    starts["halt"], starts["halt_end"] = departures.stop_begin[:-1], departures.stop_begin[1:]
    halts = allocate(tables.Halts, len(departures.stop_lane))
    halts["lane"], halts["position"] = departures.stop_lane, departures.stop_position
    if len(departures.stop_aside):
        halts["aside"] = departures.stop_aside
    return starts, halts
