"""The folder of a result: made beside its place under another name, and put there only when it is whole.

A run that is killed leaves `<name>.partial-<process>`, marked and taken by nobody for a result; it can be deleted.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from types import TracebackType
from typing import Any

from sim.errors import DiskFullError, Fault, OutputError
from sim.report.identity import PROGRAM

SUMMARY, MANIFEST, MARK = "summary.json", "manifest.json", "PARTIAL"
DIGITS = 12  #: of a number in a JSON file
_MARK_TEXT = (
    "This result is not whole: its run is still going or was stopped. If it is not going, delete this folder.\n"
)
#: What a result may hold and lose when it is replaced.
_OURS = ("*.parquet", SUMMARY, MANIFEST, "scene.json", "sumo-*", "report.html", "replay*.html")
_FULL = (errno.ENOSPC, errno.EDQUOT)


class ResultFolder:
    """A result on its way to its place; a context that leaves nothing behind when it fails.

    Args:
        target: where the result shall be.

    Raises:
        OutputError: the place is taken by something else than a result, or cannot be written.
    """

    def __init__(self, target: Path) -> None:
        _look(target)
        self.target = target
        self.folder = target.with_name(f"{target.name}.partial-{os.getpid()}")
        self._made = [x for x in (target.parent, *target.parent.parents) if not x.exists()]
        with writing(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            if self.folder.exists():  # of a killed process with the same number
                shutil.rmtree(self.folder)
            self.folder.mkdir()
            (self.folder / MARK).write_text(_MARK_TEXT, encoding="utf-8")

    def __enter__(self) -> ResultFolder:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        with suppress(OSError):  # not empty: somebody else's result is there
            for above in self._made if not self.target.exists() else []:
                above.rmdir()

    def finish(
        self, manifest: dict[str, Any], summary: dict[str, Any], last: Callable[[Path], None] | None = None
    ) -> Path:
        """Write what is written last and put the folder in its place; an interrupted run never replaces a whole one.

        Args:
            last: is given the folder when all else is in it, and before it stands in its place.
        """
        if summary["status"] != "done" and self.target.exists() and any(self.target.iterdir()):
            self.target = self.target.with_name(f"{self.target.name}-{summary['status']}")
            _look(self.target)
        with writing(self.target):
            write_json(self.folder / MANIFEST, manifest)
            write_json(self.folder / SUMMARY, summary)
            if last:
                last(self.folder)
            (self.folder / MARK).unlink()
            self._replace()
        return self.target

    def _replace(self) -> None:
        old = self.target.with_name(f"{self.target.name}.old-{os.getpid()}")
        if self.target.exists():
            self.target.rename(old)
        self.folder.rename(self.target)
        shutil.rmtree(old, ignore_errors=True)


@contextmanager
def writing(target: Path) -> Iterator[None]:
    """Turn a failure of writing into an error that says what to do."""
    try:
        yield
    except OSError as error:
        full = error.errno in _FULL
        what = "the disk is full" if full else f"cannot be written: {error.strerror or error}{_at(error, target)}"
        cure = "free some space, or write elsewhere with --out" if full else "write elsewhere with --out"
        raise (DiskFullError if full else OutputError)(faults=[Fault(str(target), what, cure)]) from error


def _at(error: OSError, target: Path) -> str:
    """Which file failed, where it is not the target itself."""
    return f" ({error.filename})" if error.filename and str(error.filename) != str(target) else ""


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write a mapping so that people and programs can read it; numbers to `DIGITS`, as what follows is noise."""
    path.write_text(json.dumps(_rounded(data), indent=2, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")


def _rounded(data: Any) -> Any:
    """Data with every number rounded."""
    if isinstance(data, dict):
        return {key: _rounded(x) for key, x in data.items()}
    if isinstance(data, (list, tuple)):
        return [_rounded(x) for x in data]
    return float(f"{data:.{DIGITS}g}") if isinstance(data, float) else data


def is_result(folder: Path) -> bool:
    """Whether a folder holds a whole result of this program."""
    if (folder / MARK).exists():
        return False
    try:
        said = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(said, dict) and PROGRAM in said and (folder / SUMMARY).is_file()


def _look(target: Path) -> None:
    """Refuse a place that holds something which a result must not replace."""

    def fault(what: str) -> OutputError:
        return OutputError(faults=[Fault(str(target), what, "choose another folder with --out, or move it away")])

    if not target.exists():
        return
    if not target.is_dir():
        raise fault("is a file")
    with writing(target):
        inside = [x.name for x in target.iterdir()]
    if inside and not is_result(target):
        raise fault("is a folder with other things in it")
    foreign = sorted(x for x in inside if not any(fnmatch(x, pattern) for pattern in _OURS))
    if foreign:
        raise fault(f"holds a result and {', '.join(foreign[:3])}, which would be lost")
