"""Small runs of equipped drivers, watched: straight roads by hand, and scenarios without their files."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

import sim
from sim.apps import applications, settings_of
from sim.engine.recording import Columns
from sim.engine.simulation import Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.services import services
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import Layout
from sim.verify.trial import Diary, Watch

#: Everything within 300 m is heard.
SURE = Radio("disc", 300.0, low=0.01, high=0.01)
SCENARIOS = Path(__file__).parents[1] / "scenarios"


@dataclass
class Log(Diary):
    """Writes down encounters, too."""

    met: list[Columns] = field(default_factory=list)

    def conflicts(self, columns: Columns) -> None:
        """Keep encounters."""
        self.met.append(columns)

    def encounters(self) -> Columns:
        """All of them, as columns."""
        return {name: np.concatenate([x[name] for x in self.met]) for name in self.met[0]}


def lossy(share: float | None) -> Radio | None:
    """The same with a share lost; None: no radio."""
    return None if share is None else replace(SURE, loss=share)


def watched(pilot: Pilot, seed: int = 1, period: float = 1.0) -> tuple[dict[str, np.ndarray], Log]:
    """Everybody's way, and what was recorded."""
    watch, log = Watch(period), Log()
    log.outcome = Simulation(pilot, seed, log, [*services(), *applications(pilot), watch]).run()
    return watch.table(), log


def on_roads(
    layout: Layout,
    cars: Sequence[Vehicle],
    radio: Radio | None,
    shares: Mapping[str, float],
    duration: float,
    **apps: Mapping[str, float],
) -> Pilot:
    """A pilot of roads laid by hand, and some applications with settings of one's own."""
    clock = Clock(0.0, duration, 0.0, 0.1, 1)
    pilot = Pilot("road", layout.network(), Fleet(cars), clock=clock, output=Output(0.0, 0.0, pages=False))
    told = {name: settings_of(name, **own) for name, own in apps.items()}
    return replace(pilot, radio=radio, equip=Equipment(dict(shares)), apps=told if radio else {})


def scenario(name: str, **told: str) -> Pilot:
    """A scenario of ours, some of its entries replaced, without trajectories."""
    short = {"output.trajectories": "0", "output.edges": "0", "output.pages": "false"}
    return sim.load(SCENARIOS / f"{name}.yaml", short | {key.replace("__", "."): value for key, value in told.items()})


def equal(one: Mapping[str, np.ndarray], other: Mapping[str, np.ndarray]) -> bool:
    """Whether everybody drove the same way to the bit."""
    return all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


def hardest(table: Mapping[str, np.ndarray]) -> np.ndarray:
    """Hardest braking of everybody [m/s2]."""
    with np.errstate(all="ignore"):
        return -np.nanmin(table["acceleration"], axis=0)


def times_to_collision(front: Mapping[str, np.ndarray], lead: int, behind: int, length: float) -> np.ndarray:
    """Times to collision of one behind another on one lane (instants,) [s]; inf where the gap does not shrink."""
    gap = front["position"][:, lead] - length - front["position"][:, behind]
    closing = front["speed"][:, behind] - front["speed"][:, lead]
    return np.where(closing > 0.0, gap / np.maximum(closing, 1e-9), math.inf)
