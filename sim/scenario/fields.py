"""Kinds of entries a scenario can hold: quantities with units, names that must be known, weights, comparisons.

Names are looked up while the file is validated: the validation's context holds what there is, by kind
(`place`, `edge`, `lane`, `stop`, `card`); a kind that is absent there is not looked up.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, ValidationInfo, WithJsonSchema

from sim import expectation, units
from sim.described import Described
from sim.registry import near

#: What there is, by kind of name.
Known = Mapping[str, Collection[str]]


class Part(Described):
    """A section of a scenario: frozen, and no key but its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _reader(dimension: str) -> BeforeValidator:
    def read(value: Any) -> float:
        return units.parse(value, dimension)

    return BeforeValidator(read)


def _level(value: Any) -> float:
    """Power in dBm: a bare number is one already, as it is usual there; a text has its unit."""
    if isinstance(value, str):
        return 10.0 * math.log10(max(1e-300, units.parse(value, "power")) * 1e3)
    return units.parse(value, "number")


def _shown(dimension: str, unit: str = "") -> WithJsonSchema:
    """Schema of a quantity; a bare number is in SI, or in a unit told."""
    kind, bare = units.DIMENSIONS[dimension], unit or "SI"
    text = {"type": "string", "description": f"{kind.wanted}; a bare number is {bare}"}
    said = {"x-dimension": dimension, "x-unit": unit or kind.unit}
    return WithJsonSchema({"anyOf": [{"type": "number"}, text], **said})


def _name(value: Any) -> Any:
    """A name as it is; a number that was meant as one is a fault, since YAML may have changed it (007)."""
    if isinstance(value, (int, float)):
        raise ValueError(f"{value} is not a name; wanted a name: put it in quotes")
    if isinstance(value, str) and not value.strip():
        raise ValueError("is empty; wanted a name")
    return value


def _known(*kinds: str) -> Callable[[str, ValidationInfo], str]:
    def look_up(value: str, info: ValidationInfo) -> str:
        there: Known = info.context or {}
        if any(kind not in there for kind in kinds):
            return value
        names = [name for kind in kinds for name in there[kind]]
        if value not in names:
            raise ValueError(f"there is no {' or '.join(kinds)} named {value}; {_choice(value, names)}")
        return value

    return look_up


def _choice(value: str, names: list[str]) -> str:
    """The nearest of some names, or the first few."""
    few = ", ".join(sorted(names)[:8]) + (", …" if len(names) > 8 else "")
    return near(value, names) or f"wanted one of {few or '(there are none)'}"


def _figure(name: str) -> str:
    expectation.resolve(name)
    return name


def _expected(value: Any) -> Any:
    expectation.Comparison.of(value)
    return value


def _weighted(value: Any) -> Any:
    """`a`, `[a, b]` or `{a: 2, b: 1}` as weights."""
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list):
        return names
    if not all(isinstance(x, str) for x in names) or len(set(names)) < len(names):
        raise ValueError("wanted a name, a list of different names, or names with weights such as {gate_west: 2}")
    return dict.fromkeys(names, 1.0)


Time = Annotated[float, _reader("time"), _shown("time")]
ClockTime = Annotated[float, _reader("clock"), _shown("clock")]
Length = Annotated[float, _reader("length"), _shown("length")]
Speed = Annotated[float, _reader("speed"), _shown("speed")]
Acceleration = Annotated[float, _reader("acceleration"), _shown("acceleration")]
Share = Annotated[float, _reader("share"), _shown("share")]
Number = Annotated[float, _reader("number"), _shown("number")]
Frequency = Annotated[float, _reader("frequency"), _shown("frequency")]
DataRate = Annotated[float, _reader("data_rate"), _shown("data_rate")]
Angle = Annotated[float, _reader("angle"), _shown("angle")]
Power = Annotated[float, BeforeValidator(_level), _shown("power", "dBm")]
Whole = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Name = Annotated[str, BeforeValidator(_name), Field(strict=True)]

PlaceName = Annotated[Name, AfterValidator(_known("place", "edge"))]
JunctionName = Annotated[Name, AfterValidator(_known("junction"))]
EdgeName = Annotated[Name, AfterValidator(_known("edge"))]
LaneName = Annotated[Name, AfterValidator(_known("lane"))]
WalkwayName = Annotated[Name, AfterValidator(_known("crossing"))]
StopName = Annotated[Name, AfterValidator(_known("stop"))]
AreaName = Annotated[Name, AfterValidator(_known("area"))]
CardName = Annotated[Name, AfterValidator(_known("card"))]
FigureName = Annotated[str, AfterValidator(_figure)]

_Weighed = dict[PlaceName, Annotated[Number, Field(gt=0.0)]]
Weights = Annotated[
    _Weighed,
    BeforeValidator(_weighted, json_schema_input_type=str | list[str] | _Weighed),
    Field(min_length=1),
]
Expected = Annotated[
    Any,
    AfterValidator(_expected),
    WithJsonSchema({"type": ["number", "string", "boolean"], "description": "a value, or a comparison such as < 100"}),
]
