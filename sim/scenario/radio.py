"""The sections on what is said and heard: how messages travel, who is equipped, which applications run."""

from __future__ import annotations

import importlib.util
import pkgutil
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, model_validator

from sim.pilot import SAID, Equipment, Radio, Sensing
from sim.registry import near
from sim.scenario.cells import CellPart
from sim.scenario.fields import Angle, Flag, Frequency, JunctionName, Length, Name, Part, Power, Share, Time, Whole
from sim.v2x import MESSAGES

_RADIO, _SENSING = Radio(), Sensing("")
_MOST_DELAY, _MOST_RANGE, _MOST_RATE, _MOST_CELLS = 10.0, 5000.0, 100.0, 250


def rungs() -> list[str]:
    """Names of the rungs of the radio ladder, found without computing any."""
    package = importlib.util.find_spec("sim.models.radio")
    folders = package.submodule_search_locations if package else None
    return sorted(x.name for x in pkgutil.iter_modules(folders or []))


def _rung(name: str) -> str:
    if name not in rungs():
        raise ValueError(f"there is no radio model {name}; {near(name, rungs()) or 'wanted ' + ', '.join(rungs())}")
    return name


def _sayable(name: str) -> str:
    if name not in MESSAGES:
        raise ValueError(f"there is no message {name}; {near(name, MESSAGES.names()) or ', '.join(MESSAGES.names())}")
    if name not in SAID:
        raise ValueError(f"nobody can say {name} in this version; wanted one of {', '.join(SAID)}")
    return name


Rate = Annotated[Frequency, Field(gt=0.0, le=_MOST_RATE)]


class RadioPart(Part):
    """How messages travel.

    Args:
        model: rung of the ladder, see `pilotzone list radio`.
        delay: on the way, at least [s]; by default the model's own.
        most_delay: on the way, at most [s]; by default as `delay`.
    """

    as_of: ClassVar[tuple[type, ...]] = (Radio,)

    model: Annotated[Name, AfterValidator(_rung)] = _RADIO.model
    range: Length = Field(default=_RADIO.range, gt=0.0, le=_MOST_RANGE)
    rates: dict[Annotated[Name, AfterValidator(_sayable)], Rate] = Field(default_factory=dict)
    trigger: Literal["fixed", "etsi"] = "fixed"
    processing: Time = Field(default=_RADIO.processing, ge=0.0, le=_MOST_DELAY)
    delay: Time | None = Field(default=None, ge=0.0, le=_MOST_DELAY)
    most_delay: Time | None = Field(default=None, ge=0.0, le=_MOST_DELAY)
    loss: Share = _RADIO.loss
    power: Power = Field(default=_RADIO.power, ge=-30.0, le=60.0)
    sub_channels: Whole = Field(default=_RADIO.sub_channels, ge=1, le=20)
    data_rate: Annotated[float, Field(ge=3e6, le=27e6, description="of 802.11p [bit/s]")] = _RADIO.data_rate
    header: Whole = Field(default=_RADIO.header, ge=0, le=2000)
    neighbours: Whole = Field(default=_RADIO.neighbours, ge=16, le=65_536)
    rate_control: Flag = _RADIO.rate_control
    counted: Share = _RADIO.counted
    cells: list[CellPart] | None = Field(default=None, min_length=1, max_length=_MOST_CELLS)

    @model_validator(mode="after")
    def _ordered(self) -> RadioPart:
        if self.most_delay is not None and self.most_delay < (self.delay or 0.0):
            raise ValueError("most_delay must not be less than delay")
        names = [x.name for x in self.cells or ()]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two cells are called {name}; wanted different names")
        return self

    def radio(self) -> Radio:
        """As the engine wants it."""
        said = self.model_dump(exclude={"delay", "most_delay", "cells"})
        low = self.delay if self.delay is not None else 0.0
        told = self.most_delay if self.most_delay is not None else self.delay
        high = told if told is not None else _RADIO.high
        cells = tuple(x.cell() for x in self.cells or ())
        return Radio(**said, low=low, high=high, cells=cells)


class SensorPart(Part):
    """A sensor at a junction's roadside unit: what it can see, and how well."""

    as_of: ClassVar[tuple[type, ...]] = (Sensing,)

    junction: JunctionName
    range: Length = Field(default=_SENSING.range, gt=0.0, le=1000.0)
    field: Angle = Field(default=_SENSING.field, gt=0.0, le=6.2832)
    heading: Angle = Field(default=_SENSING.heading, ge=-6.2832, le=6.2832)
    height: Length = Field(default=_SENSING.height, gt=0.0, le=50.0)
    detection: Share = _SENSING.detection
    error: Length = Field(default=_SENSING.error, ge=0.0, le=50.0)
    delay: Time = Field(default=_SENSING.delay, ge=0.0, le=5.0)
    ghosts: Frequency = Field(default=_SENSING.ghosts, ge=0.0, le=10.0)


class EquipPart(Part):
    """Who can say and hear: shares of cards by their names (`robotaxi: 1.0`), and junctions with a roadside unit.

    Args:
        junctions: with a roadside unit.
        sensors: at some of these junctions, one each.
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, Share]

    junctions: list[JunctionName] = Field(default_factory=list)
    sensors: list[SensorPart] = Field(default_factory=list)

    @model_validator(mode="after")
    def _known_cards(self, info: ValidationInfo) -> EquipPart:
        there: Any = (info.context or {}).get("card")
        for name in self.__pydantic_extra__ or {}:
            if there is not None and name not in there:
                raise ValueError(f"there is no card named {name}; {near(name, there) or 'see pilotzone list cards'}")
        if len(set(self.junctions)) < len(self.junctions):
            raise ValueError("a junction stands twice")
        sensing = [x.junction for x in self.sensors]
        for name in sensing:
            if name not in self.junctions:
                raise ValueError(f"the sensor at {name} needs a roadside unit there: add {name} to junctions")
            if sensing.count(name) > 1:
                raise ValueError(f"there are several sensors at {name}; wanted one")
        return self

    def equipment(self) -> Equipment:
        """As the engine wants it."""
        sensors = tuple(Sensing(**x.model_dump()) for x in self.sensors)
        return Equipment(dict(self.__pydantic_extra__ or {}), tuple(self.junctions), sensors)


def nobody() -> EquipPart:
    """What is equipped where a scenario does not say."""
    return EquipPart.model_validate({})
