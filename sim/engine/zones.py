"""Lay cells of a network out as arrays: which stretches of lanes lie in which, and what each end of a way adds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely

from sim.kernel.draws import CERTAIN
from sim.models.radio import RADIO
from sim.models.radio.cellular import BLOCK, CHANCE
from sim.models.radio.cellular import SPREAD as WIDTH
from sim.park.geometry import Axes
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Cell, End, Pilot, Radio
from sim.state import zones as tables
from sim.state.air import DELAYS, RECEIVERS, THROUGH
from sim.state.columns import allocate, untouched
from sim.state.zones import EVEN, NORMAL, OWN

#: Name of what lies in no cell.
OUTSIDE = "outside"
#: Corners of a circle: its outline is nowhere nearer to its middle than 0.9999 of the radius.
CORNERS = 256


def cells_of(radio: Radio) -> tuple[Cell, ...]:
    """Cells that the rung of the ladder knows of."""
    return radio.cells if RADIO[radio.model].cells else ()


def region(cell: Cell, park: Network) -> shapely.Polygon:
    """Outline of a cell, in the map's plane [m]."""
    if cell.junction:
        junction = park.junctions[Names(park).junction[cell.junction]]
        return shapely.Point(junction.x, junction.y).buffer(cell.radius, quad_segs=CORNERS // 4)
    return shapely.Polygon(park.areas[cell.area] if cell.area else cell.corners)


def is_outline(corners: tuple[tuple[float, float], ...]) -> bool:
    """Whether corners go round an area, once."""
    outline = shapely.Polygon(corners)
    return bool(outline.is_valid and outline.area > 0.0)


def covered(cell: Cell, park: Network) -> bool:
    """Whether some lane lies in a cell."""
    outline = region(cell, park)
    shapely.prepare(outline)
    return any(outline.intersects(shapely.LineString(x.shape[:, :2])) for x in park.lanes)


def lay_zones(pilot: Pilot, radio: Radio, air: Any, outlines: Any, stations: Any) -> dict[str, Any]:
    """Tables and lists of `Radio` about cells, short where there are none; completes the row of `Air`, lanes, units."""
    cells, n = cells_of(radio), len(pilot.equip.junctions)
    air.zones = len(cells) + 1 if cells else 0
    air.own_times = bool(cells) or RADIO[radio.model].way == "cellular"
    air.apart |= bool(cells)
    air.weighed = any(np.isfinite(x.down.capacity) for x in cells)
    regions = [region(x, pilot.park) for x in cells]
    order = sorted(range(len(cells)), key=lambda i: regions[i].area)  # of several the smallest, then the first told
    points = shapely.points(stations["x"][:n], stations["y"][:n])
    for i in order[::-1]:
        stations["zone"][:n][shapely.covers(regions[i], points)] = i + 1
    zones = int(air.zones)
    return {
        "stretches": _stretches(pilot.park, outlines, [regions[i] for i in order], [i + 1 for i in order]),
        "ends": _ends(cells, radio),
        "crowds": untouched(tables.Crowds, max(1, int(air.memory) * zones)),
        "admitted": _admitted(cells, radio),
        "through": np.zeros(max(1, zones * len(RECEIVERS) * THROUGH), np.int64),
        "zone_delays": np.zeros(max(1, zones * DELAYS), np.int64),
    }


def _stretches(park: Network, outlines: Any, regions: list[Any], zones: list[int]) -> Any:
    """Rows of `Stretches`, and where those of each lane begin.

    Args:
        regions: of the cells; of several that a place lies in the first counts.
        zones: their numbers.
    """
    found: list[tuple[float, int]] = [(0.0, 0)]
    if regions:
        axes = Axes(park.lanes)
        along, begin = axes.along(), axes.begin
        lines = [shapely.LineString(axes.points[a:b]) for a, b in pairwise(begin)]
        touched = shapely.STRtree(lines).query(regions, predicate="intersects")[1]
        for lane in np.unique(touched):
            outlines["stretch"][lane] = len(found)
            nominal = along[begin[lane] : begin[lane + 1]]
            found += _of_lane(lines[lane], nominal, regions, zones)
            outlines["stretch_end"][lane] = len(found)
    rows = allocate(tables.Stretches, len(found))
    rows["begin"], rows["zone"] = np.array(found).T
    return rows


def _of_lane(line: Any, nominal: np.ndarray, regions: list[Any], zones: list[int]) -> list[tuple[float, int]]:
    """Stretches of a lane: where each begins, and its zone.

    Args:
        nominal: position of each point of its line [m].
    """
    parts = np.hypot(*np.diff(shapely.get_coordinates(line), axis=0).T)
    true = np.append(0.0, np.cumsum(parts))
    cuts = [0.0]
    for one in regions:
        crossed = shapely.get_coordinates(shapely.intersection(one.boundary, line))
        cuts += [float(line.project(shapely.Point(x))) for x in crossed]
    ends = np.unique(np.round([*cuts, true[-1]], 9))
    found: list[tuple[float, int]] = []
    for low, high in pairwise(ends):
        middle = line.interpolate((low + high) / 2.0)
        zone = next((zone for one, zone in zip(regions, zones, strict=True) if one.covers(middle)), 0)
        if not found or found[-1][1] != zone:
            found.append((float(np.interp(low, true, nominal)), zone))
    return found


def _ends(cells: tuple[Cell, ...], radio: Radio) -> Any:
    """Rows of `Ends`: of what lies in no cell, then of each cell."""
    outages = CHANCE if RADIO[radio.model].way == "cellular" else 0.0
    rows = allocate(tables.Ends, 2 * (len(cells) + 1))
    rows["outages"] = outages
    for i, cell in enumerate(cells, 1):
        for end, row in ((cell.up, rows[2 * i]), (cell.down, rows[2 * i + 1])):
            row.law, row.low, row.high, row.spread = _law(end, radio)
            row.loss = radio.loss_of_an_end if end.loss is None else end.loss
            row.capacity = end.capacity / 8.0 if np.isfinite(end.capacity) else 0.0
            row.buffer = end.buffer
            if cell.outages is not None and outages > 0.0:
                row.outages = BLOCK / cell.outages
    return rows


def _law(end: End, radio: Radio) -> tuple[int, float, float, float]:
    """How long an end takes: law, least or median, greatest [s], spread."""
    if end.low is None:
        return OWN, 0.0, 0.0, 0.0
    if end.high is None and RADIO[radio.model].way == "cellular":
        return NORMAL, end.low, 0.0, WIDTH if end.spread is None else end.spread
    return EVEN, end.low, end.low if end.high is None else end.high, 0.0


def _admitted(cells: tuple[Cell, ...], radio: Radio) -> np.ndarray:
    """Whole draws below which one hears what came up, by zones of sender and receiver, (zones * zones,).

    What a cell loses on its way up is drawn once for all who could hear it, and not told here.
    """
    if not cells:
        return np.zeros(1, np.int32)
    outside = 1.0 - radio.loss_of_an_end
    up = np.array([outside, *(1.0 for _ in cells)])
    down = np.array([outside, *(outside if x.down.loss is None else 1.0 - x.down.loss for x in cells)])
    through = up[:, None] * down
    return np.ceil(through * CERTAIN).astype(np.int32).ravel()
