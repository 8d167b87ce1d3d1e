"""What applications advise, by hand."""

from __future__ import annotations

import math

import pytest

from sim.models.advice.forward_collision import needed_braking
from sim.models.advice.green_wave import advised_speed
from sim.models.advice.lane_change import bars_change
from sim.models.advice.left_turn import bars_turn
from sim.models.advice.merge import braking_to_let_in, falls_behind


def advice(distance: float, speed: float, left: float, wait: float) -> float:
    """Advice to who wants 14 m/s, may be told 5 to 15 m/s, and speeds up by 1 and brakes by 1.5 m/s2."""
    return float(advised_speed(distance, speed, 14.0, 15.0, 5.0, 1.0, 1.5, left, wait))


def test_who_arrives_in_green_is_left_alone() -> None:
    assert advice(140.0, 14.0, 11.5, 60.0) == math.inf  # there after 10 s


def test_a_little_faster_where_that_is_enough() -> None:
    # 1 s to 15 m/s, 14.5 m on the way; 125.5 m at 15 m/s: 9.37 s, and 1 s must be left
    assert advice(140.0, 14.0, 10.4, 60.0) == 15.0
    assert advice(140.0, 14.0, 10.3, 60.0) == math.inf  # 60 s are too long to wait for
    assert advice(140.0, 14.0, 10.3, 20.0) == pytest.approx(7.0)


def test_slower_towards_the_next_green() -> None:
    assert advice(100.0, 14.0, 0.0, 15.0) == pytest.approx(100.0 / 15.0)
    assert advice(100.0, 14.0, 0.0, 20.5) == math.inf  # would be slower than 5 m/s
    assert advice(100.0, 14.0, 0.0, 7.0) == math.inf  # is green before one is there
    assert advice(100.0, 14.0, 0.0, math.inf) == math.inf  # nobody knows when


def test_braking_for_who_is_slower_or_brakes() -> None:
    assert needed_braking(20.0, 50.0, 10.0, 0.0) == pytest.approx(1.0)  # 10 m/s off within 50 m
    assert needed_braking(20.0, 50.0, 20.0, 0.0) == 0.0
    assert needed_braking(20.0, 50.0, 20.0, -4.0) == pytest.approx(2.0)  # both stop 100 m on
    assert needed_braking(20.0, 0.0, 10.0, 0.0) == math.inf


def test_who_is_beside_or_comes_fast_bars_a_change() -> None:
    assert bars_change(2.0, -5.0, 3.0, 3.5)
    assert bars_change(30.0, 10.0, 3.0, 3.5)
    assert not bars_change(40.0, 10.0, 3.0, 3.5)
    assert not bars_change(4.0, 0.0, 3.0, 3.5)


def test_who_comes_too_soon_bars_a_left_turn() -> None:
    def bars(distance: float, speed: float, acceleration: float = 0.0) -> bool:
        """The turn takes from 1 to 4 s from now, 2 s are to be left; body and area are 10 m long."""
        return bool(bars_turn(distance, speed, acceleration, 10.0, 1.0, 4.0, 2.0))

    assert bars(59.0, 10.0)
    assert not bars(61.0, 10.0)
    assert not bars(30.0, 10.0, -2.0), "stops after 25 m"
    assert bars(30.0, 10.0, -1.0)
    assert not bars(-1.0, 11.0), "is gone by then"
    assert not bars(30.0, 0.0)


def test_braking_to_be_behind_who_merges() -> None:
    # he is there after 5 s at 10 m/s, 10 m long, and 1 s is to be left: not before 7 s
    assert braking_to_let_in(150.0, 20.0, 5.0, 10.0, 10.0, 1.0) == 0.0
    assert braking_to_let_in(115.5, 20.0, 5.0, 10.0, 10.0, 1.0) == pytest.approx(1.0)  # 140 m less 0.5 * 7 * 7
    assert braking_to_let_in(50.0, 20.0, 5.0, 10.0, 10.0, 1.0) == pytest.approx(4.0)  # to a stand before


def test_who_can_fall_behind_one_who_merges() -> None:
    # from 20 to 10 m/s by 2 m/s2: 5 s, 75 m; then 2 s at 10 m/s
    assert falls_behind(95.1, 20.0, 2.0, 7.0, 10.0)
    assert not falls_behind(94.9, 20.0, 2.0, 7.0, 10.0)
    # after 3 s still 4 m/s faster, 51 m on: 4 m more
    assert falls_behind(55.1, 20.0, 2.0, 3.0, 10.0)
    assert not falls_behind(54.9, 20.0, 2.0, 3.0, 10.0)
    assert falls_behind(50.0, 10.0, 2.0, 5.0, 12.0)
