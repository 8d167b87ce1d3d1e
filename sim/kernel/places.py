"""Where on the plane positions on lanes lie, and which of them are in line of sight."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.models.positioning import stray
from sim.state.air import BEAT, PATCH


@inline
def fine(value: float, resolution: float) -> float:
    """What a field of such resolution can carry of a value."""
    return math.floor(value / resolution + 0.5) * resolution


@inline
def astray(w: Any, station: int, when: int) -> float:
    """How far beyond where it is, along the road, a station believes to be at a time [beats] [m]."""
    s = w.radio.stations[station]
    return s.astray * stray(w.totals[0].seed, s.key, when / BEAT) if s.astray > 0.0 else 0.0


@inline
def on_plane(w: Any, lane: int, position: float) -> tuple[float, float, float]:
    """Where a position on a lane lies [m], and which way the lane goes there [degrees clockwise from north]."""
    r = w.radio
    low, high = r.outlines[lane].first, r.outlines[lane].end - 2
    while low < high:
        middle = (low + high + 1) // 2
        if r.axes[middle].along <= position:
            low = middle
        else:
            high = middle - 1
    p, q = r.axes[low], r.axes[low + 1]
    share = min(1.0, max(0.0, (position - p.along) / (q.along - p.along)))
    return p.x + share * (q.x - p.x), p.y + share * (q.y - p.y), p.heading


@inline
def patch_of(w: Any, lane: int, position: float) -> int:
    """Piece of a lane on which a position lies."""
    return w.radio.outlines[lane].patch + int(max(0.0, position) / PATCH)


@inline
def in_sight(w: Any, one: int, other: int) -> int:
    """0 if two patches are in line of sight, 1 if buildings lie between them."""
    r = w.radio
    bit = r.standpoints[one] * r.air[0].patches + r.standpoints[other]
    return 0 if (r.sight[bit >> 3] >> (bit & 7)) & 1 else 1


@inline
def is_jammed(w: Any, x: float, y: float) -> bool:
    """Whether a place lies in a jammed area."""
    r = w.radio
    for i in range(r.air[0].jammed):
        j = r.jams[i]
        dx, dy = x - j.x, y - j.y
        if j.on and dx * dx + dy * dy <= j.radius * j.radius:
            return True
    return False
