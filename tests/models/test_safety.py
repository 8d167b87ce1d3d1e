"""Measures of danger against a fine simulation of the motion that they speak of."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.models.safety import crossing, following, merging

speeds = st.floats(0.5, 30.0)
ways = st.floats(0.5, 80.0)
reactions = st.sampled_from([0.0, 1.0])


def distance(speed: float, deceleration: float, reaction: float, time: np.ndarray) -> np.ndarray:
    """Way of one who brakes to standstill after a reaction time [m]."""
    braking = np.clip(time - reaction, 0.0, speed / deceleration if deceleration > 0.0 else np.inf)
    return speed * (np.minimum(time, reaction) + braking) - 0.5 * deceleration * braking**2


@given(ways, speeds, speeds)
def test_a_follower_touches_after_his_time_to_collision(gap: float, speed: float, leader: float) -> None:
    ttc = following.time_to_collision(gap, speed - leader)
    if speed <= leader:
        assert ttc == math.inf
    else:
        assert gap + leader * ttc - speed * ttc == pytest.approx(0.0, abs=1e-9)


@given(ways, speeds, speeds, reactions)
def test_a_follower_who_brakes_so_hard_comes_to_touch_and_no_further(
    gap: float, speed: float, leader: float, reaction: float
) -> None:
    needed = following.deceleration_to_avoid(gap, speed - leader, reaction)
    assume(0.01 < needed < math.inf)
    times = np.linspace(0.0, reaction + (speed - leader) / needed, 4001)
    left = gap + leader * times - distance(speed, needed, reaction, times)
    assert left.min() == pytest.approx(0.0, abs=1e-6 * max(1.0, gap))
    assert left[-1] == pytest.approx(left.min(), abs=1e-9 + 1e-6 * gap)


def test_a_follower_by_hand() -> None:
    assert following.time_to_collision(10.0, 5.0) == 2.0
    assert following.deceleration_to_avoid(10.0, 5.0, 0.0) == 1.25  # 5^2 / (2 x 10)
    assert following.deceleration_to_avoid(10.0, 5.0, 1.0) == 2.5  # 5 / (2 (2 - 1))
    assert following.deceleration_to_avoid(10.0, 5.0, 2.0) == math.inf
    assert following.deceleration_to_avoid(10.0, -5.0, 0.0) == 0.0


@given(ways, speeds, st.one_of(st.floats(0.1, 20.0), st.just(math.inf)), reactions)
def test_the_second_who_brakes_so_hard_comes_when_the_first_has_left(
    way: float, speed: float, clear: float, reaction: float
) -> None:
    needed = crossing.deceleration_to_avoid(way, speed, clear, reaction)
    enter = crossing.arrival(way, speed)
    if crossing.time_to_collision(enter, clear) == math.inf:
        assert needed == 0.0
    elif needed < math.inf:
        until = clear if clear < math.inf else reaction + speed / needed
        assert distance(speed, needed, reaction, np.array([until]))[0] <= way + 1e-6
        less = distance(speed, 0.99 * needed, reaction, np.linspace(0.0, min(clear, 1e4), 2001))
        assert less.max() > way - 1e-9
    else:
        assert speed * reaction >= way


def test_crossing_by_hand() -> None:
    assert crossing.arrival(20.0, 10.0) == 2.0
    assert crossing.arrival(-1.0, 10.0) == 0.0
    assert crossing.arrival(1.0, 0.0) == math.inf
    assert crossing.time_to_collision(2.0, 2.5) == 2.0
    assert crossing.time_to_collision(2.0, 2.0) == math.inf
    assert crossing.deceleration_to_avoid(20.0, 10.0, 2.5, 0.0) == pytest.approx(2 * (25.0 - 20.0) / 2.5**2)
    assert crossing.deceleration_to_avoid(20.0, 10.0, math.inf, 0.0) == 2.5  # stops: 10^2 / (2 x 20)
    assert crossing.deceleration_to_avoid(20.0, 10.0, math.inf, 1.0) == 5.0  # 10 m are left
    assert crossing.deceleration_to_avoid(20.0, 10.0, math.inf, 2.0) == math.inf


@given(st.floats(-8.0, 40.0), speeds, speeds, st.one_of(st.just(0.0), st.floats(0.01, 6.0)), reactions)
def test_merging_users_are_kept_apart_by_so_hard_braking(
    gap: float, speed: float, leader: float, together: float, reaction: float
) -> None:
    closing, way = speed - leader, speed * together
    ttc = merging.time_to_collision(gap, closing, together)
    needed = merging.deceleration_to_avoid(gap, closing, together, way, speed, reaction)
    if ttc == math.inf:
        assert needed == 0.0
        return
    assert ttc >= together
    assert gap - closing * ttc <= 1e-9
    assume(0.05 < needed < 50.0)
    times = np.linspace(together, together + 4000.0, 400_001)
    if distance(speed, needed, reaction, times).max() <= way + 1e-6:  # stops before the area
        return
    left = gap + leader * times - distance(speed, needed, reaction, times)
    assert left.min() >= -1e-6
    less = gap + leader * times - distance(speed, 0.98 * needed, reaction, times)
    assert less.min() < 1e-3 * max(1.0, speed)


def test_merging_by_hand() -> None:
    assert merging.time_to_collision(6.0, 2.0, 1.0) == 3.0
    assert merging.time_to_collision(1.0, 2.0, 1.0) == 1.0  # beside each other when both get there
    assert merging.time_to_collision(6.0, -2.0, 1.0) == math.inf
    assert merging.deceleration_to_avoid(6.0, 2.0, 1.0, 20.0, 10.0, 0.0) == pytest.approx(4.0 / 12.0)
    assert merging.deceleration_to_avoid(0.5, 2.0, 1.0, 10.0, 10.0, 0.0) == 3.0  # 1.5 m too many in 1 s
    assert merging.deceleration_to_avoid(1.0, 2.0, 1.0, 10.0, 10.0, 0.0) == 2.0  # there they touch at one speed
