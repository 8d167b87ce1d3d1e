"""Whether what a folder holds can be read: damage is told with its file and a cure, before a page is made of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import Fault, OutputError
from sim.expectation import FIGURES
from sim.report.tables import TABLES, Table

_CURE = "it is damaged, or of another version of PilotZone: run it anew"
#: Figures that stand in every summary: all but those of what was not asked for.
_STEADY = tuple(x for x in FIGURES if x.startswith(("performance.", "vehicles.", "traffic.", "av.")) and "*" not in x)
_SUMMARY = ("scenario", "seed", "status", "valid", "reasons", "synthetic", "safety", "v2x")
#: What pages take from the manifest and the scene.
_MANIFEST = ("pilotzone", "seed", "begin_s", "inputs", "command", "versions", "warnings")
_SCENE = ("junctions", "edges", "lanes", "signals", "cards", "demand")


def read_json(path: Path) -> dict[str, Any]:
    """What a JSON file of ours holds.

    Raises:
        OutputError: it is missing, or damaged.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _damage(path, "is missing") from None
    except OSError as error:
        raise _damage(path, f"cannot be read ({error.strerror})") from None
    except ValueError as error:
        raise _damage(path, f"is no JSON file ({error})") from None
    if not isinstance(told, dict):
        raise _damage(path, "holds no group of entries")
    return told


def check(folder: Path, summary: Mapping[str, Any], manifest: Mapping[str, Any]) -> None:
    """Whether a result folder holds what pages and exporters take from it.

    Args:
        summary: what its `summary.json` holds.
        manifest: what its `manifest.json` holds.

    Raises:
        OutputError: every file that is damaged.
    """
    faults = [*_lacking(folder / "summary.json", summary, (*_SUMMARY, *_STEADY))]
    faults += _lacking(folder / "manifest.json", manifest, _MANIFEST)
    for table in TABLES.values():
        faults += _of_table(folder / table.file, table)
    scene = folder / "scene.json"
    if scene.is_file():
        try:
            faults += _lacking(scene, read_json(scene), _SCENE)
        except OutputError as error:
            faults += error.faults
    if faults:
        raise OutputError(faults=faults)


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Turn what goes wrong in the middle of a table into an error that tells of the folder."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        first = f"{error}".strip().splitlines() or [type(error).__name__]
        raise _damage(folder, f"holds a table that cannot be read ({first[0]})") from None


def _lacking(path: Path, told: Mapping[str, Any], names: tuple[str, ...]) -> list[Fault]:
    """A fault if a file lacks some of the entries with these dotted names."""
    lost = [name for name in names if not _holds(told, name)]
    more = f" and {len(lost) - 3} more" if len(lost) > 3 else ""
    return [Fault(str(path), f"lacks {', '.join(lost[:3])}{more}", _CURE)] if lost else []


def _holds(told: Any, name: str) -> bool:
    for key in name.split("."):
        if not isinstance(told, Mapping) or key not in told:
            return False
        told = told[key]
    return True


def _of_table(path: Path, table: Table) -> list[Fault]:
    """A fault if a table is not there though every run writes it, is cut off or lacks columns."""
    if not path.is_file():
        return [Fault(str(path), "is missing", _CURE)] if table.always else []
    try:
        columns = pq.ParquetFile(path).schema_arrow.names
    except (pa.ArrowException, OSError):
        return [Fault(str(path), "is no whole Parquet file", _CURE)]
    lost = [name for name in table.columns if name not in columns]
    return [Fault(str(path), f"lacks the columns {', '.join(lost)}", _CURE)] if lost else []


def _damage(path: Path, what: str) -> OutputError:
    return OutputError(faults=[Fault(str(path), what, _CURE)])
