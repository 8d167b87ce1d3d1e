"""What a study file may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.scenario.fields import Name, Number, Part, Share, Whole
from sim.study.measures import MAIN, measure
from sim.upgrade import AnyOperation, Money


def _measure(name: str) -> str:
    return measure(name).name


def _option(value: Any) -> Any:
    """A bare list is one of operations."""
    return {"do": value} if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if isinstance(value, (dict, list)):
        raise ValueError("wanted a single value")
    return value


MeasureName = Annotated[str, AfterValidator(_measure)]
Setting = Annotated[Any, BeforeValidator(_plain)]


class OptionPart(Part):
    """What is done to the base.

    Args:
        do: operations.
        of: other options that are part of this one, done before.
        set: entries of the scenario that are set otherwise.
    """

    title: str = ""
    do: list[AnyOperation] = Field(default_factory=list)
    of: list[Name] = Field(default_factory=list)
    set: dict[str, Setting] = Field(default_factory=dict)


class RailPart(Part):
    """A limit that an option must keep: how much worse a measure may be than on the base, or than a value at all."""

    rise: Number | None = Field(default=None, ge=0.0)
    rise_share: Share | None = None
    at_most: Number | None = None


class Prices(Part):
    """What time, crashes and energy are worth, and how money is discounted. Source: domain section 6."""

    years: Whole = Field(default=20, ge=1, le=100)
    days_per_year: Whole = Field(default=250, ge=1, le=366)
    runs_per_day: Number = Field(default=2.0, gt=0.0, description="such periods a day: two shift changes")
    discount: Share = 0.08
    upkeep: Share = Field(default=0.02, description="of the investment, each year")
    time: Number = Field(default=36.0, ge=0.0, description="yuan an hour: commuting, half of working time")
    persons: Number = Field(default=1.2, gt=0.0, description="in a vehicle")
    crash: Number = Field(default=0.99e6, ge=0.0, description="yuan a crash")
    energy: Number = Field(default=0.5, ge=0.0, description="yuan a vehicle-kilometre")


class PhasesPart(Part):
    """Order of options under a budget."""

    budget: Money = Field(gt=0.0)
    candidates: list[Name] = Field(min_length=1)


class Study(Part):
    """One study file."""

    base: Annotated[str, Field(min_length=1, description="scenario, relative to this file")]
    name: Name = ""
    set: dict[str, Setting] = Field(default_factory=dict)
    options: dict[Name, Annotated[OptionPart, BeforeValidator(_option)]] = Field(min_length=1)
    sweeps: dict[Name, list[Any] | dict[str, Any]] = Field(default_factory=dict)
    seeds: Annotated[Whole, Field(ge=1, le=1000)] | Annotated[list[Whole], Field(min_length=1)] | Literal["auto"] = 10
    most_seeds: Whole = Field(default=20, ge=2, le=1000, description="at which `seeds: auto` stops")
    measures: list[MeasureName] = Field(default_factory=lambda: list(MAIN), min_length=1)
    precision: Share = Field(default=0.05, gt=0.0, description="wanted half width of intervals, of the base's mean")
    guard_rails: dict[MeasureName, RailPart] = Field(default_factory=dict)
    prices: Prices = Prices()
    phases: PhasesPart | None = None
