"""Slow and plain: what the fast parts are compared with, and a recorder that keeps a run in memory.

`python tests/naive.py SCENARIO STEPS SEED` prints a digest of the exact state after every step; with PILOTZONE_PLAIN=1
the kernel runs without the compiler, which must not change a bit.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.build import build
from sim.engine.recording import EVENT_KINDS, Columns, Progress
from sim.kernel.advance import advance
from sim.park.signal import Signal
from sim.pilot import Pilot
from sim.scenario.loader import load
from sim.state.world import World
from sim.traffic.departures import Departures

#: What of a vehicle is compared bit by bit.
EXACT = (
    "departure",
    "lane",
    "position",
    "speed",
    "acceleration",
    "wish",
    "shadow",
    "waiting",
    "distance",
    "lost",
    "link",
)


@dataclass
class Kept:
    """A recorder that keeps everything; for short runs."""

    trip: Columns = field(default_factory=dict)
    samples: list[Columns] = field(default_factory=list)
    happened: list[Columns] = field(default_factory=list)
    intervals: list[tuple[float, float, Columns]] = field(default_factory=list)
    reports: list[Progress] = field(default_factory=list)
    met: list[Columns] = field(default_factory=list)
    heard: list[tuple[Columns, Columns]] = field(default_factory=list)
    believed: list[Columns] = field(default_factory=list)

    def begin(self, pilot: Pilot, departures: Departures, seed: int) -> None:
        """Nothing to prepare."""

    def events(self, columns: Columns) -> None:
        """Keep events."""
        self.happened.append(columns)

    def trajectories(self, columns: Columns) -> None:
        """Keep a sample."""
        self.samples.append(columns)

    def stations(self, stations: Columns, links: Columns) -> None:
        """Keep who is on the air."""
        self.heard.append((stations, links))

    def beliefs(self, columns: Columns) -> None:
        """Keep who knows what."""
        self.believed.append(columns)

    def messages(self, end: float, counted: np.ndarray, times: np.ndarray) -> None:
        """What was counted of messages is not kept."""

    def transmissions(self, columns: Columns) -> None:
        """Nor is each of them."""

    def edges(self, begin: float, end: float, columns: Columns) -> None:
        """Keep an interval."""
        self.intervals.append((begin, end, columns))

    def trips(self, columns: Columns) -> None:
        """Keep how trips went."""
        self.trip = columns

    def conflicts(self, columns: Columns) -> None:
        """Keep encounters."""
        self.met.append(columns)

    def progress(self, progress: Progress) -> None:
        """Keep how the run goes."""
        self.reports.append(progress.copy())

    def all_of(self, kind: str) -> Columns:
        """Events of one kind."""
        code = EVENT_KINDS.index(kind)
        blocks = [{name: x[c["kind"] == code] for name, x in c.items()} for c in self.happened]
        names = blocks[0] if blocks else ("time_s", "subject", "value")
        return {name: np.concatenate([b[name] for b in blocks]) if blocks else np.empty(0) for name in names}


@dataclass
class Queues:
    """Who is on each lane, from its end backwards, in ordinary lists: the twin of `sim.kernel.order`."""

    lanes: dict[int, list[int]] = field(default_factory=dict)

    def put(self, lane: int, slot: int, places: Mapping[int, tuple[float, int]]) -> None:
        """Insert a slot; `places` holds each row's position and key."""
        here = self.lanes.setdefault(lane, [])
        here.append(slot)
        here.sort(key=lambda x: tuple(-y for y in places[x if x >= 0 else ~x]))

    def take(self, lane: int, slot: int) -> None:
        """Remove a slot if it is there."""
        if slot in self.lanes.get(lane, []):
            self.lanes[lane].remove(slot)

    def busy(self) -> set[int]:
        """Lanes that are not empty."""
        return {lane for lane, slots in self.lanes.items() if slots}


def fixed_letters(signal: Signal, begin: float, dt: float, steps: Iterable[int]) -> list[str]:
    """What a fixed programme shows in each step: time modulo cycle, nothing else."""
    ends = np.cumsum([phase.duration for phase in signal.phases])
    shown = []
    for step in steps:
        into = (begin + (step + 0.5) * dt - signal.offset) % ends[-1]
        shown.append(signal.phases[int(np.searchsorted(ends, into, "right"))].state)
    return shown


def exact_state(world: World) -> bytes:
    """The bits of everybody on the road, in order of departure."""
    v = world.vehicles[world.vehicles["departure"] >= 0]
    v = v[np.argsort(v["departure"])]
    driven = b"".join(np.ascontiguousarray(v[name]).tobytes() for name in EXACT) + world.loose.light.tobytes()
    r = world.radio
    if not r.air[0].on:
        return driven
    talked = (r.tally, r.contents, r.objects, r.sensors, r.sensed, r.stations["busy"], r.streams["next"], r.kinds)
    return driven + b"".join(np.ascontiguousarray(x).tobytes() for x in talked)


def digests(pilot: Pilot, steps: int, seed: int) -> Iterable[tuple[int, int, str]]:
    """(vehicles on the road, arrived, digest) after each step, of a run without services."""
    departures = pilot.demand.departures(pilot.park, seed, pilot.clock.begin, pilot.clock.end)
    world = build(pilot, departures, seed)
    for step in range(steps):
        advance(world, step + 1)
        world.totals[0].records = 0
        t = world.totals[0]
        yield int(t.on_road), int(t.arrived), hashlib.sha256(exact_state(world)).hexdigest()[:16]


def main(arguments: list[str]) -> None:
    """Print the digests of a scenario's run."""
    scenario, steps, seed = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    overrides: dict[str, Any] = dict(x.split("=", 1) for x in arguments[3:])
    for line in digests(load(scenario, overrides), steps, seed):
        print(*line)


if __name__ == "__main__":
    main(sys.argv[1:])
