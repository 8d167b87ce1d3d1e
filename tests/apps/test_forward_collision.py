"""Forward collision warning: people who come up to somebody slow brake earlier and less hard once they hear of him."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from equipped import equal, hardest, lossy, on_roads, times_to_collision, watched

from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary

COPIES = 40


@cache
def roads(loss: float | None, share: float = 1.0, **settings: float) -> tuple[dict[str, np.ndarray], Diary]:
    """Forty roads, on each of which somebody comes with 25 m/s up to one who drives 2 m/s."""
    layout, cars = Layout("road"), []
    slow, driver = card("robotaxi", "slow", maximum_speed=2.0), replace(CARDS["human_car"], name="driver")
    for c in range(COPIES):
        edge = layout.edge(layout.junction(), layout.junction(), 1500.0, 25.0, 1)
        cars.append(Vehicle(f"slow{c}", 0.0, (edge,), slow, 0, 700.0, 2.0))
        cars.append(Vehicle(f"car{c}", 0.0, (edge,), driver, 0, 100.0, 25.0))
    shares = {"slow": share, "driver": share}
    return watched(on_roads(layout, cars, lossy(loss), shares, 45.0, forward_collision=settings), period=0.1)


def braking(told: tuple[dict[str, np.ndarray], Diary]) -> np.ndarray:
    """Hardest braking of those who come (copies,) [m/s2]."""
    return hardest(told[0])[1::2]


def test_who_hears_of_somebody_slow_brakes_less_hard_and_keeps_more_time() -> None:
    without, heard, some = roads(None), roads(0.0), roads(0.7)
    assert np.median(braking(heard)) < np.median(braking(without)) - 0.5
    assert (braking(heard) > 3.0).sum() < 0.5 * (braking(without) > 3.0).sum()
    assert np.median(braking(heard)) < np.median(braking(some)) < np.median(braking(without))
    least = [
        min(times_to_collision(x[0], 2 * i, 2 * i + 1, 5.0).min() for i in range(COPIES)) for x in (without, heard)
    ]
    assert least[1] > least[0]
    assert heard[1].count("collision") == 0
    assert heard[1].count("advice") >= 0.8 * COPIES


def test_most_of_the_time_unheard_is_no_help() -> None:
    assert np.median(braking(roads(0.95))) > np.median(braking(roads(None))) - 0.1


@pytest.mark.parametrize("useless", [{"compliance": 0.0}, {"threshold": 9.0}, {"range": 10.0}])
def test_a_warning_that_is_not_given_or_heeded_changes_nothing(useless: dict[str, float]) -> None:
    assert equal(roads(0.0, **useless)[0], roads(None)[0])


def test_nobody_equipped() -> None:
    assert equal(roads(0.0, 0.0)[0], roads(None)[0])
