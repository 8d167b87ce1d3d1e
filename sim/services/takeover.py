"""Take-over: automated vehicles that ask for a driver, drivers who answer or not, stops of least risk, a remote desk.

A demand is told by the kernel when a vehicle has driven so far (drawn by cause, or before the edge of the operational
design domain). Somebody takes over after a log-normal time and drives with reduced awareness at first; if nobody has
done so within the lead, the vehicle brakes gently to a standstill in its lane, and is helped by an operator or by
somebody who comes.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from sim import chance
from sim.engine.desk import Desk
from sim.engine.domain import Domain
from sim.engine.hands import DRIVEN, PREPARING, RECOVERING, STOPPING, Hands
from sim.engine.simulation import Process, Simulation
from sim.services import register
from sim.state.world import World
from sim.traffic.draw import speed_factors
from sim.traffic.takeover import Takeover
from sim.units import ticks

#: From one look at who comes to the edge of the domain to the next, and of who still rolls [s]; assumed.
LOOK, ROLLS = 1.0, 0.5
STANDS = 0.1  # [m/s]
FOR_GOOD = np.iinfo(np.int32).max


@register
def serve(simulation: Simulation) -> Process:
    """Carry out every demand, if the pilot tells how."""
    told = simulation.pilot.takeover
    if told is None or not any(card.automated for card in simulation.departures.cards):
        return
    control = _Control(simulation, told)
    env = simulation.environment
    env.command(control.prepare)
    if told.outside:
        env.process(control.watch())
    while True:
        for record in (yield env.when("transition_demand")):
            env.process(control.hand_over(int(record["subject"])))


class _Control:
    """Who drives each automated vehicle."""

    def __init__(self, simulation: Simulation, told: Takeover) -> None:
        d = simulation.departures
        self._simulation, self._env, self._told = simulation, simulation.environment, told
        self._automated = np.array([card.automated for card in d.cards], bool)[d.card]
        self._asked = np.zeros(len(d), np.int64)  # demands so far
        self._planned = np.full(len(d), -1, np.int64)  # last stage of the route that was looked at
        self._handed = np.zeros(len(d), bool)  # asks, or is in other hands
        self._hands, self._domain = Hands(simulation, told), Domain(simulation.pilot.park, told.outside)
        self._desk = Desk(self._env, told.vehicles_per_operator, self._automated)
        self._factors = speed_factors(self._hands.driver, d.key, simulation.seed)

    def prepare(self, w: World) -> None:
        """Add the profiles of vehicles in other hands, and draw the first demands."""
        self._hands.prepare(w)
        w.totals[0].alerts = True
        for number in np.flatnonzero(self._automated).tolist():
            s = w.starts[number]
            s.alert, s.cause = self._by_chance(number)

    def watch(self) -> Process:
        """Look now and then for vehicles with a new way, and let those ask that come to the edge of the domain."""
        while True:
            self._env.command(self._look)
            yield self._env.timeout(ticks(LOOK))

    def hand_over(self, number: int) -> Process:
        """From a demand until the vehicle is driven by the system again."""
        told, count = self._told, int(self._asked[number])
        self._asked[number] += 1
        self._handed[number] = True
        response = self._response(number, count)
        if told.time_gap > 0.0:
            self._change(number, lambda w, row: self._hands.give(w, row, PREPARING))
        yield self._env.timeout(ticks(min(told.lead, response)))
        if response > told.lead:
            self._change(number, self._stop)
            if math.isinf(response):
                yield from self._be_helped(number, count)
                return
            yield self._env.timeout(ticks(response - told.lead))
        self._change(number, lambda w, row: self._take_over(w, row, response))
        yield from self._drive(number)

    # -------------------------------------------------------------------------------------------- who drives

    def _change(self, number: int, what: Callable[[World, int], None]) -> None:
        """Change a vehicle if it is still on the road by then."""

        def change(w: World) -> None:
            row = int(w.trips[number].row)
            if row >= 0:
                what(w, row)

        self._env.command(change)

    def _gone(self, number: int) -> bool:
        return int(self._env.world.trips[number].row) < 0

    def _tell(self, w: World, kind: str, row: int, value: float) -> None:
        v = w.vehicles[row]
        self._env.tell(kind, int(v.departure), value, int(v.lane), float(v.position))

    # -------------------------------------------------------------------------------------------- by the system

    def _by_chance(self, number: int, driven: float = 0.0) -> tuple[float, int]:
        """Way driven at which a vehicle asks next [m], and for which cause: exponential by cause, the nearest one."""
        name, count = self._simulation.departures.ids[number], int(self._asked[number])
        found, cause = math.inf, 0
        for rank, (what, rate) in enumerate(sorted(self._told.per_km.items())):
            if rate > 0.0:
                u = chance.draw(self._simulation.seed, chance.DEMAND, f"{name}:{what}", count)
                way = driven - 1000.0 * math.log(1.0 - u) / rate
                found, cause = (way, rank) if way < found else (found, cause)
        return found, cause

    def _system_on(self, w: World, row: int) -> None:
        """Let the system drive, as from the begin."""
        v = w.vehicles[row]
        s = w.starts[v.departure]
        v.profile, v.speed_factor, v.advice, v.advice_end = s.profile, s.speed_factor, math.inf, 0
        v.alert, v.cause = self._by_chance(int(v.departure), float(v.distance))
        self._planned[v.departure], self._handed[v.departure] = -1, False

    def _look(self, w: World) -> None:
        """Let vehicles ask in time before they leave the domain."""
        rows = np.flatnonzero(w.vehicles["departure"] >= 0)
        numbers = w.vehicles["departure"][rows]
        new = self._automated[numbers] & ~self._handed[numbers]
        new &= self._planned[numbers] != w.vehicles["last_stage"][rows]
        for row in rows[new].tolist():
            v = w.vehicles[row]
            self._planned[v.departure] = v.last_stage
            ahead = self._domain.way_inside(w, row)
            if ahead == 0.0:
                self._driver_on(w, row, DRIVEN)
                self._env.process(self._drive(int(v.departure), aware=True))
                continue
            lead = self._told.lead * min(w.lanes[v.lane].speed, w.profiles[v.profile].maximum_speed)
            edge = float(v.distance) + max(0.0, ahead - lead)
            if edge < v.alert:
                v.alert, v.cause = edge, len(self._told.causes) - 1

    # -------------------------------------------------------------------------------------------- by people

    def _response(self, number: int, count: int) -> float:
        """Time until somebody has taken over [s]; inf: nobody does."""
        name, seed = self._simulation.departures.ids[number], self._simulation.seed
        if chance.draw(seed, chance.RESPONSE, name, 2 * count) < self._told.unanswered:
            return math.inf
        mean, spread = self._told.log_normal()
        return math.exp(mean + spread * float(chance.quantile(chance.draw(seed, chance.RESPONSE, name, 2 * count + 1))))

    def _take_over(self, w: World, row: int, response: float) -> None:
        self._tell(w, "take_over", row, response)
        self._driver_on(w, row, RECOVERING if self._hands.levels else DRIVEN)

    def _driver_on(self, w: World, row: int, variant: int) -> None:
        """Let a driver drive, as a variant tells."""
        v = w.vehicles[row]
        self._handed[v.departure] = True
        self._tell(w, "ads_off", row, float(v.distance))
        v.advice, v.advice_end, v.alert, v.speed_factor = math.inf, 0, math.inf, self._factors[v.departure]
        self._hands.give(w, row, variant)

    def _drive(self, number: int, aware: bool = False) -> Process:
        """From the moment somebody drives until the system does again."""
        levels = [] if aware else self._hands.levels
        for level in [*range(1, len(levels)), -1] if levels else []:
            yield self._env.timeout(ticks(1.0))
            variant = DRIVEN if level < 0 else RECOVERING + level
            self._change(number, lambda w, row, variant=variant: self._hands.give(w, row, variant))  # type: ignore[misc]
        yield self._env.timeout(ticks(max(0.0, self._told.manual - len(levels))))
        while not self._gone(number) and self._leaves(number):
            yield self._env.timeout(ticks(LOOK))

        def back(w: World, row: int) -> None:
            self._tell(w, "ads_on", row, float(w.vehicles[row].distance))
            self._system_on(w, row)

        self._change(number, back)

    def _leaves(self, number: int) -> bool:
        """Whether a vehicle is outside the domain, or about to leave it."""
        w, row = self._env.world, int(self._env.world.trips[number].row)
        if not self._told.outside:
            return False
        v = w.vehicles[row]
        return self._domain.way_inside(w, row) < self._told.lead * w.lanes[v.lane].speed

    # -------------------------------------------------------------------------------------------- by nobody

    def _stop(self, w: World, row: int) -> None:
        """Begin a minimal risk manoeuvre: brake so hard and no harder, unless somebody ahead wants more."""
        v = w.vehicles[row]
        self._tell(w, "minimal_risk_manoeuvre", row, self._told.deceleration)
        self._hands.give(w, row, STOPPING)
        v.advice, v.advice_end, v.alert = 0.0, FOR_GOOD, math.inf

    def _be_helped(self, number: int, count: int) -> Process:
        """Stand until an operator or somebody who comes has cleared the stop."""
        env = self._env
        while not self._gone(number) and env.world.vehicles[env.world.trips[number].row].speed > STANDS:
            yield env.timeout(ticks(ROLLS))
        if self._gone(number):
            return
        since = env.now
        yield self._desk.ask()
        waited = (env.now - since) / ticks(1.0)
        u = chance.draw(self._simulation.seed, chance.HELP, self._simulation.departures.ids[number], count)
        yield env.timeout(ticks(-self._told.help * math.log(1.0 - u)))
        self._desk.release()

        def go_on(w: World, row: int) -> None:
            self._tell(w, "remote_help", row, waited)
            self._system_on(w, row)

        self._change(number, go_on)
