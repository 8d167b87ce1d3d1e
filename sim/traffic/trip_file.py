"""Origin-destination tables as CSV files: a row a pair, or a matrix with an origin a row and a destination a column."""

from __future__ import annotations

import csv
import math
from itertools import islice
from pathlib import Path

from sim.errors import DemandError, Fault

#: Header of a file with a row a pair.
PAIRS = ("from", "to", "trips")
MOST_CELLS = 1_000_000
_DIALECTS = ",;\t"

Trip = tuple[str, str, float]
Row = tuple[int, list[str]]  #: line number, cells


def read(path: Path) -> tuple[Trip, ...]:
    """(origin, destination, trips) of each pair in a CSV file.

    The header `from,to,trips` tells of a row a pair; any other one names the destinations of a matrix, after a first
    cell that is not looked at. Empty cells of a matrix are 0. Comma, semicolon or tab separates.

    Raises:
        DemandError: every cell that is not a number of trips, or the file cannot be read; with file and line.
    """
    rows = _rows(path)
    if not rows:
        raise DemandError(faults=[Fault(str(path), "is empty", f"wanted the header {','.join(PAIRS)} or a matrix")])
    (_, header), body = rows[0], rows[1:]
    faults: list[Fault] = []
    pairs = _pairs if tuple(cell.lower() for cell in header) == PAIRS else _matrix
    found = pairs(path, header, body, faults)
    if not faults and not found:
        faults.append(Fault(str(path), "holds no trips", "wanted at least one row below the header"))
    if faults:
        raise DemandError(faults=faults)
    return tuple(found)


def _rows(path: Path) -> list[Row]:
    """Line number and stripped cells of each line that is not empty."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            reader = csv.reader(file, delimiter=max(_DIALECTS, key=first.count), strict=True)
            cells = ((reader.line_num, [cell.strip() for cell in row]) for row in reader)
            rows = list(islice(((line, row) for line, row in cells if any(row)), MOST_CELLS + 1))
    except OSError as error:
        raise DemandError(faults=[Fault(str(path), error.strerror or "cannot be read", "wanted a CSV file")]) from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise DemandError(faults=[Fault(str(path), f"is not a CSV file ({error})", "wanted text in UTF-8")]) from None
    if sum(len(row) for _, row in rows) > 3 * MOST_CELLS:
        raise DemandError(faults=[Fault(str(path), "is too large", f"wanted at most {MOST_CELLS:,} pairs")])
    return rows


def _pairs(path: Path, header: list[str], body: list[Row], faults: list[Fault]) -> list[Trip]:
    found = []
    for line, row in body:
        if len(row) != len(PAIRS) or not (row[0] and row[1]):
            faults.append(Fault(f"{path}:{line}", f"has {len(row)} cells", f"wanted {','.join(PAIRS)}"))
            continue
        found.append((row[0], row[1], _number(path, line, row[2], faults)))
    return found


def _matrix(path: Path, header: list[str], body: list[Row], faults: list[Fault]) -> list[Trip]:
    found: list[Trip] = []
    if len(header) < 2 or not all(header[1:]):
        faults.append(Fault(f"{path}:1", "names no destinations", f"wanted a matrix or the header {','.join(PAIRS)}"))
        return found
    for line, row in body:
        if len(row) != len(header) or not row[0]:
            faults.append(Fault(f"{path}:{line}", f"has {len(row)} cells", f"wanted an origin and {len(header) - 1}"))
            continue
        for destination, cell in zip(header[1:], row[1:], strict=True):
            found.append((row[0], destination, _number(path, line, cell or "0", faults)))
    return found


def _number(path: Path, line: int, cell: str, faults: list[Fault]) -> float:
    """Trips in a cell [-]."""
    try:
        number = float(cell)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number >= 0.0):
        faults.append(Fault(f"{path}:{line}", f"{cell} is not a number of trips", "wanted 0 or more, such as 12.5"))
    return number
