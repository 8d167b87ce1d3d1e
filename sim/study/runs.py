"""One run of a study: what it depends on, where its result lies, and how it is done in a process of its own."""

from __future__ import annotations

import functools
import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import sim
from sim.errors import RunError
from sim.pilot import Pilot
from sim.report.folder import SUMMARY, is_result
from sim.report.identity import version
from sim.report.result import Result
from sim.study.variants import Variant

#: Rooms that only look at runs.
_ABOVE = ("cli.py", "study", "verify")
_MOST = 6
_KEPT: dict[str, Pilot] = {}  # by what they depend on: operations may hold tables, which cannot be keys


@dataclass(frozen=True, slots=True)
class Task:
    """A variant on a seed.

    Args:
        again: name of a second run of the same inputs that must not be taken from the first: the null gate's.
    """

    variant: Variant
    seed: int
    folder: str
    again: str = ""


def folder_of(runs: Path, key: str, seed: int, again: str = "") -> Path:
    """Where a run's result lies: named by what it depends on, so that equal runs are done once."""
    said = "\0".join((key, str(seed), again))
    return runs / hashlib.sha256(said.encode()).hexdigest()[:32]


def _pilot(variant: Variant) -> Pilot:
    """The pilot of a variant; the last few are kept, for the next seeds."""
    said = key_of(variant, {variant.scenario: ""})
    if said not in _KEPT:
        if len(_KEPT) == _MOST:
            del _KEPT[next(iter(_KEPT))]
        _KEPT[said] = variant.pilot()
    return _KEPT[said]


@functools.cache
def program() -> str:
    """Hash of the text of all that a run is made by: a result of other code is not the same result."""
    digest, home = hashlib.sha256(str(version()).encode()), Path(sim.__file__).parent
    for file in sorted(home.rglob("*.py")):
        if file.relative_to(home).parts[0] not in _ABOVE:
            digest.update(file.read_bytes())
    return digest.hexdigest()


def key_of(variant: Variant, inputs: dict[str, str]) -> str:
    """Hash of what runs of a variant depend on, but for the seed.

    Args:
        inputs: path -> sha256 of every file that the base reads.
    """
    operations = [x.model_dump(mode="json") for x in variant.operations]
    said = json.dumps([program(), sorted(inputs.values()), variant.settings, operations])
    return hashlib.sha256(said.encode()).hexdigest()


def is_done(folder: Path) -> bool:
    """Whether a folder holds a run that came to its end."""
    if not is_result(folder):
        return False
    return bool(json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["status"] == "done")


def execute(task: Task) -> str:
    """Do a run; the folder of its result. Any error is the caller's to tell.

    Raises:
        RunError: it was interrupted.
    """
    from sim.run import run  # each process that runs compiles or loads the kernel; those that only ask need not

    folder = Path(task.folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    result: Result = run(_pilot(task.variant), seed=task.seed, out=folder)
    if result.summary["status"] != "done":
        shutil.rmtree(result.folder, ignore_errors=True)
        raise RunError(f"{task.variant.name}, seed {task.seed}: interrupted")
    return task.folder
