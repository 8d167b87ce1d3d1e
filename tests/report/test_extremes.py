"""Crashes estimated from near misses, by hand and against what is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from sim.report.extremes import FEWEST, beyond, tail, told
from sim.verify.run import finding


@pytest.mark.parametrize("shape", [-0.4, -0.1, 0.0, 0.3])
def test_share_beyond_is_that_of_the_pareto_distribution(shape: float) -> None:
    assert beyond(0.7, 0.4, shape) == pytest.approx(stats.genpareto.sf(0.7, shape, scale=0.4))
    assert beyond(10.0, 0.4, -0.4) == 0.0, "beyond its bound"


def test_fit_and_estimate_are_those_of_a_known_tail() -> None:
    rng = np.random.default_rng(3)
    excess = stats.genpareto.rvs(-0.2, scale=0.5, size=20_000, random_state=rng)
    times = np.concatenate([1.5 - excess, 1.5 + rng.random(180_000)])
    found = tail(times, 0.099)
    assert found is not None
    assert found.shape == pytest.approx(-0.2, abs=0.03)
    assert found.scale == pytest.approx(0.5, abs=0.02)
    true = 0.1 * (1.0 - 0.2 * 1.5 / 0.5) ** 5
    assert found.low < true < found.high
    assert found.crashes == pytest.approx(true, rel=0.15)


def test_where_nothing_comes_near_the_interval_reaches_down_to_nothing_but_not_zero() -> None:
    times = 2.0 + np.random.default_rng(1).random(2000)
    found = tail(times)
    assert found is not None
    assert found.low == 0.0
    assert 0.0 < found.high < 0.05


def test_too_few_encounters_tell_nothing() -> None:
    assert tail(np.linspace(1.0, 2.0, 2 * FEWEST - 1)) is None
    figures = told(np.array([1.0, math.inf, 0.0]))
    assert figures["rate"] is None
    assert figures["level"] == 0.95


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    found = finding("extremes.coverage", {"encounters": "1200", "draws": "40"})
    assert found.points[0].got >= 90.0
