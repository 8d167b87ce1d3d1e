"""Cards of a scenario's own: a built-in card with some of its values changed."""

from __future__ import annotations

import dataclasses
import importlib.util
import pkgutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, Field, create_model, model_validator

from sim.provenance import Value
from sim.registry import near
from sim.scenario.fields import Acceleration, Flag, Length, Name, Number, Part, Share, Speed, Time
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.cards import CARDS
from sim.traffic.meanings import MEANINGS

_SOURCE = "given in the scenario"
_MOST = 1e4  #: of any parameter

#: How a parameter of a unit is read.
_KINDS: dict[str, Any] = {
    "m": Length,
    "m/s": Speed,
    "m/s2": Acceleration,
    "s": Time,
    "1/s": Number,
    "1/s2": Number,
    "1e-4/(m s)": Number,
    "-": Number,
}

#: Unit of every parameter that some built-in card has.
_UNITS = {key: value.unit for name in CARDS.names() for key, value in CARDS[name].parameters.items()}

#: Parameters that may not be zero; those without a unit may be negative (strategic: never).
_POSITIVE = (
    "length",
    "width",
    "maximum_speed",
    "maximum_acceleration",
    "comfortable_deceleration",
    "emergency_deceleration",
)


#: Parameters that are shares.
_SHARES = ("attention", "compliance", "imperfection", "yield_rate")

#: Parameters that are never positive, as published.
_NEGATIVE = ("cc3", "cc4")


def _entry(name: str) -> tuple[Any, Any]:
    kind = _KINDS[_UNITS[name]]
    told = f"{MEANINGS[name]} [{_UNITS[name]}]; by default as of `like`"
    if name in _SHARES:
        return (Share | None, Field(default=None, description=told))
    if name in _POSITIVE:
        limits = Field(gt=0.0, le=_MOST)
    elif name in _NEGATIVE:
        limits = Field(ge=-_MOST, le=0.0)
    else:
        limits = Field(ge=-_MOST if _UNITS[name] == "-" else 0.0, le=_MOST)
    return (Annotated[kind, limits] | None, Field(default=None, description=told))


if TYPE_CHECKING:
    Parameters = Part
else:
    Parameters = create_model("Parameters", __base__=Part, **{name: _entry(name) for name in sorted(_UNITS)})


def models() -> list[str]:
    """Names of the car-following models, found without compiling any."""
    package = importlib.util.find_spec("sim.models.car_following")
    folders = package.submodule_search_locations if package else None
    return sorted(x.name for x in pkgutil.iter_modules(folders or []))


def _one_of(what: str, known: Callable[[], list[str]]) -> AfterValidator:
    def look_up(name: str) -> str:
        if name not in known():
            raise ValueError(f"there is no {what} {name}; {near(name, known()) or 'wanted ' + ', '.join(known())}")
        return name

    return AfterValidator(look_up)


class SpeedFactorPart(Part):
    """Distribution of desired speed over speed limit: normal, cut to low and high.

    Args:
        mean: of the normal distribution [-].
        deviation: standard deviation [-].
        low: least factor that a driver can have [-].
        high: greatest such factor [-].
    """

    mean: Number = Field(default=1.0, gt=0.0, le=3.0)
    deviation: Number = Field(default=0.0, ge=0.0, le=1.0)
    low: Number = Field(default=0.2, gt=0.0, le=3.0)
    high: Number = Field(default=2.0, gt=0.0, le=3.0)

    @model_validator(mode="after")
    def _ordered(self) -> SpeedFactorPart:
        if not self.low <= self.mean <= self.high:
            raise ValueError("wanted low <= mean <= high")
        return self


class OwnCard(Part):
    """A class of road user that is like a built-in one but for some values.

    Args:
        like: built-in card that all else is taken from.
        car_following: model by which it follows, see `pilotzone list models`; by default as of `like`.
        parameters: values that differ.
        speed_factor: desired speed over speed limit; by default as of `like`.
        automated: whether a system drives, which `av` in the summary counts; by default as of `like`.
        description: a line for the report; by default as of `like`.
    """

    like: Annotated[Name, _one_of("built-in card", CARDS.names)]
    car_following: Annotated[Name, _one_of("car-following model", models)] | None = None
    parameters: Parameters = Field(default_factory=Parameters)
    speed_factor: SpeedFactorPart | None = None
    automated: Flag | None = None
    description: str | None = None

    def card(self, name: str) -> Card:
        """The card, with the scenario as source of what it changes."""
        model = CARDS[self.like]
        said = self.parameters.model_dump(exclude_none=True)
        given = {key: Value(x, _UNITS[key], _SOURCE, "given") for key, x in said.items()}
        changes: dict[str, Any] = {"name": name, "parameters": model.parameters | given}
        for key in ("car_following", "automated", "description"):
            if getattr(self, key) is not None:
                changes[key] = getattr(self, key)
        if self.speed_factor is not None:
            changes["speed_factor"] = SpeedFactor(**self.speed_factor.model_dump(), source=_SOURCE, standing="given")
        return dataclasses.replace(model, **changes)
