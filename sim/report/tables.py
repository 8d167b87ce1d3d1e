"""The tables of a result folder: their columns, and a writer that streams them to Parquet.

Row groups have a fixed number of rows, so the bytes of a table do not depend on how its rows came in, and memory stays
bounded however long a run is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.metrics import column_names

ROW_GROUP = 131_072
FINEST = 2.0**16  #: parts of a unit in rounded columns
_NAME = pa.dictionary(pa.int32(), pa.string())
_F8, _F4, _I8, _I4 = pa.float64(), pa.float32(), pa.int64(), pa.int32()


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the result folder: name and column types; a `NAME` column is written from whole numbers.

    Args:
        rounded: columns written to 1 / 65,536 of their unit (15 µm): halves their size, as their last bits are noise.
    """

    name: str
    columns: Mapping[str, pa.DataType]
    rounded: tuple[str, ...] = ()

    @property
    def file(self) -> str:
        """Name of its file."""
        return f"{self.name}.parquet"


TRIPS = Table(
    "trips",
    {
        "id": _NAME,
        "card": _NAME,
        "depart_s": _F8,
        "depart_delay_s": _F8,
        "arrival_s": _F8,
        "duration_s": _F8,
        "route_length_m": _F8,
        "waiting_time_s": _F8,
        "time_loss_s": _F8,
        "stops": _I4,
        "energy_kwh": _F8,
    },
)
TRAJECTORIES = Table(
    "trajectories",
    {
        "time_s": _F8,
        "id": _NAME,
        "card": _NAME,
        "edge": _NAME,
        "lane": _NAME,
        "position_m": _F8,
        "speed_mps": _F8,
        "acceleration_mps2": _F4,
        "x_m": _F8,
        "y_m": _F8,
        "heading_deg": _F4,
        "waits": _NAME,
        "waits_for": _NAME,
    },
    ("position_m", "speed_mps", "acceleration_mps2", "x_m", "y_m", "heading_deg"),
)
EVENTS = Table(
    "events",
    {
        "time_s": _F8,
        "kind": _NAME,
        "subject": _NAME,
        "other": _NAME,
        "value": _F8,
        "edge": _NAME,
        "lane": _NAME,
        "position_m": _F8,
    },
)
EDGES = Table(
    "edges",
    {
        "edge": _NAME,
        "begin_s": _F8,
        "end_s": _F8,
        "entered": _I8,
        "left": _I8,
        "flow_vph": _F8,
        "density_vpkm": _F8,
        "speed_mps": _F8,
        "delay_s": _F8,
        "time_loss_s": _F8,
        "waiting_s": _F8,
        "queue_veh": _F8,
        "queue_max_veh": _F8,
    },
)
CONFLICTS = Table(
    "conflicts",
    {
        "id": _NAME,
        "card": _NAME,
        "other": _NAME,
        "other_card": _NAME,
        "kind": _NAME,
        "begin_s": _F8,
        "end_s": _F8,
        "time_s": _F8,
        "edge": _NAME,
        "lane": _NAME,
        "position_m": _F8,
        "speed_mps": _F8,
        "other_lane": _NAME,
        "other_position_m": _F8,
        "other_speed_mps": _F8,
        **dict.fromkeys(column_names(), _F8),
    },
)

STATIONS = Table(
    "stations",
    {
        "time_s": _F8,
        "id": _NAME,
        "edge": _NAME,
        "in_range": _I4,
        "known": _I4,
        "latest": _I4,
        "heard_by": _I4,
        "age_s": _F4,
        "load_per_s": _F4,
    },
)
LINKS = Table("links", {"time_s": _F8, "unit": _NAME, "id": _NAME, "heard_age_s": _F4, "told_age_s": _F4})
BELIEFS = Table(
    "beliefs",
    {
        "time_s": _F8,
        "id": _NAME,
        "about": _NAME,
        "age_s": _F4,
        "lane": _NAME,
        "position_m": _F4,
        "speed_mps": _F4,
    },
)

#: Every table that a result folder can hold.
TABLES = {table.name: table for table in (TRIPS, TRAJECTORIES, EVENTS, EDGES, CONFLICTS, STATIONS, LINKS, BELIEFS)}

#: In memory; a number that may be missing (nan) is a float there.
_DTYPES = {_F8: np.float64, _F4: np.float32, _I8: np.float64, _I4: np.float64, _NAME: np.int64}


class TableFile:
    """One table on its way to disk.

    Args:
        folder: where its file is made.
        table: its columns.
        names: of each `NAME` column, what a whole number stands for; below zero: null.
        told: metadata of the file.
    """

    def __init__(self, folder: Path, table: Table, names: Mapping[str, pa.Array], told: Mapping[str, str]) -> None:
        self._table = table
        self._names = names
        self._waiting: list[dict[str, np.ndarray]] = []
        self._rows = 0
        self.schema = pa.schema(list(table.columns.items()), metadata=dict(told))
        floats = [name for name, kind in table.columns.items() if kind in (_F8, _F4)]
        self._file = pq.ParquetWriter(
            folder / table.file,
            self.schema,
            compression="zstd",
            use_dictionary=[name for name in table.columns if name not in floats],
            column_encoding=dict.fromkeys(floats, "BYTE_STREAM_SPLIT"),
        )

    def add(self, columns: Mapping[str, np.ndarray]) -> None:
        """Take rows, (rows,) each column; they are copied. Null: nan, and below zero where a name is meant."""
        kinds = self._table.columns
        rows = {name: np.array(columns[name], _DTYPES[kinds[name]], copy=True) for name in kinds}
        for name in self._table.rounded:
            rows[name] = np.round(rows[name] * FINEST) / FINEST
        self._waiting.append(rows)
        self._rows += len(next(iter(rows.values())))
        if self._rows >= ROW_GROUP:
            self._write(whole=True)

    def close(self) -> None:
        """Write what is left and end the file."""
        if self._rows:
            self._write(whole=False)
        self._file.close()

    def _write(self, whole: bool) -> None:
        """Write full row groups, or everything."""
        joined = {name: np.concatenate([x[name] for x in self._waiting]) for name in self._table.columns}
        end = self._rows - self._rows % ROW_GROUP if whole else self._rows
        for begin in range(0, end, ROW_GROUP):
            part = {name: x[begin : min(begin + ROW_GROUP, end)] for name, x in joined.items()}
            self._file.write_table(self._arrow(part), row_group_size=ROW_GROUP)
        self._waiting = [{name: x[end:].copy() for name, x in joined.items()}]
        self._rows -= end

    def _arrow(self, part: Mapping[str, np.ndarray]) -> pa.Table:
        arrays = [
            _named(part[name], self._names[name]) if kind == _NAME else _numbers(part[name], kind)
            for name, kind in self._table.columns.items()
        ]
        return pa.Table.from_arrays(arrays, schema=self.schema)


def _numbers(column: np.ndarray, kind: pa.DataType) -> pa.Array:
    """Numbers of a type, null where nan."""
    return pa.array(column, from_pandas=True).cast(kind)


def _named(codes: np.ndarray, names: pa.Array) -> pa.DictionaryArray:
    """Names of whole numbers, as a dictionary of those that occur."""
    there = np.zeros(len(names), bool)
    there[codes[codes >= 0]] = True
    ranks = np.append(np.cumsum(there) - 1, 0)
    indices = pa.array(ranks[codes].astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, names.take(pa.array(np.flatnonzero(there))))
