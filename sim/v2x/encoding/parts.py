"""Counts in the tree of a message, and places off another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import Fault, SimError
from sim.v2x import MESSAGES, offset
from sim.v2x.encoding.checking import wanted

Values = Mapping[str, float]
Paths = Mapping[str, tuple[str, ...]]

#: Our name of a field -> where it stands in the schema.
REFERENCE = {
    "latitude": ("refPos", "lat"),
    "longitude": ("refPos", "long"),
    "elevation": ("refPos", "elevation"),
}
BODY = {"speed": ("speed",), "heading": ("heading",), "width": ("size", "width"), "length": ("size", "length")}


def count(message: str, name: str, value: float) -> int:
    """What is sent for a value."""
    return MESSAGES[message].field(name).count(value)


def value(message: str, name: str, told: int) -> float:
    """What is read of a count; nan: not available.

    Raises:
        SimError: the field has no such count.
    """
    field = MESSAGES[message].field(name)
    if told != field.unknown and not field.low <= told <= field.high:
        raise SimError(faults=[Fault(f"{message}: {name}", f"{told} counts cannot be read", wanted(field))])
    return field.value(told)


def put(told: dict[str, Any], path: tuple[str, ...], what: Any) -> None:
    """Put something where it stands, with what is to be above it."""
    for step in path[:-1]:
        told = told.setdefault(step, {})
    told[path[-1]] = what


def at(told: Any, path: tuple[str, ...]) -> Any:
    """What stands somewhere; None: nothing."""
    for step in path:
        told = told.get(step) if isinstance(told, dict) else None
    return told


def tell(message: str, values: Values, paths: Paths) -> dict[str, Any]:
    """Counts of those values that are told, each where it stands."""
    told: dict[str, Any] = {}
    for name, path in paths.items():
        if name in values:
            put(told, path, count(message, name, values[name]))
    return told


def read(message: str, told: Any, paths: Paths) -> dict[str, float]:
    """Values of what stands where it may; what does not is left out."""
    found = {name: at(told, path) for name, path in paths.items()}
    return {name: value(message, name, x) for name, x in found.items() if x is not None}


def spot(message: str, values: Values) -> dict[str, Any]:
    """Where something lies off the place of the message, within 364 m: as long wherever it is."""
    lat, lon = (count(message, x, values[x]) for x in ("offset_latitude", "offset_longitude"))
    return {"offsetLL": ("position-LL3", {"lat": lat, "lon": lon})}


def point(counts: tuple[int, int]) -> dict[str, Any]:
    """Where a point lies off another [1e-7 deg], in the fewest bits."""
    return {"offsetLL": (f"position-LL{offset(counts) + 1}", {"lat": int(counts[0]), "lon": int(counts[1])})}


def read_point(told: Any, where: str) -> tuple[int, int]:
    """Latitude and longitude off another point [1e-7 deg].

    Raises:
        SimError: it is told by its own latitude and longitude.
    """
    way, place = told["offsetLL"]
    if way == "position-LatLon":
        raise SimError(faults=[Fault(where, "a place by itself cannot be read", "wanted one off that of the message")])
    return place["lat"], place["lon"]


def read_spot(message: str, told: Any) -> dict[str, float]:
    """Offset of a place, by our names."""
    lat, lon = read_point(told, message)
    names = {"offset_latitude": lat, "offset_longitude": lon}
    return {name: value(message, name, x) for name, x in names.items()}


def only(message: str, what: str, told: Sequence[Any]) -> Any:
    """The one thing of a list.

    Raises:
        SimError: there are more.
    """
    if len(told) != 1:
        raise SimError(faults=[Fault(message, f"{len(told)} {what} cannot be read", "wanted one")])
    return told[0]
