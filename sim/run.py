"""One run, from file to result, as its own table of contents."""

from __future__ import annotations

import datetime
import multiprocessing
import signal
import sys
import tempfile
import threading
import time
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from numbers import Integral
from pathlib import Path
from typing import Any

from sim.apps import applications as programmes
from sim.engine.simulation import Simulation
from sim.errors import Fault, ScenarioError
from sim.pilot import Pilot
from sim.report.apps import applications
from sim.report.folder import ResultFolder, writing
from sim.report.manifest import manifest
from sim.report.recorder import FolderRecorder, Watch
from sim.report.result import Result
from sim.report.scene import SCENE, write_scene
from sim.report.summary import expectations, summarise
from sim.report.v2x import figures, left_out, write_deliveries
from sim.scenario import loader
from sim.services import services


def load(path: str | Path, overrides: Mapping[str, str] | None = None) -> Pilot:
    """The pilot of a scenario file; see `sim.scenario.loader.load`."""
    return loader.load(path, overrides)


def run(
    pilot: Pilot | str | Path,
    seed: int | None = None,
    out: str | Path | None = None,
    watch: Watch | None = None,
    command: str = "",
) -> Result:
    """What a pilot comes to.

    Args:
        pilot: or the path of its scenario file.
        seed: of all draws; by default the scenario's own.
        out: result folder, with its pages; by default a temporary one without, that lives as long as the result.
        watch: is told how the run goes.
        command: as typed, for the manifest.

    Raises:
        ScenarioError: the scenario file has faults; the seed is no seed.
        DemandError: somebody is to drive who cannot.
        OutputError: the result folder cannot be written.
        RunError: the run could not go on.
    """
    pilot = load(pilot) if isinstance(pilot, str | Path) else pilot
    seed = pilot.clock.seed if seed is None else _seed(seed)
    kept = tempfile.TemporaryDirectory(prefix="pilotzone-") if out is None else None
    target = Path(out) if out is not None else Path(kept.name if kept else "") / "result"
    with ResultFolder(target) as place, writing(target):
        summary, told = _record(pilot, seed, place.folder, watch, command)
        last = None
        if out is not None and pilot.output.pages:
            from sim.report.pages import give_pages  # takes long, and is asked for when a run is over

            last = partial(give_pages, manifest=told)
        result = Result(place.finish(told, summary, last), kept)
        result.manifest["warnings"] = told["warnings"]
        return result


def _seed(seed: Any) -> int:
    """A seed that somebody told, as a whole number."""
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not 0 <= int(seed) < 2**63:
        raise ScenarioError(faults=[Fault("seed", f"{seed!r} is none", "wanted a whole number from 0 to 2**63 - 1")])
    return int(seed)


def _record(
    pilot: Pilot, seed: int, folder: Path, watch: Watch | None, command: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Run a pilot, its tables going to a folder; its summary and manifest."""
    began, started = time.perf_counter(), datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    recorder = FolderRecorder(folder, watch)
    simulation = Simulation(pilot, seed, recorder, [*services(), *programmes(pilot)])
    with _interruptible(simulation):
        outcome = simulation.run()
        recorder.close(outcome["heard"])
        departures, wall = recorder.departures, time.perf_counter() - began
        trips, counts = recorder.trips_columns, recorder.counts
        summary = summarise(pilot, departures, trips, counts, outcome, wall, recorder.tally)
        summary = {"scenario": summary["scenario"], "seed": seed} | summary
        summary["av"] = recorder.control.figures(trips["route_length_m"])
        summary["v2x"] = told = figures(outcome["heard"])
        if outcome["heard"] is not None:
            if pilot.radio:
                told["apps"] = applications(outcome["applied"], outcome["heard"])
            write_deliveries(folder, outcome["heard"])
        if pilot.output.pages:
            write_scene(folder / SCENE, pilot, departures)
        about = manifest(pilot, departures, seed, command, started)
        about["warnings"] += left_out(summary["v2x"], pilot.radio)
        return summary | _expected(pilot, summary), about


def _expected(pilot: Pilot, summary: dict[str, Any]) -> dict[str, Any]:
    return {"expect": expectations(pilot, summary)} if pilot.expect else {}


@contextmanager
def _interruptible(simulation: Simulation) -> Iterator[None]:
    """Let Ctrl-C and a request to end finish the run cleanly; a second one ends it at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(number: int, frame: Any) -> None:
        simulation.interrupt()
        signal.signal(number, signal.default_int_handler)

    # A worker of a study that is told to end ends: its run is done again elsewhere.
    ours = (signal.SIGINT,) if multiprocessing.parent_process() else (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, end) for number in ours}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Callable(types.ModuleType):
    """Makes `sim.run(pilot)` mean `sim.run.run(pilot)`: importing this module hides a function of its name."""

    def __call__(self, *arguments: Any, **named: Any) -> Result:
        return run(*arguments, **named)


sys.modules[__name__].__class__ = _Callable
