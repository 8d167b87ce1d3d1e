"""Where events meet traffic: a SimPy environment in which traffic moves between events.

Event time is a whole number of ticks (microseconds) since the run's beginning. An event at t reads the state of step
floor(t / dt); its commands take effect at step ceil(t / dt). Where chunks end never changes the result.
"""

from __future__ import annotations

import heapq
import itertools
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import simpy

from sim.engine.build import with_more_encounters, with_more_records, with_more_rows
from sim.engine.recording import EVENT_KINDS
from sim.kernel.advance import advance
from sim.state.world import World
from sim.units import TICK

#: Steps after which the kernel comes back at the latest, so that Ctrl-C and the progress bar are heard.
CHUNK = 100

Command = Callable[[World], None]


class Interrupted(Exception):  # noqa: N818 - not an error
    """The user wants the run to end now."""


class TrafficEnvironment(simpy.Environment):
    """SimPy's environment with one override: traffic runs ahead to the next event.

    Args:
        world: what is true now.
        records: is given every drained block of records, sorted by (step, kind, subject, other).
        heartbeat: is called after each chunk.
        encounters: is given every drained block of closed encounters, sorted by (step, one, other).
        messages: takes away what became of each message.
    """

    def __init__(
        self,
        world: World,
        records: Callable[[Any], None],
        heartbeat: Callable[[], None],
        encounters: Callable[[Any], None],
        messages: Callable[[World], None] = lambda _: None,
    ) -> None:
        super().__init__(0)
        self.world = world
        self.step_ticks = round(float(world.totals[0].dt) * TICK)
        self.kernel_seconds = 0.0
        self.interrupted = False
        self._records = records
        self._heartbeat = heartbeat
        self._encounters = encounters
        self._messages = messages
        self._commands: list[Any] = []  # heap of (step, serial number, command)
        self._serial = itertools.count()
        self._waiters: dict[int, list[simpy.Event]] = {}
        self._listeners: dict[int, list[Callable[[np.ndarray], None]]] = {}

    def step(self) -> None:
        """Move traffic up to the next event, then process that event."""
        self._run_ahead()
        super().step()

    def command(self, change: Command) -> None:
        """Change the world from the first step that does not begin before now."""
        heapq.heappush(self._commands, (-(-self.now // self.step_ticks), next(self._serial), change))

    def when(self, kind: str) -> simpy.Event:
        """Event that succeeds with the records of the next step that leaves records of a kind."""
        code = EVENT_KINDS.index(kind)
        event = self.event()
        self._waiters.setdefault(code, []).append(event)
        self.world.loose.wakes[code] = True
        return event

    def listen(self, kind: str, heed: Callable[[np.ndarray], None]) -> None:
        """Have all records of a kind told from now on, none left out where several are left at one time."""
        code = EVENT_KINDS.index(kind)
        self._listeners.setdefault(code, []).append(heed)
        self.world.loose.wakes[code] = True

    def tell(self, kind: str, subject: int, value: float = 0.0, lane: int = -1, position: float = 0.0) -> None:
        """Leave a record of something that a service did."""
        record = np.zeros(1, self.world.records.dtype)
        record["step"], record["kind"] = -(-self.now // self.step_ticks), EVENT_KINDS.index(kind)
        record["subject"], record["other"], record["value"] = subject, -1, value
        record["lane"], record["position"] = lane, position
        self._records(record)
        self._wake(record)

    def _run_ahead(self) -> None:
        t = self.world.totals[0]
        while True:
            if self.interrupted:
                raise Interrupted
            while self._commands and self._commands[0][0] <= t.step:
                heapq.heappop(self._commands)[2](self.world)
            until = self.peek()
            goal = int(until // self.step_ticks) if until != simpy.core.Infinity else int(t.step)
            if self._commands:
                goal = min(goal, self._commands[0][0])
            if goal <= t.step:
                return
            self._advance(min(goal, int(t.step) + CHUNK))
            t = self.world.totals[0]

    def _advance(self, goal: int) -> None:
        started = time.perf_counter()
        before = int(self.world.totals[0].step)
        reached = advance(self.world, goal)
        self.kernel_seconds += time.perf_counter() - started
        self._drain()
        t = self.world.totals[0]
        if reached == before and reached < goal:
            if t.short_of_rows:
                self.world = with_more_rows(self.world)
            elif t.short_of_encounters:
                self.world = with_more_encounters(self.world)
            else:
                self.world = with_more_records(self.world)
        self._heartbeat()

    def take_encounters(self, still_open: bool = False) -> None:
        """Hand on the encounters that are over; in the end also those that are still open."""
        w, t = self.world, self.world.totals[0]
        block = w.past[: t.past].copy()
        t.past = 0
        if still_open:
            block = np.concatenate([block, w.encounters[: t.encounters]])
        if len(block):
            self._encounters(block[np.lexsort((block["other"], block["one"], block["end"]))])

    def _drain(self) -> None:
        self.take_encounters()
        self._messages(self.world)
        t = self.world.totals[0]
        block = self.world.records[: t.records].copy()
        t.records = 0
        if not len(block):
            return
        block = block[np.lexsort((block["other"], block["subject"], block["kind"], block["step"]))]
        self._records(block)
        self._wake(block)

    def _wake(self, block: np.ndarray) -> None:
        """Tell whoever waits for records of the kinds in a block."""
        for code, listeners in self._listeners.items():
            for heed in listeners if (block["kind"] == code).any() else ():
                heed(block[block["kind"] == code])
        for code in [c for c, waiting in self._waiters.items() if waiting and (block["kind"] == c).any()]:
            mine = block[block["kind"] == code]
            events, self._waiters[code] = self._waiters[code], []
            self.world.loose.wakes[code] = False
            delay = int(mine["step"][0]) * self.step_ticks - self.now
            for event in events:
                event._ok, event._value = True, mine
                self.schedule(event, delay=max(0, delay))
