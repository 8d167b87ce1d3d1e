"""A recorder that writes nothing down, so that the kernel alone is timed."""

from __future__ import annotations

from pathlib import Path

from sim.engine.simulation import Simulation
from sim.scenario.loader import load


class Quiet:
    """Takes everything and keeps nothing."""

    def begin(self, *_: object) -> None: ...
    def events(self, *_: object) -> None: ...
    def trajectories(self, *_: object) -> None: ...
    def edges(self, *_: object) -> None: ...
    def trips(self, *_: object) -> None: ...
    def conflicts(self, *_: object) -> None: ...
    def progress(self, *_: object) -> None: ...


def simulation(configuration: Path, seed: int = 1) -> Simulation:
    """A simulation that is ready to start."""
    return Simulation(load(configuration, {}), seed, Quiet())
