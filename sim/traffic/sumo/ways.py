"""From what vehicles ask for to edges, lanes and positions of the network."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from sim.park.classes import EVERY_CLASS, class_bits
from sim.park.names import Names
from sim.park.network import Edge, Lane, Network
from sim.park.route import Router
from sim.registry import near
from sim.traffic.card import Card
from sim.traffic.departures import BASE
from sim.traffic.sumo.reading import Read
from sim.traffic.sumo.stops import Stopping, Stops
from sim.traffic.sumo.wishes import AT_STOP, Along, Choice, Fixed, Named, Spot, Trip, Way, Wish

#: How much faster than its type can drive a vehicle may say it departs, for numbers that were rounded [m/s].
#: Source: assumed; SUMO refuses 55.6 m/s of a type of 200 km/h.
ROUNDED = 0.01


@dataclass(frozen=True, slots=True)
class Resolved:
    """How vehicles of one wish and class go: route index, its stops, and where they begin and end [m].

    Args:
        trip: index in `trips` of who chooses the way when it departs; -1: keeps the route.
    """

    route: int
    stops: Stops
    position: float
    arrival: float
    last_length: float
    trip: int = -1


class Ways:
    """Routes of a demand, each kept once; what is wrong with them goes to the wishes' files.

    Args:
        network: where to drive.
        read: routes and stopping places by id.
        leave_out: whether a vehicle whose route is broken is left out, with a warning, instead of a fault.
    """

    def __init__(self, network: Network, read: Read, leave_out: bool) -> None:
        """Nothing is looked up yet."""
        self.routes: list[np.ndarray] = []
        self.trips: list[np.ndarray] = []
        self._network = network
        self._names = Names(network)
        self._read = read
        self._leave_out = leave_out
        self._stopping = Stopping(network, self._names, read, leave_out)
        self._routers: dict[tuple[int, float], Router] = {}
        self._joined: dict[int, set[tuple[int, int]]] = {}
        self._known: dict[bytes, int] = {}
        self._known_trips: dict[bytes, int] = {}
        self._fixed: dict[tuple[Fixed, int], int | str] = {}
        self._trips: dict[tuple[Trip, int, float], int | str] = {}

    def options(self, wish: Wish) -> tuple[tuple[Fixed | Trip, ...], tuple[float, ...]]:
        """The ways a vehicle of this wish draws from, and their weights."""
        found = self._options(wish, wish.way, 0)
        return tuple(way for way, _ in found), tuple(weight for _, weight in found)

    def _options(self, wish: Wish, way: Way, depth: int) -> list[tuple[Fixed | Trip, float]]:
        if isinstance(way, Named):
            known = self._read.routes.get(way.name)
            if known is None or depth > 8:
                wish.fault(f'there is no route "{way.name}"', near(way.name, self._read.routes))
                return []
            return self._options(wish, known, depth + 1)
        if isinstance(way, Choice):
            return [
                (inner, weight * share)
                for part, weight in zip(way.ways, way.weights, strict=True)
                for inner, share in self._options(wish, part, depth + 1)
            ]
        return [(way, 1.0)]

    def resolve(self, wish: Wish, way: Fixed | Trip, card: Card | None) -> Resolved | None:
        """Route, stops and ends for a class of road user; None and a fault if it cannot be driven.

        Args:
            wish: what is asked for.
            way: one of its options.
            card: of the road user; None: not known, what depends on it is not looked at.
        """
        bits = class_bits((card.vehicle_class,)) if card else EVERY_CLASS
        top_speed = card["maximum_speed"] if card else math.inf
        if wish.speed > top_speed + ROUNDED:
            wish.fault(f"departSpeed is {wish.speed:g} m/s, and its type drives no more than {top_speed:g} m/s")
        halts = self._stopping.found(way.halts + wish.halts if isinstance(way, Fixed) else wish.halts)
        trip = -1
        if isinstance(way, Trip):
            over = self._over_stops(way, [lane for _, lane, _ in halts])
            route = self._trip(over, bits, top_speed)
            trip = self._chosen(over, route) if not isinstance(route, str) and not (way.via and halts) else -1
        else:
            route = self._fixed_route(way, bits)
        if isinstance(route, str):
            self._unusable(wish, route, way.spot if isinstance(way, Fixed) else wish.spot)
            return None
        edges = self.routes[route]
        stops = self._stopping.along(halts, edges)
        first, last = self._lane(int(edges[0])), self._lane(int(edges[-1]))
        if wish.lane >= len(self._edge(int(edges[0])).lanes):
            wish.fault(f"edge {self._edge(int(edges[0])).id} has no lane {wish.lane} to depart on")
            return None
        if card and not self._may_depart(int(edges[0]), wish.lane, bits):
            what = f"class {card.vehicle_class} may not depart on edge {self._edge(int(edges[0])).id}"
            self._unusable(wish, what, wish.spot)
            return None
        return Resolved(route, stops, self._departure(wish, first, stops), _arrival(wish, last), last.length, trip)

    def _unusable(self, wish: Wish, what: str, spot: Spot) -> None:
        """A fault where it is said, or where SUMO is told to ignore such errors only a note."""
        if self._leave_out:
            wish.left_aside(f"<{wish.spot.tag}> whose route is broken (not simulated)")
        else:
            spot.fault(what)

    def _may_depart(self, edge: int, index: int, bits: int) -> bool:
        lanes = self._edge(edge).lanes
        return any(
            self._network.lanes[lane].allowed & bits for lane in (lanes if index < 0 else lanes[index : index + 1])
        )

    def _edge(self, index: int) -> Edge:
        return self._network.edges[index]

    def _lane(self, edge: int) -> Lane:
        return self._network.lanes[self._network.edges[edge].lanes[0]]

    def _index(self, name: str) -> int | str:
        """A normal edge's index, or what is wrong with the name."""
        index = self._names.edge.get(name, -1)
        if index >= 0 and not self._edge(index).internal:
            return index
        hint = near(name, (x.id for x in self._network.edges if not x.internal))
        return f'there is no edge "{name}"' + (f"; {hint}" if hint else "")

    def _fixed_route(self, way: Fixed, bits: int) -> int | str:
        key = (way, bits)
        if key not in self._fixed:
            self._fixed[key] = self._checked(way, bits)
        return self._fixed[key]

    def _checked(self, way: Fixed, bits: int) -> int | str:
        edges = []
        for name in way.edges.split() * (way.repeat + 1):
            index = self._index(name)
            if isinstance(index, str):
                return index
            edges.append(index)
        joined = self._connected(bits)
        for one, other in pairwise(edges):
            if (one, other) not in joined:
                return f"there is no connection from edge {self._edge(one).id} to edge {self._edge(other).id} for it"
        return self._keep(np.array(edges, dtype=np.int32))

    def _connected(self, bits: int) -> set[tuple[int, int]]:
        """Pairs of edges that a class may drive one after the other."""
        if bits not in self._joined:
            lanes = self._network.lanes
            self._joined[bits] = {
                (lanes[x.source].edge, lanes[x.target].edge)
                for x in self._network.connections
                if x.allowed & lanes[x.source].allowed & lanes[x.target].allowed & bits
            }
        return self._joined[bits]

    def _over_stops(self, way: Trip, lanes: list[int]) -> Trip:
        """A trip that says no way leads over the edges of its stops; one without an end, from or to a stop's edge."""
        if not lanes:
            return way
        stops = [self._edge(self._network.lanes[lane].edge).id for lane in lanes]
        if stops and not (way.source or way.from_zone):
            way = replace(way, source=stops[0])
        if stops and not (way.target or way.to_zone):
            way = replace(way, target=stops[-1])
        if way.via:
            return way
        return replace(way, via=tuple(name for name in stops if name not in (way.source, way.target)))

    def _trip(self, way: Trip, bits: int, top_speed: float) -> int | str:
        key = (way, bits, top_speed)
        if key not in self._trips:
            self._trips[key] = self._routed(way, bits, top_speed)
        return self._trips[key]

    def _routed(self, way: Trip, bits: int, top_speed: float) -> int | str:
        if (bits, top_speed) not in self._routers:
            self._routers[bits, top_speed] = Router(self._network, bits, top_speed)
        router = self._routers[bits, top_speed]
        via = [self._index(name) for name in way.via]
        sources = self._ends(way.source, way.from_zone, True)
        targets = self._ends(way.target, way.to_zone, False)
        if isinstance(sources, str) or isinstance(targets, str):
            return sources if isinstance(sources, str) else str(targets)
        for found in via:
            if isinstance(found, str):
                return found
        over = f" over {' '.join(way.via)}" if way.via else ""
        nowhere = (
            f"there is no way from {_told(way.source, way.from_zone)} to {_told(way.target, way.to_zone)}{over} for it"
        )
        between = [x for x in via if not isinstance(x, str)]
        ends = router.best_ends(sources, between, targets)
        path = None if ends is None else router.path(ends[0], ends[1], between)
        return nowhere if path is None else self._keep(path)

    def _ends(self, edge: str, zone: str, leaving: bool) -> list[int] | str:
        """Edges a trip may begin or end on, or what is wrong."""
        if not zone:
            index = self._index(edge)
            return index if isinstance(index, str) else [index]
        if zone not in self._read.zones:
            return f'there is no zone "{zone}"' + (f"; {near(zone, self._read.zones)}" if self._read.zones else "")
        names = self._read.zones[zone].sources if leaving else self._read.zones[zone].sinks
        edges = [self._names.edge[name] for name in names if name in self._names.edge]
        return edges or f'zone "{zone}" has no edge of the network to {"begin" if leaving else "end"} on'

    def _chosen(self, way: Trip, route: int) -> int:
        """Index in `trips` of a trip whose edges are known."""
        path = self.routes[route]
        between = [self._names.edge[name] for name in way.via]
        return _kept(np.array([path[0], *between, path[-1]], dtype=np.int32), self.trips, self._known_trips)

    def _keep(self, path: np.ndarray) -> int:
        return _kept(path, self.routes, self._known)

    def _departure(self, wish: Wish, lane: Lane, stops: Stops) -> float:
        """Position to depart at [m], or a code; beyond the lane: at its end, as SUMO does."""
        if wish.position == AT_STOP:
            return stops[0][1] if stops and self._network.lanes[stops[0][0]].edge == lane.edge else BASE
        if not isinstance(wish.position, Along):
            return wish.position
        position = wish.position.on(lane.length)
        if position > lane.length:
            wish.left_aside("departPos beyond the end of the lane (taken as its end)")
        elif position < 0.0:
            wish.left_aside("departPos before the start of the lane (taken as base)")
            return BASE
        return min(position, lane.length)


def _kept(edges: np.ndarray, all_of_them: list[np.ndarray], known: dict[bytes, int]) -> int:
    """Index of some edges among all of their kind, each kept once."""
    index = known.setdefault(edges.tobytes(), len(all_of_them))
    if index == len(all_of_them):
        all_of_them.append(edges)
    return index


def _told(edge: str, zone: str) -> str:
    return f"zone {zone}" if zone else f"edge {edge}"


def _arrival(wish: Wish, lane: Lane) -> float:
    """Where the trip ends on the last edge [m]; inf at its end."""
    if wish.arrival == "center":
        return lane.length / 2.0
    if not isinstance(wish.arrival, Along):
        return float("inf")
    position = wish.arrival.on(lane.length)
    if not 0.0 <= position <= lane.length:
        wish.left_aside("arrivalPos outside the lane (taken as its nearest end)")
    return min(max(position, 0.0), lane.length)
