"""Stops, roadside units and places of a map, on the network that was built."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import shapely

from sim.errors import Fault, NetworkError
from sim.park.importers.geojson.drafting import Plane
from sim.park.importers.geojson.reading import Feature, Source
from sim.park.importers.geojson.records import PlaceRecord, StopRecord
from sim.park.names import Names
from sim.park.network import Network, Place, Roadside, Stop

#: A stop or place on no named road may be this far from one [m]; a roadside unit this far from the junction it serves
#: if it names none [m]. Source: assumed.
NEAR_ROAD, NEAR_JUNCTION = 500.0, 60.0


def furnished(network: Network, source: Source, plane: Plane) -> Network:
    """The network with stops, roadside units and places; those of roads that are not there are left out and told.

    Raises:
        NetworkError: something refers to what the map does not have.
    """
    site = _Site(network, source, plane)
    stops = [site.stop(feature) for feature in source.of("stop")]
    roadside = [site.roadside(feature) for feature in source.of("roadside")]
    places = [site.place(feature) for feature in source.of("place")]
    buildings = [site.outline(feature) for feature in source.of("building")]
    areas = {feature.record.id: site.outline(feature) for feature in source.of("area")}
    if site.faults:
        raise NetworkError(faults=site.faults)
    return replace(
        network,
        stops=tuple(stop for stop in stops if stop),
        roadside=tuple(unit for unit in roadside if unit),
        places=tuple(place for place in places if place),
        buildings=tuple(buildings),
        areas=areas,
        warnings=(*network.warnings, *source.warnings),
    )


class _Site:
    def __init__(self, network: Network, source: Source, plane: Plane) -> None:
        self.faults: list[Fault] = []
        self._network, self._names, self._plane = network, Names(network), plane
        self._warnings = source.warnings
        self._shared = {passage.id for passage in network.passages}
        self._roads = {feature.record.id for feature in source.of("road")}
        self._junctions = {feature.record.id for feature in source.of("junction")}

    def stop(self, feature: Feature) -> Stop | None:
        """A stop at the kerb."""
        record: StopRecord = feature.record
        edge = self._edge(feature, self._beside(feature, record.road), record.direction == "backward")
        if edge is None:
            return None
        lane = self._network.edges[edge].lanes[0]
        line = shapely.LineString(self._network.lanes[lane].shape)
        x, y = self._plane.points(feature.coordinates)[0]
        middle = line.project(shapely.Point(x, y))
        if record.length > line.length:
            what = f"its length of {record.length:g} m is more than the {line.length:.1f} m of {record.road}"
            self.faults.append(Fault(feature.where, what))
            return None
        begin = min(max(0.0, middle - record.length / 2.0), line.length - record.length)
        return Stop(record.id, lane, begin, begin + record.length, record.name)

    def roadside(self, feature: Feature) -> Roadside:
        """A roadside unit, with the junction it serves."""
        x, y = self._plane.points(feature.coordinates)[0]
        name = feature.record.junction
        junction = self._nearest_junction(x, y) if name is None else self._names.junction.get(name, -1)
        if name is not None and name not in self._junctions:
            self.faults.append(Fault(feature.where, f"serves junction {name}, which is not there"))
        return Roadside(feature.record.id, feature.record.type, float(x), float(y), junction)

    def place(self, feature: Feature) -> Place | None:
        """A place, with the edges trips leave by and arrive at."""
        record: PlaceRecord = feature.record
        x, y = self._plane.points(feature.coordinates)[0]
        if record.junction is not None:
            leaving, arriving = self._at_junction(feature, record.junction)
        elif record.roads:
            leaving = arriving = [i for road in record.roads for i in self._both_ways(feature, road)]
        else:
            leaving = arriving = self._nearest_road(feature, float(x), float(y))
        if not leaving or not arriving:
            self._warnings.append(f"place {record.id} is left out: no road of it is built")
            return None
        return Place(record.id, record.name, record.type, float(x), float(y), tuple(leaving), tuple(arriving))

    def outline(self, feature: Feature) -> np.ndarray:
        """Outline of a building or an area, (points, 2) [m]."""
        outline = self._plane.points(feature.coordinates)
        if not shapely.Polygon(outline).is_valid:
            self.faults.append(Fault(feature.where, "its outline crosses itself", "wanted a simple polygon"))
        return outline

    def _edge(self, feature: Feature, road: str, backward: bool) -> int | None:
        """Edge of the direction of a road, or of a piece of one; None if it is not built."""
        if road not in self._roads and road not in self._names.edge:
            self.faults.append(Fault(feature.where, f"lies on road {road}, which is not there"))
            return None
        edge = self._names.edge.get(f"-{road}" if backward else road)
        if edge is None and road in self._names.edge:
            self.faults.append(Fault(feature.where, f"lies on the way back of {road}, which is one-way"))
        elif edge is None:
            self._warnings.append(f"{feature.record.kind} {feature.record.id} is left out: road {road} is not built")
        return edge

    def _beside(self, feature: Feature, road: str) -> str:
        """The piece of a shared road on which a stop stands in nobody's way: a mouth, the nearer one; else the road."""
        if road not in self._shared:
            return road
        x, y = self._plane.points(feature.coordinates)[0]
        lanes = {name: self._network.edges[self._names.edge[name]].lanes[0] for name in self._pieces(road)}
        point = shapely.Point(x, y)
        return min(lanes, key=lambda x: point.distance(shapely.LineString(self._network.lanes[lanes[x]].shape)))

    def _pieces(self, road: str) -> list[str]:
        """Where one may set off and stop on a road."""
        return [f"{road}.start", f"{road}.end"] if road in self._shared else [road]

    def _both_ways(self, feature: Feature, road: str) -> list[int]:
        if road not in self._roads:
            self.faults.append(Fault(feature.where, f"lies on road {road}, which is not there"))
        names = [name for piece in self._pieces(road) for name in (piece, f"-{piece}")]
        return [self._names.edge[name] for name in names if name in self._names.edge]

    def _at_junction(self, feature: Feature, name: str) -> tuple[list[int], list[int]]:
        if name not in self._junctions:
            self.faults.append(Fault(feature.where, f"lies at junction {name}, which is not there"))
        junction = self._names.junction.get(name, -1)
        edges = [(i, edge) for i, edge in enumerate(self._network.edges) if not edge.internal and not edge.footway]
        return [i for i, edge in edges if edge.start == junction], [i for i, edge in edges if edge.end == junction]

    def _nearest_road(self, feature: Feature, x: float, y: float) -> list[int]:
        """Both directions of the nearest road that is no part of a roundabout, nor shared by both directions."""
        point, strips = shapely.Point(x, y), {i for x in self._network.passages for pair in x.strips for i in pair}
        edges = [
            (i, edge)
            for i, edge in enumerate(self._network.edges)
            if not (edge.internal or edge.roundabout or edge.footway) and i not in strips
        ]
        away = [point.distance(shapely.LineString(self._network.lanes[e.lanes[0]].shape)) for _, e in edges]
        nearest = int(np.argmin(away))
        if away[nearest] > NEAR_ROAD:
            what = f"the nearest road is {away[nearest]:.0f} m away"
            self.faults.append(Fault(feature.where, what, f"wanted {NEAR_ROAD:g} m or less, or roads named"))
        road = edges[nearest][1].id.removeprefix("-")
        return [self._names.edge[name] for name in (road, f"-{road}") if name in self._names.edge]

    def _nearest_junction(self, x: float, y: float) -> int:
        junctions = self._network.junctions
        away = [math.dist((x, y), (junction.x, junction.y)) for junction in junctions]
        nearest = int(np.argmin(away))
        return nearest if away[nearest] <= NEAR_JUNCTION else -1
