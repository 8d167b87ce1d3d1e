"""One small simulation through the ordinary engine, and what was written down of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.apps import applications
from sim.engine.recording import EVENT_KINDS, Columns, Outcome, Progress
from sim.engine.simulation import Process, Service, Simulation
from sim.engine.waiting import STANDING
from sim.park.network import Network
from sim.pilot import Clock, Equipment, Output, Pilot, Radio, Rules
from sim.services import services
from sim.traffic.departures import Demand, Departures
from sim.traffic.takeover import Takeover
from sim.units import ticks


@dataclass
class Diary:
    """Writes down what a case needs, in memory."""

    departures: Departures = field(init=False)
    pilot: Pilot = field(init=False)
    told: list[Columns] = field(default_factory=list)
    seen: list[Columns] = field(default_factory=list)
    trips_told: Columns = field(default_factory=dict)
    met: list[Columns] = field(default_factory=list)
    intervals: list[tuple[float, float, Columns]] = field(default_factory=list)
    said: list[Columns] = field(default_factory=list)
    outcome: Outcome = field(init=False)

    def begin(self, pilot: Pilot, departures: Departures, seed: int) -> None:
        """Keep who drives."""
        self.pilot, self.departures = pilot, departures

    def events(self, columns: Columns) -> None:
        """Keep events."""
        self.told.append(columns)

    def trajectories(self, columns: Columns) -> None:
        """Keep a snapshot."""
        self.seen.append(columns)

    def stations(self, stations: Columns, links: Columns) -> None:
        """Nobody asks who is on the air."""

    def beliefs(self, columns: Columns) -> None:
        """Nobody asks who knows what."""

    def edges(self, begin: float, end: float, columns: Columns) -> None:
        """Keep an interval."""
        self.intervals.append((begin, end, columns))

    def messages(self, end: float, counted: np.ndarray, times: np.ndarray) -> None:
        """Nobody asks when messages were said."""

    def transmissions(self, columns: Columns) -> None:
        """Keep what became of each message."""
        self.said.append(columns)

    def trips(self, columns: Columns) -> None:
        """Keep the trips."""
        self.trips_told = columns

    def conflicts(self, columns: Columns) -> None:
        """Keep encounters that are over, if the trial asks for them."""
        self.met.append(columns)

    def progress(self, progress: Progress) -> None:
        """Nobody watches."""

    def count(self, kind: str) -> int:
        """How many events of a kind."""
        return len(self.of_kind(kind)["time_s"])

    def of_kind(self, kind: str) -> Columns:
        """Events of a kind, as columns."""
        code = EVENT_KINDS.index(kind)
        return {x: np.concatenate([b[x][b["kind"] == code] for b in self.told]) for x in self.told[0]}


@dataclass(frozen=True, slots=True)
class Trial:
    """What to run.

    Args:
        duration: [s]; inf: until everyone is home.
        step: [s].
        rules: lane changes are at once unless told otherwise.
        edges: period of the sums of each edge [s]; 0: none.
        takeover: when automated vehicles ask for a driver.
        conflicts: whether encounters are looked for.
        radio: how messages travel; None: nobody says anything.
        equip: who can say and hear.
        apps: cooperative applications that run, with their settings.
    """

    park: Network
    demand: Demand
    duration: float = math.inf
    step: float = 0.1
    rules: Rules = field(default_factory=Rules)
    edges: float = 0.0
    takeover: Takeover | None = None
    conflicts: bool = False
    radio: Radio | None = None
    equip: Equipment = field(default_factory=Equipment)
    apps: dict[str, dict[str, float]] = field(default_factory=dict)

    def run(self, seed: int = 1, extra: Sequence[Service] = ()) -> Diary:
        """Run it through the ordinary engine with its ordinary services."""
        clock = Clock(0.0, self.duration, 0.0, self.step, seed)
        pilot = Pilot("verification", self.park, self.demand, self.rules, clock, Output(0.0, self.edges))
        pilot = replace(pilot, takeover=self.takeover, output=replace(pilot.output, conflicts=self.conflicts))
        pilot = replace(pilot, radio=self.radio, equip=self.equip, apps=self.apps)
        diary = Diary()
        diary.outcome = Simulation(pilot, seed, diary, [*services(), *applications(pilot), *extra]).run()
        return diary


@dataclass
class Watch:
    """A service that looks at everybody at a period: columns (instants, vehicles), nan while not on the road.

    Args:
        period: [s].
        after: begin of watching [s].
        until: its end [s].
    """

    period: float = 1.0
    after: float = 0.0
    until: float = math.inf
    times: list[float] = field(default_factory=list)
    _rows: list[tuple[np.ndarray, np.ndarray]] = field(default_factory=list)

    NAMES = ("lane", "position", "speed", "acceleration", "distance")

    def __call__(self, run: Simulation) -> Process:
        """Look from `after` on."""
        self._count = len(run.departures)
        yield run.environment.timeout(ticks(self.after))
        while run.clock() <= self.until:
            v = run.world.vehicles
            v = v[v["departure"] >= 0]
            self.times.append(run.clock())
            self._rows.append((v["departure"].copy(), np.stack([v[name].astype(float) for name in self.NAMES])))
            yield run.environment.timeout(ticks(self.period))

    def table(self) -> dict[str, np.ndarray]:
        """Columns by name, each (instants, vehicles), and `time` (instants,)."""
        found = np.full((len(self.NAMES), len(self._rows), self._count), np.nan)
        for i, (who, columns) in enumerate(self._rows):
            found[:, i, who] = columns
        return {"time": np.array(self.times), **dict(zip(self.NAMES, found, strict=True))}


@dataclass
class Halts:
    """A service that counts everybody's stops: standing still after having driven off since the last time.

    Who creeps in a queue stops once. `trips.parquet`, as SUMO does, counts every time that a speed falls below 0.1 m/s.

    Args:
        period: of looking [s].
        driven: speed from which one has driven off [m/s]. Source: 15 mi/h, HCM 7 ch. 7, from memory.
    """

    period: float = 0.5
    driven: float = 6.7
    counts: np.ndarray = field(default_factory=lambda: np.zeros(0, int))

    def __call__(self, run: Simulation) -> Process:
        """Look until the end."""
        self.counts = np.zeros(len(run.departures), int)
        away = np.ones(len(run.departures), bool)
        while True:
            v = run.world.vehicles
            v = v[v["departure"] >= 0]
            who, speed = v["departure"], v["speed"]
            stopped = (speed < STANDING) & (v["distance"] > 0.0) & away[who]
            self.counts[who[stopped]] += 1
            away[who[stopped]] = False
            away[who[speed >= self.driven]] = True
            yield run.environment.timeout(ticks(self.period))


def once(time: float, change: Callable[[Simulation], None]) -> Service:
    """A service that changes the world once [s], as services do: by a command."""

    def act(run: Simulation) -> Process:
        yield run.environment.timeout(ticks(time))
        run.environment.command(lambda world: change(run))

    return act


def crossing_times(table: dict[str, np.ndarray], place: float) -> np.ndarray:
    """When each vehicle had driven a distance from its start (vehicles,) [s]; nan if it never did.

    Between two looks the way is the cubic that has both positions and both speeds.
    """
    time, way, speed = table["time"], table["distance"], table["speed"]
    found = np.full(way.shape[1], np.nan)
    beyond = way >= place
    first = beyond.argmax(axis=0)
    for j in np.flatnonzero(beyond.any(axis=0) & (first > 0)):
        i = first[j]
        if np.isfinite(way[i - 1, j]):
            found[j] = time[i - 1] + _hermite(
                time[i] - time[i - 1], way[i - 1, j], way[i, j], speed[i - 1, j], speed[i, j], place
            )
    return found


def _hermite(h: float, x0: float, x1: float, v0: float, v1: float, place: float) -> float:
    """Time after the first look at which the cubic reaches a place [s]."""
    u = np.linspace(0.0, 1.0, 101)
    way = (
        (2 * u**3 - 3 * u**2 + 1) * x0
        + (u**3 - 2 * u**2 + u) * h * v0
        + (3 * u**2 - 2 * u**3) * x1
        + (u**3 - u**2) * h * v1
    )
    return float(np.interp(place, np.maximum.accumulate(way), u)) * h
