"""Lay sensors at the roadside out as arrays: what each can see, the lanes it watches, room for what it tells of."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import shapely

from sim import chance
from sim.park.network import Names
from sim.pilot import Pilot
from sim.state import roadside as tables
from sim.state.air import BEAT, REMEMBERED
from sim.state.columns import allocate
from sim.v2x import MESSAGES


def lay_sensors(pilot: Pilot, stations: Any, streams: Any) -> dict[str, Any]:
    """Rows of `Sensors` in the order of `Equipment.sensors`, room for their objects, and lanes within their range."""
    units, rsm = pilot.equip.sensors, MESSAGES["rsm"]
    sensors = allocate(tables.Sensors, max(1, len(units)))
    watched: list[int] = []
    places = Names(pilot.park).junction
    lines = shapely.STRtree([shapely.LineString(x.shape[:, :2]) for x in pilot.park.lanes])
    by_sensor = {int(x.sensor): i for i, x in enumerate(stations) if x.sensor >= 0}
    for i, unit in enumerate(units):
        s, junction = sensors[i], pilot.park.junctions[places[unit.junction]]
        mine = streams[int(stations[by_sensor[i]].stream) : int(stations[by_sensor[i]].stream_end)]
        stream = mine[mine["message"] == MESSAGES.code("rsm")][0]
        s.key, s.x, s.y = chance.key(f"sensor {unit.junction}"), junction.x, junction.y
        s.range, s.field, s.heading, s.height = (
            unit.range,
            math.degrees(unit.field),
            math.degrees(unit.heading),
            unit.height,
        )
        s.detection, s.error, s.ghosts = unit.detection, unit.error, unit.ghosts
        s.delay, s.period = round(unit.delay * BEAT), stream.period
        near = np.sort(lines.query(shapely.Point(junction.x, junction.y), predicate="dwithin", distance=unit.range))
        s.lane, s.lane_end = len(watched), len(watched) + len(near)
        watched += near.tolist()
        s.objects = i * REMEMBERED * tables.MOST_OBJECTS
        s.empty, s.element = rsm.bits, rsm.element
        s.header = pilot.radio.header if pilot.radio else 0
    return {
        "sensors": sensors,
        "objects": allocate(tables.Objects, max(1, len(units)) * REMEMBERED * tables.MOST_OBJECTS),
        "around": allocate(tables.Around, tables.MOST_AROUND if units else 1),
        "watched": np.array([*watched, 0], np.int32),
    }
