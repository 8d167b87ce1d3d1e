"""Where SUMO's vehicles stop: from what they ask for to lanes and positions of the network.

Source: SUMO documentation, Definition_of_Vehicles,_Vehicle_Types,_and_Routes, section Stops; Eclipse SUMO 1.28.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.park.names import Names
from sim.park.network import Lane, Network
from sim.registry import near
from sim.traffic.sumo.reading import Place, Read
from sim.traffic.sumo.wishes import Halt, Spot

#: Lane, position [m], duration [s], until [s], off the road.
Stops = tuple[tuple[int, float, float, float, bool], ...]
#: How far a stop may end beyond its lane, for numbers that were rounded [m]. Source: assumed.
ROUNDED = 0.01


class Stopping:
    """Stopping places and stops of a demand; what is wrong with them goes to their files.

    Args:
        network: where to drive.
        names: of its edges and lanes.
        read: stopping places by id.
        leave_out: whether a stop that cannot be made is left out, with a warning, instead of a fault.
    """

    def __init__(self, network: Network, names: Names, read: Read, leave_out: bool) -> None:
        """Check all stopping places, as SUMO does, whether somebody stops there or not."""
        self._network = network
        self._names = names
        self._places = read.places
        self._leave_out = leave_out
        for place in self._places.values():
            self._check_place(place)

    def lane(self, halt: Halt) -> int:
        """Index of the lane of a stop; -1: it is nowhere."""
        if halt.place:
            place = self._places.get(halt.place)
            return self._names.lane.get(place.lane, -1) if place else -1
        if halt.lane:
            return self._names.lane.get(halt.lane, -1)
        edge = self._names.edge.get(halt.edge, -1)
        return self._network.edges[edge].lanes[0] if edge >= 0 else -1

    def found(self, halts: Sequence[Halt]) -> list[tuple[Halt, int, float]]:
        """Those that are somewhere in the network, with lane and position [m]."""
        pairs = [(halt, self.lane(halt)) for halt in halts]
        for halt, lane in pairs:
            if lane < 0 and halt.place not in self._places:  # of places that are nowhere themselves it is told already
                what = f'its stop at "{halt.place or halt.lane or halt.edge}" is nowhere in the network'
                self._unusable(halt.spot, what, "with a stop that is nowhere (drives without it)")
        return [(halt, lane, self._position(halt, lane)) for halt, lane in pairs if lane >= 0]

    def along(self, found: Sequence[tuple[Halt, int, float]], edges: np.ndarray) -> Stops:
        """Stops in order of travel on a route; a fault for one that does not lie ahead."""
        stops: list[tuple[int, float, float, float, bool]] = []
        at, behind = 0, 0.0
        route = edges.tolist()
        for halt, lane, position in found:
            edge = self._network.lanes[lane].edge
            while at < len(route) and not (route[at] == edge and position >= behind):
                at, behind = at + 1, 0.0
            if at == len(route):
                what = f"its stop on lane {self._network.lanes[lane].id} does not lie ahead on its route"
                then = "with a stop that is not on the route (drives without it and what follows)"
                self._unusable(halt.spot, what, then)
                return tuple(stops)
            behind = position
            stops.append((lane, position, halt.duration, halt.until, halt.aside))
        return tuple(stops)

    def _unusable(self, spot: Spot, what: str, then: str) -> None:
        if self._leave_out:
            spot.document.left_aside[f"<{spot.tag}> {then}"] += 1
        else:
            spot.fault(what)

    def _check_place(self, place: Place) -> None:
        lane = self._names.lane.get(place.lane, -1)
        if lane < 0:
            place.spot.fault(f'there is no lane "{place.lane}"', near(place.lane, self._names.lane))
        elif not place.friendly:
            self._check(place, self._network.lanes[lane], "")

    def _position(self, halt: Halt, lane: int) -> float:
        """Where a stop ends on its lane [m]."""
        where = self._network.lanes[lane]
        if halt.place:
            end = self._places[halt.place].end
        else:
            end = halt.end
            if end.on(where.length) < 0.0:
                said = "endPos of a <stop> before the start of its lane (taken as its start)"
                halt.spot.document.left_aside[said] += 1
            elif not halt.friendly:
                self._check(halt, where, " of its stop")
        return min(max(end.on(where.length), 0.0), where.length)

    def _check(self, asked: Place | Halt, lane: Lane, whose: str) -> None:
        """Faults for ends that do not lie on the lane, or lie the wrong way round."""
        last = asked.end.on(lane.length)
        first = asked.begin.on(lane.length) if asked.begin else 0.0
        if not 0.0 <= last <= lane.length + ROUNDED:
            what = f"endPos{whose} is {last:g} m, and lane {lane.id} is {lane.length:g} m long"
            asked.spot.fault(what, 'wanted an end on the lane, or friendlyPos="true"')
        elif not 0.0 <= first <= last:
            what = f"startPos{whose} is {first:g} m, and endPos {last:g} m"
            asked.spot.fault(what, 'wanted a start on the lane before the end, or friendlyPos="true"')
