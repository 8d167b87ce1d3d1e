"""Signals of a park: controllers, their programmes and phases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sim.park.rings import Rings


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of a signal programme.

    Args:
        state: a letter for each group. SUMO's: G green with priority, g green with yielding, y yellow, Y yellow major,
            r red, u red-yellow, s green right-turn arrow (stop, then yield), o off blinking (yield), O off (by rule).
        duration: [s]; of an actuated phase the usual one.
        minimum: [s]; equal to duration if fixed.
        maximum: [s]; equal to duration if fixed.
        following: indices of possible next phases; empty: the next in order.
    """

    state: str
    duration: float
    minimum: float
    maximum: float
    following: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal controller with one programme.

    Args:
        kind: fixed; actuated (extends a green phase while detectors are met within `max_gap`); rings (phases side by
            side, as `rings` tells); rail (its one phase is red, and it opens when the track up to the next such signal
            is free of other trains); or passage (at the end of a shared strip: red for who would enter it, until the
            strip is his direction's).
        offset: [s], shift of the programme.
        detector_gap: distance of the detector from the stop line in time at free speed [s].
        max_gap: time gap that ends an actuated green [s].
        passing_time: headway at which a queue is reckoned to pass the line, for placing detectors [s].
        rings: of a signal of that kind.
    """

    id: str
    kind: Literal["fixed", "actuated", "rings", "rail", "passage"]
    programme: str
    offset: float
    phases: tuple[Phase, ...]
    detector_gap: float = 2.0
    max_gap: float = 3.0
    passing_time: float = 1.9
    rings: Rings | None = None
    #: what the file says and the program does not do yet, for warnings
    ignored: tuple[str, ...] = ()
