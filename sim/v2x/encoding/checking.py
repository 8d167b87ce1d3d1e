"""What cannot be told of what was to be said, each with its place and what would be right."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from sim.errors import Fault
from sim.registry import near
from sim.v2x import OFFSETS, Field, Message

#: Beyond every offset [1e-7 deg].
_FAR = OFFSETS[-1][0]


def fits(field: Field, value: Any) -> bool:
    """Whether a field can tell a value: within half a count of its range; whole where a count is one."""
    try:
        number = float(value) if isinstance(value, Real) else math.inf
    except OverflowError:
        return False
    if math.isnan(number):
        return field.unknown is not None
    if math.isinf(number) or (field.resolution == 1.0 and number != math.floor(number)):
        return False
    return bool(field.turn) or field.low <= round(number / field.resolution) <= field.high


def wanted(field: Field) -> str:
    """What a field can tell, in words."""
    unit = "" if field.unit == "-" else f" {field.unit}"
    whole = "a whole number, " if field.resolution == 1.0 else ""
    some = "any angle" if field.turn else f"{field.value(field.low):.10g} to {field.value(field.high):.10g}"
    return f"wanted {whole}{some}{unit}" + ("" if field.unknown is None else ", or nan: not available")


def wrong_value(where: str, field: Field, value: Any) -> Iterator[Fault]:
    """A fault if the field cannot tell the value."""
    if not fits(field, value):
        yield Fault(f"{where}: {field.name}", f"{value!r} cannot be told", wanted(field))


def wrong_values(where: str, values: Any, fields: Sequence[Field]) -> Iterator[Fault]:
    """Names that there are not, what is missing, and values that their fields cannot tell."""
    known = {x.name: x for x in fields}
    if not isinstance(values, Mapping):
        yield Fault(where, f"{values!r} is not told by name", f"wanted numbers by name: {', '.join(known)}")
        return
    for name in values:
        if name not in known:
            yield Fault(where, f"has no field {name}", near(str(name), known) or f"wanted some of {', '.join(known)}")
    for name, field in known.items():
        if name in values:
            yield from wrong_value(where, field, values[name])
        elif not field.optional:
            yield Fault(f"{where}: {name}", "is missing", wanted(field))


def wrong_count(where: str, items: str, told: Any, least: int, most: int) -> Iterator[Fault]:
    """A fault if a list holds too few or too many, or is none."""
    if not isinstance(told, Sequence):
        yield Fault(f"{where}: {items}", f"{told!r} is no list", f"wanted {least} to {most}")
    elif not least <= len(told) <= most:
        yield Fault(f"{where}: {items}", f"{len(told)} cannot be told", f"wanted {least} to {most}")


def wrong_point(where: str, at: Sequence[int]) -> Iterator[Fault]:
    """A fault if no offset can tell a point."""
    if len(at) != 2 or not all(isinstance(x, Integral) and -_FAR <= x < _FAR for x in at):
        wanted = f"wanted latitude and longitude off the place of the message [1e-7 deg], whole, {-_FAR} to {_FAR - 1}"
        yield Fault(where, f"{at!r} cannot be told", wanted)


def wrong_elements(message: Message, elements: Any) -> Iterator[Fault]:
    """What cannot be told of a message's list: how many there are, then each."""
    name, (least, most) = message.name.lower(), message.elements
    faults = list(wrong_count(name, f"{message.item}s", elements, least, most))
    yield from faults
    for rank, element in enumerate(() if faults else elements):
        yield from wrong_values(f"{name}: {message.item} {rank + 1}", element, message.each)
