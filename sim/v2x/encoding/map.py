"""MAP there and back: a junction, and the roads that lead to it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sim.errors import Fault
from sim.v2x import JUNCTION, MESSAGES, Field, Road, Strip, Way
from sim.v2x.encoding.checking import wrong_count, wrong_point, wrong_value, wrong_values
from sim.v2x.encoding.parts import REFERENCE, Values, count, only, point, read, read_point, tell, value

_PATHS = {"junction": ("id", "id"), **REFERENCE}
_START, _TO = replace(JUNCTION, name="start"), replace(JUNCTION, name="to")
_LANE, _PHASE = Field("lane", "-", 1.0, 0, 255), Field("phase", "-", 1.0, -1, 255)  # -1: none
#: Most that lists hold: roads, lanes and movements; ways; points, of which there are two.
_MOST, _WAYS, _POINTS = 32, 16, 31


def wrong(values: Any, elements: Any) -> Iterator[Fault]:
    """What of a junction and its roads cannot be told; a junction may be told without roads."""
    yield from wrong_values("map", values, MESSAGES["map"].fields)
    faults = list(wrong_count("map", "roads", elements, 0, _MOST))
    yield from faults
    for rank, road in enumerate(() if faults else elements):
        where = f"map: road {rank + 1}"
        if isinstance(road, Road):
            yield from _wrong_road(where, road)
        else:
            yield Fault(where, f"{road!r} cannot be told", "wanted a Road")


def _wrong_road(where: str, road: Road) -> Iterator[Fault]:
    field = MESSAGES["map"].field
    yield from wrong_value(where, _START, road.start)
    yield from wrong_value(where, field("speed_limit"), road.speed)
    yield from wrong_count(where, "points", road.points, 2, _POINTS)
    yield from (x for rank, at in enumerate(road.points) for x in wrong_point(f"{where}: point {rank + 1}", at))
    faults = list(wrong_count(where, "lanes", road.strips, 1, _MOST))
    faults += [x for rank, strip in enumerate(road.strips) for x in _wrong_strip(f"{where}: lane {rank + 1}", strip)]
    yield from faults
    if not faults:
        whole = replace(field("lane_width"), name="width of all lanes")
        yield from wrong_value(where, whole, sum(x.width for x in road.strips))
        yield from wrong_count(where, "movements", list(road.nexts()), 0, _MOST)


def _wrong_strip(where: str, strip: Strip) -> Iterator[Fault]:
    yield from wrong_value(where, MESSAGES["map"].field("lane_width"), strip.width)
    yield from wrong_count(where, "ways", strip.ways, 0, _WAYS)
    for rank, way in enumerate(strip.ways):
        for field, what in ((_TO, way.to), (_LANE, way.lane), (_PHASE, way.phase)):
            yield from wrong_value(f"{where}: way {rank + 1}", field, what)


def told_of(values: Values, elements: Sequence[Road]) -> dict[str, Any]:
    """A junction and its roads in the schema's words."""
    node = tell("map", values, _PATHS)
    return {"nodes": [node | ({"inLinks": [_road(x) for x in elements]} if elements else {})]}


def _road(road: Road) -> dict[str, Any]:
    told: dict[str, Any] = {
        "upstreamNodeId": {"id": int(road.start)},
        "speedLimits": [{"type": "vehicleMax", "speed": count("map", "speed_limit", road.speed)}],
        "linkWidth": count("map", "lane_width", sum(x.width for x in road.strips)),
        "points": [{"posOffset": point(x)} for x in road.points],
        "lanes": [_strip(rank, x) for rank, x in enumerate(road.strips)],
    }
    moves = [{"remoteIntersection": {"id": int(to)}, **_phase_of(phase)} for to, phase in road.nexts()]
    return told | ({"movements": moves} if moves else {})


def _strip(rank: int, strip: Strip) -> dict[str, Any]:
    width = count("map", "lane_width", strip.width)
    told: dict[str, Any] = {"laneID": rank, "laneWidth": width, "maneuvers": (b"\0\0", 12)}
    return told | ({"connectsTo": [_way(x) for x in strip.ways]} if strip.ways else {})


def _way(way: Way) -> dict[str, Any]:
    onto = {"lane": int(way.lane), "maneuver": (b"\0\0", 12)}
    return {"remoteIntersection": {"id": int(way.to)}, "connectingLane": onto, **_phase_of(way.phase)}


def _phase_of(phase: int) -> dict[str, int]:
    return {"phaseId": int(phase)} if phase >= 0 else {}


def read_from(told: Any) -> tuple[dict[str, float], list[Any]]:
    """A junction by our names, and its roads."""
    node = only("map", "junctions", told["nodes"])
    return read("map", node, _PATHS), [_read_road(x) for x in node.get("inLinks", ())]


def _read_road(told: Any) -> Road:
    limits = [x["speed"] for x in told.get("speedLimits", ()) if x["type"] == "vehicleMax"]
    speed = value("map", "speed_limit", limits[0]) if limits else math.nan
    points = tuple(read_point(x["posOffset"], "map: point of a road") for x in told.get("points", ()))
    return Road(told["upstreamNodeId"]["id"], speed, points, tuple(_read_strip(x) for x in told["lanes"]))


def _read_strip(told: Any) -> Strip:
    width = value("map", "lane_width", told["laneWidth"]) if "laneWidth" in told else math.nan
    return Strip(width, tuple(_read_way(x) for x in told.get("connectsTo", ())))


def _read_way(told: Any) -> Way:
    return Way(told["remoteIntersection"]["id"], told["connectingLane"]["lane"], told.get("phaseId", -1))
