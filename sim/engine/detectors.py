"""Where the detectors of actuated signals lie, and which of them extend which phase.

Source: SUMO's actuated signals (MSActuatedTrafficLightLogic::init), their rules of placement and use.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.park.classes import class_bits
from sim.park.network import Connection, Crossing, Network
from sim.park.signal import Signal

#: Length that a queued vehicle takes [m]; SUMO's default length with gap.
QUEUED = 7.5
_WALKERS = class_bits(("pedestrian", "wheelchair"))
_SLOW = class_bits(("pedestrian", "wheelchair", "bicycle"))


def lay_detectors(network: Network, lanes: Any, phases: Any, signals: Any) -> np.ndarray:
    """Lay the detectors of actuated signals; returns the lanes that extend each phase.

    Args:
        lanes: rows of `Lanes`, which are told where their detector lies.
        phases: rows of `Phases`, which are told their part of the list.
        signals: rows of `Signals`.
    """
    found: list[int] = []
    ways = _Ways(network)
    for i, signal in enumerate(network.signals):
        if signal.kind != "actuated":
            continue
        asked = _Asked(ways, i, signal)
        at = {lane: _place(ways, lanes, signal, lane, least) for lane, least in asked.least.items()}
        for j in range(len(signal.phases)):
            row = phases[int(signals[i].first) + j]
            row.detector = len(found)
            found.extend(sorted({at[lane] for lane in asked.extending(j)}))
            row.detector_end = len(found)
    return np.array(found, np.int32)


class _Ways:
    """Connections by signal, by lane they come from and lane they lead to, and which internal lanes meet."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.by_signal: dict[int, list[Connection]] = {}
        self.out: dict[int, list[Connection]] = {}
        self.into: dict[int, list[Connection]] = {}
        for c in network.connections:
            self.out.setdefault(c.source, []).append(c)
            self.into.setdefault(c.target, []).append(c)
            if c.signal >= 0:
                self.by_signal.setdefault(c.signal, []).append(c)
        self.meet = {(x.lane, x.foe) for x in network.conflicts if x.kind != Crossing.DIVERGE}

    def edge(self, c: Connection) -> int:
        """Edge a connection comes from."""
        return self.network.lanes[c.source].edge

    def classes(self, c: Connection) -> int:
        """Who may use a connection."""
        return c.allowed & self.network.lanes[c.source].allowed


class _Asked:
    """What an actuated signal asks its detectors."""

    def __init__(self, ways: _Ways, index: int, signal: Signal) -> None:
        self._ways, self._signal = ways, signal
        self._groups: dict[int, list[Connection]] = {}
        self._of_lane: dict[int, set[int]] = {}
        for c in ways.by_signal.get(index, []):
            self._groups.setdefault(c.group, []).append(c)
            self._of_lane.setdefault(c.source, set()).add(c.group)
        #: Shortest green of a lane that can be extended [s]: no other lane has a detector.
        self.least: dict[int, float] = {}
        for lane, groups in self._of_lane.items():
            lengths = [
                x.minimum for x in signal.phases if x.maximum > x.minimum and any(x.state[g] in "Gg" for g in groups)
            ]
            if lengths and ways.network.lanes[lane].allowed & ~_WALKERS:
                self.least[lane] = min(lengths)

    def extending(self, phase: int) -> list[int]:
        """Lanes whose detectors extend a phase: all that leads on from them is green, surely enough."""
        x = self._signal.phases[phase]
        if x.maximum <= x.minimum:
            return []
        sure = {group for group in self._groups if self._is_sure(group, x.state)}
        return [lane for lane in self.least if self._all_in(lane, sure) and self._lead_on(lane, sure)]

    def _all_in(self, lane: int, sure: set[int]) -> bool:
        return self._of_lane[lane] <= sure

    def _lead_on(self, lane: int, sure: set[int]) -> bool:
        """Whether the next line, if it belongs to the same signal, is green, too."""
        ahead = (c.target for c in self._ways.out[lane] if c.direction != "t")
        return all(self._all_in(lane, sure) for lane in ahead if lane in self.least)

    def _is_sure(self, group: int, state: str) -> bool:
        """Whether a group is green, and who has to give way does not hold up others of his lane for long."""
        if state[group] != "g":
            return state[group] == "G"
        here = self._groups[group]
        around = all(c.direction == "t" for c in here)
        never_first = all(x.state[group] != "G" for x in self._signal.phases)
        beside = {g for c in here for g in self._of_lane[c.source]}
        if (around or never_first) and any(state[g] == "G" for g in beside):
            return True
        return any(self._is_only_lane(c) for c in here) or not any(self._is_held_up(c, state) for c in here)

    def _is_only_lane(self, c: Connection) -> bool:
        network = self._ways.network
        lanes = (network.lanes[i] for i in network.edges[self._ways.edge(c)].lanes)
        return sum(bool(lane.allowed & ~_SLOW) for lane in lanes) == 1

    def _is_held_up(self, c: Connection, state: str) -> bool:
        """Whether a green way of another road, for more than people on foot and bicycles, meets this one."""
        ways = self._ways
        return any(
            ways.edge(other) != ways.edge(c)
            and ways.classes(other) & ~_SLOW
            and any((a, b) in ways.meet for a in c.via for b in other.via)
            for group, others in self._groups.items()
            if state[group] in "Gg"
            for other in others
        )


def _place(ways: _Ways, lanes: Any, signal: Signal, lane: int, least: float) -> int:
    """Lay the detector before a line; returns the lane it is on, which may be one before the lane of the line.

    It is no farther away than a queue reaches that the shortest green lets go: else nobody passes it in time. A lane
    has one detector: of several that would lie on it, the first.

    Args:
        least: shortest green [s].
    """
    ahead = min(signal.detector_gap * lanes[lane].speed, (least / signal.passing_time + 0.5) * QUEUED)
    position, seen = lanes[lane].length - ahead, {lane}
    while position < 0.0:
        before = ways.into.get(lane, [])
        if len(before) != 1 or before[0].signal >= 0 or before[0].source in seen:
            break
        lane = before[0].source
        seen.add(lane)
        position += lanes[lane].length
    if not lanes[lane].detector < math.inf:
        lanes[lane].detector = max(0.0, position)
    return lane
