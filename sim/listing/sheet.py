"""A small table for readers: printed as lines, drawn on a terminal, or told as JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

Cell = str | float | bool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is told of one thing or one kind of things.

    Args:
        title: one line.
        columns: names of the columns, the first of which names a row.
        rows: a cell a column.
        note: what to know besides; empty if nothing.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def as_dicts(self) -> list[dict[str, Cell]]:
        """A row a mapping."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def text(cell: Cell) -> str:
    """How a cell is printed: numbers to seven digits, nothing for what is not there."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    return f"{cell:.7g}" if isinstance(cell, (int, float)) else cell


def show(sheets: Iterable[Sheet]) -> None:
    """Print sheets: tables on a terminal, plain lines elsewhere."""
    drawn = sys.stdout.isatty()
    for sheet in sheets:
        if drawn:
            _draw(sheet)
        else:
            for line in _lines(sheet):
                print(line)


def _lines(sheet: Sheet) -> Iterator[str]:
    """A row a line: its name, then what the columns hold; the source stands last and in brackets."""
    yield f"{sheet.title}:" if sheet.rows else f"{sheet.title}: nothing"
    for name, *cells in sheet.rows:
        told = [_told(sheet.columns[rank + 1], x) for rank, x in enumerate(cells) if text(x)]
        source = [x for x in told if x.startswith("[source] ")]
        parts = ["; ".join(x for x in told if x not in source), *(f"[{x[9:]}]" for x in source)]
        yield f"  {text(name)}: {' '.join(x for x in parts if x)}"
    if sheet.note:
        yield f"  ({sheet.note})"


def _told(column: str, cell: Cell) -> str:
    """A cell with its heading, where that is not plain from what it holds."""
    plain = column in ("what it is", "value", "unit", "standing", "wanted")
    return text(cell) if plain else f"[{column}] {text(cell)}" if column == "source" else f"{column} {text(cell)}"


def _draw(sheet: Sheet) -> None:
    from rich import box
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    title, console = f"[bold]{escape(sheet.title)}[/]", Console()
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, caption_justify="left")
    for rank, name in enumerate(sheet.columns):
        table.add_column(name, style="bold cyan" if rank == 0 else "dim" if name == "source" else None, overflow="fold")
    for row in sheet.rows:
        table.add_row(*(escape(text(x)) for x in row))
    console.print(table)
    if sheet.note:
        console.print(f"[dim]{escape(sheet.note)}[/]", highlight=False)


def data(sheets: Iterable[Sheet]) -> dict[str, Any]:
    """Sheets as JSON's data: rows by title."""
    return {sheet.title: sheet.as_dicts() for sheet in sheets}
