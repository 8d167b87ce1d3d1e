"""BSM there and back: a vehicle, and up to 23 points of the way that it came."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.errors import Fault, SimError
from sim.v2x import MESSAGES
from sim.v2x.encoding.checking import wrong_elements, wrong_values
from sim.v2x.encoding.parts import BODY, Values, at, count, put, read, read_spot, spot, tell, value

#: Our name of a field -> where it stands in the schema.
_PATHS = {
    "second": ("secMark",),
    "latitude": ("pos", "lat"),
    "longitude": ("pos", "long"),
    "elevation": ("pos", "elevation"),
    **BODY,
    "acceleration": ("accelSet", "long"),
    "lateral_acceleration": ("accelSet", "lat"),
    "vertical_acceleration": ("accelSet", "vert"),
    "yaw_rate": ("accelSet", "yaw"),
    "height": ("size", "height"),
    "wheel_angle": ("angle",),
    "time_confidence": ("timeConfidence",),
    "semi_major": ("posAccuracy", "semiMajor"),
    "semi_minor": ("posAccuracy", "semiMinor"),
    "orientation": ("posAccuracy", "orientation"),
    "position_confidence": ("posConfidence", "pos"),
    "elevation_confidence": ("posConfidence", "elevation"),
    "speed_confidence": ("motionCfd", "speedCfd"),
    "heading_confidence": ("motionCfd", "headingCfd"),
    "wheel_confidence": ("motionCfd", "steerCfd"),
    "curve_radius": ("safetyExt", "pathPrediction", "radiusOfCurve"),
    "curve_confidence": ("safetyExt", "pathPrediction", "confidence"),
}
#: What cannot be told without what.
_WITH = {
    "semi_major": "semi_minor",
    "semi_minor": "orientation",
    "orientation": "semi_major",
    "elevation_confidence": "position_confidence",
    "curve_radius": "curve_confidence",
    "curve_confidence": "curve_radius",
}
_EVENTS, _HISTORY = ("safetyExt", "events"), ("safetyExt", "pathHistory", "crumbData")
#: How a height off another is told: the first way that carries it; counts from -n to n - 1.
_RISES = (64, 128, 256, 512, 1024, 2048)


def wrong(values: Any, elements: Any) -> Iterator[Fault]:
    """What of a vehicle and its points cannot be told."""
    faults = list(wrong_values("bsm", values, MESSAGES["bsm"].fields))
    yield from faults
    for name, other in {} if faults else _WITH.items():
        if name in values and other not in values:
            yield Fault(f"bsm: {other}", "is missing", f"wanted, as {name} is told")
    yield from wrong_elements(MESSAGES["bsm"], elements)


def told_of(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    """A vehicle and its points in the schema's words."""
    told: dict[str, Any] = {"transmission": 7, "brakes": {}, "vehicleClass": {"classification": 0}}
    told |= tell("bsm", values, _PATHS)
    if "events" in values:
        flags = int(f"{count('bsm', 'events', values['events']):013b}"[::-1], 2)
        put(told, _EVENTS, ((flags << 3).to_bytes(2, "big"), 13))
    if elements:
        put(told, _HISTORY, [_point(x) for x in elements])
    return told


def _point(values: Values) -> dict[str, Any]:
    place = spot("bsm", values)
    if "offset_elevation" in values:
        rise = count("bsm", "offset_elevation", values["offset_elevation"])
        way = next(i for i, most in enumerate(_RISES) if -most <= rise < most)
        place["offsetV"] = (f"offset{way + 1}", rise)
    return {"llvOffset": place, "timeOffset": count("bsm", "ago", values["ago"])}


def read_from(told: Any) -> tuple[dict[str, float], list[Any]]:
    """A vehicle and its points by our names."""
    values = read("bsm", told, _PATHS)
    events = at(told, _EVENTS)
    if events is not None:
        flags = int.from_bytes(events[0], "big") >> 3
        values["events"] = value("bsm", "events", int(f"{flags:013b}"[::-1], 2))
    return values, [_read_point(x) for x in at(told, _HISTORY) or ()]


def _read_point(told: Any) -> dict[str, float]:
    place = told["llvOffset"]
    values = read_spot("bsm", place) | {"ago": value("bsm", "ago", told["timeOffset"])}
    way, rise = place.get("offsetV", ("", None))
    if way == "elevation":
        raise SimError(
            faults=[Fault("bsm: point", "a height by itself cannot be read", "wanted one off the vehicle's")]
        )
    return values if rise is None else values | {"offset_elevation": value("bsm", "offset_elevation", rise)}
