"""Who is not told a way chooses the quickest one by the travel times of the moment: when departing, and on the road."""

from __future__ import annotations

import numpy as np

from sim.engine.people import class_bit, halt_stages
from sim.engine.simulation import Process, Simulation
from sim.engine.travel_times import TravelTimes
from sim.engine.ways import Halts, drive_on, remaining
from sim.park.classes import ON_RAILS
from sim.services import register
from sim.units import ticks

#: From one look at the traffic to the next, and from one choice to the next [s]; assumed.
LOOK, CHOICE = 5.0, 10.0
#: Who waits outside chooses again after this long [s]. Source: default of SUMO's device.rerouting.pre-period.
PATIENCE = 60.0

User = tuple[int, float]  #: class as bit, and highest speed [m/s]


@register
def serve(simulation: Simulation) -> Process:
    """Let everybody choose a way shortly before departing, and again on the road if the rules want that."""
    env, rules = simulation.environment, simulation.pilot.rules
    travel_times = TravelTimes(simulation.pilot.park, LOOK)
    parts: list[_Departing | _Driving] = []
    if (simulation.departures.trip >= 0).any():
        parts += [_Departing(simulation, travel_times)] if rules.routing == "live" else []
        parts += [_Driving(simulation, travel_times)] if rules.reroute_period > 0.0 else []
    looks = 0
    while not all(part.done() for part in parts):
        travel_times.look(env.world)
        if looks % round(CHOICE / LOOK) == 0:
            for part in parts:
                env.command(lambda w, part=part: part.choose())  # type: ignore[misc]
        looks += 1
        yield env.timeout(ticks(LOOK))


def _quickest(
    simulation: Simulation, travel_times: TravelTimes, asked: list[tuple[User, list[int]]]
) -> list[np.ndarray | None]:
    """Quickest way of now for each (user, edges to be passed); None if there is none."""
    w = simulation.world
    shut = np.unique(w.lanes["edge"][w.lane["shut"]])
    for user in dict.fromkeys(user for user, _ in asked):
        router = simulation.ways.router(*user)
        times = travel_times.times(router.free_times)
        times[shut] = np.inf
        router.update(times)
        router.search([edge for one, legs in asked if one == user for edge in legs[:-1]])
    return [simulation.ways.router(*user).path(legs[0], legs[-1], legs[1:-1]) for user, legs in asked]


def _users(simulation: Simulation) -> list[User]:
    """What each card is to a router."""
    return [(class_bit(card), card["maximum_speed"]) for card in simulation.departures.cards]


class _Departing:
    """Departures that choose their way, in groups of those who have the same choice."""

    def __init__(self, simulation: Simulation, travel_times: TravelTimes) -> None:
        d = simulation.departures
        self._simulation, self._travel_times, self._users = simulation, travel_times, _users(simulation)
        self._rows = np.flatnonzero(d.trip >= 0)
        halting = np.where(np.diff(d.stop_begin) > 0, np.arange(1, len(d) + 1), 0)[self._rows]
        alike = np.stack([d.trip[self._rows], d.card[self._rows], halting], 1)
        _, self._first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
        self._group = group.reshape(-1)
        self._chosen = np.full(len(self._rows), -1, np.int64)
        self._open = np.arange(len(self._rows))
        self._known()

    def done(self) -> bool:
        """Whether everybody has departed."""
        return not len(self._open)

    def choose(self) -> None:
        """Give the quickest way of now to all who depart before the next choice, or have waited long."""
        env = self._simulation.environment
        w, now = env.world, int(env.world.totals[0].step)
        self._open = self._open[w.trips["depart"][self._rows[self._open]] < 0]
        due = w.starts["step"][self._rows[self._open]] * env.step_ticks < now * env.step_ticks + ticks(CHOICE)
        chosen = self._chosen[self._open]
        rows = self._open[due & ((chosen < 0) | ((now - chosen) * env.step_ticks >= ticks(PATIENCE)))]
        if not len(rows):
            return
        self._chosen[rows] = now
        groups, member = np.unique(self._group[rows], return_inverse=True)
        first, edges = self._ways(groups)
        starts = env.world.starts
        going = self._rows[rows[edges[member] > 0]]
        starts["stage"][going] = first[member[edges[member] > 0]]
        starts["last_stage"][going] = (first + edges - 1)[member[edges[member] > 0]]

    def _ways(self, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First row of `Stages` of each group's way, and its number of edges; 0: there is none, all keep theirs."""
        d, ways, park = self._simulation.departures, self._simulation.ways, self._simulation.pilot.park
        rows = self._rows[self._first[groups]]
        users = [self._users[i] for i in d.card[rows]]
        legs = [d.trips[i].tolist() for i in d.trip[rows]]
        found = _quickest(self._simulation, self._travel_times, list(zip(users, legs, strict=True)))
        asked = [
            (path, user[0], halt_stages(park, path, self._halts(int(row))))
            for path, user, row in zip(found, users, rows, strict=True)
            if path is not None
        ]
        first = np.zeros(len(rows), np.int64)
        size = np.array([0 if path is None else len(path) for path in found])
        first[size > 0] = ways.stages(asked)
        return first, size

    def _halts(self, row: int) -> np.ndarray:
        """Lanes of a departure's halts."""
        d = self._simulation.departures
        lanes: np.ndarray = d.stop_lane[d.stop_begin[row] : d.stop_begin[row + 1]]
        return lanes

    def _known(self) -> None:
        """Tell which routes are planned from the start."""
        d, w = self._simulation.departures, self._simulation.world
        for row in self._rows[np.unique(w.starts["stage"][self._rows], return_index=True)[1]].tolist():
            edges = w.stages["edge"][int(w.starts[row].stage) : int(w.starts[row].last_stage) + 1]
            halts: Halts = halt_stages(self._simulation.pilot.park, edges, self._halts(row))
            self._simulation.ways.know(edges, class_bit(d.cards[d.card[row]]), halts, int(w.starts[row].stage))


class _Driving:
    """Vehicles on the road that look for a quicker way now and then; not trains, nor who has halts to make."""

    def __init__(self, simulation: Simulation, travel_times: TravelTimes) -> None:
        d = simulation.departures
        self._simulation, self._travel_times, self._users = simulation, travel_times, _users(simulation)
        on_road = np.array([card.vehicle_class not in ON_RAILS for card in d.cards], bool)
        self._rows = np.flatnonzero((d.trip >= 0) & on_road[d.card] & (np.diff(d.stop_begin) == 0))
        self._last = np.full(len(self._rows), -1, np.int64)
        self._period = ticks(simulation.pilot.rules.reroute_period) // simulation.environment.step_ticks

    def done(self) -> bool:
        """Whether everybody is home."""
        return bool((self._simulation.world.trips["arrive"][self._rows] >= 0).all())

    def choose(self) -> None:
        """Send those whose time has come the quickest way of now from where they can still turn off."""
        simulation, d = self._simulation, self._simulation.departures
        trips, now = simulation.world.trips, int(simulation.world.totals[0].step)
        depart = trips["depart"][self._rows]
        driving = (depart >= 0) & (trips["arrive"][self._rows] < 0)
        due = np.flatnonzero(driving & (now - np.maximum(self._last, depart) >= self._period))
        self._last[due] = now
        numbers = self._rows[due].tolist()
        rows = trips["row"][numbers].tolist()
        kept = [self._kept(row) for row in rows]
        ahead = [remaining(simulation.world, row)[begin:] for row, begin in zip(rows, kept, strict=True)]
        asked = [
            (self._users[d.card[number]], _legs(edges.tolist(), d.trips[d.trip[number]].tolist()[1:-1]))
            for number, edges in zip(numbers, ahead, strict=True)
        ]
        found = _quickest(simulation, self._travel_times, asked)
        ways = [
            (row, np.concatenate([remaining(simulation.world, row)[:begin], path]), user[0])
            for row, begin, path, edges, (user, _) in zip(rows, kept, found, ahead, asked, strict=True)
            if path is not None and not np.array_equal(path, edges)
        ]
        first = simulation.ways.stages([(path, bit, ()) for _, path, bit in ways])
        for (row, path, _), stage in zip(ways, first, strict=True):
            drive_on(simulation, row, stage, len(path))

    def _kept(self, row: int) -> int:
        """How many edges of its way a vehicle keeps: one if it is too near the next junction, or in it; else none."""
        w = self._simulation.world
        v = w.vehicles[row]
        braking = 0.5 * v.speed * v.speed / w.profiles[v.profile].deceleration + 2.0 * v.speed
        near = bool(w.lanes[v.lane].internal or w.lanes[v.lane].length - v.position < braking)
        return int(near and v.stage < v.last_stage)


def _legs(edges: list[int], via: list[int]) -> list[int]:
    """Edges still to be passed on a way: its first, those of `via` that lie on it, its last."""
    left: list[int] = []
    end = len(edges)
    for edge in reversed(via):
        at = end - 1
        while at > 0 and edges[at] != edge:
            at -= 1
        if at <= 0:
            break
        left.insert(0, edge)
        end = at
    return [edges[0], *left, edges[-1]]
