"""One declaration of a column gives its allocation, check and description.

A table is a class whose annotations are `Annotated[Array, Column(...)]`; its rows live in one record array.
"""

from __future__ import annotations

import mmap
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


#: Bytes that a processor fetches at once.
LINE = 64
#: Size of a large page of memory [bytes].
PAGE = 1 << 21


def layout(table: type[Any]) -> np.dtype[Any]:
    """Memory layout of a row.

    A table whose `NEAR` names columns has these first, in that order, and rows that fill whole lines of the cache.
    """
    found = columns(table)
    near = getattr(table, "NEAR", "").split()
    if not near:
        return np.dtype([(name, column.dtype) for name, column in found.items()], align=True)
    rest = [name for name in found if name not in near]
    names = near + sorted(rest, key=lambda name: -np.dtype(found[name].dtype).itemsize)
    packed = np.dtype([(name, found[name].dtype) for name in names], align=True)
    offsets = [packed.fields[name][1] for name in names] if packed.fields else []
    size = -(-packed.itemsize // LINE) * LINE
    formats = [found[name].dtype for name in names]
    return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": size}, align=True)


def zeros(count: int, dtype: Any, large: bool = True) -> np.ndarray:
    """So many zeros, (count,), beginning with a line of the cache; large lists in large pages, where there are any.

    In pages of 4 kB most looks at a large list would also be looks for where its page is.

    Args:
        large: in large pages; else it takes memory page by page, once it is used.
    """
    size = count * np.dtype(dtype).itemsize
    if size < PAGE or not large or not hasattr(mmap, "MADV_HUGEPAGE"):
        room, border = np.zeros(size + LINE, np.uint8), LINE
    else:
        mapped = mmap.mmap(-1, -(-size // PAGE) * PAGE + PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        mapped.madvise(mmap.MADV_HUGEPAGE)
        room, border = np.frombuffer(mapped, np.uint8), PAGE
    first = -room.ctypes.data % border
    return room[first : first + size].view(dtype)


def allocate(table: type[Any], rows: int) -> Any:
    """A table of unused rows: record array of shape (rows,)."""
    made = zeros(rows, layout(table))
    for name, column in columns(table).items():
        made[name] = column.fill
    return made.view(np.recarray)


def untouched(table: type[Any], rows: int, large: bool = False) -> Any:
    """A table of zeros that takes no memory before it is used: page by page, or large page by large page."""
    row = layout(table)
    return (zeros(rows, row) if large else np.zeros(rows, row)).view(np.recarray)


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
