"""SPAT there and back: a junction, and the lights of its phases; more lights of a phase follow each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from sim.errors import Fault, SimError
from sim.v2x import MESSAGES
from sim.v2x.encoding.checking import wrong_count, wrong_values
from sim.v2x.encoding.parts import Values, count, only, read, tell, value

_PATHS = {"junction": ("intersectionId", "id"), "minute": ("moy",), "second": ("timeStamp",)}
_TIMES = {
    "start": ("startTime",),
    "minimum_end": ("minEndTime",),
    "maximum_end": ("maxEndTime",),
    "likely_end": ("likelyEndTime",),
    "confidence": ("timeConfidence",),
}
_LIGHTS = (
    "unavailable", "dark", "flashing-red", "red", "flashing-green", "permissive-green", "protected-green", "yellow",
    "flashing-yellow",
)  # fmt: skip
#: Most lights of a phase, told one after another.
_NEXT = 16


def wrong(values: Any, elements: Any) -> Iterator[Fault]:
    """What of a junction and its lights cannot be told."""
    spat = MESSAGES["spat"]
    yield from wrong_values("spat", values, spat.fields)
    least, most = spat.elements
    faults = list(wrong_count("spat", "lights", elements, least, most * _NEXT))
    for rank, light in enumerate(() if faults else elements):
        faults += wrong_values(f"spat: light {rank + 1}", light, spat.each)
    yield from faults
    phases = [] if faults else _phases(elements)
    yield from wrong_count("spat", "phases", phases, 0, most)
    for phase, lights in phases:
        yield from wrong_count(f"spat: phase {phase:g}", "lights", lights, 1, _NEXT)


def _phases(elements: Sequence[Values]) -> list[tuple[float, list[Values]]]:
    return [(phase, list(lights)) for phase, lights in groupby(elements, lambda x: x["phase"])]


def told_of(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    """A junction and its lights in the schema's words."""
    told = tell("spat", values, _PATHS) | {"status": (b"\0\0", 16)}
    if "second" in values:
        told["timeConfidence"] = 0
    phases = [{"id": int(phase), "phaseStates": [_light(x) for x in lights]} for phase, lights in _phases(elements)]
    return {"intersections": [told | {"phases": phases}]}


def _light(values: Values) -> dict[str, Any]:
    light = _LIGHTS[count("spat", "light", values["light"])]
    return {"light": light, "timing": ("counting", tell("spat", values, _TIMES))}


def read_from(told: Any) -> tuple[dict[str, float], list[Any]]:
    """A junction and its lights by our names."""
    told = only("spat", "junctions", told["intersections"])
    lights = [_read_light(phase["id"], x) for phase in told["phases"] for x in phase["phaseStates"]]
    return read("spat", told, _PATHS), lights


def _read_light(phase: int, told: Any) -> dict[str, float]:
    way, times = told.get("timing", ("counting", {}))
    if way != "counting":
        raise SimError(
            faults=[Fault(f"spat: phase {phase}", "times by the clock cannot be read", "wanted seconds left")]
        )
    head = {"phase": value("spat", "phase", phase), "light": value("spat", "light", _LIGHTS.index(told["light"]))}
    return head | read("spat", times, _TIMES)
