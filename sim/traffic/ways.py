"""How vehicles go: the quickest route between two places, and along the stops of a bus line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np

from sim.errors import Fault
from sim.park.classes import class_bits
from sim.park.names import Names
from sim.park.network import Network, Stop
from sim.park.route import Router
from sim.traffic.card import Card
from sim.traffic.descriptions import BusLine, where


@dataclass(frozen=True, slots=True)
class Halts:
    """Where a route's vehicles halt, in order of travel: lanes, positions [m], durations [s], all (halts,)."""

    lane: np.ndarray
    position: np.ndarray
    duration: np.ndarray


class Ways:
    """Routes of one demand, each kept once.

    Among a place's edges a trip takes those that make it quickest at free travel times; of equally quick ones the
    first in the map.
    """

    def __init__(self, network: Network) -> None:
        """Begin without any route."""
        self._network = network
        self._names = Names(network)
        self._routers: dict[tuple[int, float], Router] = {}
        self._between: dict[tuple[str, str, int, float], int] = {}
        self._known: dict[bytes, int] = {}
        self.routes: list[np.ndarray] = []
        self.faults: list[Fault] = []

    def between(self, origin: str, destination: str, card: Card, at: str) -> int:
        """Index in `routes` of the quickest way from one place or edge to another; -1 and a fault if there is none.

        Args:
            at: who asks, for the fault.
        """
        key = (origin, destination, class_bits([card.vehicle_class]), card["maximum_speed"])
        if key not in self._between:
            path = self._quickest(self._edges(origin, True), self._edges(destination, False), self._router(card))
            if path is None:
                what = f"no way from {origin} to {destination} for a {card.name} (class {card.vehicle_class})"
                self.faults.append(Fault(at, what, "wanted connected roads open to it"))
            self._between[key] = self._keep(path)
        return self._between[key]

    def along(self, line: BusLine, card: Card) -> tuple[int, Halts]:
        """Index in `routes` of a bus line's way and its halts; -1 and faults if a stop cannot be served."""
        stops = [self._network.stops[self._names.stop[halt.stop]] for halt in line.halts]
        path = self._line_path(line, stops, card)
        halts = Halts(
            np.array([stop.lane for stop in stops], dtype=np.int32),
            np.array([stop.end for stop in stops]),
            np.array([halt.dwell for halt in line.halts]),
        )
        return self._keep(path), halts

    def _line_path(self, line: BusLine, stops: list[Stop], card: Card) -> np.ndarray | None:
        at, lanes, router = where(line), self._network.lanes, self._router(card)
        bits = class_bits([card.vehicle_class])
        faults = [
            Fault(at, f"stop {stop.id} lies on lane {lanes[stop.lane].id}, closed to class {card.vehicle_class}")
            for stop in stops
            if not lanes[stop.lane].allowed & bits
        ]
        if not line.origin and stops[0].end < card["length"]:
            what = f"stop {stops[0].id} ends {stops[0].end:g} m from the start of its edge: no room to set out there"
            faults.append(Fault(at, what, "give the line an origin before it"))
        legs = [] if faults else self._legs(line, stops, router)
        for name, leg in legs:
            if leg is None:
                faults.append(Fault(at, f"no way {name} for a {card.name}", "wanted connected roads open to it"))
        self.faults += faults
        if faults:
            return None
        return np.fromiter(chain.from_iterable(leg for _, leg in legs if leg is not None), dtype=np.int32)

    def _legs(self, line: BusLine, stops: list[Stop], router: Router) -> list[tuple[str, np.ndarray | None]]:
        """Edges of each part of a line after the part before, with its name for messages."""
        first, last = self._edge(stops[0]), self._edge(stops[-1])
        origins = self._edges(line.origin, True) if line.origin else (first,)
        legs = [(f"to stop {stops[0].id}", self._quickest(origins, (first,), router))]
        for one, other in pairwise(stops):
            if self._edge(one) == self._edge(other) and one.end <= other.end and one is not other:
                continue
            legs.append((f"from stop {one.id} to stop {other.id}", self._onward(one, other, router)))
        if line.destination and last not in self._edges(line.destination, False):
            path = self._quickest((last,), self._edges(line.destination, False), router)
            legs.append((f"from stop {stops[-1].id} to {line.destination}", path if path is None else path[1:]))
        return legs

    def _onward(self, one: Stop, other: Stop, router: Router) -> np.ndarray | None:
        """Edges after a stop's own up to the next stop's; around the block if that lies behind on the same edge."""
        lanes = self._network.lanes
        begin = self._edge(one)
        if begin != self._edge(other):
            path = router.path(begin, self._edge(other))
            return path if path is None else path[1:]
        exits = {lanes[c.target].edge: None for c in self._network.connections if lanes[c.source].edge == begin}
        open_exits = [edge for edge in exits if router.path(begin, edge) is not None]
        return self._quickest(open_exits, (begin,), router)

    def _quickest(self, origins: Iterable[int], destinations: Iterable[int], router: Router) -> np.ndarray | None:
        ends = tuple(destinations)
        paths = [path for one in origins for end in ends if (path := router.path(one, end)) is not None]
        if len(paths) < 2:
            return paths[0] if paths else None
        return min(paths, key=router.travel_time)

    def _keep(self, path: np.ndarray | None) -> int:
        if path is None:
            return -1
        index = self._known.setdefault(path.tobytes(), len(self.routes))
        if index == len(self.routes):
            self.routes.append(path)
        return index

    def _router(self, card: Card) -> Router:
        key = (class_bits([card.vehicle_class]), card["maximum_speed"])
        if key not in self._routers:
            self._routers[key] = Router(self._network, *key)
        return self._routers[key]

    def _edges(self, name: str, leaving: bool) -> tuple[int, ...]:
        """Edges that a place or an edge's id stands for; a place's name comes first."""
        if name in self._names.place:
            place = self._network.places[self._names.place[name]]
            return place.departures if leaving else place.arrivals
        return (self._names.edge[name],)

    def _edge(self, stop: Stop) -> int:
        return self._network.lanes[stop.lane].edge
