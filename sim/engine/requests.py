"""Who has been heard to ask by radio for the way over a stop line, before he is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim import chance
from sim.engine.air import equipped
from sim.engine.stations import told
from sim.models.radio import HEARD, RADIO
from sim.state.world import World

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

#: A request is said this far before the line at most [m], so often [1/s]. Source: domain section 5 (150 m, 10 Hz).
ASKS, RATE = 150.0, 10.0
_SLOWEST = 3.0  #: [m/s] at which who comes is expected at least; assumed


class Requests:
    """Requests of a run and what becomes of them, drawn by each one's own name and the time.

    Each request must be heard, and so must its grant; shares are those of the scenario's rung of the radio ladder, at
    the vehicle's distance on a free channel.

    Args:
        simulation: whose vehicles ask.
        look: time from one look to the next [s].
    """

    def __init__(self, simulation: Simulation, look: float) -> None:
        pilot, departures = simulation.pilot, simulation.departures
        assert pilot.radio
        self._seed, self._ids, self._period = simulation.seed, departures.ids, look
        self._with = equipped(pilot.equip, departures, simulation.seed)
        air = told(pilot.radio)
        self._reach = min(ASKS, air.range)
        shares = RADIO[pilot.radio.model].fates(air, np.arange(int(self._reach) + 1.0), 0.0, True)
        self._heard = 1.0 - (1.0 - shares[HEARD] ** 2) ** (RATE * look)
        self._step = -1
        self._rows = self._next = np.empty(0, np.int64)

    def asking(self, w: World, edge: int, lane: int, known: set[int], now: float) -> dict[int, tuple[float, float]]:
        """Of each who was heard: time until at the line [s] and length [m], by departure.

        Args:
            edge: with the line at its end, not reached yet by those who ask.
            lane: of that edge.
            known: departures heard before.
            now: [s].
        """
        self._look(w)
        v, rows = w.vehicles, self._rows[self._next == edge]
        left = w.lanes["length"][v["lane"][rows]] - v["position"][rows] + w.lanes["length"][lane]
        found = {}
        for row, distance in zip(rows.tolist(), left.tolist(), strict=True):
            who = int(v["departure"][row])
            if distance <= self._reach and (who in known or self._hears(who, distance, now)):
                found[who] = (distance / max(float(v["speed"][row]), _SLOWEST), float(v["length"][row]))
        return found

    def _look(self, w: World) -> None:
        """Find who is equipped and which edge each drives next, once a step."""
        step = int(w.totals[0].step)
        if step != self._step:
            v, self._step = w.vehicles, step
            rows = np.flatnonzero((v["departure"] >= 0) & (v["stage"] < v["last_stage"]))
            self._rows = rows[self._with[v["departure"][rows]]]
            self._next = w.stages["edge"][v["stage"][self._rows] + 1]

    def _hears(self, who: int, distance: float, now: float) -> bool:
        look = round(now / self._period)
        return chance.draw(self._seed, chance.REQUEST, self._ids[who], look) < float(self._heard[int(distance)])
