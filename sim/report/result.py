"""A result, as Python reads it: tables as Arrow, the summary and the manifest as dicts."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.errors import Fault, OutputError, UnknownName
from sim.registry import near
from sim.report.folder import MANIFEST, SUMMARY, ResultFolder, is_result, writing
from sim.report.tables import TABLES
from sim.report.whole import check, read_json, reading


class Result:
    """What a run left, read from its folder when asked for.

    Args:
        folder: a result folder.
        kept: keeps a temporary folder alive as long as this result.
        whole: whether it must be; not while its last files are being made.

    Raises:
        OutputError: the folder holds no whole result, or a damaged one.
    """

    def __init__(
        self, folder: str | Path, kept: tempfile.TemporaryDirectory[str] | None = None, whole: bool = True
    ) -> None:
        self.folder = Path(folder)
        self._kept = kept
        if whole and not is_result(self.folder):
            raise OutputError(faults=[Fault(str(folder), "holds no result", "wanted a folder that a run has written")])
        self.summary: dict[str, Any] = read_json(self.folder / SUMMARY)
        self.manifest: dict[str, Any] = read_json(self.folder / MANIFEST)

    def __repr__(self) -> str:
        return f"Result({self.summary['scenario']}, seed {self.summary['seed']}, {self.summary['status']})"

    @property
    def tables(self) -> list[str]:
        """Names of the tables there are."""
        return [name for name, table in TABLES.items() if (self.folder / table.file).is_file()]

    def table(self, name: str) -> pa.Table:
        """A table by name, e.g. `trips`; UnknownName if the run did not write it, OutputError if it is damaged."""
        if name not in self.tables:
            hint = near(name, TABLES)
            if name in TABLES:
                hint = "run it anew" if TABLES[name].always else "ask for it in the scenario's output"
            raise UnknownName(f"{self.folder} holds no table {name}; {hint or 'see tables'}")
        with reading(self.folder):
            return pq.ParquetFile(self.folder / TABLES[name].file).read()  # spares what data sets of many files need

    def checked(self) -> Result:
        """The result itself, if it holds what pages and exporters take from it.

        Raises:
            OutputError: every file that is damaged.
        """
        check(self.folder, self.summary, self.manifest)
        return self

    @property
    def trips(self) -> pa.Table:
        """A row a vehicle."""
        return self.table("trips")

    @property
    def events(self) -> pa.Table:
        """A row an event."""
        return self.table("events")

    @property
    def edges(self) -> pa.Table:
        """A row an edge and interval."""
        return self.table("edges")

    @property
    def conflicts(self) -> pa.Table:
        """A row an encounter, if they were asked for."""
        return self.table("conflicts")

    @property
    def messages(self) -> pa.Table:
        """A row a kind of message, kind of receiver and interval, or a transmission; with a radio."""
        return self.table("messages")

    @property
    def trajectories(self) -> pa.Table:
        """A row a vehicle and instant."""
        return self.table("trajectories")

    def save(self, folder: str | Path) -> Path:
        """Copy the result to a folder; OutputError if that holds other things or cannot be written."""
        target = Path(folder)
        with ResultFolder(target) as partial, writing(target):
            for file in self.folder.iterdir():
                if file.name not in (SUMMARY, MANIFEST):
                    shutil.copy2(file, partial.folder)
            return partial.finish(self.manifest, self.summary)
