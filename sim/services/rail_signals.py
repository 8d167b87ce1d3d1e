"""Rail signals: one train at a time between them.

A train passes a signal, or departs, only when its way up to the next signal on its route is free of other trains, on
the track itself and on tracks that cross it, join it, part from it, or are the same track driven the other way. The way
is its own until its rear has left it, piece by piece.

Source: SUMO documentation, Simulation/Railways (rail signals, driveways, insertion).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np

from sim.engine.people import class_bit
from sim.engine.simulation import Process, Simulation
from sim.park.classes import ON_RAILS, class_bits
from sim.park.network import Network
from sim.services import register
from sim.state.world import World
from sim.units import ticks

#: From one look at the trains to the next [s]. Source: SUMO's default step, in which its signals look.
LOOK = 1.0
GREEN, RED = ord("G"), ord("r")

Way = tuple[list[int], int, int]  #: lanes, link of the signal at the end or -1, row of `Stages` of the last lane


@register
def serve(simulation: Simulation) -> Process:
    """Open and shut every rail signal, and release trains that are to depart."""
    if all(signal.kind != "rail" for signal in simulation.pilot.park.signals):
        return
    env, tracks = simulation.environment, _Tracks(simulation)
    env.command(lambda w: tracks.hold())
    while True:
        env.command(lambda w: tracks.act())
        yield env.timeout(ticks(LOOK))


@dataclass(slots=True)
class _Train:
    """A train that was let onto the tracks.

    Args:
        lanes: its way, from where its rear was at the last look to the signal it may drive up to.
        link: link at the end of the way if a signal stands there; -1: it ends with the trip.
        stage: row of `Stages` of the last lane of the way.
        at: place of its front in `lanes`.
        opened: lights opened for it, each with the lane behind it.
        asked: step at which it first asked for the way on; -1: it did not.
    """

    departure: int
    lanes: list[int]
    link: int
    stage: int
    at: int = 0
    opened: list[tuple[int, int]] = field(default_factory=list)
    asked: int = -1


class _Tracks:
    """Who has which piece of track, and who wants the next."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation
        self._foes = _foes(simulation.pilot.park)
        w = simulation.world
        rail = np.zeros(len(w.loose.light), bool)
        for s, signal in zip(w.signals, simulation.pilot.park.signals, strict=True):
            rail[s.light : s.light + s.groups] = signal.kind == "rail"
        light = w.links["light"]
        self._signal: list[bool] = (w.links["entry"] & (light >= 0) & rail[light]).tolist()
        self._light: list[int] = light.tolist()
        self._next_lane: list[int] = w.links["lane"].tolist()
        self._internal: list[bool] = w.lanes["internal"].tolist()
        self._inside_link: list[int] = w.lanes["link"].tolist()
        self._length: list[float] = w.lanes["length"].tolist()
        self._trains: list[_Train] = []
        self._freed = 0  # how often a piece of track was given free
        self._refused: dict[int, int] = {}  # of who was refused a way: how often, then
        #: of each edge the trains that are to depart there: step, key, departure
        self._outside: dict[int, deque[tuple[int, int, int]]] = {}

    def hold(self) -> None:
        """Let nobody depart on whom the signals have a say."""
        d, w = self._simulation.departures, self._simulation.world
        heeded = class_bits(ON_RAILS) & _before_signals(self._simulation.pilot.park)
        heeding = np.array([bool(class_bit(card) & heeded) for card in d.cards], bool)
        rows = np.flatnonzero(heeding[d.card]) if len(d) else np.empty(0, np.int64)
        w.starts["held"][rows] = True
        edges = w.stages["edge"][w.starts["stage"][rows]]
        steps, keys = w.starts["step"][rows], w.starts["key"][rows]
        for edge, *train in zip(edges.tolist(), steps.tolist(), keys.tolist(), rows.tolist(), strict=True):
            self._outside.setdefault(edge, deque()).append((train[0], train[1], train[2]))

    def act(self) -> None:
        """Take back what trains have left, then give ways to those who ask, first come, first served."""
        w = self._simulation.world
        now = int(w.totals[0].step)
        asking: list[tuple[int, int, int, _Train | None]] = []
        self._follow(w, now, asking)
        soon = now + ticks(LOOK) // self._simulation.environment.step_ticks
        asking += [(*trains[0], None) for trains in self._outside.values() if trains and trains[0][0] < soon]
        for _, _, departure, train in sorted(asking, key=lambda x: x[:2]):
            if self._refused.get(departure) == self._freed:
                continue
            if train is None:
                self._let_depart(w, departure)
            else:
                self._let_on(w, train)

    def _follow(self, w: World, now: int, asking: list[tuple[int, int, int, _Train | None]]) -> None:
        """Note where each train is now; those so near a signal that they would begin to brake ask for the way on."""
        numbers = [train.departure for train in self._trains]
        rows = w.trips["row"][numbers]
        home = (w.trips["arrive"][numbers] >= 0).tolist()
        v = w.vehicles[np.maximum(rows, 0)]
        braking = 0.5 * v["speed"] ** 2 / w.profiles["deceleration"][v["profile"]] + 4.0 * v["speed"] + 10.0
        columns = (v["lane"], v["position"], v["length"], braking, v["key"])
        for train, row, is_home, lane, position, length, reach, key in zip(
            tuple(self._trains), rows.tolist(), home, *(x.tolist() for x in columns), strict=True
        ):
            if is_home:
                self._shut(w, train, train.lanes)
                self._trains.remove(train)
                self._freed += 1
            elif row >= 0:
                self._advance(w, train, row, lane, length - position)
                ahead = sum(self._length[x] for x in train.lanes[train.at :]) - position
                if train.link >= 0 and ahead <= reach:
                    train.asked = now if train.asked < 0 else train.asked
                    asking.append((train.asked, key, train.departure, train))

    def _advance(self, w: World, train: _Train, row: int, lane: int, over: float) -> None:
        """Put a train's front on a lane, give free what its rear has left, and shut the signals it has passed.

        Args:
            over: how far its body hangs back over the lane's begin [m].
        """
        if lane not in train.lanes[train.at :]:  # it took another lane, or another route
            self._find_again(w, train, row)
        train.at = train.lanes.index(lane, train.at)
        if train.opened:
            self._shut(w, train, train.lanes[: train.at + 1])
        first = train.at
        while first > 0 and over >= 0.0:
            first -= 1
            over -= self._length[train.lanes[first]]
        self._freed += first > 0
        del train.lanes[:first]
        train.at -= first

    def _shut(self, w: World, train: _Train, passed: list[int]) -> None:
        """Shut the signals opened for a train before some lanes."""
        for light, lane in train.opened:
            if lane in passed:
                w.loose.light[light] = RED
        train.opened = [x for x in train.opened if x[1] not in passed]

    def _find_again(self, w: World, train: _Train, row: int) -> None:
        """Give a train the way it is on, up to the next signal, whoever else is there."""
        v = w.vehicles[row]
        self._shut(w, train, train.lanes)
        behind = train.lanes[: train.at + 1]
        lanes, train.link, train.stage = self._way(w, int(v.lane), int(v.link), int(v.stage), int(v.last_stage))
        train.lanes, train.at, train.asked = behind + lanes, len(behind), -1
        self._freed += 1

    def _let_depart(self, w: World, departure: int) -> None:
        """Let a train depart if its way up to the first signal is free."""
        s = w.starts[departure]
        first, last = int(s.stage), int(s.last_stage)
        edge, plan = w.stages[first].edge, w.stages[first].plan
        plans = w.plans[plan : plan + w.loose.edge_lanes[edge]]
        index = int(np.argmin(np.where(plans["reach"] >= 0.0, np.abs(plans["offset"].astype(np.int64)), 127)))
        link = int(plans["link"][index]) if first < last else -1
        lanes, end, stage = self._way(w, int(w.loose.edge_lane[edge]) + index, link, first, last)
        if self._free(departure, lanes):
            self._trains.append(_Train(departure, lanes, end, stage))
            self._outside[int(edge)].popleft()
            s.held = False

    def _let_on(self, w: World, train: _Train) -> None:
        """Open the signal before a train if its way up to the next one is free."""
        lane = self._next_lane[train.link]
        last = int(w.vehicles[w.trips[train.departure].row].last_stage)
        stage = train.stage + (not self._internal[lane])
        lanes, end, stage = self._way(w, lane, self._inside_link[lane], stage, last)
        if self._free(train.departure, lanes):
            light = self._light[train.link]
            w.loose.light[light] = GREEN
            train.opened.append((light, lane))
            train.lanes, train.link, train.stage, train.asked = train.lanes + lanes, end, stage, -1

    def _way(self, w: World, lane: int, link: int, stage: int, last_stage: int) -> Way:
        """Way from a lane on, up to the next signal or to the trip's end; `link` is the one at the lane's end."""
        lanes = [lane]
        while link >= 0 and not self._signal[link]:
            lane = self._next_lane[link]
            lanes.append(lane)
            link = self._inside_link[lane]
            if not self._internal[lane]:
                stage += 1
                x = w.plans[w.stages[stage].plan + w.lanes[lane].index]
                link = int(x.link) if stage < last_stage else -1
        return lanes, link, stage

    def _free(self, departure: int, lanes: list[int]) -> bool:
        """Whether no other train has a piece of track that one needs, or that is in its way."""
        taken = {lane for train in self._trains if train.departure != departure for lane in train.lanes}
        free = not any(lane in taken or not taken.isdisjoint(self._foes.get(lane, ())) for lane in lanes)
        if not free:
            self._refused[departure] = self._freed
        return free


def _before_signals(park: Network) -> int:
    """Classes that are admitted on lanes that end at a rail signal."""
    bits = 0
    for c in park.connections:
        if c.signal >= 0 and park.signals[c.signal].kind == "rail":
            bits |= park.lanes[c.source].allowed
    return bits


def _foes(park: Network) -> dict[int, list[int]]:
    """Of each lane on rails those where bodies would touch: crossing, joining and parting ones, the other direction."""
    rail = class_bits(ON_RAILS)
    found: dict[int, list[int]] = {}
    for c in park.conflicts:
        if park.lanes[c.lane].allowed & park.lanes[c.foe].allowed & rail:
            found.setdefault(c.lane, []).append(c.foe)
    for e in park.edges:
        if e.opposite >= 0:
            for lane in e.lanes:
                found.setdefault(lane, []).extend(park.edges[e.opposite].lanes)
    return found
