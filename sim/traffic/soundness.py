"""What is wrong with a demand, all at once, before anything is drawn or allocated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from sim.errors import Fault
from sim.park.network import Network
from sim.registry import near
from sim.traffic.arrivals import Rate, expected
from sim.traffic.card import Card
from sim.traffic.descriptions import Asked, BusLine, Flow, Freight, Halt, Shift, TripTable, where
from sim.traffic.streams import Stream

MOST_DEPARTURES = 5_000_000  #: of one run: about 1.5 GB of table

#: Least amount of each number; greatest is what can be counted.
_LEAST: dict[type, dict[str, float]] = {
    Flow: {"per_hour": 0.0},
    TripTable: {},
    Shift: {"headcount": 0.0, "spread": 0.0, "share": 0.0, "occupancy": 0.1},
    Freight: {"takt": 1.0, "lines": 0.0, "cars_per_carrier": 1.0, "trucks_per_hour": 0.0},
    BusLine: {"headway": 1.0},
}
#: Times that must be given: from, to.
_PERIODS: dict[type, tuple[str, str]] = {
    Flow: ("begin", "end"),
    TripTable: ("begin", "end"),
    Freight: ("begin", "end"),
    BusLine: ("first", "last"),
}
_MAY_BE_OPEN = (Flow, Freight)


def unsound_numbers(asked: Asked) -> list[Fault]:
    """Numbers of one description that are missing, not finite, too small, or in the wrong order."""
    at = where(asked)
    faults = [] if asked.id else [Fault(at, "has no id", "wanted a name")]
    for name, least in _LEAST[type(asked)].items():
        faults += _number(at, name, getattr(asked, name), least)
    match asked:
        case Shift():
            faults += _number(at, "at", asked.at)
            faults += _number(at, "share", asked.share, most=1.0) if asked.share > 1.0 else []
        case Flow() if asked.pulse:
            faults += _number(at, "pulse.at", asked.pulse.at)
            faults += _number(at, "pulse.spread", asked.pulse.spread, 0.0)
        case TripTable():
            for origin, destination, trips in asked.trips:
                faults += _number(at, f"trips from {origin} to {destination}", trips, 0.0)
        case BusLine():
            faults += [] if asked.halts else [Fault(at, "has no stops", "wanted at least one")]
            for halt in asked.halts:
                faults += _number(at, f"dwell at {halt.stop}", halt.dwell, 0.0)
    return faults + _period(at, asked)


def _number(at: str, name: str, amount: float, least: float = -math.inf, most: float = math.inf) -> list[Fault]:
    if math.isfinite(amount) and least <= amount <= most:
        return []
    above = "" if least == -math.inf else f" not below {least:g}"
    below = "" if most == math.inf else f" not above {most:g}"
    return [Fault(at, f"{name} is {amount:g}", f"wanted a finite number{above}{below}")]


def _period(at: str, asked: Asked) -> list[Fault]:
    if isinstance(asked, Shift):
        return []
    first, last = _PERIODS[type(asked)]
    begin, end = getattr(asked, first), getattr(asked, last)
    may_be_open = isinstance(asked, _MAY_BE_OPEN)
    faults = []
    for name, time, no_bound in ((first, begin, -math.inf), (last, end, math.inf)):
        if not (math.isfinite(time) or (may_be_open and time == no_bound)):
            faults.append(Fault(at, f"{name} is {time:g}", "wanted a time"))
    if not faults and (begin > end or (begin == end and not isinstance(asked, BusLine))):
        faults.append(Fault(at, f"{last} {end:g} s is not after {first} {begin:g} s", f"wanted {first} before {last}"))
    return faults


class Known:
    """Names a demand may use.

    Args:
        cards: by name.
    """

    def __init__(self, network: Network, cards: Mapping[str, Card]) -> None:
        """Note what the network and the cards offer."""
        self._cards = cards
        self._leave = {place.id: bool(place.departures) for place in network.places}
        self._enter = {place.id: bool(place.arrivals) for place in network.places}
        self._edges = {edge.id for edge in network.edges if not edge.internal}
        self._stops = {stop.id for stop in network.stops}
        self._near_place = cache(lambda name: near(name, self._leave) or near(name, self._edges))

    def faults(self, stream: Stream) -> Iterator[Fault]:
        """Names of a stream that nothing has; weights and shares that do not add up."""
        at = stream.where
        yield from self._shares(at, stream.cards)
        if stream.line:
            yield from self._line(at, stream.line)
            return
        yield from self._ends(at, stream.origins, leaving=True)
        yield from self._ends(at, stream.destinations, leaving=False)
        for name in sorted(stream.origins.keys() & stream.destinations.keys()):
            yield Fault(at, f"{name} is both origin and destination", "wanted two places")

    def _shares(self, at: str, shares: Mapping[str, float]) -> Iterator[Fault]:
        for name in shares:
            if name not in self._cards:
                yield Fault(at, f"no card named {name}", near(name, self._cards) or f"known: {', '.join(self._cards)}")
        for name, share in shares.items():
            yield from _number(at, f"share of {name}", share, 0.0, 1.0)
        total = math.fsum(shares.values())
        if not abs(total - 1.0) <= 1e-6:
            yield Fault(at, f"shares of cards add up to {total:g}", "wanted 1")

    def _ends(self, at: str, weights: Mapping[str, float], leaving: bool) -> Iterator[Fault]:
        for name, weight in weights.items():
            yield from _number(at, f"weight of {name}", weight, 0.0)
            yield from self._end(at, name, leaving)
        if not math.fsum(weights.values()) > 0.0:
            yield Fault(at, f"has no {'origin' if leaving else 'destination'}", "wanted a place with a weight above 0")

    def _end(self, at: str, name: str, leaving: bool) -> Iterator[Fault]:
        usable = (self._leave if leaving else self._enter).get(name, name in self._edges)
        if name not in self._leave and name not in self._edges:
            yield Fault(at, f"no place or edge named {name}", self._near_place(name) or self._some_places())
        elif not usable:
            verb = "leaves" if leaving else "leads to"
            yield Fault(at, f"no edge {verb} {name}", "wanted a place with one, or an edge")

    def _some_places(self) -> str:
        names = sorted(self._leave) or sorted(self._edges)
        return f"known: {', '.join(names[:12])}{', ...' if len(names) > 12 else ''}"

    def _line(self, at: str, line: BusLine) -> Iterator[Fault]:
        for halt in dict.fromkeys(line.halts):
            yield from self._stop(at, halt)
        if line.origin:
            yield from self._end(at, line.origin, leaving=True)
        if line.destination:
            yield from self._end(at, line.destination, leaving=False)

    def _stop(self, at: str, halt: Halt) -> Iterator[Fault]:
        if halt.stop not in self._stops:
            known = ", ".join(sorted(self._stops)[:12])
            yield Fault(at, f"no stop named {halt.stop}", near(halt.stop, self._stops) or f"known: {known or 'none'}")


def unsound_sizes(streams: Iterable[Stream], begin: float, end: float) -> list[Fault]:
    """Streams without end, twice the same name, and more vehicles than can be held."""
    faults = []
    total, seen = 0.0, set()
    for stream in streams:
        if stream.id in seen:
            faults.append(Fault(stream.where, f"{stream.id} is there twice", "wanted a name of its own"))
        seen.add(stream.id)
        if isinstance(stream.process, Rate) and min(stream.process.end, end) == math.inf:
            faults.append(Fault(stream.where, "has no end, nor has the run", "give it an end, or the run a duration"))
        else:
            total += expected(stream.process, begin, end)
    if not total <= MOST_DEPARTURES:
        faults.append(Fault("demand", f"asks for about {total:.3g} vehicles", f"wanted at most {MOST_DEPARTURES:,}"))
    return faults
