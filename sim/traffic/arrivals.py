"""When vehicles depart: even and Poisson arrivals, and pulses; each time a keyed draw of its own vehicle.

Times are rounded to whole microseconds, the clock's tick, so that the last bit of a machine's logarithm cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, inf

import numpy as np

from sim import chance
from sim.units import TICK

_MOST_AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Rate:
    """Arrivals at a constant mean rate.

    Args:
        per_second: [1/s].
        begin: [s]; -inf: when the run begins.
        end: [s]; inf: when the run ends.
        even: one each 1 / per_second; else a Poisson process.
        drawn_phase: even arrivals begin at a drawn moment of the first period instead of at `begin`.
    """

    per_second: float
    begin: float = -inf
    end: float = inf
    even: bool = False
    drawn_phase: bool = False


@dataclass(frozen=True, slots=True)
class Crowd:
    """A number of arrivals around a time.

    Args:
        count: mean number; a fraction is one vehicle more with that probability.
        peak: [s].
        spread: half width of the triangular density [s].
        begin: nobody before [s].
        end: nobody from then on [s].
    """

    count: float
    peak: float
    spread: float
    begin: float = -inf
    end: float = inf


Process = Rate | Crowd


def expected(process: Process, begin: float, end: float) -> float:
    """How many draws a process needs in a run over [begin, end) [s] on average, before any is made; inf if endless."""
    if isinstance(process, Crowd):
        return process.count
    if process.per_second == 0.0:
        return 0.0
    start, stop = _window(process, begin, end)
    return max(0.0, stop - start) * process.per_second


def times(process: Process, name: str, seed: int, begin: float, end: float) -> tuple[np.ndarray, np.ndarray, int]:
    """Who departs in [begin, end) [s], and when.

    Args:
        process: with finite `expected`.
        name: of the flow, the key of its draws.

    Returns:
        number of each vehicle within the flow (vehicles,); its time [s] (vehicles,), ascending; how many of a crowd
        fall outside the run or its own hours.
    """
    with np.errstate(over="ignore"):  # a rate next to nothing: the next one comes at infinity
        found = np.round(_drawn(process, name, seed, begin, end) * TICK) / TICK
    kept = np.flatnonzero((found >= max(begin, process.begin)) & (found < min(end, process.end)))
    kept = kept[np.argsort(found[kept], kind="stable")]
    missing = len(found) - len(kept) if isinstance(process, Crowd) else 0
    return kept, found[kept], missing


def _window(process: Rate, begin: float, end: float) -> tuple[float, float]:
    """From where a process is drawn and up to where it is needed: its own begin, not the run's, if it has one."""
    return (begin if process.begin == -inf else process.begin), min(end, process.end)


def _drawn(process: Process, name: str, seed: int, begin: float, end: float) -> np.ndarray:
    """Times of all vehicles up to `end`, by number."""
    if isinstance(process, Crowd):
        return _crowd(process, name, seed)
    if process.per_second == 0.0:
        return np.empty(0)
    return (_even if process.even else _poisson)(process, name, seed, begin, end)


def _even(process: Rate, name: str, seed: int, begin: float, end: float) -> np.ndarray:
    start, stop = _window(process, begin, end)
    phase = float(_draws(seed, name, 0, 1)[0]) if process.drawn_phase else 0.0
    count = max(0, ceil((stop - start) * process.per_second))
    found: np.ndarray = start + (np.arange(count) + phase) / process.per_second
    return found


def _poisson(process: Rate, name: str, seed: int, begin: float, end: float) -> np.ndarray:
    """Running sum of exponential gaps; blocks only bound the memory, they do not change a bit."""
    start, stop = _window(process, begin, end)
    mean = (stop - start) * process.per_second
    block = min(int(mean + 4.0 * mean**0.5) + 16, _MOST_AT_ONCE) if start < stop else 0
    parts = [np.empty(0)]
    drawn = 0
    while start < stop:
        gaps = -np.log1p(-_draws(seed, name, drawn, block)) / process.per_second
        part = np.cumsum(np.concatenate(([start], gaps)))[1:]
        parts.append(part)
        start, drawn = float(part[-1]), drawn + block
    return np.concatenate(parts)


def _crowd(process: Crowd, name: str, seed: int) -> np.ndarray:
    """Inverse of the triangular distribution at one draw a vehicle; draw 0 decides about the fraction of a vehicle."""
    whole = int(process.count)
    draws = _draws(seed, name, 0, whole + 2)
    u = draws[1 : whole + 1 + int(draws[0] < process.count - whole)]
    side = np.where(u < 0.5, np.sqrt(2.0 * u) - 1.0, 1.0 - np.sqrt(2.0 * (1.0 - u)))
    found: np.ndarray = process.peak + process.spread * side
    return found


def _draws(seed: int, name: str, first: int, count: int) -> np.ndarray:
    """Draws number `first` and so on of a flow, (count,) [-]."""
    key = np.array(chance.key(name), dtype=np.uint64)
    return chance.uniforms(seed, chance.DEPARTURE, key, np.arange(first, first + count))
