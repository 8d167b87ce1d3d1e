"""What a study leaves: `study.json`, and its runs as Parquet datasets partitioned by option, level and seed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import Fault, OutputError
from sim.report.comparison.build import REPORT, STUDY
from sim.report.comparison.markdown import TABLE
from sim.report.comparison.pages import Pair
from sim.report.comparison.roads import SCENES
from sim.report.folder import write_json, writing
from sim.report.identity import PROGRAM, version
from sim.report.scene import write_scene
from sim.study.variants import Variant

if TYPE_CHECKING:
    from sim.study.compare import Work

RUNS, MARK = "runs", ".pilotzone-study"
TABLES = ("trips", "edges", "events", "figures")


def prepare(folder: Path, resume: bool) -> None:
    """Make the folder of a study, or take over an earlier one's; without `resume` its runs go.

    Raises:
        OutputError: the folder holds other things, or cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            what, cure = "is a folder with other things in it", "choose another folder with --out, or move it away"
            raise OutputError(faults=[Fault(str(folder), what, cure)])
        (folder / MARK).touch()
        for page in (STUDY, REPORT, TABLE):
            (folder / page).unlink(missing_ok=True)
        killed = (folder / RUNS).glob("*.partial-*")  # left by a study that was killed
        others = (*TABLES, SCENES) if resume else (*TABLES, SCENES, RUNS)
        for gone in [*killed, *(folder / name for name in others)]:
            shutil.rmtree(gone, ignore_errors=True)


def write(folder: Path, work: Work, seeds: Sequence[int], told: dict[str, Any], command: str) -> None:
    """Put the runs' tables where a dataset has them, the park of each option, and what the study says.

    Args:
        command: by which it is had again.
    """
    repeat = {"command": command, PROGRAM: version(), "inputs": work.pilot.inputs}
    with writing(folder):
        for variant in (*work.plan.reference, *work.plan.options):
            for seed, figures in work.figures(variant, seeds).items():
                _place(folder, work.folder_of(variant, seed), _where(variant, seed), figures)
        first = work.plan.levels[0].name
        for variant in (*work.plan.reference, *work.plan.options):
            if variant.level == first:
                _write_scene(folder, variant)
        write_json(folder / STUDY, told | {"repeat": repeat})


def _write_scene(folder: Path, variant: Variant) -> None:
    """Write the park as a variant has it, for maps and replays."""
    pilot = variant.pilot()
    clock = pilot.clock
    departures = pilot.demand.departures(pilot.park, clock.seed, clock.begin, clock.end)
    place = folder / SCENES
    place.mkdir(exist_ok=True)
    write_scene(place / f"{variant.option}.json", pilot, departures)


def playable(work: Work, seeds: Sequence[int]) -> dict[str, Pair]:
    """Of each option runs of base and option on the first seed and level that recorded trajectories, for a replay."""
    found = {}
    for reference in work.plan.reference[:1]:
        one = work.result(reference, seeds[0])
        for option in (x for x in work.plan.options if x.level == reference.level):
            other = work.result(option, seeds[0])
            if one and other and all("trajectories" in x.tables for x in (one, other)):
                found[option.option] = Pair(one, other)
    return found


def _where(variant: Variant, seed: int) -> Path:
    """Folder of a run within a dataset."""
    level = quote(variant.level or "-", safe=",.- ")
    return Path(f"option={variant.option}") / f"level={level}" / f"seed={seed}"


def _place(folder: Path, source: Path, where: Path, figures: Mapping[str, float]) -> None:
    """Put the tables and figures of a run where the datasets have them."""
    for name in TABLES[:-1]:
        if (source / f"{name}.parquet").is_file():
            _link(source / f"{name}.parquet", folder / name / where / "part.parquet")
    target = folder / "figures" / where / "part.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({name: [value] for name, value in figures.items() if name[0] != "_"}), target)


def _link(source: Path, target: Path) -> None:
    """The same file at a second place, without its bytes twice where the disk can."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
