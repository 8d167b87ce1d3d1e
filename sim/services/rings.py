"""Dual ring signals (NEMA): each ring goes from phase to phase by itself, all pass a barrier together.

A green ends once it had its minimum and nobody was on its detectors for a while, or at its maximum, if somebody is
called for whom it would have to end; else it rests. In step with a cycle, coordinated greens last up to their fixed
end, and whoever is called later must fit in before his own.

Source: FHWA, Signal Timing Manual, 2nd edition (NCHRP report 812), chapters 5 and 7; SUMO documentation,
Simulation/NEMA.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.engine.presence import Detectors
from sim.engine.simulation import Process, Simulation
from sim.park.rings import merged
from sim.park.signal import Signal
from sim.services import register
from sim.state.world import World
from sim.units import TICK, ticks

#: From one look at the detectors to the next [s]; assumed: a quarter of the usual extension.
LOOK = 0.5
EPSILON = 1e-6
IDLE, GREEN, YELLOW, RED, READY = range(5)


@register
def serve(simulation: Simulation) -> Process:
    """Run every signal with rings."""
    park, env = simulation.pilot.park, simulation.environment
    detectors = Detectors(park)
    signals = [_Signal(simulation, i, x, detectors) for i, x in enumerate(park.signals) if x.rings]
    if not signals:
        return

    def act(world: World) -> None:
        detectors.look(world)
        for signal in signals:
            signal.act(world)

    while True:
        env.command(act)
        yield env.timeout(0)  # the command has been carried out when traffic has moved up to now
        now = simulation.pilot.clock.begin + env.now / TICK
        soonest = min(signal.soonest(now) for signal in signals) - now
        yield env.timeout(max(env.step_ticks, ticks(min(LOOK, soonest))))


@dataclass(slots=True)
class _Ring:
    """Where a ring is.

    Args:
        sides: its phases between barriers.
        phase: the one that is or was green last; -1: none on this side of the barrier.
        stage: of it.
        since: when its green began [s]; `limit`: when it ends at the latest; `seen`: when somebody was there last.
        until: when yellow or clearance ends [s].
        following: phase that comes next, once this one is being ended; -1: none on that side.
        side: on which side that one is.
    """

    sides: tuple[tuple[int, ...], ...]
    phase: int = -1
    stage: int = IDLE
    since: float = 0.0
    limit: float = 0.0
    seen: float = 0.0
    until: float = 0.0
    following: int = -1
    side: int = 0
    willing: bool = False


class _Signal:
    """One signal with its rings."""

    def __init__(self, simulation: Simulation, rank: int, signal: Signal, detectors: Detectors) -> None:
        assert signal.rings is not None
        self._simulation, self._rank, self._told, self._offset = simulation, rank, signal.rings, signal.offset
        self._phases = signal.rings.phases
        self._rings = [_Ring(sides) for sides in signal.rings.rings]
        self._ends = signal.rings.ends()
        self._detectors = detectors
        self._places = detectors.of_phases(rank, signal.rings)
        self._side = 0
        self._shown: list[str] = []

    # ------------------------------------------------------------------------------------------------ the clock

    def act(self, w: World) -> None:
        """Bring the rings to the present step."""
        now = self._simulation.pilot.clock.begin + float(w.totals[0].step) * float(w.totals[0].dt)
        if not self._shown:
            self._set_up(now)
        for ring in self._rings:
            self._clear(ring, now)
        self._begin(now)
        self._end(now)
        self._show(w, now)

    def soonest(self, now: float) -> float:
        """When something can change at the earliest [s]; a green that can end at any time: now."""
        times = [x.until if x.stage in (YELLOW, RED) else x.since + self._phases[x.phase].minimum
                 for x in self._rings if x.stage in (YELLOW, RED, GREEN)]  # fmt: skip
        times += [x.limit for x in self._rings if x.stage == GREEN]
        return min((time for time in times if time > now + EPSILON), default=now + LOOK)

    def _into(self, now: float) -> float:
        """Time into the cycle, from the latest end of a coordinated green on [s]."""
        longest = 0.0 if self._told.by_end else max(self._phases[x].maximum for x in self._told.coordinated)
        return (now - self._offset - longest) % max(self._told.cycle, 1.0)

    def _next_end(self, phase: int, since: float) -> float:
        """When a green in step ends at the latest, if it begins now: no sooner than it may [s]."""
        least = since + self._phases[phase].minimum
        return least + (self._ends[phase] - self._into(least)) % max(self._told.cycle, 1.0)

    def _limit(self, phase: int, now: float) -> float:
        """When a green that begins now ends at the latest [s]."""
        if phase in self._told.coordinated or (self._told.coordinated and self._told.fixed):
            return self._next_end(phase, now)
        return now + self._phases[phase].maximum

    # ------------------------------------------------------------------------------------------------ who is next

    def _set_up(self, now: float) -> None:
        """Begin with the first phases; in step with those whose greens would end next."""
        first = self._rings[0]
        if self._told.coordinated:
            ends = {(self._next_end(phase, now), i) for i, side in enumerate(first.sides) for phase in side}
            self._side = min(ends)[1]
        for ring in self._rings:
            order = ring.sides[self._side]
            if order:
                at = min(order, key=lambda phase: self._next_end(phase, now)) if self._told.coordinated else order[0]
                ring.following, ring.side, ring.stage = at, self._side, READY

    def _called(self, phase: int) -> bool:
        return self._phases[phase].called or self._detectors.any_of(self._places[phase])

    def _fits(self, rings: list[_Ring], phase: int, now: float) -> bool:
        """Whether a phase may still begin in this round behind the greens of some rings, if coordinated ones rest."""
        rested = [x.phase for x in rings if x.phase in self._told.coordinated and now > x.limit + EPSILON]
        if not rested:
            return True
        needed = max(self._phases[x].clearance for x in rested) + self._phases[phase].minimum
        return self._into(now) + needed <= self._ends[phase] + EPSILON

    def _other_side(self, now: float) -> int:
        """The next side behind the barrier on which somebody is called; -1: nobody is."""
        count = len(self._rings[0].sides)
        for ahead in range(1, count):
            side = (self._side + ahead) % count
            phases = [phase for ring in self._rings for phase in ring.sides[side]]
            if any(self._called(x) and self._fits(self._rings, x, now) for x in phases):
                return side
        return -1

    def _onward(self, ring: _Ring, now: float, across: bool) -> int:
        """The next phase of a ring on its side that is called; -1: none. None again if somebody is called across."""
        order = ring.sides[self._side]
        at = order.index(ring.phase)
        ahead = order[at + 1 :] if across else order[at + 1 :] + order[:at]
        return next((x for x in ahead if self._called(x) and self._fits([ring], x, now)), -1)

    # ------------------------------------------------------------------------------------------------ stages

    def _clear(self, ring: _Ring, now: float) -> None:
        """Let yellow and clearance run out."""
        if ring.stage == YELLOW and now > ring.until - EPSILON:
            ring.stage, ring.until = RED, ring.until + self._phases[ring.phase].red
        if ring.stage == RED and now > ring.until - EPSILON:
            ring.stage = READY

    def _begin(self, now: float) -> None:
        """Begin the greens that may: behind a barrier all rings together."""
        if all(x.stage in (READY, IDLE) and x.side != self._side for x in self._rings):
            self._side = self._rings[0].side
        for ring in self._rings:
            if ring.stage == READY and ring.side == self._side:
                ring.phase = ring.following
                ring.stage = GREEN if ring.phase >= 0 else IDLE
                ring.since = ring.seen = now
                if ring.phase >= 0:
                    ring.limit = self._limit(ring.phase, now)
                    self._simulation.environment.tell("signal", self._rank, float(ring.phase))

    def _is_over(self, ring: _Ring, now: float) -> bool:
        """Whether a green may end."""
        x = self._phases[ring.phase]
        if self._detectors.any_of(self._places[ring.phase]):
            ring.seen = now
        if now < ring.since + x.minimum - EPSILON:
            return False
        if x.whole or ring.phase in self._told.coordinated:
            return now > ring.limit - EPSILON
        return now > min(ring.limit, ring.seen + x.extension) - EPSILON

    def _end(self, now: float) -> None:
        """End the greens that may and for which there is a reason."""
        other = self._other_side(now)
        for ring in self._rings:
            ring.willing = ring.stage == IDLE
            if ring.stage == GREEN and self._is_over(ring, now):
                following = self._onward(ring, now, other >= 0)
                ring.willing = following < 0
                if following >= 0:
                    self._leave(ring, following, self._side, now)
        if other >= 0 and all(ring.willing for ring in self._rings):
            for ring in self._rings:
                order = ring.sides[other]
                called = (x for x in order if self._called(x))
                self._leave(ring, next(called, order[-1] if order else -1), other, now)

    def _leave(self, ring: _Ring, following: int, side: int, now: float) -> None:
        """End a green for the next phase."""
        ring.following, ring.side = following, side
        if ring.stage == GREEN:
            ring.stage, ring.until = YELLOW, now + self._phases[ring.phase].yellow
            self._clear(ring, now)
        else:
            ring.stage = READY

    # ------------------------------------------------------------------------------------------------ lights

    def _letters(self, ring: _Ring) -> str:
        """What a ring shows: who is green in the next phase, too, stays so."""
        dark = "r" * len(self._phases[0].state)
        if ring.phase < 0 or ring.stage == IDLE:
            return dark
        state = self._phases[ring.phase].state
        if ring.stage == GREEN:
            return state
        after = self._phases[ring.following].state if ring.following >= 0 else dark
        ending = "y" if ring.stage == YELLOW else "r"
        return "".join(
            y if x in "Gg" and y in "Gg" else ending if x in "Gg" else "r" for x, y in zip(state, after, strict=True)
        )

    def _show(self, w: World, now: float) -> None:
        """Put the letters into the lights, and until when a yellow lasts."""
        letters = [self._letters(ring) for ring in self._rings]
        if letters == self._shown:
            return
        self._shown = letters
        s, t = w.signals[self._rank], w.totals[0]
        s.phase = s.first + max(0, self._rings[0].phase)
        s.began = t.step
        lights = slice(int(s.light), int(s.light + s.groups))
        w.loose.light[lights] = np.frombuffer(merged(letters).encode("ascii"), np.uint8)
        end = w.loose.light_end[lights]
        end[:] = np.iinfo(np.int64).max
        for ring, shown in zip(self._rings, letters, strict=True):
            if ring.stage == YELLOW:
                ends = t.step + round((ring.until - now) / float(t.dt))
                end[[letter == "y" for letter in shown]] = ends
