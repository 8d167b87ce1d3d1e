"""The study's own statistics: against closed forms, and their coverage on synthetic data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.study.statistics import count_ratio, estimate, holm, seeds_needed, unpaired_half_width


def test_the_interval_is_students() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0])
    half = stats.t.ppf(0.975, 3) * math.sqrt(5 / 3) / 2
    assert (found.mean, found.low, found.high) == pytest.approx((2.5, 2.5 - half, 2.5 + half))
    assert found.effect == pytest.approx(2.5 / math.sqrt(5 / 3))
    assert found.p == pytest.approx(stats.ttest_1samp([1.0, 2.0, 3.0, 4.0], 0.0).pvalue)
    assert found.low < found.bootstrap[0] < found.mean < found.bootstrap[1] < found.high


def test_nothing_and_one_seed_know_nothing() -> None:
    assert math.isnan(estimate([]).mean)
    one = estimate([3.0])
    assert one.mean == 3.0
    assert math.isnan(one.low)
    assert math.isnan(one.p)


def test_what_never_differs_is_alike() -> None:
    assert estimate([0.0, 0.0, 0.0]).p == 1.0
    assert estimate([1.0, 1.0, 1.0]).p == 0.0


def test_coverage_is_95_percent() -> None:
    """Of paired differences with a mean of 3, the procedure's intervals hold it in 95 % ± 2 % of studies."""
    draws = np.random.default_rng(7)
    studies, seeds = 4000, 10
    people = draws.normal(100.0, 30.0, (studies, seeds))
    base = people + draws.normal(0.0, 2.0, (studies, seeds))
    option = people + 3.0 + draws.normal(0.0, 2.0, (studies, seeds))
    held = 0
    for one, other in zip(base, option, strict=True):
        x = other - one
        half = stats.t.ppf(0.975, seeds - 1) * x.std(ddof=1) / math.sqrt(seeds)
        held += abs(x.mean() - 3.0) <= half
    few = [estimate(other - one) for one, other in zip(base[:60], option[:60], strict=True)]
    for found, one, other in zip(few, base, option, strict=False):
        x = other - one
        assert found.half_width == pytest.approx(stats.t.ppf(0.975, seeds - 1) * x.std(ddof=1) / math.sqrt(seeds))
    assert 0.93 <= held / studies <= 0.97


def test_pairing_narrows_the_interval() -> None:
    draws = np.random.default_rng(3)
    people = draws.normal(100.0, 30.0, 10)
    one, other = people + draws.normal(0, 2, 10), people + draws.normal(0, 2, 10)
    assert estimate(other - one).half_width < 0.5 * unpaired_half_width(one, other)


def test_holm_corrects_and_keeps_the_order() -> None:
    assert holm([0.01, 0.04, math.nan, 0.03]) == pytest.approx([0.03, 0.06, math.nan, 0.06], nan_ok=True)
    assert holm([0.9, 0.8]) == [1.0, 1.0]


@pytest.mark.parametrize(("deviation", "half"), [(1.0, 0.5), (3.0, 1.0), (10.0, 0.7)])
def test_seeds_needed_are_enough_and_not_too_many(deviation: float, half: float) -> None:
    found = seeds_needed(deviation, half)

    def width(n: int) -> float:
        return float(stats.t.ppf(0.975, n - 1)) * deviation / math.sqrt(n)

    assert width(found) <= half
    assert width(found - 1) > half


def test_seeds_needed_at_the_ends() -> None:
    assert seeds_needed(0.0, 1.0) == 2
    assert seeds_needed(1.0, 0.0) == 10_000


def test_rates_over_each_other() -> None:
    low, high = count_ratio(20, 100.0, 10, 100.0)
    assert low < 2.0 < high
    assert count_ratio(0, 1.0, 0, 1.0) == (0.0, math.inf)
    assert count_ratio(0, 1.0, 5, 1.0)[0] == 0.0
