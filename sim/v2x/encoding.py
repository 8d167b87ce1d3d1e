"""Real bytes of messages: unaligned PER by our schema of the public list of fields; wants the extra `v2x`.

The run itself needs sizes only; bytes are for whoever hands messages to other programs, and for tests.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from sim.errors import Fault, SimError
from sim.v2x import MESSAGES, Road, Sign, Strip, Way, offset

Values = Mapping[str, float]
Maker = Callable[[Values, Sequence[Any]], dict[str, Any]]

#: Our name of a field -> where it stands in the schema.
_MOTION = {
    "acceleration": ("accelSet", "long"),
    "lateral_acceleration": ("accelSet", "lat"),
    "vertical_acceleration": ("accelSet", "vert"),
    "yaw_rate": ("accelSet", "yaw"),
}
_PLACE = {"latitude": ("pos", "lat"), "longitude": ("pos", "long"), "elevation": ("pos", "elevation")}
_BODY = {"speed": ("speed",), "heading": ("heading",), "width": ("size", "width"), "length": ("size", "length")}
_BSM = {"second": ("secMark",), **_PLACE, **_BODY, **_MOTION}
_REFERENCE = {"latitude": ("refPos", "lat"), "longitude": ("refPos", "long")}
_OFFSETS = {"offset_latitude": "lat", "offset_longitude": "lon"}
_TIMES = {
    "start": "startTime",
    "minimum_end": "minEndTime",
    "maximum_end": "maxEndTime",
    "likely_end": "likelyEndTime",
    "confidence": "timeConfidence",
}
_LIGHTS = (
    "unavailable", "dark", "flashing-red", "red", "flashing-green", "permissive-green", "protected-green", "yellow",
    "flashing-yellow",
)  # fmt: skip
_KINDS = ("unknown", "motor", "non-motor", "pedestrian", "rsu")


@cache
def schema() -> Any:
    """The compiled schema.

    Raises:
        SimError: the extra `v2x` is not installed.
    """
    try:
        import asn1tools
    except ImportError:
        fault = Fault("encoding", "the package asn1tools is not installed", 'wanted: pip install "pilotzone[v2x]"')
        raise SimError(faults=[fault]) from None
    return asn1tools.compile_files(str(Path(__file__).with_name("schema.asn")), "uper")


def encode(message: str, values: Values, elements: Sequence[Any] = (), number: int = 0, who: bytes = b"") -> bytes:
    """Bytes of a BSM, MAP, RSI, RSM or SPAT.

    Args:
        message: `bsm`, `map`, `rsi`, `rsm` or `spat`.
        values: what it says, by our names of fields in their units; what is left out is not available.
        elements: roads of a MAP; events and signs of an RSI; objects of an RSM; phases of a SPAT.
        number: of the message; its last seven bits are sent.
        who: identity of the sender, up to eight bytes.

    Raises:
        SimError: another message, or the extra is not installed.
    """
    makers: dict[str, Maker] = {
        "bsm": _bsm,
        "map": _map,
        "rsi": _rsi,
        "rsm": _rsm,
        "spat": _spat,
    }
    if message not in makers:
        raise SimError(faults=[Fault("encoding", f"no schema for {message}", f"wanted one of {', '.join(makers)}")])
    told = {"msgCnt": number % 128, "id": who[:8].ljust(8, b"\0"), **makers[message](values, elements)}
    if message in ("map", "spat"):
        del told["id"]
    return bytes(schema().encode("MessageFrame", (f"{message}Frame", told)))


def decode(data: bytes) -> tuple[str, dict[str, float], list[dict[str, float]]]:
    """Message, values and elements of bytes; what is not available is nan, what was left out is not there.

    Elements of an RSI are its events, then its signs, which have a `sign`: their number in GB 5768.2.
    """
    frame, told = schema().decode("MessageFrame", data)
    message = frame.removesuffix("Frame")
    if message == "bsm":
        return message, _read("bsm", told, _BSM), []
    if message in ("map", "rsi"):
        node = told["nodes"][0] if message == "map" else told
        values = {name: _at(node, path) * 1e-7 for name, path in _REFERENCE.items()}
        return message, values, _read_warnings(told) if message == "rsi" else []
    if message == "rsm":
        values = {name: _at(told, path) * 1e-7 for name, path in _REFERENCE.items()}
        return message, values, [_read_object(x) for x in told["participants"]]
    phases = told["intersections"][0]["phases"]
    return message, {}, [_read_phase(x) for x in phases]


def _count(message: str, name: str, values: Values) -> int:
    return MESSAGES[message].field(name).count(values.get(name, math.nan))


def _put(told: dict[str, Any], path: tuple[str, ...], count: int) -> None:
    for step in path[:-1]:
        told = told.setdefault(step, {})
    told[path[-1]] = count


def _at(told: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        told = told.get(step) if isinstance(told, dict) else None
    return told


def _read(message: str, told: Any, paths: Mapping[str, tuple[str, ...]]) -> dict[str, float]:
    found = {name: _at(told, path) for name, path in paths.items()}
    return {name: MESSAGES[message].field(name).value(x) for name, x in found.items() if x is not None}


def _bsm(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    told: dict[str, Any] = {"transmission": 7, "brakes": {}, "vehicleClass": {"classification": 0}}
    for name, path in _BSM.items():
        if name == "elevation" and name not in values:
            continue
        mark = 0.0 if name in ("yaw_rate",) else math.nan
        _put(told, path, _count("bsm", name, {name: mark, **values}))
    return told


def _reference(values: Values) -> dict[str, int]:
    return {x: round(values[name] / 1e-7) for x, name in (("lat", "latitude"), ("long", "longitude"))}


def _offset(point: tuple[int, int]) -> dict[str, Any]:
    """Where a point lies off another [1e-7 deg], in the fewest bits."""
    return {"offsetLL": (f"position-LL{offset(point) + 1}", {"lat": point[0], "lon": point[1]})}


def _map(values: Values, elements: Sequence[Road]) -> dict[str, Any]:
    node: dict[str, Any] = {"id": {"id": int(values.get("junction", 0)) % 65_536}, "refPos": _reference(values)}
    if elements:
        node["inLinks"] = [_road(x) for x in elements]
    return {"nodes": [node]}


def _road(road: Road) -> dict[str, Any]:
    width = sum(x.width for x in road.strips)
    told: dict[str, Any] = {
        "upstreamNodeId": {"id": road.start % 65_536},
        "speedLimits": [{"type": "vehicleMax", "speed": _count("map", "speed_limit", {"speed_limit": road.speed})}],
        "linkWidth": _count("map", "lane_width", {"lane_width": width}),
        "points": [{"posOffset": _offset(x)} for x in road.points],
        "lanes": [_strip(rank, x) for rank, x in enumerate(road.strips)],
    }
    moves = [{"remoteIntersection": {"id": to % 65_536}, **_phase_of(phase)} for to, phase in road.nexts()]
    return told | ({"movements": moves} if moves else {})


def _strip(rank: int, strip: Strip) -> dict[str, Any]:
    told: dict[str, Any] = {
        "laneID": rank,
        "laneWidth": _count("map", "lane_width", {"lane_width": strip.width}),
        "maneuvers": (b"\0\0", 12),
    }
    return told | ({"connectsTo": [_way(x) for x in strip.ways]} if strip.ways else {})


def _way(way: Way) -> dict[str, Any]:
    onto = {"lane": way.lane, "maneuver": (b"\0\0", 12)}
    return {"remoteIntersection": {"id": way.to % 65_536}, "connectingLane": onto, **_phase_of(way.phase)}


def _phase_of(phase: int) -> dict[str, int]:
    return {"phaseId": phase % 256} if phase >= 0 else {}


def _rsi(values: Values, elements: Sequence[Values | Sign]) -> dict[str, Any]:
    events = [_event(x, rank) for rank, x in enumerate(x for x in elements if not isinstance(x, Sign))]
    signs = [_sign(x, rank) for rank, x in enumerate(x for x in elements if isinstance(x, Sign))]
    told = {"rtes": events, "rtss": signs}
    lists = {name: x for name, x in told.items() if x}
    return {"moy": int(values.get("minute", 527_040)), "refPos": _reference(values), **lists}


def _sign(sign: Sign, rank: int) -> dict[str, Any]:
    times = {"startTime": sign.start} | ({} if sign.end is None else {"endTime": sign.end})
    radius = _count("rsi", "radius", {"radius": sign.radius})
    return {
        "rtsId": rank,
        "signType": sign.kind,
        "signPos": _offset(sign.points[0]),
        "description": ("textString", sign.text),
        "timeDetails": times,
        "priority": bytes([sign.priority << 5]),
        "referencePaths": [{"activePath": [_offset(x) for x in sign.points], "pathRadius": radius}],
    }


def _read_warnings(told: Any) -> list[dict[str, float]]:
    return [_read_event(x) for x in told.get("rtes", ())] + [_read_sign(x) for x in told.get("rtss", ())]


def _read_sign(told: Any) -> dict[str, float]:
    field, text = MESSAGES["rsi"].field, told["description"][1]
    counts = {"priority": told["priority"][0] >> 5, "radius": told["referencePaths"][0]["pathRadius"]}
    counts |= {"speed": int(text)} if text.isdecimal() else {}
    values = {"sign": float(told["signType"])} | {name: field(name).value(x) for name, x in counts.items()}
    for prefix, spot in zip(("", "end_"), told["referencePaths"][0]["activePath"], strict=True):
        for name, x in _OFFSETS.items():
            values[prefix + name] = field(name).value(spot["offsetLL"][1][x])
    return values | ({"end": float(told["timeDetails"]["endTime"])} if "endTime" in told["timeDetails"] else {})


def _event(values: Values, rank: int) -> dict[str, Any]:
    here = (_count("rsi", "offset_latitude", values), _count("rsi", "offset_longitude", values))
    spot = {"offsetLL": ("position-LL3", {"lat": here[0], "lon": here[1]})}
    return {
        "rteId": rank,
        "eventType": _count("rsi", "kind", values),
        "eventSource": "detection",
        "eventPos": spot,
        "eventRadius": _count("rsi", "radius", values),
        "description": ("textString", f"{_count('rsi', 'speed', values):03d}"),
        "timeDetails": {"startTime": 527_040, "endTime": 527_040, "endTimeConfidence": 0},
        "priority": bytes([_count("rsi", "priority", {"priority": 0.0, **values}) << 5]),
        "referencePaths": [{"activePath": [spot, spot], "pathRadius": _count("rsi", "radius", values)}],
        "eventConfidence": 200,
    }


def _read_event(told: Any) -> dict[str, float]:
    field = MESSAGES["rsi"].field
    spot = told["eventPos"]["offsetLL"][1]
    counts = {"kind": told["eventType"], "radius": told["eventRadius"], "speed": int(told["description"][1])}
    counts |= {"priority": told["priority"][0] >> 5} | {name: spot[x] for name, x in _OFFSETS.items()}
    return {name: field(name).value(x) for name, x in counts.items()}


def _rsm(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    return {"refPos": _reference(values), "participants": [_object(x, rank + 1) for rank, x in enumerate(elements)]}


def _object(values: Values, rank: int) -> dict[str, Any]:
    offset = {y: _count("rsm", x, values) for x, y in _OFFSETS.items()}
    return {
        "ptcType": _KINDS[min(4, int(values.get("kind", 1)))],
        "ptcId": rank,
        "source": "integrated",
        "secMark": _count("rsm", "second", values),
        "pos": {"offsetLL": ("position-LL3", offset)},
        "posConfidence": {"pos": 0},
        "speed": _count("rsm", "speed", values),
        "heading": _count("rsm", "heading", values),
        "size": {x: _count("rsm", x, values) for x in ("width", "length")},
    }


def _read_object(told: Any) -> dict[str, float]:
    values = _read("rsm", told, {"second": ("secMark",), **_BODY})
    _, offset = told["pos"]["offsetLL"]
    for name, x in _OFFSETS.items():
        values[name] = MESSAGES["rsm"].field(name).value(offset[x])
    return values | {"kind": float(_KINDS.index(told["ptcType"]))}


def _spat(values: Values, elements: Sequence[Values]) -> dict[str, Any]:
    minute, second = int(values.get("minute", 527_040)), values.get("second", math.nan)
    mark = round(second * 1e3) if math.isfinite(second) else 65_535
    state = {
        "intersectionId": {"id": int(values.get("junction", 0))},
        "status": (b"\0\0", 16),
        "moy": minute,
        "timeStamp": mark,
        "timeConfidence": 0,
        "phases": [_phase(x) for x in elements],
    }
    return {"intersections": [state]}


def _phase(values: Values) -> dict[str, Any]:
    times = {y: _count("spat", x, values) for x, y in _TIMES.items() if x in values or x in ("start", "likely_end")}
    state = {"light": _LIGHTS[int(values["light"])], "timing": ("counting", times)}
    return {"id": _count("spat", "phase", values), "phaseStates": [state]}


def _read_phase(told: Any) -> dict[str, float]:
    state = told["phaseStates"][0]
    _, times = state["timing"]
    values = _read("spat", times, {x: (y,) for x, y in _TIMES.items()})
    return values | {"phase": float(told["id"]), "light": float(_LIGHTS.index(state["light"]))}
