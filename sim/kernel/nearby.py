"""Which messages of a step are said near a station."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline

#: So much farther [m] than the range it is looked for messages, for distances are told to 24 bits.
SLACK = 0.1
#: What is gathered is filled up to a multiple of so many, with what is said so far away [m] that nobody hears it.
FULL, NOWHERE = 32, 1e15


@inline
def width(w: Any, station: int, j: int, far: float) -> tuple[int, int]:
    """First and last cell of line j of the grid that lie so near [m] of a station."""
    a, s = w.radio.air[0], w.radio.stations[station]
    line = (s.y - a.south) / a.cell
    off = max(0.0, max(j - line, line - j - 1.0)) * a.cell  # of the line of cells from here
    half = math.sqrt(max(0.0, far * far - off * off))
    return max(0, int((s.x - half - a.west) / a.cell)), min(a.columns - 1, int((s.x + half - a.west) / a.cell))


@inline
def look_around(w: Any, station: int, far: float) -> int:
    """List the messages of this step so near [m] of a station, its own too; returns how many there are."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys, near, kinds, cells = r.x, r.y, r.near, r.away, r.cells
    x, y = np.float32(s.x), np.float32(s.y)
    reach, finer = np.float32(far * far), np.float32(1.0 / a.step_of_class)
    columns, cell = a.columns, a.cell
    line = (s.y - a.south) / cell
    found = 0
    for j in range(max(0, int(line - far / cell)), min(a.lines - 1, int(line + far / cell)) + 1):
        left, right = width(w, station, j, far)
        for k in range(cells[j * columns + left].first, cells[j * columns + right + 1].first):
            dx, dy = xs[k] - x, ys[k] - y
            away = dx * dx + dy * dy
            near[found] = k
            kinds[found] = np.int32(np.sqrt(away) * finer)
            found += 1 if away <= reach else 0
    return found


@inline
def cell_of(w: Any, x: float, y: float) -> int:
    """Cell of the grid in which a place [m] lies."""
    a = w.radio.air[0]
    column = int(min(max((x - a.west) / a.cell, 0.0), a.columns - 1.0))
    line = int(min(max((y - a.south) / a.cell, 0.0), a.lines - 1.0))
    return line * a.columns + column


@inline
def gather_around(w: Any, cell: int, decided: bool) -> None:
    """Put the places of all messages of this step side by side that can be within range of somebody in a cell.

    One look around a cell does for all in it, and what it finds is so long that the processor counts many at a time.

    Args:
        decided: what decides them is gathered, too.
    """
    r, a = w.radio, w.radio.air[0]
    xs, ys, keys, stands = r.x_around, r.y_around, r.keys_around, r.stands_around
    columns, far = a.columns, (a.range + SLACK) / a.cell
    line, column, found = cell // columns, cell % columns, 0
    for j in range(max(0, line - int(far) - 1), min(a.lines - 1, line + int(far) + 1) + 1):
        off = max(0.0, abs(j - line) - 1.0)
        if off > far:
            continue
        half = int(math.sqrt(far * far - off * off)) + 1
        left, right = max(0, column - half), min(columns - 1, column + half)
        begin, end = r.cells[j * columns + left].first, r.cells[j * columns + right + 1].first
        put = found - begin
        if j == line:
            a.home = put
        for k in range(begin, end):
            xs[put + k], ys[put + k] = r.x[k], r.y[k]
        if decided:
            for k in range(begin, end):
                keys[put + k], r.rows_around[put + k] = r.keys[k], k
            for k in range(begin, end if a.sights > 1 else begin):
                stands[put + k] = r.stands[k]
        if a.weighed:
            for k in range(begin, end):
                r.bytes_around[put + k] = r.spoken[k].bytes if r.cut[k] == 0 else 0
        found += end - begin
    a.around = found + (-found) % FULL
    for i in range(found, a.around):
        xs[i], ys[i] = np.float32(NOWHERE), np.float32(NOWHERE)


@inline
def count_near(w: Any, station: int) -> int:
    """Number of messages of this step within range of a station, its own too; those around its cell are gathered."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys = r.x_around, r.y_around
    x, y, reach = np.float32(s.x), np.float32(s.y), np.float32(a.range * a.range)
    found = np.int32(0)
    for i in range(a.around):
        dx, dy = xs[i] - x, ys[i] - y
        found = np.int32(found + (1 if dx * dx + dy * dy <= reach else 0))
    return int(found)


@inline
def weigh_near(w: Any, station: int) -> int:
    """Bytes of others' messages of this step within range of a station that came up; those around are gathered."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    xs, ys, sizes = r.x_around, r.y_around, r.bytes_around
    x, y, reach = np.float32(s.x), np.float32(s.y), np.float32(a.range * a.range)
    found = 0
    for i in range(a.around):
        dx, dy = xs[i] - x, ys[i] - y
        found += sizes[i] if dx * dx + dy * dy <= reach else 0
    first = r.rows[s.first]
    for k in range(first, first + s.uttered):
        found -= r.spoken[k].bytes if r.cut[k] == 0 else 0
    return found
