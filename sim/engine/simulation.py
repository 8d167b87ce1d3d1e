"""One run of a pilot: build the world, start the environment, let it go, hand over what happened."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from typing import Any

import numpy as np
import simpy

from sim.engine import sampling
from sim.engine.belief import applied
from sim.engine.build import build
from sim.engine.environment import Interrupted, TrafficEnvironment
from sim.engine.heard import Teller, heard
from sim.engine.jams import describe, describe_stuck, find_jam, find_stuck
from sim.engine.people import masses
from sim.engine.recording import ENCOUNTER, EVENT_KINDS, Outcome, Recorder
from sim.engine.ways import Ways
from sim.kernel.advance import advance, is_compiled
from sim.park.geometry import Axes
from sim.pilot import Pilot
from sim.state.world import World
from sim.traffic.departures import Departures
from sim.units import ticks

Process = Generator[simpy.Event, Any, None]
#: A service: a generator that acts on the run through its environment.
Service = Callable[["Simulation"], Process]

DEPART = EVENT_KINDS.index("depart")
#: How often a run without end looks whether everyone is home [s]; and how often jams are looked for [s].
HOME_CHECK, JAM_CHECK, STANDSTILL = 10.0, 60.0, 3600.0
#: How often at most it is looked who hears whom, where trajectories are asked for [s].
STATIONS = 2.0
#: Rows a second of the run, on average and at most, of what vehicles know of each other. Source: assumed.
BELIEFS = 1000.0
KILOWATT_HOUR = 3.6e6  # [J]


class Simulation:
    """A run that can be started once.

    Args:
        pilot: what to run.
        seed: of all draws.
        recorder: is told everything.
        services: generators to start beside the traffic.
    """

    def __init__(self, pilot: Pilot, seed: int, recorder: Recorder, services: Sequence[Service] = ()) -> None:
        started = time.perf_counter()
        self.pilot, self.seed, self.recorder = pilot, seed, recorder
        self.reasons: list[str] = []
        self._interval_begin = pilot.clock.begin
        self._teller = Teller(pilot, recorder)
        self.departures: Departures = pilot.demand.departures(pilot.park, seed, pilot.clock.begin, pilot.clock.end)
        world = build(pilot, self.departures, seed)
        self.axes = Axes(pilot.park.lanes)
        self.first_edge_lane = world.loose.edge_lane
        takers = (self._take_records, self._heartbeat, self._take_encounters, self._teller.take)
        self.environment = TrafficEnvironment(world, *takers)
        self._services = services
        self.ways = Ways(self)
        self.build_seconds = time.perf_counter() - started
        self.compile_seconds = 0.0

    @property
    def world(self) -> World:
        """What is true now."""
        return self.environment.world

    def clock(self) -> float:
        """Time of the run's clock [s]."""
        return self.pilot.clock.begin + int(self.world.totals[0].step) * self.pilot.clock.step

    def interrupt(self) -> None:
        """End the run after the present chunk; safe to call from a signal handler."""
        self.environment.interrupted = True

    def run(self) -> Outcome:
        """Run from begin to end; told to the recorder while it goes."""
        self.recorder.begin(self.pilot, self.departures, self.seed)
        self._compile()
        env = self.environment
        stop = self._until()
        for process in (self._sample(), self._intervals(), self._watch_jams()):
            env.process(process)
        for service in self._services:
            env.process(service(self))
        status = "done"
        try:
            env.run(until=stop)
        except Interrupted:
            status = "interrupted"
        if self.pilot.output.edges > 0 and self.clock() > self._interval_begin:
            self._write_edges(self._interval_begin)
        self._teller.tell(self.world, self.clock())
        self.environment.take_encounters(still_open=True)
        self._hand_over()
        t = self.world.totals[0]
        return Outcome(
            status=status,
            reasons=self.reasons,
            steps=int(t.step),
            vehicle_updates=int(t.updates),
            kernel_s=env.kernel_seconds,
            compile_s=self.compile_seconds,
            build_s=self.build_seconds,
            end=self.clock(),
            heard=heard(self.world.radio, self.pilot.radio) if self.pilot.radio else None,
            applied=applied(self.world.radio, self.pilot),
            missed_encounters=int(t.missed),
        )

    def _compile(self) -> None:
        """Get the kernel ready, so that its compilation is told apart from its work."""
        self._heartbeat(compiling=not is_compiled(self.world))
        started = time.perf_counter()
        advance(self.world, 0)
        self.compile_seconds = time.perf_counter() - started

    def _until(self) -> Any:
        """When to stop: a time [ticks], or the event that everyone is home."""
        clock = self.pilot.clock
        if clock.end != float("inf"):
            return ticks(clock.end - clock.begin)
        return self.environment.process(self._everyone_home())

    def _everyone_home(self) -> Process:
        """Ends when everyone is home, or when it is clear that somebody never will be."""
        last, since = -1.0, 0.0
        while True:
            yield self.environment.timeout(ticks(HOME_CHECK))
            t = self.world.totals[0]
            if t.arrived == len(self.departures) or self.reasons:
                return
            driven = float(self.world.vehicles["distance"].sum()) + float(self.world.trips["distance"].sum())
            if driven != last or t.due < t.starts:
                last, since = driven, self.clock()
            elif self.clock() - since > STANDSTILL:
                left = int(t.on_road) + int(t.waiting)
                self.reasons.append(f"nothing has moved for {STANDSTILL:.0f} s; {left} vehicles will never get home")
                return

    def _sample(self) -> Process:
        """Trajectories at the asked period."""
        period, heard_at, asked_at = self.pilot.output.trajectories, -np.inf, -np.inf
        while period > 0:
            clock = self.clock()
            self.recorder.trajectories(sampling.snapshot(self.world, self.axes, clock))
            if self.world.radio.air[0].on and clock >= heard_at + STATIONS:
                self.recorder.stations(*sampling.stations(self.world, clock))
                heard_at = clock
                if clock >= asked_at:
                    believed = sampling.beliefs(self.world, clock)
                    self.recorder.beliefs(believed)
                    asked_at = clock + len(believed["id"]) / BELIEFS
            yield self.environment.timeout(ticks(period))

    def _intervals(self) -> Process:
        """Sums of each edge at the asked period."""
        period = self.pilot.output.edges
        while period > 0:
            yield self.environment.timeout(ticks(period))
            self._write_edges(self._interval_begin)
            self._teller.tell(self.world, self.clock())

    def _write_edges(self, begin: float) -> None:
        """Sum the lanes of each edge since `begin` and start anew."""
        lanes, state = self.world.lanes, self.world.lane
        edges = len(self.pilot.park.edges)
        span = self.clock() - begin
        normal = ~lanes["internal"]
        edge = lanes["edge"][normal]

        def total(name: str) -> np.ndarray:
            return np.bincount(edge, state[name][normal], edges)

        columns = {name: total(name) for name in ("entered", "left", "seconds", "metres", "lost", "standing", "queue")}
        seen = np.flatnonzero((columns["seconds"] > 0) | (columns["entered"] > 0))
        self.recorder.edges(
            begin,
            self.clock(),
            {
                "edge": seen,
                "entered": columns["entered"][seen].astype(np.int64),
                "left": columns["left"][seen].astype(np.int64),
                "vehicle_seconds": columns["seconds"][seen],
                "vehicle_metres": columns["metres"][seen],
                "time_loss_s": columns["lost"][seen],
                "waiting_s": columns["standing"][seen],
                "queue_mean": columns["standing"][seen] / span,
                "queue_max": columns["queue"][seen],
            },
        )
        for name in ("entered", "left", "seconds", "metres", "lost", "standing", "queue"):
            state[name] = 0
        self._interval_begin = self.clock()

    def _watch_jams(self) -> Process:
        """Look for circles of vehicles that wait for each other, and for who stands for ever."""
        patience, park, ids = self.pilot.rules.jam_patience, self.pilot.park, self.departures.ids
        while True:
            yield self.environment.timeout(ticks(JAM_CHECK))
            w, clock = self.world, self.clock()
            jam = find_jam(w, patience)
            if jam:
                self._tell_jam(describe(jam, w, park, ids, clock), jam)
            for row in find_stuck(w, patience):
                self._tell_jam(describe_stuck(row, w, park, ids, clock), [row])

    def _tell_jam(self, text: str, jam: list[int]) -> None:
        """Make the run invalid for a jam of rows, unless it is for the same one already."""
        if len(self.reasons) < 20 and not any(text.split(" s: ")[1] in r for r in self.reasons):
            self.reasons.append(text)
            first = self.world.vehicles[jam[0]]
            self.environment.tell("jam", int(first.departure), len(jam), int(first.lane), float(first.position))

    def _take_records(self, block: np.ndarray) -> None:
        """Hand drained records to the recorder as columns of events.parquet."""
        lane = block["lane"].astype(np.int64)
        step = block["step"] - (block["kind"] == DEPART)  # who departs is there when the step begins
        self.recorder.events(
            {
                "time_s": self.pilot.clock.begin + step * self.pilot.clock.step,
                "kind": block["kind"].copy(),
                "subject": block["subject"].copy(),
                "other": block["other"].copy(),
                "value": block["value"].copy(),
                "edge": np.where(lane >= 0, self.world.lanes["edge"][np.maximum(lane, 0)], -1),
                "lane": lane,
                "position_m": block["position"].copy(),
            }
        )

    def _take_encounters(self, block: np.ndarray) -> None:
        """Hand encounters to the recorder, seen from whoever had to act."""
        begin, step = self.pilot.clock.begin, self.pilot.clock.step
        swapped = block["subject"] != block["one"]
        told = {
            "subject": block["subject"],
            "other": np.where(swapped, block["one"], block["other"]),
            "kind": block["kind"],
            "begin_s": begin + block["begin"] * step,
            "end_s": begin + block["last"] * step,
            "time_s": begin + block["step"] * step,
            "braking_mps2": np.where(swapped, block["other_braking"], block["braking"]),
            "other_braking_mps2": np.where(swapped, block["braking"], block["other_braking"]),
        }
        self.recorder.conflicts(told | {column: block[name] for column, name in ENCOUNTER.items()})

    def _heartbeat(self, compiling: bool = False) -> None:
        """Tell how far the run is."""
        t = self.world.totals[0]
        self.recorder.progress(
            {
                "time": self.clock(),
                "on_road": int(t.on_road),
                "waiting": int(t.waiting),
                "arrived": int(t.arrived),
                "scheduled": len(self.departures),
                "kernel_seconds": self.environment.kernel_seconds if not compiling else 0.0,
                "compiling": compiling,
            }
        )

    def _hand_over(self) -> None:
        """Tell the recorder how every trip went."""
        clock, w = self.pilot.clock, self.world
        trips = w.trips.copy()
        v = w.vehicles[w.vehicles["departure"] >= 0]
        for name in ("distance", "lost", "waited", "energy", "stops"):
            trips[name][v["departure"]] = v[name]
        departed, arrived = trips["depart"] >= 0, trips["arrive"] >= 0
        depart = np.where(departed, clock.begin + trips["depart"] * clock.step, np.nan)
        arrival = np.where(arrived, clock.begin + trips["arrive"] * clock.step, np.nan)
        never = np.where(departed, 0.0, np.nan)
        self.recorder.trips(
            {
                "depart_s": depart,
                "depart_delay_s": depart - self.departures.time,
                "arrival_s": arrival,
                "duration_s": arrival - depart,
                "route_length_m": trips["distance"] + never,
                "waiting_time_s": trips["waited"] + never,
                "time_loss_s": trips["lost"] + never,
                "stops": trips["stops"] + never,
                "energy_kwh": trips["energy"] * masses(self.departures) / KILOWATT_HOUR + never,
            }
        )
