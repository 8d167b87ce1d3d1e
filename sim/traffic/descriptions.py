"""What a park's users ask of its roads: flows, trip tables, shift changes, takt freight and bus lines.

Plain frozen descriptions in SI; `sim.traffic.demand.ParkDemand` turns them into one table of departures before the run.
An origin or destination is the id of one of the network's places, or of an edge. Times are seconds of the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Literal

from sim.provenance import Value

_PARK = "domain notes, section 2 (the park)"

#: Defaults of the descriptions below, each with its source and standing.
DEFAULTS = {
    "shift.share": Value(0.4, "-", "share of staff in one shift pulse, two shifts; " + _PARK, "memory"),
    "shift.occupancy": Value(1.2, "persons/vehicle", "persons in a commuter's car", "assumed"),
    "shift.spread": Value(1200.0, "s", "pulses of 15 to 30 min; " + _PARK, "memory"),
    "freight.takt": Value(57.0, "s", "takt time of the car plant; " + _PARK, "verified"),
    "freight.cars_per_carrier": Value(7.0, "cars", "63 cars/h a line on about 9 carriers/h; " + _PARK, "derived"),
    "bus_line.dwell": Value(20.0, "s", "time at a stop with doors open", "assumed"),
}


@dataclass(frozen=True, slots=True)
class Pulse:
    """A crowd that gathers around a time: triangular, nobody outside `at` ± `spread`.

    Args:
        at: time of the peak [s].
        spread: width at half height [s]; three quarters of the crowd depart within it.
    """

    at: float
    spread: float


@dataclass(frozen=True, slots=True)
class Flow:
    """Vehicles from one place to another at a rate.

    Args:
        per_hour: mean rate [1/h]; with `pulse`: how many the pulse holds in all.
        begin: [s]; -inf: when the run begins.
        end: [s]; inf: when the run ends.
        cards: share of each card, adding up to 1; none: the demand's own shares.
        pulse: gathers the vehicles of one hour around a time; only those within begin and end depart.
        arrivals: poisson (random and independent) or even (every 3600 / per_hour, the first at `begin`).
    """

    id: str
    origin: str
    destination: str
    per_hour: float
    begin: float = -inf
    end: float = inf
    cards: Mapping[str, float] | None = None
    pulse: Pulse | None = None
    arrivals: Literal["poisson", "even"] = "poisson"


@dataclass(frozen=True, slots=True)
class TripTable:
    """Origin-destination table: trips of a period.

    Args:
        trips: (origin, destination, trips in the period) of each pair; `sim.traffic.trip_file.read` reads a CSV file.
        begin: of the period [s]; must be given.
        end: of the period [s]; must be given.
        cards: as for `Flow`.
        arrivals: as for `Flow`; poisson: `trips` is the mean.
    """

    id: str
    trips: tuple[tuple[str, str, float], ...]
    begin: float
    end: float
    cards: Mapping[str, float] | None = None
    arrivals: Literal["poisson", "even"] = "poisson"


@dataclass(frozen=True, slots=True)
class Shift:
    """Staff that come to or go home from a shift by car, in a pulse.

    Args:
        origins: weight of each place they set out from; vehicles draw theirs by weight.
        destinations: weight of each place they head for.
        headcount: staff [persons].
        at: when the shift begins (in) or ends (out) [s].
        direction: in: all depart before `at`; out: all depart after `at`.
        spread: width of the pulse at half height [s]; it lasts twice this in all.
        share: part of `headcount` in the pulse [-].
        occupancy: persons in a vehicle.
        cards: as for `Flow`.
    """

    id: str
    origins: Mapping[str, float]
    destinations: Mapping[str, float]
    headcount: float
    at: float
    direction: Literal["in", "out"] = "in"
    spread: float = DEFAULTS["shift.spread"].amount
    share: float = DEFAULTS["shift.share"].amount
    occupancy: float = DEFAULTS["shift.occupancy"].amount
    cards: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True)
class Freight:
    """A plant's freight in step with its takt: car carriers leave, trucks bring parts.

    Args:
        plant: place or edge.
        outbound: weight of each place that car carriers go to; empty: no carriers.
        inbound: weight of each place that trucks come from; empty: no trucks.
        takt: time in which a line makes one car [s].
        lines: lines that work at this takt.
        cars_per_carrier: cars on one carrier.
        trucks_per_hour: trucks with parts [1/h], for all lines.
        returns: each carrier has come empty, each truck goes home empty: the same rates the other way round.
        begin: [s]; -inf: when the run begins.
        end: [s]; inf: when the run ends.
        arrivals: as for `Flow`; even: the first at a drawn moment of its period, so that plants are not in step.
    """

    id: str
    plant: str
    outbound: Mapping[str, float] = field(default_factory=dict)
    inbound: Mapping[str, float] = field(default_factory=dict)
    takt: float = DEFAULTS["freight.takt"].amount
    lines: float = 1.0
    cars_per_carrier: float = DEFAULTS["freight.cars_per_carrier"].amount
    trucks_per_hour: float = 0.0
    returns: bool = True
    begin: float = -inf
    end: float = inf
    arrivals: Literal["poisson", "even"] = "even"
    carrier_card: str = "car_carrier"
    truck_card: str = "truck"


@dataclass(frozen=True, slots=True)
class Halt:
    """A bus's halt: id of one of the network's stops, and the time at rest there [s]."""

    stop: str
    dwell: float = DEFAULTS["bus_line.dwell"].amount


@dataclass(frozen=True, slots=True)
class BusLine:
    """A bus line: a bus each `headway` that calls at its stops in order.

    Args:
        halts: in order of travel; at least one.
        headway: [s].
        first: first departure [s].
        last: no departure after this [s].
        origin: place or edge where buses set out; empty: the edge of the first stop.
        destination: place or edge where they leave the road; empty: the edge of the last stop.
    """

    id: str
    halts: tuple[Halt, ...]
    headway: float
    first: float
    last: float
    name: str = ""
    card: str = "bus"
    origin: str = ""
    destination: str = ""


Asked = Flow | TripTable | Shift | Freight | BusLine

_KINDS = {Flow: "flow", TripTable: "table", Shift: "shift", Freight: "freight", BusLine: "bus line"}


def where(asked: Asked) -> str:
    """How messages name a description: `flow west`."""
    return f"{_KINDS[type(asked)]} {asked.id}"
