"""Equipped drivers who hear an ambulance come from behind on their lane leave it to it, where there is another one."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from equipped import equal, lossy, on_roads, watched

from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary


@cache
def road(
    loss: float | None, share: float = 1.0, lanes: int = 2, **settings: float
) -> tuple[dict[str, np.ndarray], Diary]:
    """An ambulance behind people who drive 12 m/s on both lanes of a road for 22 m/s."""
    layout = Layout("road")
    edge = layout.edge(layout.junction(), layout.junction(), 4000.0, 22.0, lanes)
    slow = card("human_car", "slow", maximum_speed=12.0)
    cars = [Vehicle("ambulance", 0.0, (edge,), CARDS["ambulance"], lanes - 1, 100.0, 12.0)]
    for i in range(14):
        cars += [
            Vehicle(f"car{i}.{k}", 0.0, (edge,), slow, k, 200.0 + 50.0 * i - 10.0 * (lanes - 1 - k), 12.0)
            for k in range(lanes)
        ]
    shares = {"slow": share, "ambulance": 1.0}
    return watched(on_roads(layout, cars, lossy(loss), shares, 150.0, emergency_vehicle=settings), period=0.5)


def way(told: tuple[dict[str, np.ndarray], Diary]) -> float:
    """What the ambulance has driven [m]."""
    return float(np.nanmax(told[0]["distance"][:, 0]))


def test_an_ambulance_that_is_heard_comes_further() -> None:
    without, heard = road(None), road(0.0)
    assert way(heard) > way(without) + 80.0
    assert heard[1].count("collision") == 0
    assert heard[1].count("advice") >= 5
    others = [np.nanmean(x[0]["distance"][-1, 1:]) for x in (without, heard)]
    assert others[1] > others[0] - 20.0, "who makes way loses little"


def test_less_so_if_fewer_hear_it() -> None:
    assert way(road(None)) < way(road(0.0, 0.3)) < way(road(0.0))
    assert way(road(0.995)) < way(road(0.0))


@pytest.mark.parametrize("useless", [{"compliance": 0.0}, {"behind": 5.0}])
def test_nobody_makes_way_who_does_not_heed_it(useless: dict[str, float]) -> None:
    assert equal(road(0.0, **useless)[0], road(None)[0])


def test_nothing_changes_where_nobody_hears_it_or_can() -> None:
    assert equal(road(0.0, 0.0)[0], road(None)[0])
    assert equal(road(1.0)[0], road(None)[0])
    assert equal(road(0.0, lanes=1)[0], road(None, lanes=1)[0]), "there is no other lane"
