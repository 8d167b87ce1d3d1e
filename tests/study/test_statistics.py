"""The study's own statistics: against closed forms, and their coverage on synthetic data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.study import statistics
from sim.study.compare import FIRST, MORE
from sim.study.decision import decide
from sim.study.differences import Difference, differences
from sim.study.measures import Measure
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


def studies(count: int, seeds: int, difference: float) -> tuple[np.ndarray, np.ndarray]:
    """Bases and options of many made-up studies (studies, seeds), with people in common."""
    draws = np.random.default_rng(7)
    people = draws.normal(100.0, 30.0, (count, seeds))
    base = people + draws.normal(0.0, 2.0, (count, seeds))
    return base, people + difference + draws.normal(0.0, 2.0, (count, seeds))


def compared(one: np.ndarray, other: np.ndarray, precision: float = 0.02) -> Difference:
    """A made-up study by the procedure itself."""
    told = [{i + 1: {"m": float(x)} for i, x in enumerate(values)} for values in (one, other)]
    return differences(*told, [Measure("m", "made up", "s")], precision)[0]


def test_coverage_is_95_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of paired differences with a mean of 3, the procedure's intervals hold it in 95 % ± 2 % of studies."""
    monkeypatch.setattr(statistics, "_bootstrap", lambda x: (0.0, 0.0))  # it does not decide, and is slow
    found = [compared(*study).paired for study in zip(*studies(3000, 10, 3.0), strict=True)]
    held = sum(x.low <= 3.0 <= x.high for x in found) / len(found)
    assert 0.93 <= held <= 0.97


def test_nothing_is_called_a_difference_in_95_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "_bootstrap", lambda x: (0.0, 0.0))
    words = [decide([compared(*study)], []).word for study in zip(*studies(3000, 10, 0.0), strict=True)]
    assert 0.93 <= sum(x not in ("better", "worse") for x in words) / len(words) <= 0.97


def test_coverage_with_seeds_auto(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who stops once the interval is narrow enough holds the mean nearly as often: 95 % ± 2 %."""
    monkeypatch.setattr(statistics, "_bootstrap", lambda x: (0.0, 0.0))
    held = 0
    for one, other in zip(*studies(2000, 20, 3.0), strict=True):
        seeds = FIRST
        while seeds < 20 and not compared(one[:seeds], other[:seeds]).is_precise:
            seeds = min(seeds + MORE, 20)
        x = compared(one[:seeds], other[:seeds]).paired
        held += x.low <= 3.0 <= x.high
    assert 0.93 <= held / 2000 <= 0.97


def test_bootstrap_of_ten_seeds_holds_less_often_and_is_told_beside() -> None:
    """Bias-corrected intervals of few values are too narrow: why the t interval decides."""
    one, other = studies(200, 10, 3.0)
    found = [estimate(b - a).bootstrap for a, b in zip(one, other, strict=True)]
    assert 0.82 <= sum(low <= 3.0 <= high for low, high in found) / len(found) <= 0.97


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
