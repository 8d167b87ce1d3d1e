"""Run a scenario as plain Python with every look into a table checked: `guarded.py SCENARIO path=value ...`.

Compiled code does not check indexes: one beyond a table's end reads or writes somebody else's memory. Here such a look,
or one before the beginning, is an error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

os.environ["PILOTZONE_PLAIN"] = "1"
import sim.compiled


class Checked:
    """A table whose rows are looked at by whole numbers from 0 to its length only."""

    def __init__(self, name: str, rows: Any) -> None:
        self.name, self.rows, self.length = name, rows, len(rows)

    def _place(self, index: Any) -> int:
        if not 0 <= index < self.length:
            raise IndexError(f"row {index} of {self.name}, which has {self.length}")
        return int(index)

    def __getitem__(self, index: Any) -> Any:
        return self.rows[self._place(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        self.rows[self._place(index)] = value

    def __len__(self) -> int:
        return self.length


def guard(tables: Any) -> Any:
    """The same tables, checked; groups of tables likewise."""
    wrapped = {x: guard(y) if isinstance(y, tuple) else Checked(x, y) for x, y in tables._asdict().items()}
    return type(tables)(**wrapped)


def opener(*layout: Any) -> Callable[..., Any]:
    """In place of the compiler's: opens tables that are checked."""
    return guard


sim.compiled.opener = opener

if __name__ == "__main__":
    from sim.run import load, run

    changes = dict(x.split("=", 1) for x in sys.argv[2:])
    result = run(load(sys.argv[1], changes), seed=1)
    print(result.summary["performance"]["vehicle_updates"], result.summary["vehicles"]["arrived"])
