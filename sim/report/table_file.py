"""Streams a table of a result folder to Parquet.

Row groups have a fixed number of rows, so the bytes of a table do not depend on how its rows came in, and memory stays
bounded however long a run is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.report.tables import F4, F8, I4, I8, NAME, Table

ROW_GROUP = 131_072
FINEST = 2.0**16  #: parts of a unit in rounded columns
#: Decimals of all other numbers in double precision: times come out as they are on the grid of steps, which are whole
#: microseconds; what follows is noise.
DECIMALS = 6
#: In memory; a number that may be missing (nan) is a float there.
_DTYPES = {F8: np.float64, F4: np.float32, I8: np.float64, I4: np.float64, NAME: np.int64}


class TableFile:
    """One table on its way to disk; numbers are rounded here and nowhere else.

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
        floats = [name for name, kind in table.columns.items() if kind in (F8, F4)]
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
        for name, kind in kinds.items():
            if name in self._table.rounded:
                rows[name] = np.round(rows[name] * FINEST) / FINEST
            elif kind == F8:
                rows[name] = np.round(rows[name], DECIMALS)
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
            _named(part[name], self._names[name]) if kind == NAME else _numbers(part[name], kind)
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
