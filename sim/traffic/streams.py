"""One kind of thing to draw: every description of a demand becomes streams of vehicles."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sim import chance
from sim.traffic.arrivals import Crowd, Process, Rate
from sim.traffic.descriptions import Asked, BusLine, Flow, Freight, Shift, TripTable, where

_HOUR = 3600.0
_AFTER = 1e-6  #: a bus at `last` still departs: the clock's tick


@dataclass(frozen=True, slots=True)
class Stream:
    """Vehicles that are drawn alike; vehicle k is called `<id>.<k>`. Names lie in order, whatever the user's order.

    Args:
        where: for messages.
        origins: weight of each place or edge they come from,.
        destinations: weight of each place or edge they go to,.
        cards: share of each card,.
        line: the bus line whose halts they make, if any; it says where they come from and go to.
        varies: whether there are more on one day and fewer on another; a timetable stays as it is.
    """

    id: str
    where: str
    origins: Mapping[str, float]
    destinations: Mapping[str, float]
    cards: Mapping[str, float]
    process: Process
    line: BusLine | None = None
    varies: bool = False

    def __post_init__(self) -> None:
        """Sort names: draws must not depend on the order in the user's file."""
        for name in ("origins", "destinations", "cards"):
            object.__setattr__(self, name, dict(sorted(getattr(self, name).items())))

    def on_a_day(self, amount: float) -> Stream:
        """This stream on a day with so many times as many people [-] as usual."""
        if amount == 1.0 or not self.varies:
            return self
        process: Process
        if isinstance(self.process, Crowd):
            process = replace(self.process, count=self.process.count * amount)
        else:
            process = replace(self.process, per_second=self.process.per_second * amount)
        return replace(self, process=process)


def of_day(variation: float, seed: int) -> float:
    """How many times as many people as usual come on a day [-]: log-normal with a mean of 1, drawn by the seed.

    Args:
        variation: coefficient of variation from day to day [-]. Source: about 1.5 / volume^0.27 of daily volumes,
            NCHRP Report 765 (2014), doi:10.17226/22366, as quoted by tfresource.org; 10 % at 22,000 vehicles a day.
    """
    if variation == 0.0:
        return 1.0
    spread = math.sqrt(math.log1p(variation**2))
    draw = max(1e-9, chance.draw(seed, chance.DAY, "day"))
    return math.exp(spread * float(chance.quantile(draw)) - 0.5 * spread**2)


def streams(asked: Asked, shares: Mapping[str, float]) -> Iterator[Stream]:
    """What a description asks for, as streams.

    Args:
        asked: with sound numbers, see `sim.traffic.soundness`.
        shares: of cards where the description does not say its own.
    """
    match asked:
        case Flow():
            yield _flow(asked, shares)
        case TripTable():
            yield from _table(asked, shares)
        case Shift():
            yield _shift(asked, shares)
        case Freight():
            yield from _freight(asked)
        case BusLine():
            yield _bus_line(asked)


def _flow(flow: Flow, shares: Mapping[str, float]) -> Stream:
    process: Process
    if flow.pulse:
        process = Crowd(flow.per_hour, flow.pulse.at, flow.pulse.spread, flow.begin, flow.end)
    else:
        process = Rate(flow.per_hour / _HOUR, flow.begin, flow.end, flow.arrivals == "even")
    cards = shares if flow.cards is None else flow.cards
    ends, varies = ({flow.origin: 1.0}, {flow.destination: 1.0}), flow.arrivals != "even"
    return Stream(flow.id, where(flow), *ends, cards, process, varies=varies)


def _table(table: TripTable, shares: Mapping[str, float]) -> Iterator[Stream]:
    cards = shares if table.cards is None else table.cards
    for origin, destination, trips in table.trips:
        if trips == 0.0:
            continue
        rate = Rate(trips / (table.end - table.begin), table.begin, table.end, table.arrivals == "even")
        name = f"{table.id}.{origin}.{destination}"
        yield Stream(name, where(table), {origin: 1.0}, {destination: 1.0}, cards, rate, varies=not rate.even)


def _shift(shift: Shift, shares: Mapping[str, float]) -> Stream:
    side = -1.0 if shift.direction == "in" else 1.0
    count = shift.headcount * shift.share / shift.occupancy
    crowd = Crowd(count, shift.at + side * shift.spread, shift.spread)
    cards = shares if shift.cards is None else shift.cards
    return Stream(shift.id, where(shift), shift.origins, shift.destinations, cards, crowd, varies=True)


def _freight(freight: Freight) -> Iterator[Stream]:
    carriers = freight.lines / (freight.takt * freight.cars_per_carrier)
    trucks = freight.trucks_per_hour / _HOUR
    plant = {freight.plant: 1.0}
    legs = (
        ("carriers", plant, freight.outbound, freight.carrier_card, carriers),
        ("trucks", freight.inbound, plant, freight.truck_card, trucks),
        ("carriers_empty", freight.outbound, plant, freight.carrier_card, carriers * freight.returns),
        ("trucks_empty", plant, freight.inbound, freight.truck_card, trucks * freight.returns),
    )
    for leg, origins, destinations, card, rate in legs:
        if not origins or not destinations or rate == 0.0:
            continue
        process = Rate(rate, freight.begin, freight.end, freight.arrivals == "even", drawn_phase=True)
        yield Stream(f"{freight.id}.{leg}", where(freight), origins, destinations, {card: 1.0}, process)


def _bus_line(line: BusLine) -> Stream:
    process = Rate(1.0 / line.headway, line.first, line.last + _AFTER, even=True)
    return Stream(line.id, where(line), {}, {}, {line.card: 1.0}, process, line)
