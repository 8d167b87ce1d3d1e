"""One declaration of a column gives its allocation, check and description.

A table is a class whose annotations are `Annotated[Array, Column(...)]`; its rows live in one record array.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args, get_type_hints

import numpy as np

from sim.errors import StateError


@dataclass(frozen=True, slots=True)
class Column:
    """What a column holds: unit, meaning, dtype, value of an unused row."""

    unit: str
    meaning: str
    dtype: str = "f8"
    fill: float = 0


def columns(table: type[Any]) -> dict[str, Column]:
    """Columns of a table by name, as declared."""
    hints = get_type_hints(table, include_extras=True)
    return {name: get_args(hint)[1] for name, hint in hints.items()}


def layout(table: type[Any]) -> np.dtype[Any]:
    """Memory layout of a row."""
    return np.dtype([(name, column.dtype) for name, column in columns(table).items()], align=True)


def allocate(table: type[Any], rows: int) -> Any:
    """A table of unused rows: record array of shape (rows,)."""
    made = np.zeros(rows, layout(table))
    for name, column in columns(table).items():
        made[name] = column.fill
    return made.view(np.recarray)


def grown(table: type[Any], old: Any, rows: int) -> Any:
    """A copy with more rows, the new ones unused."""
    bigger = allocate(table, rows)
    bigger[: len(old)] = old
    return bigger


def check(table: type[Any], rows: Any) -> None:
    """Raise StateError if rows do not fit the table's declaration."""
    want = layout(table)
    if rows.ndim != 1 or rows.dtype.fields != want.fields or rows.dtype.itemsize != want.itemsize:
        raise StateError(f"{table.__name__}: rows {rows.shape} do not have the declared columns {want.names}")


def describe(table: type[Any]) -> str:
    """A line a column: name, dtype, unit, meaning."""
    return "\n".join(f"{n:24s} {c.dtype:3s} [{c.unit}] {c.meaning}" for n, c in columns(table).items())
