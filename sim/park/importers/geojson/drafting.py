"""From records to a draft in a local plane: which roads meet where, and what their lanes are by default."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from sim.errors import Fault, NetworkError
from sim.park.building.draft import BUS_LANE_USERS, ROAD_USERS, Draft, Node, Programme, Road, Stage
from sim.park.classes import class_bits
from sim.park.importers.geojson.reading import Feature, Source
from sim.park.importers.geojson.records import JunctionRecord, RoadRecord
from sim.park.passing import Passing

#: Ends of roads nearer than this are the same place; nearer than the second, but not joined, a slip of drawing; a
#: junction may be named as an end from the third away [m]. Source: assumed.
SNAP, SLIP, NAMED = 1.0, 8.0, 50.0
#: Speed [m/s] and lane width [m] by class. Source: speeds from domain section 2 (roads of such parks); widths assumed
#: (CJJ 37-2012 gives 3.25-3.75 m by speed and vehicles; from memory, not checked).
SPEED = {"arterial": 60 / 3.6, "expressway": 80 / 3.6, "collector": 40 / 3.6, "local": 20 / 3.6, "access": 15 / 3.6}
WIDTH = {"arterial": 3.5, "expressway": 3.75, "collector": 3.25, "local": 3.25, "access": 3.0}
#: A half-width road is driven at no more than this [m/s], on lanes no wider than this [m]; with less than the third
#: for both directions [m] they share a strip. Source: assumed; 5.5 m is the width usually asked of passing places.
HALF_SPEED, HALF_WIDTH, BOTH_WAYS = 20 / 3.6, 3.0, 5.5


@dataclass(frozen=True, slots=True)
class Plane:
    """The local plane of a map: its PROJ string and the way there from WGS 84."""

    crs: str
    way: Any

    def points(self, degrees: np.ndarray) -> np.ndarray:
        """(points, 2) longitudes and latitudes [degrees] -> (points, 2) x to the east, y to the north [m]."""
        x, y = self.way.transform(degrees[:, 0], degrees[:, 1])
        return np.stack((x, y), axis=1)


def plane_of(source: Source) -> Plane:
    """A transverse Mercator plane about the map's origin: lengths are true to about 1 in 100,000 within 25 km.

    Raises:
        NetworkError: the map spans more than a degree.
    """
    everything = [feature.coordinates for several in source.features.values() for feature in several]
    if not everything:
        raise NetworkError(faults=[Fault(str(source.path), "has no features", "wanted at least one road")])
    points = np.concatenate(everything)
    low, high = points.min(axis=0), points.max(axis=0)
    origin = source.header.origin or tuple(np.round((low + high) / 2.0, 2))
    if np.any(high - low > 1.0) or np.any(np.abs(points - origin) > 1.0):
        far = next(x for several in source.features.values() for x in several if _far(x, points))
        what = f"the map spans more than one degree; this lies at {far.coordinates[0].tolist()}"
        raise NetworkError(faults=[Fault(far.where, what, "wanted one park, and longitude before latitude")])
    from pyproj import Transformer  # takes long, and a map that is kept does not need it

    crs = f"+proj=tmerc +lat_0={origin[1]:.9g} +lon_0={origin[0]:.9g} +k=1 +x_0=0 +y_0=0 +datum=WGS84 +units=m"
    return Plane(crs, Transformer.from_crs("EPSG:4326", crs, always_xy=True))


def _far(feature: Feature, points: np.ndarray) -> bool:
    return bool(np.any(np.abs(feature.coordinates - np.median(points, axis=0)) > 0.5))


def draft_of(source: Source, plane: Plane, include_planned: bool | Collection[str]) -> Draft:
    """The draft of the roads that are there.

    Args:
        source: the map file; gets warnings.
        plane: where it is drawn.
        include_planned: whether planned roads are there, or ids of those that are.

    Raises:
        NetworkError: roads that do not meet where they should: all of them.
    """
    faults: list[Fault] = []
    junctions = {x.record.id: _node(x.record, plane.points(x.coordinates)[0]) for x in source.of("junction")}
    meeting = Meeting(junctions)
    everywhere = [meeting.road(feature, plane.points(feature.coordinates), faults) for feature in source.of("road")]
    faults += meeting.slips(everywhere)
    faults += _unused(source, everywhere)
    there = [road for road in everywhere if _is_there(road, include_planned)]
    if not there:
        faults.append(Fault(str(source.path), "no road of it is built", "wanted at least one"))
    source.warnings += _bridges(there)
    used = {road.start for road in there} | {road.end for road in there}
    nodes = [_as_built(node, there, everywhere) for node in meeting.nodes.values() if node.id in used]
    if faults:
        raise NetworkError(faults=faults)
    header = source.header
    name = header.name or source.path.stem
    return Draft(name, tuple(nodes), tuple(there), header.synthetic, header.left_hand, plane.crs)


def _is_there(road: Road, include_planned: bool | Collection[str]) -> bool:
    chosen = include_planned if isinstance(include_planned, bool) else road.id in include_planned
    return road.state != "planned" or chosen


class Meeting:
    """Nodes of a map, made or found as roads name or touch them."""

    def __init__(self, junctions: dict[str, Node]) -> None:
        self.nodes = dict(junctions)

    def road(self, feature: Feature, shape: np.ndarray, faults: list[Fault]) -> Road:
        """The road of a feature, its ends moved onto its nodes."""
        record: RoadRecord = feature.record
        ends = []
        for named, spot, point in ((record.start, "start", shape[0]), (record.end, "end", shape[-1])):
            node = self._named(feature, named, point, faults) if named else self._at(f"{record.id}.{spot}", point)
            ends.append(node)
        shape = shape.copy()
        shape[0], shape[-1] = (ends[0].x, ends[0].y), (ends[1].x, ends[1].y)
        return _road(record, shape, ends[0].id, ends[1].id)

    def _named(self, feature: Feature, name: str, point: np.ndarray, faults: list[Fault]) -> Node:
        node = self.nodes.get(name)
        if node is None:
            faults.append(Fault(feature.where, f"ends at junction {name}, which is not there"))
            return Node(name, float(point[0]), float(point[1]))
        if math.dist(point, (node.x, node.y)) > NAMED:
            away = math.dist(point, (node.x, node.y))
            faults.append(
                Fault(feature.where, f"ends {away:.0f} m from junction {name}", f"wanted {NAMED:g} m or less")
            )
        return node

    def _at(self, name: str, point: np.ndarray) -> Node:
        """The node at a point; a new one if there is none."""
        near = min(self.nodes.values(), key=lambda node: math.dist(point, (node.x, node.y)), default=None)
        if near is None or math.dist(point, (near.x, near.y)) > SNAP:
            near = self.nodes[name] = Node(name, float(point[0]), float(point[1]))
        return near

    def slips(self, roads: list[Road]) -> list[Fault]:
        """Holes: ends of roads that nearly touch another one; those that say where their lanes end are meant."""
        counts: dict[str, int] = {}
        for road in roads:
            for name in (road.start, road.end):
                counts[name] = counts.get(name, 0) + 1
        found = []
        for road in roads:
            for name, setback in zip((road.start, road.end), road.setback, strict=True):
                node = self.nodes.get(name)
                if node is not None and counts[name] == 1 and math.isnan(setback):
                    found += self._slip(road, node, roads)
        return found

    def _slip(self, road: Road, node: Node, roads: list[Road]) -> list[Fault]:
        here = shapely.Point(node.x, node.y)
        for other in roads:
            away = shapely.LineString(other.shape).distance(here)
            if other.id != road.id and away < SLIP and node.id not in (other.start, other.end):
                what = f"ends {away:.1f} m from road {other.id} without joining it"
                cure = (
                    f"wanted both to end at one junction, less than {SNAP:g} m apart, or more than {SLIP:g} m between"
                )
                return [Fault(f"road {road.id}", what, cure)]
        return []


def _node(record: JunctionRecord, point: np.ndarray) -> Node:
    wanted = record.programme
    stages = tuple(Stage(x.green, x.duration, x.minimum, x.maximum) for x in wanted.phases)
    programme = Programme(
        kind=wanted.kind,
        cycle=wanted.cycle,
        offset=wanted.offset,
        yellow=wanted.yellow,
        all_red=wanted.all_red,
        left=wanted.left,
        right_on_red=wanted.right_on_red,
        stages=stages,
    )
    return Node(
        id=record.id,
        x=float(point[0]),
        y=float(point[1]),
        control=record.control,
        name=record.name,
        main=tuple(record.main),
        u_turn=record.u_turn,
        radius=record.radius,
        ring_lanes=record.ring_lanes,
        crossings=tuple(record.crossings),
        programme=programme,
    )


def _road(record: RoadRecord, shape: np.ndarray, start: str, end: str) -> Road:
    """A road with what its class and state make of it.

    A half-width road, or a planned one of which one half is told, lies on that half of its carriageway: one narrow,
    slow lane each way, or one lane if it is one-way. Where `passage` says so, or there is no room for two lanes, both
    directions share it; by courtesy unless told otherwise.
    """
    forward, backward = record.directions
    speed = SPEED[record.road_class] if record.speed is None else record.speed
    width = WIDTH[record.road_class] if record.width is None else record.width
    road = Road(
        id=record.id,
        start=start,
        end=end,
        shape=shape,
        forward=forward,
        backward=backward,
        speed=speed,
        width=width,
        name=record.name,
        road_class=record.road_class,
        median=record.median,
        grade=record.grade,
        state=record.state,
        allowed=ROAD_USERS if record.allowed is None else class_bits(record.allowed),
        bus_lane=record.bus_lane or record.kerb_lane_for is not None,
        kerb_lane=BUS_LANE_USERS if record.kerb_lane_for is None else class_bits(record.kerb_lane_for),
    )
    road = replace(road, beside=record.bicycles == "beside")
    if record.state == "built" or (record.state == "planned" and record.half is None):
        return road if record.setback is None else replace(road, setback=record.setback)
    half = (forward + backward) * width / 4.0 + record.median / 4.0
    passing = record.passage.passing() if record.passage else None
    if passing is None and backward and 2.0 * half < BOTH_WAYS:
        passing = Passing("courtesy")
    return replace(
        road,
        forward=1,
        backward=min(backward, 1),
        speed=min(speed, HALF_SPEED),
        width=min(width, HALF_WIDTH),
        median=0.0,
        shift=-half if record.half == "left" else half,
        bus_lane=False,
        passing=passing,
    )


def _as_built(node: Node, there: list[Road], everywhere: list[Road]) -> Node:
    """The node without what it is to be only when planned roads are there: control, main roads."""
    here = [road.id for road in there if node.id in (road.start, road.end)]
    planned = [road.id for road in everywhere if node.id in (road.start, road.end) and road.id not in here]
    if planned and len(here) <= 2:
        return replace(node, control="priority", main=(), crossings=())
    programme = replace(node.programme, partial=bool(planned))
    crossed = tuple(here) if node.crossings == ("all",) else tuple(x for x in node.crossings if x in here)
    main = node.main if set(node.main) <= set(here) else ()
    return replace(node, programme=programme, main=main, crossings=crossed)


def _unused(source: Source, roads: list[Road]) -> list[Fault]:
    """Junctions where no road ends, and main roads that do not end there."""
    found = []
    ends: dict[str, set[str]] = {}
    for road in roads:
        ends.setdefault(road.start, set()).add(road.id)
        ends.setdefault(road.end, set()).add(road.id)
    for feature in source.of("junction"):
        here = ends.get(feature.record.id, set())
        if not here:
            found.append(Fault(feature.where, "no road ends there", f"wanted a road's end within {SNAP:g} m"))
        for what, names in (("main road", feature.record.main), ("crossing's road", feature.record.crossings)):
            for name in names if here else ():
                if name not in here and name != "all":
                    found.append(Fault(feature.where, f"its {what} {name} does not end there"))
    return found


def _bridges(roads: list[Road]) -> list[str]:
    """Roads that cross without a junction."""
    lines = [shapely.LineString(road.shape) for road in roads]
    pairs = shapely.STRtree(lines).query(lines, predicate="crosses").T.tolist() if lines else []
    found = []
    for one, other in sorted(pair for pair in pairs if pair[0] < pair[1]):
        a, b = roads[one], roads[other]
        if not {a.start, a.end} & {b.start, b.end}:
            found.append(f"roads {a.id} and {b.id} cross without a junction: taken as a bridge")
    return found
