"""RSI there and back: a unit, the events that it warns of, and signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sim.errors import Fault
from sim.v2x import MESSAGES, Field, Sign
from sim.v2x.encoding.checking import wrong_count, wrong_point, wrong_value, wrong_values
from sim.v2x.encoding.parts import REFERENCE, Values, count, only, point, read, read_point, read_spot, spot, tell, value

_PATHS = {"minute": ("moy",), **REFERENCE}
#: Most signs, and letters of one.
_SIGNS, _TEXT = 16, 512
_KIND, _PRIORITY = Field("kind", "-", 1.0, 0, 65_535), Field("priority", "-", 1.0, 0, 7)
_START, _END = (Field(x, "min", 1.0, 0, 527_040) for x in ("start", "end"))


def wrong(values: Any, elements: Any) -> Iterator[Fault]:
    """What of a unit, its events and its signs cannot be told; without signs there is an event."""
    rsi = MESSAGES["rsi"]
    yield from wrong_values("rsi", values, rsi.fields)
    if not isinstance(elements, Sequence):
        yield from wrong_count("rsi", "events", elements, *rsi.elements)
        return
    events, signs = _apart(elements)
    yield from wrong_count("rsi", "events", events, 0 if signs else rsi.elements[0], rsi.elements[1])
    yield from wrong_count("rsi", "signs", signs, 0, _SIGNS)
    for rank, event in enumerate(events[: rsi.elements[1]]):
        yield from wrong_values(f"rsi: event {rank + 1}", event, rsi.each)
    for rank, sign in enumerate(signs[:_SIGNS]):
        yield from _wrong_sign(f"rsi: sign {rank + 1}", sign)


def _apart(elements: Sequence[Any]) -> tuple[list[Values], list[Sign]]:
    return [x for x in elements if not isinstance(x, Sign)], [x for x in elements if isinstance(x, Sign)]


def _wrong_sign(where: str, sign: Sign) -> Iterator[Fault]:
    fields = ((_KIND, sign.kind), (_PRIORITY, sign.priority), (_START, sign.start))
    for field, what in (*fields, (MESSAGES["rsi"].field("radius"), sign.radius)):
        yield from wrong_value(where, field, what)
    if sign.end is not None:
        yield from wrong_value(where, _END, sign.end)
    if not (isinstance(sign.text, str) and sign.text.isascii() and 1 <= len(sign.text) <= _TEXT):
        yield Fault(f"{where}: text", f"{sign.text!r} cannot be told", f"wanted 1 to {_TEXT} letters of ASCII")
    yield from wrong_count(where, "points", sign.points, 2, 2)
    for rank, at in enumerate(sign.points):
        yield from wrong_point(f"{where}: point {rank + 1}", at)


def told_of(values: Values, elements: Sequence[Any]) -> dict[str, Any]:
    """A unit, its events and its signs in the schema's words; a list that is empty is not there."""
    events, signs = _apart(elements)
    told = {"rtes": [_event(x, rank) for rank, x in enumerate(events)]}
    told |= {"rtss": [_sign(x, rank) for rank, x in enumerate(signs)]}
    return tell("rsi", values, _PATHS) | {name: x for name, x in told.items() if x}


def _sign(sign: Sign, rank: int) -> dict[str, Any]:
    times = {"startTime": int(sign.start)} | ({} if sign.end is None else {"endTime": int(sign.end)})
    path = {"activePath": [point(x) for x in sign.points], "pathRadius": count("rsi", "radius", sign.radius)}
    return {
        "rtsId": rank,
        "signType": int(sign.kind),
        "signPos": point(sign.points[0]),
        "description": ("textString", sign.text),
        "timeDetails": times,
        "priority": bytes([int(sign.priority) << 5]),
        "referencePaths": [path],
    }


def _event(values: Values, rank: int) -> dict[str, Any]:
    here, radius = spot("rsi", values), count("rsi", "radius", values["radius"])
    told = {
        "rteId": rank,
        "eventType": count("rsi", "kind", values["kind"]),
        "eventSource": "detection",
        "eventPos": here,
        "eventRadius": radius,
        "description": ("textString", f"{count('rsi', 'speed', values['speed']):03d}"),
        "timeDetails": {"startTime": 527_040, "endTime": 527_040, "endTimeConfidence": 0},
        "referencePaths": [{"activePath": [here, here], "pathRadius": radius}],
        "eventConfidence": 200,
    }
    if "priority" in values:
        told["priority"] = bytes([count("rsi", "priority", values["priority"]) << 5])
    return told


def read_from(told: Any) -> tuple[dict[str, float], list[Any]]:
    """A unit and its events by our names, then its signs."""
    events = [_read_event(x) for x in told.get("rtes", ())]
    return read("rsi", told, _PATHS), events + [_read_sign(x) for x in told.get("rtss", ())]


def _read_sign(told: Any) -> Sign:
    path = only("rsi: sign", "ways", told["referencePaths"])
    first, last = (read_point(x, "rsi: point of a sign") for x in path["activePath"])
    times = told.get("timeDetails", {})
    way, text = told.get("description", ("textString", ""))
    return Sign(
        told["signType"],
        text if way == "textString" else "",
        (first, last),
        value("rsi", "radius", path["pathRadius"]),
        times.get("startTime", 527_040),
        times.get("endTime"),
        told["priority"][0] >> 5 if "priority" in told else 0,
    )


def _read_event(told: Any) -> dict[str, float]:
    values = read("rsi", told, {"kind": ("eventType",), "radius": ("eventRadius",)})
    values |= read_spot("rsi", told["eventPos"]) if "eventPos" in told else {}
    _, text = told.get("description", ("", ""))
    if isinstance(text, str) and text.isdecimal():
        values["speed"] = value("rsi", "speed", int(text))
    if "priority" in told:
        values["priority"] = value("rsi", "priority", told["priority"][0] >> 5)
    return values
