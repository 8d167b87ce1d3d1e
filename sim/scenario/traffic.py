"""The traffic section of a scenario: each entry is one description of `sim.traffic`, with its unit and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from sim.scenario.asked import MOST_PER_HOUR, Arrivals, Asked, Shares, defaults
from sim.scenario.bus_lines import BusLinePart
from sim.scenario.cards import OwnCard
from sim.scenario.fields import (
    CardName,
    ClockTime,
    Flag,
    Name,
    Number,
    Part,
    PlaceName,
    Share,
    Time,
    Weights,
)
from sim.scenario.pedestrians import PedestriansPart
from sim.traffic import trip_file
from sim.traffic.demand import Flow, Freight, ParkDemand, Pulse, Shift, TripTable

_MOST_STAFF = 10_000_000.0
_SHIFT, _FREIGHT = defaults(Shift), defaults(Freight)


class PulsePart(Part):
    """Gathers the vehicles of one hour around a time."""

    as_of: ClassVar[tuple[type, ...]] = (Pulse,)

    at: ClockTime
    spread: Time = Field(gt=0.0)


class FlowPart(Asked):
    """Vehicles from one place to another at a rate.

    Args:
        per_hour: mean rate; with `pulse`: how many the pulse holds in all.
        pulse: gathers the vehicles of one hour around a time.
    """

    origin: PlaceName = Field(alias="from")
    destination: PlaceName = Field(alias="to")
    per_hour: Number = Field(ge=0.0, le=MOST_PER_HOUR)
    begin: ClockTime | None = None
    end: ClockTime | None = None
    cards: Shares | None = None
    pulse: PulsePart | None = None
    arrivals: Arrivals = "poisson"

    def title(self) -> str:
        """Both places."""
        return f"{self.origin}-{self.destination}"

    def flow(self, name: str) -> Flow:
        """As demand wants it."""
        said = self.said()
        if self.pulse:
            said["pulse"] = Pulse(self.pulse.at, self.pulse.spread)
        return Flow(id=name, **said)


class TripsPart(Part):
    """One pair of an origin-destination table.

    Args:
        origin: place or edge.
        destination: place or edge.
        trips: in the whole period.
    """

    origin: PlaceName = Field(alias="from")
    destination: PlaceName = Field(alias="to")
    trips: Number = Field(ge=0.0, le=MOST_PER_HOUR)


class TablePart(Asked):
    """Origin-destination table of a period, written here or in a CSV file.

    Args:
        file: path of a CSV file, relative to this file: columns from, to, trips, or a matrix.
        trips: pairs, instead of a file.
        begin: of the period, time of the clock.
        end: of the period, time of the clock.
    """

    file: str | None = None
    trips: list[TripsPart] | None = Field(default=None, min_length=1)
    begin: ClockTime
    end: ClockTime
    cards: Shares | None = None
    arrivals: Arrivals = "poisson"

    @model_validator(mode="after")
    def _sound(self) -> TablePart:
        if (self.file is None) == (self.trips is None):
            raise ValueError("wanted either file or trips")
        if self.end <= self.begin:
            raise ValueError("end must be later than begin")
        return self

    def title(self) -> str:
        """The file's name."""
        return Path(self.file).stem if self.file else "trips"

    def table(self, name: str, folder: Path) -> TripTable:
        """As demand wants it; DemandError if its file cannot be used."""
        if self.file is not None:
            trips = trip_file.read(folder / self.file)
        else:
            trips = tuple((x.origin, x.destination, x.trips) for x in self.trips or ())
        return TripTable(name, trips, self.begin, self.end, self.cards, self.arrivals)


class ShiftPart(Asked):
    """Staff that come or go by car in a pulse.

    Args:
        origins: places they set out from: one, a list, or names with weights.
        destinations: places they head for, likewise.
        at: time of the clock at which the shift begins (in) or ends (out).
    """

    as_of: ClassVar[tuple[type, ...]] = (Shift, Asked)

    origins: Weights = Field(alias="from")
    destinations: Weights = Field(alias="to")
    headcount: Number = Field(ge=0.0, le=_MOST_STAFF)
    at: ClockTime
    direction: Literal["in", "out"] = "in"
    spread: Time = Field(default=_SHIFT["spread"], gt=0.0)
    share: Share = _SHIFT["share"]
    occupancy: Number = Field(default=_SHIFT["occupancy"], ge=1.0, le=100.0)
    cards: Shares | None = None

    def title(self) -> str:
        """Direction and where to."""
        return f"shift-{self.direction}-{'-'.join(sorted(self.destinations))}"

    def shift(self, name: str) -> Shift:
        """As demand wants it."""
        return Shift(id=name, **self.said())


class FreightPart(Asked):
    """A plant's freight in step with its takt.

    Args:
        outbound: places that car carriers go to: one, a list, or names with weights; without: no carriers.
        inbound: places that trucks come from, likewise; without: no trucks.
        arrivals: `poisson`: random and independent; `even`: in step with the takt.
        carrier_card: card of the car carriers.
        truck_card: card of the trucks.
    """

    as_of: ClassVar[tuple[type, ...]] = (Freight, Asked)

    plant: PlaceName
    outbound: Weights | None = None
    inbound: Weights | None = None
    takt: Time = Field(default=_FREIGHT["takt"], gt=0.0)
    lines: Number = Field(default=_FREIGHT["lines"], gt=0.0, le=1000.0)
    cars_per_carrier: Number = Field(default=_FREIGHT["cars_per_carrier"], gt=0.0, le=1000.0)
    trucks_per_hour: Number = Field(default=_FREIGHT["trucks_per_hour"], ge=0.0, le=MOST_PER_HOUR)
    returns: Flag = _FREIGHT["returns"]
    begin: ClockTime | None = None
    end: ClockTime | None = None
    arrivals: Arrivals = _FREIGHT["arrivals"]
    carrier_card: CardName = _FREIGHT["carrier_card"]
    truck_card: CardName = _FREIGHT["truck_card"]

    def title(self) -> str:
        """The plant."""
        return f"freight-{self.plant}"

    def freight(self, name: str) -> Freight:
        """As demand wants it."""
        return Freight(id=name, **self.said())


class Traffic(Part):
    """Who drives.

    Args:
        cards: share of each card, adding up to 1, where an entry does not say its own; see `pilotzone list cards`.
        own_cards: cards of this scenario, by name: like a built-in card but for some values.
        flows: vehicles from one place to another at a rate.
        tables: origin-destination tables of a period.
        shifts: staff that come or go by car in a pulse.
        freight: of plants, in step with their takt.
        bus_lines: buses that call at stops.
        pedestrians: people who cross a road on foot.
        day_to_day: coefficient of variation of how many come by flows, tables and shifts, from seed to seed [-].
    """

    cards: Shares = Field(default_factory=lambda: {"human_car": 1.0})
    own_cards: dict[Name, OwnCard] = Field(default_factory=dict)
    flows: list[FlowPart] = Field(default_factory=list)
    tables: list[TablePart] = Field(default_factory=list)
    shifts: list[ShiftPart] = Field(default_factory=list)
    freight: list[FreightPart] = Field(default_factory=list)
    bus_lines: list[BusLinePart] = Field(default_factory=list)
    pedestrians: list[PedestriansPart] = Field(default_factory=list)
    day_to_day: Share = Field(default=0.0, le=0.5)

    @model_validator(mode="after")
    def _different(self) -> Traffic:
        given = [x.id for x in self.asked() if x.id is not None]
        twice = sorted(x for x, count in Counter(given).items() if count > 1)
        if twice:
            raise ValueError(f"two entries have the id {', '.join(twice)}; wanted each once")
        return self

    def asked(self) -> Iterable[Asked]:
        """All entries in the order of the sections."""
        return [*self.flows, *self.tables, *self.shifts, *self.freight, *self.bus_lines, *self.pedestrians]

    def demand(self, folder: Path) -> ParkDemand:
        """As the pilot wants it; `folder` is that of the scenario file."""
        names = _names(self.asked())
        walking = [flow for x in self.pedestrians for flow in x.flows(names[id(x)])]
        return ParkDemand(
            cards=self.cards,
            flows=(*(x.flow(names[id(x)]) for x in self.flows), *walking),
            tables=tuple(x.table(names[id(x)], folder) for x in self.tables),
            shifts=tuple(x.shift(names[id(x)]) for x in self.shifts),
            freight=tuple(x.freight(names[id(x)]) for x in self.freight),
            bus_lines=tuple(x.line(names[id(x)]) for x in self.bus_lines),
            own_cards={name: x.card(name) for name, x in self.own_cards.items()},
            day_to_day=self.day_to_day,
        )


def _names(asked: Iterable[Asked]) -> dict[int, str]:
    """A name for each entry: its id, or its title, numbered where the title is taken."""
    taken = {x.id for x in asked if x.id is not None}
    names: dict[int, str] = {}
    for entry in asked:
        name, count = entry.id or entry.title(), 1
        while entry.id is None and name in taken:
            count += 1
            name = f"{entry.title()}#{count}"
        taken.add(name)
        names[id(entry)] = name
    return names
