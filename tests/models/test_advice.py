"""What speed green wave advises, by hand."""

from __future__ import annotations

import math

import pytest

from sim.models.advice.green_wave import advised_speed


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
