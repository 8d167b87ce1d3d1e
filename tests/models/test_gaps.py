"""Gap acceptance: how many use a gap, and what is safe."""

from __future__ import annotations

import math

import pytest

from sim.models.lane_change.mobil import incentive
from sim.models.right_of_way.gaps import START_UP, crosses_safely, merges_safely, turn

CRITICAL, FOLLOW_UP = 4.1, 2.2


@pytest.mark.parametrize("gap", [2.0, 4.0, 4.2, 6.2, 6.4, 8.6, 20.0])
def test_a_gap_takes_as_many_as_harders_says(gap: float) -> None:
    """Everybody gets moving a second and a half late: n with gap >= t_c + (n - 1) t_f still pass."""
    before, passed = -math.inf, 0
    while True:
        ready = max(0.0, before) + FOLLOW_UP + 1.5 if passed else 0.0
        mine = turn(before, FOLLOW_UP, 0.0, ready, 0.0)
        if gap < mine + CRITICAL:
            break
        before, passed = mine, passed + 1
    assert passed == max(0, math.floor((gap - CRITICAL) / FOLLOW_UP) + 1)


def test_who_comes_late_has_his_turn_late() -> None:
    assert turn(0.0, 2.0, -10.0, 2.0 + START_UP, 0.0) == 2.0
    assert turn(0.0, 2.0, -10.0, 9.0, 0.0) == 9.0
    assert turn(0.0, 2.0, 5.0, 3.0, 0.0) == 5.0
    assert turn(0.0, 2.0, -10.0, 2.5, 0.0) == 2.0


def test_who_waits_until_another_has_left_is_not_late() -> None:
    """One with priority who needs 1.5 s to leave keeps all who wait there so much longer from setting off."""
    ready = 2.0 + START_UP + 1.4
    assert turn(0.0, 2.0, -10.0, ready, 1.5) == 2.0
    assert turn(0.0, 2.0, -10.0, ready, 1.3) == ready


def test_merging_is_safe_if_the_other_brakes_comfortably() -> None:
    """From 14 to 8 m/s at 2 m/s2 takes 36 / 4 = 9 m of closing way."""
    assert merges_safely(9.1, 8.0, 14.0, 2.0)
    assert not merges_safely(8.9, 8.0, 14.0, 2.0)
    assert merges_safely(0.1, 14.0, 14.0, 2.0)
    assert not merges_safely(-0.1, 20.0, 14.0, 2.0)
    assert crosses_safely(3.0, 3.1)
    assert not crosses_safely(3.1, 3.1)


def test_mobil_weighs_others_by_politeness() -> None:
    """Gain of 0.5 against a loss of 1.2 of both followers. Source: Kesting, Treiber, Helbing 2007, eq. 2."""
    assert incentive(0.1, 0.6, 0.3, -0.9, 0.0) == pytest.approx(0.5)
    assert incentive(0.1, 0.6, 0.3, -0.9, 0.2) == pytest.approx(0.26)
    assert incentive(0.1, 0.6, 0.3, -0.9, 1.0) == pytest.approx(-0.7)
