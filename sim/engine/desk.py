"""The remote desk: operators who clear the stops of automated vehicles, first come, first served."""

from __future__ import annotations

import math
from collections import deque

import numpy as np
import simpy

from sim.engine.environment import TrafficEnvironment


class Desk:
    """As many operators as the ratio asks for the automated vehicles on the road; one at least.

    Args:
        ratio: vehicles for each operator [-]; 0: whoever asks is helped at once.
        automated: (departures,) whether each counts.
    """

    def __init__(self, environment: TrafficEnvironment, ratio: float, automated: np.ndarray) -> None:
        self._env, self._ratio, self._automated = environment, ratio, automated
        self._busy, self._waiting = 0, deque[simpy.Event]()

    def ask(self) -> simpy.Event:
        """Event that succeeds when an operator is free."""
        event = self._env.event()
        self._waiting.append(event)
        self._go_on()
        return event

    def release(self) -> None:
        """Let an operator help somebody else."""
        self._busy -= 1
        self._go_on()

    def _go_on(self) -> None:
        while self._waiting and self._busy < self._operators():
            self._busy += 1
            self._waiting.popleft().succeed()

    def _operators(self) -> float:
        if self._ratio <= 0.0:
            return math.inf
        there = self._env.world.vehicles["departure"]
        return max(1, math.ceil(self._automated[there[there >= 0]].sum() / self._ratio))
