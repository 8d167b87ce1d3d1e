"""Edges and lanes beside the centre lines of roads."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import substring

from sim.park.building.draft import Draft, Road
from sim.park.classes import class_bits
from sim.park.geometry import length_of, parallel
from sim.park.network import Edge, Lane

#: Who rides beside vehicles.
RIDERS = class_bits(("bicycle", "moped"))
#: Strip at the kerb that one of them takes [m]. Source: a bicycle of 0.6 m that sways by 0.2 m to each side, for which
#: Chinese urban roads are designed (CJJ 37).
STRIP = 1.0
#: Least distance between a rider's strip and who passes him [m]: with 0.2 m of the strip about 1 m between bodies, the
#: least of the 1.0 to 1.5 m that road laws ask for; China's names no figure. Source: assumed.
CLEARANCE = 0.8


@dataclass(frozen=True, slots=True)
class Carriageway:
    """One direction of a road, as built.

    Args:
        edge: edge index.
        forward: whether it runs as the road is drawn.
        lanes: lane indices from the kerb.
        start: node id.
        end: node id.
        inward: direction of travel at its end [rad].
        outward: direction of travel at its start [rad].
        bus_lane: whether lane 0 is for some classes only: buses, or riders.
    """

    edge: int
    road: Road
    forward: bool
    lanes: tuple[int, ...]
    start: str
    end: str
    inward: float
    outward: float
    bus_lane: bool

    @property
    def general(self) -> range:
        """Lanes open to everybody, counted from the kerb."""
        return range(int(self.bus_lane), len(self.lanes))


def carriageways(draft: Draft, cuts: dict[tuple[str, int], float]) -> tuple[list[Carriageway], list[Edge], list[Lane]]:
    """Edges and lanes of all roads; the way back on road `x` is edge `-x`.

    Args:
        draft: the map.
        cuts: how far each end of each road is cut back, by (road id, end) [m].
    """
    rank = {node.id: i for i, node in enumerate(draft.nodes)}
    found: list[Carriageway] = []
    edges: list[Edge] = []
    lanes: list[Lane] = []
    for road in draft.roads:
        line = shapely.LineString(road.shape)
        kept = substring(line, cuts[road.id, 0], line.length - cuts[road.id, 1])
        shape = np.array(shapely.get_coordinates(kept))
        for forward in (True, False) if road.backward else (True,):
            one = _carriageway(road, forward, shape, len(edges), len(lanes))
            found.append(one)
            edges.append(_edge(road, forward, one, (rank[one.start], rank[one.end])))
            lanes += _lanes(road, forward, shape, one, edges[-1].id)
    return found, edges, lanes


def _carriageway(road: Road, forward: bool, shape: np.ndarray, edge: int, first: int) -> Carriageway:
    count = (road.forward if forward else road.backward) + road.beside
    start, end = (road.start, road.end) if forward else (road.end, road.start)
    line = shape if forward else shape[::-1]
    first_step, last_step = line[1] - line[0], line[-1] - line[-2]
    return Carriageway(
        edge=edge,
        road=road,
        forward=forward,
        lanes=tuple(range(first, first + count)),
        start=start,
        end=end,
        inward=math.atan2(last_step[1], last_step[0]),
        outward=math.atan2(first_step[1], first_step[0]),
        bus_lane=(road.bus_lane or road.beside) and count > 1,
    )


def _edge(road: Road, forward: bool, one: Carriageway, ends: tuple[int, int]) -> Edge:
    return Edge(
        id=road.id if forward else f"-{road.id}",
        name=road.name,
        start=ends[0],
        end=ends[1],
        lanes=one.lanes,
        internal=False,
        road_class=road.road_class,
        priority=road.rank[0],
        grade=road.grade,
        state=road.state,
        roundabout=road.ring,
    )


def _lanes(road: Road, forward: bool, shape: np.ndarray, one: Carriageway, edge: str) -> list[Lane]:
    found = []
    for index, (right, width) in enumerate(_across(road, forward)):
        beside = parallel(shape if forward else shape[::-1], -right)
        bus = one.bus_lane and index == 0
        own = road.allowed & (RIDERS if road.beside else road.kerb_lane)
        found.append(
            Lane(
                id=f"{edge}_{index}",
                edge=one.edge,
                index=index,
                length=length_of(beside),
                speed=road.speed,
                width=width,
                allowed=own if bus else road.allowed,
                shape=beside,
                passing_width=width - CLEARANCE if road.beside and index == 1 else math.inf,
            )
        )
    return found


def _across(road: Road, forward: bool) -> list[tuple[float, float]]:
    """How far right of the centre line, in the direction of travel, each lane lies, and its width [m]; from the kerb.

    Where bicycles ride beside vehicles, the kerb lane is parted into their strip and the rest.
    """
    count = road.forward if forward else road.backward
    shift = road.shift if forward else -road.shift
    inner = road.median / 2.0 if road.backward and not road.shared else -count * road.width / 2.0
    middles = [shift + inner + (count - index - 0.5) * road.width for index in range(count)]
    if not road.beside:
        return [(middle, road.width) for middle in middles]
    strip, rest = middles[0] + (road.width - STRIP) / 2.0, middles[0] - STRIP / 2.0
    return [(strip, STRIP), (rest, road.width - STRIP), *((middle, road.width) for middle in middles[1:])]


def legs_of(arriving: Iterable[Carriageway], leaving: Iterable[Carriageway]) -> int:
    """How many ends of roads meet where some carriageways arrive and others leave."""
    ends = {(one.road.id, one.forward) for one in arriving} | {(one.road.id, not one.forward) for one in leaving}
    return len(ends)
