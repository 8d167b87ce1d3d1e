"""A recorder that writes nothing down, so that the kernel alone is timed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sim.engine.simulation import Simulation
from sim.scenario.loader import load


class Quiet:
    """Takes everything and keeps nothing."""

    def begin(self, *_: object) -> None: ...
    def events(self, *_: object) -> None: ...
    def trajectories(self, *_: object) -> None: ...
    def stations(self, *_: object) -> None: ...
    def edges(self, *_: object) -> None: ...
    def trips(self, *_: object) -> None: ...
    def conflicts(self, *_: object) -> None: ...
    def progress(self, *_: object) -> None: ...


def simulation(configuration: Path, seed: int = 1, conflicts: bool = False) -> Simulation:
    """A simulation that is ready to start."""
    pilot = load(configuration, {})
    return Simulation(replace(pilot, output=replace(pilot.output, conflicts=conflicts)), seed, Quiet())
