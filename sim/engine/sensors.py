"""Lay sensors at the roadside and of vehicles out as arrays: what each can see, the lanes it watches, its objects."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from sim import chance
from sim.park.names import Names
from sim.pilot import Pilot
from sim.state import roadside as tables
from sim.state.air import BEAT, REMEMBERED
from sim.state.columns import allocate, untouched
from sim.traffic.departures import Departures
from sim.v2x import MESSAGES

#: Classes of road users that carry no sensors.
BLIND = ("pedestrian", "wheelchair", "bicycle", "moped", "motorcycle")


def carry_sensors(pilot: Pilot, departures: Departures, rows: np.ndarray, seed: int) -> np.ndarray:
    """Which equipped departures sense others and share it, (rows,) bool: machines all, of people a share.

    Each one draws by his own name.
    """
    told = pilot.apps.get("sensor_sharing")
    if told is None:
        return np.zeros(len(rows), bool)
    cards, card = departures.cards, departures.card[rows]
    sees = np.array([x.vehicle_class not in BLIND for x in cards] or [False])[card]
    machine = np.array([x.automated for x in cards] or [False])[card]
    draws = chance.uniforms(seed, chance.SENSING, departures.key[rows], 0)
    return sees & (machine | (draws < told["people"]))


def lay_sensors(pilot: Pilot, stations: Any, streams: Any) -> dict[str, Any]:
    """Rows of `Sensors`, those of `Equipment.sensors` first; room for their objects, and lanes within their range."""
    units, count = pilot.equip.sensors, int((stations["sensor"] >= 0).sum())
    sensors = allocate(tables.Sensors, max(1, count))
    lines = shapely.STRtree([shapely.LineString(x.shape[:, :2]) for x in pilot.park.lanes])
    watched = _lay_units(pilot, stations, streams, sensors, lines)
    vicinity = np.zeros(1, np.int32)
    if count > len(units):
        lanes, first = _lay_carried(pilot, stations, streams, sensors, lines)
        vicinity = (len(watched) + first).astype(np.int32)
        watched += lanes.tolist()
    standing, carried = len(units) * REMEMBERED, len(stations) * tables.SHARED if count > len(units) else 0
    objects = untouched(tables.Objects, max(1, (standing + carried) * tables.MOST_OBJECTS))
    objects[: standing * tables.MOST_OBJECTS] = allocate(tables.Objects, standing * tables.MOST_OBJECTS)
    return {
        "sensors": sensors,
        "objects": objects,
        "around": allocate(tables.Around, tables.MOST_AROUND if count else 1),
        "watched": np.array([*watched, 0], np.int32),
        "vicinity": vicinity,
    }


def _lay_units(pilot: Pilot, stations: Any, streams: Any, sensors: Any, lines: shapely.STRtree) -> list[int]:
    """Sensors at the roadside; returns the lanes within their ranges, one sensor's after the other."""
    rsm, watched = MESSAGES["rsm"], list[int]()
    places = Names(pilot.park).junction
    by_sensor = {int(x.sensor): i for i, x in enumerate(stations) if x.sensor >= 0}
    for i, unit in enumerate(pilot.equip.sensors):
        s, junction = sensors[i], pilot.park.junctions[places[unit.junction]]
        mine = streams[int(stations[by_sensor[i]].stream) : int(stations[by_sensor[i]].stream_end)]
        stream = mine[mine["message"] == MESSAGES.code("rsm")][0]
        s.key, s.x, s.y = chance.key(f"sensor {unit.junction}"), junction.x, junction.y
        s.range, s.height = unit.range, unit.height
        s.field, s.heading = math.degrees(unit.field), math.degrees(unit.heading)
        s.detection, s.error, s.ghosts = unit.detection, unit.error, unit.ghosts
        s.delay, s.period = round(unit.delay * BEAT), stream.period
        near = np.sort(lines.query(shapely.Point(junction.x, junction.y), predicate="dwithin", distance=unit.range))
        s.lane, s.lane_end = len(watched), len(watched) + len(near)
        watched += near.tolist()
        s.objects, s.kept = i * REMEMBERED * tables.MOST_OBJECTS, REMEMBERED
        s.empty, s.element = rsm.bits, rsm.element
        s.header = pilot.radio.header if pilot.radio else 0
    return watched


def _lay_carried(
    pilot: Pilot, stations: Any, streams: Any, sensors: Any, lines: shapely.STRtree
) -> tuple[np.ndarray, np.ndarray]:
    """Sensors of vehicles; returns the lanes within their range about each lane, and where each lane's begin."""
    told, ssm = pilot.apps["sensor_sharing"], MESSAGES["ssm"]
    mine = stations[(stations["sensor"] >= 0) & (stations["departure"] >= 0)]
    s = sensors[len(pilot.equip.sensors) :]
    s["key"] = [chance.key(f"sensor {int(x)}") for x in mine["key"]]
    s["range"], s["field"] = told["range"], 360.0
    s["detection"], s["error"], s["delay"] = told["detection"], told["error"], round(told["delay"] * BEAT)
    s["period"] = streams["period"][mine["ssm"]]
    s["kept"], s["empty"], s["element"] = tables.SHARED, ssm.bits, ssm.element
    s["header"] = pilot.radio.header if pilot.radio else 0
    about, lanes = lines.query(lines.geometries, predicate="dwithin", distance=told["range"])
    order = np.lexsort((lanes, about))
    return lanes[order], np.searchsorted(about[order], np.arange(len(pilot.park.lanes) + 1))
