"""Who is not told a way chooses the quickest one when it departs, by the travel times of the moment."""

from __future__ import annotations

import numpy as np

from sim.engine.people import class_bit, halt_stages
from sim.engine.simulation import Process, Simulation
from sim.engine.travel_times import TravelTimes
from sim.engine.ways import Halts
from sim.services import register
from sim.units import ticks

#: From one look at the traffic to the next, and from one choice to the next [s]; assumed.
LOOK, CHOICE = 5.0, 10.0
#: Who waits outside chooses again after this long [s]. Source: default of SUMO's device.rerouting.pre-period.
PATIENCE = 60.0


@register
def serve(simulation: Simulation) -> Process:
    """Let everybody choose a way shortly before departing, until all have departed."""
    if simulation.pilot.rules.routing != "live" or not (simulation.departures.trip >= 0).any():
        return
    env, choosing = simulation.environment, _Choosing(simulation)
    looks = 0
    while not choosing.done():
        choosing.travel_times.look(env.world)
        if looks % round(CHOICE / LOOK) == 0:
            env.command(lambda w: choosing.choose())
        looks += 1
        yield env.timeout(ticks(LOOK))


class _Choosing:
    """Departures that choose their way, in groups of those who have the same choice."""

    def __init__(self, simulation: Simulation) -> None:
        d = simulation.departures
        self._simulation = simulation
        self.travel_times = TravelTimes(simulation.pilot.park, LOOK)
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
        first, edges = self._quickest(groups)
        starts = env.world.starts
        going = self._rows[rows[edges[member] > 0]]
        starts["stage"][going] = first[member[edges[member] > 0]]
        starts["last_stage"][going] = (first + edges - 1)[member[edges[member] > 0]]

    def _quickest(self, groups: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """First row of `Stages` of each group's way, and its number of edges; 0: there is none, all keep theirs."""
        d, ways, park = self._simulation.departures, self._simulation.ways, self._simulation.pilot.park
        w = self._simulation.world
        rows = self._rows[self._first[groups]]
        shut = np.unique(w.lanes["edge"][w.lane["shut"]])
        users = [(class_bit(card), card["maximum_speed"]) for card in (d.cards[i] for i in d.card[rows])]
        legs = [d.trips[i] for i in d.trip[rows]]
        for user in dict.fromkeys(users):
            router = ways.router(*user)
            times = self.travel_times.times(router.free_times)
            times[shut] = np.inf
            router.update(times)
            router.search([int(x) for one, leg in zip(users, legs, strict=True) if one == user for x in leg[:-1]])
        found = [
            ways.router(*user).path(int(leg[0]), int(leg[-1]), leg[1:-1].tolist())
            for user, leg in zip(users, legs, strict=True)
        ]
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
