"""Arrival-time windows against uniformly accelerated motion."""

from __future__ import annotations

import math
from itertools import product

import pytest

from sim.models.right_of_way.windows import arrival_delay, braking_arrival, speed_after, unsafe_merge

ACCELERATION, DECELERATION = 1.5, 3.0


@pytest.mark.parametrize("distance", [0.0, 1.0, 20.0, 150.0])
@pytest.mark.parametrize(("speed", "arrival_speed"), [*product([0.0, 4.0, 13.0], [2.0, 8.0, 13.0])])
def test_arrival_delay_covers_the_distance(distance: float, speed: float, arrival_speed: float) -> None:
    """Change of speed at a constant rate, and the rest of the way at the higher of both speeds."""
    time = arrival_delay(distance, speed, arrival_speed, ACCELERATION, DECELERATION)
    rate = ACCELERATION if arrival_speed >= speed else -DECELERATION
    change = (arrival_speed - speed) / rate
    if time >= change:
        way = 0.5 * (speed + arrival_speed) * change + max(speed, arrival_speed) * (time - change)
    else:
        way = speed * time + 0.5 * rate * time * time
    assert time >= 0.0
    assert way == pytest.approx(distance, abs=1e-9)


def test_arrival_delay_of_who_stands_and_shall_stand_is_finite() -> None:
    assert arrival_delay(10.0, 0.0, 0.0, ACCELERATION, DECELERATION) == pytest.approx(100.0)


def test_speed_after_a_distance() -> None:
    assert speed_after(20.0, 5.0, 2.0) == pytest.approx(math.sqrt(25.0 + 80.0))
    assert speed_after(10.0, 5.0, -2.0) == 0.0


def test_merge_is_unsafe_if_the_follower_needs_more_way_to_stop() -> None:
    assert unsafe_merge(10.0, 12.0, 4.0, 4.0)
    assert not unsafe_merge(12.0, 10.0, 4.0, 4.0)
    assert not unsafe_merge(10.0, 12.0, 4.0, 6.0)


@pytest.mark.parametrize("impatience", [0.1, 0.5, 1.0])
@pytest.mark.parametrize(("arrive", "foe_arrive", "distance"), [(1.0, 3.0, 40.0), (2.0, 2.5, 30.0), (0.5, 4.0, 20.0)])
def test_foe_that_brakes_from_my_arrival_on(
    arrive: float, foe_arrive: float, distance: float, impatience: float
) -> None:
    """v t - b (t - t0)^2 / 2 = s, where the foe drives evenly until t0 and brakes by b from then on."""
    late, slow = braking_arrival(arrive, foe_arrive, distance, DECELERATION, impatience)
    rate, speed = DECELERATION * impatience, distance / foe_arrive
    if 0.5 * speed * speed / rate <= distance - speed * arrive:  # it can stop before
        assert (late, slow) == (foe_arrive + 30.0, 0.0)
        return
    braked = late - arrive
    assert late >= foe_arrive
    assert speed * late - 0.5 * rate * braked * braked == pytest.approx(distance)
    assert slow == pytest.approx(speed - rate * braked)
