"""A roadside unit's hand on its own signal: green early or held for an approach, and back into the programme.

Greens that others have keep their least length, yellows and clearances their whole one, and no phase is left out. What
people on foot have is never shortened: neither their green nor the time in which the last of them clear the road.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.park.classes import class_bits
from sim.state.world import World

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

_WALKERS = class_bits(("pedestrian", "wheelchair"))
#: No green is made longer than so much of its programme's length on the way back into step; assumed.
LONGEST = 1.5
HOLD = 2.0  #: time for which a green is held at once, until one looks again [s]
NEVER = -1  #: gap of detectors that no detection is within


class Controller:
    """The signal that a unit stands at.

    Args:
        simulation: the run.
        signal: row of `Signals`; of a kind that runs a programme.
    """

    def __init__(self, simulation: Simulation, signal: int) -> None:
        self._simulation, self._signal = simulation, signal
        told = simulation.pilot.park.signals[signal]
        self._greens = np.array([["gG".find(letter) + 1 for letter in x.state] for x in told.phases])
        self._by_lane, walking = self._groups()
        steady = np.array([not set(x.state) & set("yu") for x in told.phases])
        self._driven = self._greens[:, ~walking].any(axis=1) & steady
        walk = self._greens[:, walking].any(axis=1)
        self._kept = walk | np.roll(walk, 1)
        s, phases = simulation.world.signals[signal], simulation.world.phases
        rows = np.arange(int(s.first), int(s.end))
        self._ends = np.cumsum(phases["duration"][rows])
        self._in_order = bool((phases["following"][rows] == np.roll(rows, -1)).all())
        self._fixed = not s.actuated
        clock = simulation.pilot.clock
        self._into = round((clock.begin - told.offset) / clock.step)
        self._gap = int(s.max_gap)
        self._disturbed = False

    def _groups(self) -> tuple[dict[int, list[int]], np.ndarray]:
        """Groups of vehicles by the lane they come from, and which groups are of people on foot."""
        park, by_lane = self._simulation.pilot.park, dict[int, list[int]]()
        walking = np.zeros(self._greens.shape[1], bool)
        for c in park.connections:
            if c.signal != self._signal:
                continue
            if park.lanes[c.source].allowed & ~_WALKERS:
                by_lane.setdefault(c.source, []).append(c.group)
            else:
                walking[c.group] = True
        return by_lane, walking

    def leads_here(self, lane: int) -> bool:
        """Whether a lane ends at a line of this signal."""
        return lane in self._by_lane

    def serve(self, lane: int, least: float) -> None:
        """End greens of others once they lasted `least` [s], and keep the one that serves most of a lane's ways."""
        count = self._greens[:, self._by_lane[lane]].sum(axis=1)

        def change(world: World) -> None:
            s, now = world.signals[self._signal], int(world.totals[0].step)
            phase = int(s.phase - s.first)
            if not self._driven[phase]:
                return  # yellow, or all red
            if count[phase] == count.max():
                self._set(world, max(int(s.change), now + self._steps(HOLD)))
            elif not self._kept[phase]:
                s.max_gap = NEVER
                self._set(world, min(int(s.change), max(now, int(s.began) + self._least(world, least))))

        self._disturbed = True
        self._simulation.environment.command(change)

    def recover(self, least: float) -> None:
        """Go back into the programme, unless it is in step; greens keep their least length [s]."""
        if self._disturbed:
            self._simulation.environment.command(lambda world: self._go_back(world, least))

    def _go_back(self, world: World, least: float) -> None:
        s, now = world.signals[self._signal], int(world.totals[0].step)
        s.max_gap = self._gap
        phase = int(s.phase - s.first)
        if not (self._fixed and self._in_order):
            self._disturbed = False
            return
        if not self._driven[phase]:
            return
        cycle, duration = int(self._ends[-1]), int(world.phases["duration"][s.phase])
        end = max(now, int(s.began) + duration)
        late = (self._into + end - int(self._ends[phase])) % cycle
        if late == 0:
            self._disturbed = False
        elif late > cycle // 2:
            end = max(now, min(end + cycle - late, int(s.began) + round(LONGEST * duration)))
        elif not self._kept[phase]:
            end = max(now, int(s.began) + self._least(world, least), end - late)
        self._set(world, end)

    def _least(self, world: World, least: float) -> int:
        """Least length of the present green [steps]: the programme's own where it is actuated."""
        p = world.phases[world.signals["phase"][self._signal]]
        return int(min(p.duration, self._steps(least)) if self._fixed else p.minimum)

    def _steps(self, seconds: float) -> int:
        return round(seconds / self._simulation.pilot.clock.step)

    def _set(self, world: World, end: int) -> None:
        """Let the present phase end at a step."""
        s = world.signals[self._signal]
        s.change = end
        world.loose.light_end[s.light : s.light + s.groups] = end
