"""What there is, as a table on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table


def show_list(kind: str, rows: Sequence[tuple[str, str, str]], console: Console | None = None) -> None:
    """Print names, what each is, and where it is from.

    Args:
        rows: name, line, source.
        console: where to; by default the terminal.
    """
    table = Table(box=box.SIMPLE_HEAD, title=f"[bold]{kind}[/]", title_justify="left", pad_edge=False)
    table.add_column("name", style="bold cyan", overflow="fold")
    table.add_column("what it is", ratio=3)
    table.add_column("source", style="dim", ratio=2)
    for row in rows:
        table.add_row(*map(escape, row))
    (console or Console()).print(table)
