"""How sure a difference is: paired intervals, effect size, correction for many measures, rates, seeds still needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

LEVEL = 0.95  #: of every interval
_RESAMPLES = 2000
_MOST_SEEDS = 10_000


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds and how sure it is.

    Args:
        mean: over seeds; nan if there is none.
        low: end of the 95 % t interval; nan with fewer than two seeds.
        high: likewise.
        bootstrap: ends of the 95 % bootstrap interval (bias-corrected where possible); nan likewise.
        deviation: between seeds.
        count: seeds.
        effect: mean over deviation [-], Cohen's d of paired differences; nan if nothing varies.
        p: two-sided, of a mean of zero; 1 if nothing differs at all.
    """

    mean: float
    low: float
    high: float
    bootstrap: tuple[float, float]
    deviation: float
    count: int
    effect: float
    p: float

    @property
    def half_width(self) -> float:
        """Of the t interval."""
        return (self.high - self.low) / 2.0


def estimate(values: Sequence[float] | np.ndarray) -> Estimate:
    """Mean of independent values with its intervals; values that are nan are left out.

    Source: Student 1908, doi:10.1093/biomet/6.1.1; Cohen 1988, doi:10.4324/9780203771587.
    """
    x = np.asarray(values, float)
    x = x[~np.isnan(x)]
    count = len(x)
    if count < 2:
        unknown = (math.nan, math.nan)
        return Estimate(float(x[0]) if count else math.nan, *unknown, unknown, math.nan, count, math.nan, math.nan)
    mean, deviation = float(x.mean()), float(x.std(ddof=1))
    if deviation == 0.0:
        p = 1.0 if mean == 0.0 else 0.0
        return Estimate(mean, mean, mean, (mean, mean), 0.0, count, math.nan, p)
    half = float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1)) * deviation / math.sqrt(count)
    p = float(2.0 * stats.t.sf(abs(mean) / (deviation / math.sqrt(count)), count - 1))
    return Estimate(mean, mean - half, mean + half, _bootstrap(x), deviation, count, mean / deviation, p)


def _bootstrap(x: np.ndarray) -> tuple[float, float]:
    """Bias-corrected bootstrap interval of the mean; the same for the same values.

    Source: Efron 1987, doi:10.1080/01621459.1987.10478410.
    """
    found = stats.bootstrap(
        (x,), np.mean, confidence_level=LEVEL, n_resamples=_RESAMPLES, vectorized=True, rng=np.random.default_rng(1)
    ).confidence_interval
    return float(found.low), float(found.high)


def unpaired_half_width(one: np.ndarray, other: np.ndarray) -> float:
    """Half width of the 95 % interval of a difference of means, had the runs not been paired.

    Source: Welch 1947, doi:10.1093/biomet/34.1-2.28.
    """
    if min(len(one), len(other)) < 2:
        return math.nan
    a, b = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    if a + b == 0.0:
        return 0.0
    freedom = (a + b) ** 2 / (a**2 / (len(one) - 1) + b**2 / (len(other) - 1))
    return float(stats.t.ppf(0.5 + LEVEL / 2.0, freedom)) * math.sqrt(a + b)


def holm(p: Sequence[float]) -> list[float]:
    """p values corrected for their number, in the order given; nan stays nan and does not count.

    Source: Holm 1979, Scandinavian Journal of Statistics 6(2), 65-70.
    """
    known = sorted((x, i) for i, x in enumerate(p) if not math.isnan(x))
    found, largest = [math.nan] * len(p), 0.0
    for rank, (x, i) in enumerate(known):
        largest = max(largest, min(1.0, (len(known) - rank) * x))
        found[i] = largest
    return found


def seeds_needed(deviation: float, half_width: float) -> int:
    """Seeds at which a t interval is expected to be no wider than wanted to each side; at most 10,000.

    Source: n = (t s / h)^2, domain section 6, solved for n as t depends on it.
    """
    if deviation == 0.0:
        return 2
    if half_width <= 0.0:
        return _MOST_SEEDS
    count = 2
    while count < _MOST_SEEDS:
        wanted = math.ceil((float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1)) * deviation / half_width) ** 2)
        if wanted <= count:
            return count
        count = min(wanted, count + max(1, count // 4))
    return _MOST_SEEDS


def count_ratio(one: int, one_exposure: float, other: int, other_exposure: float) -> tuple[float, float]:
    """95 % interval of a rate over another rate, of two counts over exposures; exact, given their sum.

    Source: Przyborowski and Wilenski 1940, doi:10.1093/biomet/31.3-4.313; Clopper and Pearson 1934.
    """
    total = one + other
    if total == 0 or min(one_exposure, other_exposure) <= 0.0:
        return 0.0, math.inf
    found = stats.binomtest(one, total).proportion_ci(LEVEL, "exact")
    scale = other_exposure / one_exposure
    odds = [x / (1.0 - x) if x < 1.0 else math.inf for x in (float(found.low), float(found.high))]
    return odds[0] * scale, odds[1] * scale
