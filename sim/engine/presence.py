"""Detectors over the last metres before a signal's line: on which of them somebody is now.

Source: SUMO documentation, Simulation/NEMA (detectors at the stop bar; shorter on lanes that only turn left).
"""

from __future__ import annotations

import numpy as np

from sim.engine.near import plain
from sim.park.classes import class_bits
from sim.park.network import Network
from sim.park.rings import Rings
from sim.state.world import World

_WALKERS = class_bits(("pedestrian", "wheelchair"))


class Detectors:
    """On which lanes somebody is near the line."""

    def __init__(self, park: Network) -> None:
        self._park = park
        self._lanes: list[int] = []
        self._from: list[float] = []
        self._seen: list[bool] = []

    def _lay(self, lane: int, reach: float) -> int:
        """A detector over the last metres of a lane; returns its place."""
        self._lanes.append(lane)
        self._from.append(self._park.lanes[lane].length - reach)
        return len(self._lanes) - 1

    def look(self, world: World) -> None:
        """See on which detectors somebody is, with some of his body at least."""
        lanes = np.array(self._lanes, np.int64)
        state, slots = plain(world.lane)[lanes], world.loose.slots
        first = slots[plain(world.lanes)["slot"][lanes]]
        front = plain(world.vehicles)["position"][np.where(first < 0, ~first, first)]
        self._seen = (((state["count"] > 0) & (front > self._from)) | (state["tail_row"] >= 0)).tolist()

    def any_of(self, places: list[int]) -> bool:
        """Whether somebody is on one of some detectors."""
        return any(self._seen[place] for place in places)

    def of_phases(self, signal: int, told: Rings) -> list[list[int]]:
        """Lay a signal's; places of each phase's: on lanes from which it lets go with priority, if any, else at all."""
        from_lane: dict[int, list[tuple[int, str]]] = {}
        for c in self._park.connections:
            if c.signal == signal and self._park.lanes[c.source].allowed & ~_WALKERS:
                from_lane.setdefault(c.source, []).append((c.group, c.direction))
        places = {}
        for lane, ways in from_lane.items():
            left = all(direction == "l" for _, direction in ways)
            places[lane] = self._lay(lane, told.reach_left if left else told.reach)
        found = []
        for phase in told.phases:
            wanted = "G" if "G" in phase.state else "g"
            lanes = (x for x, ways in from_lane.items() if any(phase.state[group] == wanted for group, _ in ways))
            found.append([places[lane] for lane in lanes])
        return found
