"""A study, from file to `study.json`, as its own table of contents."""

from __future__ import annotations

import dataclasses
import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import StudyError
from sim.report.comparison.build import STUDY
from sim.report.comparison.pages import write_pages
from sim.report.result import Result
from sim.study import conclusions, dataset, gate, variants
from sim.study.measures import Measure, besides, figures, measure
from sim.study.pool import Pool, Told, plain_threads
from sim.study.runs import Task, folder_of, key_of
from sim.study.schema import seeds_of
from sim.study.variants import FLOOR, NULL, Plan, Variant

#: Seeds on which the empty option is run.
GATE_SEEDS = 2
#: With `seeds: auto`: how many first, and how many more each time. Source: coverage on made-up studies: who begins with
#: four, as is usual, and stops once the interval is narrow enough holds the mean in 92 %, with ten in 95 %.
FIRST, MORE = 10, 2


class Comparison:
    """What a study came to: `told` is what `study.json` says, `folder` where it and the dataset lie."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: dict[str, Any] = json.loads((folder / STUDY).read_text(encoding="utf-8"))

    def __repr__(self) -> str:
        return f"Comparison({self.told['study']}, {len(self.told['options'])} options)"


def compare(
    path: str | Path,
    out: str | Path | None = None,
    jobs: int = 1,
    seeds: int | str | None = None,
    executor: str = "local",
    resume: bool = False,
    watch: Told = lambda task, what: None,
) -> Comparison:
    """Options of a study against its base, on paired seeds.

    Args:
        path: of the study file.
        out: folder of the results; by default `results/<name>-study`.
        jobs: worker processes.
        seeds: how many, or `auto`; by default what the study says.
        executor: local or cluster.
        resume: keep runs that are in the folder already, if their inputs are the same.
        watch: hears of each run.

    Raises:
        StudyError: the study cannot be begun: every fault.
        NullGateError: the empty option changed something.
    """
    plan = variants.read(path)
    asked = _asked(plan, seeds)
    folder = Path(out) if out is not None else Path("results") / f"{plan.name}-study"
    dataset.prepare(folder, resume)
    with plain_threads(), Pool(jobs, executor, watch) as pool:
        work = Work(plan, folder, pool)
        wanted = first_seeds(asked, plan.study.most_seeds)
        work.pass_gate(wanted[:GATE_SEEDS])
        wanted = work.enough(wanted, automatic=asked == "auto")
        work.floor(wanted)
        told = conclusions.drawn(work, wanted)
        given = [] if seeds is None else ["--seeds", str(seeds)]
        dataset.write(folder, work, wanted, told, shlex.join(["pilotzone", "compare", str(path), *given]))
        write_pages(folder, dataset.playable(work, wanted))
    return Comparison(folder)


def _asked(plan: Plan, seeds: int | str | None) -> int | str | list[int]:
    """What is said about seeds, by the caller or the file."""
    try:
        found: int | str | list[int] = seeds_of(plan.study.seeds if seeds is None else seeds)
    except ValueError as error:
        raise StudyError(f"seeds: {error}") from None
    return found


def first_seeds(asked: int | str | list[int], most: int) -> list[int]:
    """Seeds to begin with.

    Args:
        most: with `auto`: how many there may be in the end.
    """
    if isinstance(asked, list):
        return asked
    return list(range(1, 1 + (min(FIRST, most) if asked == "auto" else int(asked))))


class Work:
    """Runs of a study under way, and their figures."""

    def __init__(self, plan: Plan, folder: Path, pool: Pool) -> None:
        self.plan, self.folder, self.pool = plan, folder, pool
        self.pilot = plan.reference[0].pilot()
        self.measures = [measure(name) for name in plan.study.measures]
        self.started = time.perf_counter()
        self.floor_told: dict[str, Any] = {}
        self._figures: dict[str, dict[str, float]] = {}

    @property
    def asked(self) -> dict[str, Measure]:
        """Every measure that is needed: main ones and those of guard-rails."""
        return {name: measure(name) for name in (*(x.name for x in self.measures), *self.plan.study.guard_rails)}

    def folder_of(self, variant: Variant, seed: int, again: str = "") -> Path:
        """Where a run's result lies."""
        key = key_of(variant, self.pilot.inputs)
        return folder_of(self.folder / "runs", key, seed, again)

    def run(self, several: Sequence[Variant], seeds: Sequence[int], again: str = "") -> None:
        """Have some variants run on some seeds."""
        pairs = [(variant, seed) for variant in several for seed in seeds]
        self.pool.run([Task(x, seed, str(self.folder_of(x, seed, again)), again) for x, seed in pairs])

    def result(self, variant: Variant, seed: int) -> Result | None:
        """A run's result; None if it failed."""
        folder = self.folder_of(variant, seed)
        return Result(folder) if (folder / "summary.json").is_file() else None

    def figures(self, variant: Variant, seeds: Sequence[int]) -> dict[int, dict[str, float]]:
        """Measures of a variant by seed; without seeds whose run failed."""
        found = {}
        for seed in seeds:
            folder = str(self.folder_of(variant, seed))
            if folder not in self._figures:
                result = self.result(variant, seed)
                if result is None:
                    continue
                self._figures[folder] = figures(result, self.asked) | besides(result)
            found[seed] = self._figures[folder]
        return found

    def pass_gate(self, seeds: Sequence[int]) -> None:
        """Run the base and the empty option; NullGateError unless every table is the same."""
        reference = self.plan.reference[0]
        null = dataclasses.replace(reference, option=NULL)
        self.run([reference], seeds)
        self.run([null], seeds, again=NULL)
        pairs = [(self.folder_of(reference, seed), self.folder_of(null, seed, NULL)) for seed in seeds]
        if any(not x.is_dir() for pair in pairs for x in pair):
            failed = "; ".join(f"{name}: {what}" for name, what in self.pool.failed.items())
            raise StudyError(f"the base cannot be run: {failed}")
        gate.gate(pairs)

    def enough(self, seeds: list[int], automatic: bool) -> list[int]:
        """Run everything on the seeds; with `auto` on more of them until every main measure is precise enough."""
        several = [*self.plan.reference, *self.plan.options]
        self.run(several, seeds)
        while automatic and len(seeds) < self.plan.study.most_seeds and not conclusions.precise(self, seeds):
            more = range(len(seeds) + 1, min(len(seeds) + MORE, self.plan.study.most_seeds) + 1)
            self.run(several, list(more))
            seeds = [*seeds, *more]
        return seeds

    def floor(self, seeds: Sequence[int]) -> None:
        """Run the change that cannot matter."""
        reference = self.plan.reference[0]
        results = [x for seed in seeds if (x := self.result(reference, seed))]
        road, entered = gate.least_used(self.pilot.park, results)
        changed = (*reference.operations, gate.negligible(self.pilot.park, road))
        floor = dataclasses.replace(reference, option=FLOOR, operations=changed)
        self.run([floor], seeds)
        found = conclusions.between(self, reference, floor, seeds)
        self.floor_told = {
            "road": road,
            "vehicles_on_it": entered,
            "change_mps": gate.NEGLIGIBLE,
            "measures": {x.measure.name: x.told() for x in found},
        }
