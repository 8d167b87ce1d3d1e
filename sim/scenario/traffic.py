"""The traffic section of a scenario: each entry is one description of `sim.traffic`, with its unit and limits."""

from __future__ import annotations

import dataclasses
import math
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

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
    StopName,
    Time,
    WalkwayName,
    Weights,
)
from sim.traffic import trip_file
from sim.traffic.demand import BusLine, Flow, Freight, Halt, ParkDemand, Pulse, Shift, TripTable

_MOST_PER_HOUR = 100_000.0  #: of one flow
_MOST_STAFF = 10_000_000.0
_ROUNDING = 1e-6

Arrivals = Literal["poisson", "even"]


def _defaults(description: type[Any]) -> dict[str, Any]:
    return {x.name: x.default for x in dataclasses.fields(description)}


_SHIFT, _FREIGHT = _defaults(Shift), _defaults(Freight)


def _complete(shares: dict[str, float]) -> dict[str, float]:
    total = math.fsum(shares.values())
    if abs(total - 1.0) > _ROUNDING:
        raise ValueError(f"the shares add up to {total:g}; wanted 1")
    return shares


Shares = Annotated[dict[CardName, Share], Field(min_length=1), AfterValidator(_complete)]


class Asked(Part):
    """What every description has: a name, which vehicles are called after."""

    id: Name | None = None

    def said(self) -> dict[str, Any]:
        """What the file says, by the names of the description's own fields."""
        return {name: x for name in type(self).model_fields if name != "id" and (x := getattr(self, name)) is not None}

    @abstractmethod
    def title(self) -> str:
        """What the description is called where the file gives no id; the same for equal places."""


class PulsePart(Part):
    """Gathers the vehicles of one hour around a time."""

    at: ClockTime
    spread: Time = Field(gt=0.0)


class FlowPart(Asked):
    """Vehicles from one place to another at a rate."""

    origin: PlaceName = Field(alias="from")
    destination: PlaceName = Field(alias="to")
    per_hour: Number = Field(ge=0.0, le=_MOST_PER_HOUR)
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
    """One pair of an origin-destination table."""

    origin: PlaceName = Field(alias="from")
    destination: PlaceName = Field(alias="to")
    trips: Number = Field(ge=0.0, le=_MOST_PER_HOUR)


class TablePart(Asked):
    """Origin-destination table of a period, written here or in a CSV file."""

    file: str | None = Field(default=None, description="path of a CSV file, relative to this file")
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
    """Staff that come or go by car in a pulse."""

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
    """A plant's freight in step with its takt."""

    plant: PlaceName
    outbound: Weights | None = None
    inbound: Weights | None = None
    takt: Time = Field(default=_FREIGHT["takt"], gt=0.0)
    lines: Number = Field(default=_FREIGHT["lines"], gt=0.0, le=1000.0)
    cars_per_carrier: Number = Field(default=_FREIGHT["cars_per_carrier"], gt=0.0, le=1000.0)
    trucks_per_hour: Number = Field(default=_FREIGHT["trucks_per_hour"], ge=0.0, le=_MOST_PER_HOUR)
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


class HaltPart(Part):
    """A stop that a bus calls at."""

    stop: StopName
    dwell: Time = Field(default=_defaults(Halt)["dwell"], ge=0.0)


def _halt(value: Any) -> Any:
    return {"stop": value} if isinstance(value, str) else value


class BusLinePart(Asked):
    """A bus line: a bus each headway that calls at its stops in order."""

    halts: list[Annotated[HaltPart, BeforeValidator(_halt)]] = Field(min_length=1)
    headway: Time = Field(gt=0.0)
    first: ClockTime
    last: ClockTime
    name: Name | None = None
    card: CardName = "bus"
    origin: PlaceName | None = Field(default=None, alias="from")
    destination: PlaceName | None = Field(default=None, alias="to")

    def title(self) -> str:
        """The line's name or its ends."""
        return self.name or f"bus-{self.halts[0].stop}-{self.halts[-1].stop}"

    def line(self, name: str) -> BusLine:
        """As demand wants it."""
        halts = tuple(Halt(x.stop, x.dwell) for x in self.halts)
        return BusLine(id=name, **self.said() | {"halts": halts})


class PedestriansPart(Asked):
    """People who cross a road on foot, both ways."""

    at: WalkwayName
    per_hour: Number = Field(ge=0.0, le=_MOST_PER_HOUR)
    to_left: Share = Field(default=0.5, description="share that crosses to the left, as seen from the junction")
    begin: ClockTime | None = None
    end: ClockTime | None = None
    cards: Shares = Field(default_factory=lambda: {"pedestrian": 1.0})
    arrivals: Arrivals = "poisson"

    def title(self) -> str:
        """The crossing."""
        return f"walk-{self.at}"

    def flows(self, name: str) -> Iterator[Flow]:
        """As demand wants them: one each way."""
        said = self.said()
        at, rate, share = said.pop("at"), said.pop("per_hour"), said.pop("to_left")
        yield Flow(f"{name}.left", f"{at}.right", f"-{at}.left", rate * share, **said)
        yield Flow(f"{name}.right", f"{at}.left", f"-{at}.right", rate * (1.0 - share), **said)


class Traffic(Part):
    """Who drives."""

    cards: Shares = Field(default_factory=lambda: {"human_car": 1.0})
    own_cards: dict[Name, OwnCard] = Field(default_factory=dict)
    flows: list[FlowPart] = Field(default_factory=list)
    tables: list[TablePart] = Field(default_factory=list)
    shifts: list[ShiftPart] = Field(default_factory=list)
    freight: list[FreightPart] = Field(default_factory=list)
    bus_lines: list[BusLinePart] = Field(default_factory=list)
    pedestrians: list[PedestriansPart] = Field(default_factory=list)
    day_to_day: Share = Field(default=0.0, le=0.5, description="coefficient of variation of how many come, by seed")

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
