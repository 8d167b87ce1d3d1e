"""Exporters: a result in another tool's format, one format a file."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from sim.errors import Fault, OutputError
from sim.registry import Registry
from sim.report.result import Result

#: Format name, as `sumo-tripinfo` -> function that writes a result to an open text file.
EXPORTERS: Registry[Callable[[Result, TextIO], None]] = Registry("exporter")


def export(result: Result, name: str, out: Path | None = None) -> Path:
    """Write a result in another tool's format; the file written.

    Args:
        result: what a run left.
        name: of the format, as `sumo-tripinfo`.
        out: the file; None: `<name>.xml` in the result folder.

    Raises:
        UnknownName: there is no such format, or the run did not write the table that it needs.
        OutputError: the file cannot be written.
    """
    write = EXPORTERS[name]
    target = out or result.folder / f"{name}.xml"
    partial = target.with_name(f"{target.name}.partial-{os.getpid()}")
    try:
        with partial.open("w", encoding="utf-8") as file:
            write(result, file)
        partial.replace(target)
    except OSError as error:
        if error.errno is None:  # of a table that is damaged
            raise OutputError(faults=[Fault(str(result.folder), f"cannot be read ({error})", "run it anew")]) from None
        fault = Fault(str(target), f"cannot be written ({error.strerror})", "wanted a place with room and the right to")
        raise OutputError(faults=[fault]) from None
    finally:
        partial.unlink(missing_ok=True)
    return target


EXPORTERS.discover(sys.modules[__name__])
