"""Conversions between what users write and SI, and between seconds and whole ticks; the only ones in the program."""

from __future__ import annotations

TICK = 1_000_000  #: ticks in a second: event time is a whole number of microseconds


def ticks(seconds: float) -> int:
    """Event time of a number of seconds [ticks]."""
    return round(seconds * TICK)


def seconds(ticks: int) -> float:
    """Seconds of an event time [s]."""
    return ticks / TICK
