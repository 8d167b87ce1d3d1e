"""Counts as rates with exact intervals."""

from __future__ import annotations

import math
from typing import Any

LEVEL = 0.95  #: of every interval
_KILO = 1000.0


def poisson_interval(count: int) -> tuple[float, float]:
    """Exact interval of the mean of a Poisson count [-]; with nothing counted, the one-sided upper bound.

    Source: Garwood 1936, doi:10.1093/biomet/28.3-4.437; for nothing counted -ln 0.05 = 3.0, the rule of three.
    """
    if count == 0:
        return 0.0, -math.log(1.0 - LEVEL)
    from scipy.special import gammaincinv  # takes long; asked for when a run is over

    tail = (1.0 - LEVEL) / 2.0
    return float(gammaincinv(count, tail)), float(gammaincinv(count + 1, 1.0 - tail))


def rate(count: int | None, among: float) -> dict[str, Any]:
    """How many per 1,000, with its interval; null where nobody counted, or there is nothing to divide by."""
    if count is None:
        return dict.fromkeys(("rate", "low", "high")) | {"level": LEVEL}
    low, high = (x / among * _KILO if among > 0 else None for x in poisson_interval(count))
    return {"rate": count / among * _KILO if among > 0 else None, "low": low, "high": high, "level": LEVEL}
