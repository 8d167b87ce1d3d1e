"""What the pages need to know of a pilot and no table tells: `scene.json`, the park's geometry, cards and demand.

Kept in the result folder, so that the replay and the report can be made again without the scenario or its map.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from sim.engine.signs import Sign, signs_of
from sim.engine.zones import cells_of, region
from sim.park.network import Network
from sim.pilot import Cell, Pilot
from sim.report.whole import read_json
from sim.traffic.card import Card
from sim.traffic.departures import Departures

SCENE = "scene.json"
_CENTI = 100.0  #: coordinates are told in whole centimetres


def write_scene(path: Path, pilot: Pilot, departures: Departures) -> None:
    """Write what `scene` tells; the same pilot gives the same bytes."""
    text = json.dumps(scene(pilot, departures), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def scene(pilot: Pilot, departures: Departures) -> dict[str, Any]:
    """Park, cards and demand as plain data; coordinates in whole centimetres, each point relative to the one before."""
    park = pilot.park
    return {
        "name": park.name,
        "synthetic": park.synthetic,
        "left_hand": park.left_hand,
        "junctions": [_junction(park, i) for i in range(len(park.junctions))],
        "edges": {
            "id": [x.id for x in park.edges],
            "name": [x.name for x in park.edges],
            "internal": [int(x.internal) for x in park.edges],
            "road_class": [x.road_class for x in park.edges],
            "state": [x.state for x in park.edges],
        },
        "lanes": {
            "id": [x.id for x in park.lanes],
            "edge": [x.edge for x in park.lanes],
            "index": [x.index for x in park.lanes],
            "length_m": [round(x.length, 3) for x in park.lanes],
            "speed_mps": [_finite(x.speed) for x in park.lanes],
            "width_m": [round(x.width, 2) for x in park.lanes],
            "shape_cm": [_points(x.shape) for x in park.lanes],
        },
        "links": [[x.source, x.target, x.signal, x.group, x.rule, *x.via] for x in park.connections],
        "signals": [{"id": x.id, "kind": x.kind, "phases": _phases(x)} for x in park.signals],
        "places": [{"id": x.id, "name": x.name, "kind": x.kind, "x_m": x.x, "y_m": x.y} for x in park.places],
        "roadside": [{"id": x.id, "kind": x.kind, "x_m": x.x, "y_m": x.y} for x in park.roadside],
        "stops": [{"id": x.id, "name": x.name, "lane": x.lane, "begin_m": x.begin, "end_m": x.end} for x in park.stops],
        "passages": [{"id": x.id, "control": x.passing.control, "strips": x.strips} for x in park.passages],
        "buildings": [_points(x) for x in park.buildings],
        "cards": [_card(x) for x in departures.cards],
        "demand": _demand(park, departures),
        "radio": _radio(pilot),
        **({"areas": areas} if (areas := _areas(pilot)) else {}),
        "signs": [_sign(pilot, x) for x in signs_of(pilot)],
    }


def _sign(pilot: Pilot, sign: Sign) -> dict[str, Any]:
    """Where and when a sign holds, what it tells (null: to keep one's lane), and whether it can be seen."""
    told = pilot.occurrences[sign.number]
    return {
        "lanes": list(sign.lanes),
        "begin_m": round(sign.begin, 2),
        "end_m": round(sign.end, 2),
        "speed_mps": _finite(sign.speed),
        "board": told.settings.get("board", True),
        "from_s": told.begin,
        "to_s": _finite(told.end),
    }


def _radio(pilot: Pilot) -> dict[str, Any] | None:
    """How far messages reach, and where units stand that say and hear them; null without a radio."""
    if pilot.radio is None:
        return None
    places = {x.id: x for x in pilot.park.junctions}
    units = [{"id": x, "x_m": places[x].x, "y_m": places[x].y} for x in pilot.equip.junctions if x in places]
    return {"model": pilot.radio.model, "range_m": pilot.radio.range, "units": units}


def _areas(pilot: Pilot) -> list[dict[str, Any]]:
    """Cells of the network, and jammed areas with the time for which they last (null: for good)."""
    if pilot.radio is None:
        return []
    clock, found = pilot.clock, []
    for cell in cells_of(pilot.radio):
        found.append({"kind": "cell", "name": cell.name, "begin_s": None, "end_s": None} | _outline(cell, pilot.park))
    for x in pilot.occurrences:
        if x.kind == "jamming" and x.end > clock.begin and x.begin < clock.end:
            name = str(x.settings["junction"])
            circle = Cell(name, junction=name, radius=float(x.settings["radius"]))
            when = {"begin_s": x.begin, "end_s": _finite(x.end)}
            found.append({"kind": "jamming", "name": name} | when | _outline(circle, pilot.park))
    return found


def _outline(cell: Cell, park: Network) -> dict[str, Any]:
    return {"shape_cm": _points(shapely.get_coordinates(region(cell, park).exterior))}


def _junction(park: Network, index: int) -> dict[str, Any]:
    junction = park.junctions[index]
    place = {"x_m": round(junction.x, 2), "y_m": round(junction.y, 2), "shape_cm": _points(junction.shape)}
    return {"id": junction.id, "name": junction.name, "control": junction.control, **place}


def _points(shape: np.ndarray) -> list[int]:
    """A polyline as one list: x, y of the first point, then steps [cm]."""
    if not len(shape):
        return []
    whole = np.round(np.asarray(shape, np.float64)[:, :2] * _CENTI).astype(np.int64)
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), np.int64))
    return [int(x) for x in steps.ravel()]


def _phases(signal: Any) -> list[list[Any]]:
    """State letters, duration [s] and the phase that usually follows, of each phase."""
    count = len(signal.phases)
    return [
        [x.state, x.duration, x.following[0] if x.following else (i + 1) % count] for i, x in enumerate(signal.phases)
    ]


def _card(card: Card) -> dict[str, Any]:
    parameters = {
        name: {"amount": _finite(x.amount), "unit": x.unit, "source": x.source, "standing": x.standing}
        for name, x in sorted(card.parameters.items())
    }
    return {
        "name": card.name,
        "vehicle_class": card.vehicle_class,
        "car_following": card.car_following,
        "automated": card.automated,
        "description": card.description,
        "length_m": card["length"],
        "width_m": card["width"],
        "parameters": parameters,
    }


def _demand(park: Network, departures: Departures) -> dict[str, Any]:
    """How many are to drive from where to where; edges that belong to a place are told by its id."""
    begins = {edge: place.id for place in reversed(park.places) for edge in place.departures}
    ends = {edge: place.id for place in reversed(park.places) for edge in place.arrivals}
    firsts = [int(x[0]) if len(x) else -1 for x in departures.routes]
    lasts = [int(x[-1]) if len(x) else -1 for x in departures.routes]
    counts: Counter[tuple[str, str]] = Counter()
    for route, number in zip(*np.unique(departures.route, return_counts=True), strict=True):
        first, last = firsts[route], lasts[route]
        if first >= 0:
            counts[begins.get(first, park.edges[first].id), ends.get(last, park.edges[last].id)] += int(number)
    ordered = sorted(counts.items(), key=lambda x: (-x[1], x[0]))
    return {"vehicles": len(departures), "pairs": [[*pair, number] for pair, number in ordered]}


def _finite(amount: float) -> float | None:
    return amount if abs(amount) != float("inf") else None


def read_scene(path: Path) -> dict[str, Any] | None:
    """What `write_scene` wrote; None if a run left it out."""
    if not path.is_file():
        return None
    return read_json(path)
