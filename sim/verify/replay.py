"""Leaders that drive as they were measured, and simulated followers behind them, each group on a road of its own."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv

from sim.engine.simulation import Process, Simulation
from sim.state.world import World
from sim.traffic.card import Card
from sim.units import ticks
from sim.verify.case import Unavailable, VerificationError
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import road
from sim.verify.trial import Trial


@dataclass(frozen=True, slots=True)
class Group:
    """A measured leader and where its followers begin.

    Args:
        way: of the leader since the begin (steps,) [m].
        speed: of the leader (steps,) [m/s].
        gaps: of the followers at the begin, from the first one back (followers,) [m].
        speeds: of the followers at the begin (followers,) [m/s].
    """

    way: np.ndarray
    speed: np.ndarray
    gaps: tuple[float, ...]
    speeds: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What followers did: columns (steps, groups, followers), nan behind the end of a group's data.

    Args:
        gap: [m].
        speed: [m/s].
        collisions: recorded bodies that touch.
    """

    gap: np.ndarray
    speed: np.ndarray
    collisions: int


def read_csv(path: str, columns: Sequence[str]) -> dict[str, np.ndarray]:
    """Columns of a table of measurements.

    Raises:
        Unavailable: no file is told.
        VerificationError: it is not there, or has no such columns.
    """
    if not path:
        raise Unavailable("it needs measured trajectories: --set data=FILE")
    if not Path(path).is_file():
        raise VerificationError(f"there is no file {path}")
    try:
        skipped = _remarks(path)
        table = csv.read_csv(path, read_options=csv.ReadOptions(skip_rows=skipped))
    except (OSError, pa.ArrowInvalid) as error:
        raise VerificationError(f"{path}: is not a CSV table ({error})") from None
    missing = [name for name in columns if name not in table.column_names]
    if missing:
        raise VerificationError(f"{path}: lacks the columns {', '.join(missing)}; wanted {', '.join(columns)}")
    return {name: table[name].to_numpy(zero_copy_only=False) for name in columns}


def _remarks(path: str) -> int:
    """Lines at the begin of a file, plain or compressed, that begin with #."""
    count = 0
    with pa.input_stream(path) as file, io.TextIOWrapper(file, "utf-8", errors="replace") as text:
        for line in text:
            if not line.startswith("#"):
                break
            count += 1
    return count


class _Driver:
    """Puts leaders where they were measured, each step, and notes where the followers are."""

    def __init__(self, groups: Sequence[Group], starts: np.ndarray, length: float) -> None:
        self._groups, self._length = groups, length
        self._sizes = np.array([len(group.gaps) + 1 for group in groups])
        self._first = np.cumsum(self._sizes) - self._sizes
        self._starts = starts  # of every vehicle [m]
        steps = max(len(group.way) for group in groups)
        self._way, self._speed = np.full((2, steps, len(groups)), np.nan)
        for i, group in enumerate(groups):
            self._way[: len(group.way), i] = group.way
            self._speed[: len(group.speed), i] = group.speed
        self.gap, self.speed = np.full((2, steps, len(groups), int(self._sizes.max()) - 1), np.nan)

    def __call__(self, run: Simulation) -> Process:
        for k in range(len(self._way)):
            yield run.environment.timeout(ticks(run.pilot.clock.step))
            run.environment.command(partial(self._drive, run, k))

    def _drive(self, run: Simulation, k: int, world: World) -> None:
        v = world.vehicles
        row = np.full(int(self._sizes.sum()), -1)
        used = np.flatnonzero(v["departure"] >= 0)
        row[v["departure"][used]] = used
        if k == 0:
            v["position"][row] = self._starts
            speeds = [x for group in self._groups for x in (group.speed[0], *group.speeds)]
            v["speed"][row] = speeds
            v["pace"][row] = speeds
            v["connected"][row] = True  # of those who can, each hears the one ahead
        live = np.flatnonzero(np.isfinite(self._way[k]))
        leaders = row[self._first[live]]
        v["position"][leaders] = self._starts[self._first[live]] + self._way[k, live]
        v["speed"][leaders] = self._speed[k, live]
        for j in range(self.gap.shape[2]):
            mine = live[self._sizes[live] > j + 1]
            ahead, me = row[self._first[mine] + j], row[self._first[mine] + j + 1]
            self.gap[k, mine, j] = v["position"][ahead] - self._length - v["position"][me]
            self.speed[k, mine, j] = v["speed"][me]


def replay(groups: Sequence[Group], card: Card, limit: float, step: float, seed: int = 1) -> Replayed:
    """What followers with a card do behind measured leaders.

    Args:
        limit: speed limit [m/s].
        step: of the data and the simulation [s].
    """
    length = card["length"]
    most = max(float(group.way.max()) for group in groups)
    room = max(sum(group.gaps) + length * (len(group.gaps) + 2) for group in groups) + 50.0
    park = road([room + most + 2000.0], limit, copies=len(groups))
    vehicles, starts = [], []
    for i, group in enumerate(groups):
        place = room
        for j in range(len(group.gaps) + 1):
            if j > 0:
                place -= length + group.gaps[j - 1]
            starts.append(place)
            apart = place - j * (card["minimum_gap"] + 1.0)  # room to set out; put in place at once
            vehicles.append(Vehicle(f"g{i}.{j}", 0.0, (i,), card, 0, apart, 0.0))
    driver = _Driver(groups, np.array(starts), length)
    steps = max(len(group.way) for group in groups)
    diary = Trial(park, Fleet(vehicles), (steps + 2) * step, step).run(seed, [driver])
    return Replayed(driver.gap, driver.speed, diary.count("collision"))
