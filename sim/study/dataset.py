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
from sim.report.folder import write_json, writing
from sim.study.variants import Variant

if TYPE_CHECKING:
    from sim.study.compare import Work

STUDY, RUNS, MARK = "study.json", "runs", ".pilotzone-study"
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
        (folder / STUDY).unlink(missing_ok=True)
        for name in TABLES if resume else (*TABLES, RUNS):
            shutil.rmtree(folder / name, ignore_errors=True)


def write(folder: Path, work: Work, seeds: Sequence[int], told: dict[str, Any]) -> None:
    """Put the runs' tables where a dataset has them, and what the study says."""
    with writing(folder):
        for variant in (*work.plan.reference, *work.plan.options):
            for seed, figures in work.figures(variant, seeds).items():
                _place(folder, work.folder_of(variant, seed), _where(variant, seed), figures)
        write_json(folder / STUDY, told)


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
