"""RSM there and back: a unit, and whom it sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.errors import Fault
from sim.v2x import MESSAGES
from sim.v2x.encoding.checking import wrong_elements, wrong_values
from sim.v2x.encoding.parts import BODY, REFERENCE, Values, count, read, read_spot, spot, tell

_PATHS = {"second": ("secMark",), **BODY, "acceleration": ("accelSet", "long")}
#: Other accelerations: not available, but for that of yaw, which has no such mark.
_ASIDE = {"lat": 2001, "vert": -127, "yaw": 0}
_KINDS = ("unknown", "motor", "non-motor", "pedestrian", "rsu")


def wrong(values: Any, elements: Any) -> Iterator[Fault]:
    """What of a unit and its objects cannot be told."""
    yield from wrong_values("rsm", values, MESSAGES["rsm"].fields)
    yield from wrong_elements(MESSAGES["rsm"], elements)


def told_of(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    """A unit and its objects in the schema's words."""
    objects = [_object(x, rank + 1) for rank, x in enumerate(elements)]
    return tell("rsm", values, REFERENCE) | {"participants": objects}


def _object(values: Values, rank: int) -> dict[str, Any]:
    told = tell("rsm", values, _PATHS)
    if "accelSet" in told:
        told["accelSet"] |= _ASIDE
    return told | {
        "ptcType": _KINDS[count("rsm", "kind", values["kind"])],
        "ptcId": rank,
        "source": "integrated",
        "pos": spot("rsm", values),
        "posConfidence": {"pos": 0},
    }


def read_from(told: Any) -> tuple[dict[str, float], list[Any]]:
    """A unit and its objects by our names."""
    return read("rsm", told, REFERENCE), [_read_object(x) for x in told["participants"]]


def _read_object(told: Any) -> dict[str, float]:
    values = read("rsm", told, _PATHS) | read_spot("rsm", told["pos"])
    return values | {"kind": float(_KINDS.index(told["ptcType"]))}
