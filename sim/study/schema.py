"""What a study file may hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from sim.scenario.fields import Name, Number, Part, Share, Whole
from sim.study.measures import MAIN, measure
from sim.upgrade import AnyOperation, Money


def _measure(name: str) -> str:
    return measure(name).name


def _option(value: Any) -> Any:
    """A bare list is one of operations."""
    return {"do": value} if isinstance(value, list) else value


def _different(names: list[str]) -> list[str]:
    """Names of which none stands twice."""
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} stands twice")
    return names


def seeds_of(value: Any) -> Any:
    """A number of seeds, the seeds themselves, or `auto`, as it is; ValueError if it is none of these."""
    several = value if isinstance(value, list) else [value]
    least, most = (0, _LARGEST_SEED) if isinstance(value, list) else (1, _MOST_SEEDS)
    whole = all(isinstance(x, int) and not isinstance(x, bool) and least <= x <= most for x in several)
    if value != "auto" and not (several and whole):
        raise ValueError(f"{value} is not known; wanted a number of seeds from 1 to 1000, a list of seeds, or auto")
    if whole and len(set(several)) < len(several):
        raise ValueError("a seed stands twice")
    return value


_MOST_SEEDS, _LARGEST_SEED = 1000, 2**63 - 1
MeasureName = Annotated[str, AfterValidator(_measure)]


class OptionPart(Part):
    """What is done to the base.

    Args:
        title: for readers; by default the option's name.
        do: operations.
        of: other options that are part of this one, done before.
        set: entries of the scenario that are set otherwise.
    """

    title: str = ""
    do: list[AnyOperation] = Field(default_factory=list)
    of: list[Name] = Field(default_factory=list)
    set: dict[str, Any] = Field(default_factory=dict)


#: Measures that count events: their rates have exact intervals, never a bare zero.
COUNTS = ("safety.collisions", "safety.emergency_brakings", "safety.red_light_entries", "safety.conflicts.")


def is_count(name: str) -> bool:
    """Whether a measure counts events."""
    return name.startswith(COUNTS)


class RailPart(Part):
    """A limit that an option must keep.

    Args:
        rise: by how much a measure may be worse than on the base.
        rise_share: by what share of the base's mean; of counted events: of the base's rate.
        at_most: what it may be at the most; of counted events: a run.
        per_1000_km: of counted events: at what rate they are few enough.
    """

    rise: Number | None = Field(default=None, ge=0.0)
    rise_share: Share | None = None
    at_most: Number | None = None
    per_1000_km: Number | None = Field(default=None, gt=0.0)

    @property
    def has_limit(self) -> bool:
        """Whether anything is said."""
        return any(x is not None for x in (self.rise, self.rise_share, self.at_most, self.per_1000_km))


class Prices(Part):
    """What time, crashes and energy are worth, and how money is discounted. Source: domain section 6.

    Args:
        years: over which benefits count.
        days_per_year: on which the simulated period comes about.
        discount: of money, a year [-].
    """

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
    """Order of options under a budget.

    Args:
        budget: for all together [yuan], such as 100 M.
        candidates: options to choose from.
    """

    budget: Money = Field(gt=0.0)
    candidates: Annotated[list[Name], AfterValidator(_different)] = Field(min_length=1)


class Study(Part):
    """One study file.

    Args:
        name: of the study; by default the file's.
        set: entries of the scenario that are set otherwise, for the base and all options.
        options: what is compared with the base, by name: operations, other options, entries.
        sweeps: an operation with a list of values, or an entry of the scenario with one.
        seeds: their number, a list of them, or `auto`: ten, then more until precise enough.
        measures: figures that options are judged by, the first of them above all.
        guard_rails: limits that an option must keep, by measure.
        prices: what time, crashes and energy are worth.
        phases: order of options under a budget.
    """

    base: Annotated[str, Field(min_length=1, description="scenario, relative to this file")]
    name: Name = ""
    set: dict[str, Any] = Field(default_factory=dict)
    options: dict[Name, Annotated[OptionPart, BeforeValidator(_option)]] = Field(min_length=1)
    sweeps: dict[Name, list[Any] | dict[str, Any]] = Field(default_factory=dict)
    seeds: Annotated[Whole | list[Whole] | Literal["auto"], BeforeValidator(seeds_of)] = 10
    most_seeds: Whole = Field(default=20, ge=2, le=_MOST_SEEDS, description="at which `seeds: auto` stops")
    measures: Annotated[list[MeasureName], AfterValidator(_different)] = Field(
        default_factory=lambda: list(MAIN), min_length=1
    )
    precision: Share = Field(default=0.05, gt=0.0, description="wanted half width of intervals, of the base's mean")
    guard_rails: dict[MeasureName, RailPart] = Field(default_factory=dict)
    prices: Prices = Prices()
    phases: PhasesPart | None = None

    @model_validator(mode="after")
    def _rates_of_counts(self) -> Study:
        wrong = [x for x, part in self.guard_rails.items() if part.per_1000_km is not None and not is_count(x)]
        if wrong:
            raise ValueError(f"guard_rails: {', '.join(wrong)} is no count of events; wanted at_most, rise, rise_share")
        return self
