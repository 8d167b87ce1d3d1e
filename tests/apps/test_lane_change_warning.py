"""Lane-change warning: who takes short gaps does not change in front of somebody faster whom he has heard."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from equipped import equal, lossy, on_roads, watched

from sim.provenance import Value
from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary

ROADS = 30


@cache
def roads(loss: float | None, share: float = 1.0, **settings: float) -> tuple[dict[str, np.ndarray], Diary]:
    """On each road, somebody hasty behind somebody slow, and a row of fast cars on the lane beside."""
    layout, cars = Layout("road"), []
    slow, fast = card("human_car", "slow", maximum_speed=12.0), card("human_car", "fast")
    hasty = CARDS["human_car"].parameters | {
        name: Value(amount, "-", "this test", "given") for name, amount in (("safety_factor", 0.1), ("politeness", 0.0))
    }
    driver = replace(CARDS["human_car"], name="hasty", parameters=hasty)
    for c in range(ROADS):
        edge = layout.edge(layout.junction(), layout.junction(), 3000.0, 28.0, 2)
        cars.append(Vehicle(f"slow{c}", 0.0, (edge,), slow, 0, 900.0, 12.0))
        cars.append(Vehicle(f"hasty{c}", 0.0, (edge,), driver, 0, 850.0, 16.0))
        for i in range(8):
            cars.append(Vehicle(f"fast{c}.{i}", 0.0, (edge,), fast, 1, 850.0 - 66.0 * i - 2.2 * c, 27.0))
    shares = {"slow": share, "hasty": share, "fast": share}
    return watched(on_roads(layout, cars, lossy(loss), shares, 40.0, lane_change_warning=settings), period=0.2)


def close(told: tuple[dict[str, np.ndarray], Diary], limit: float = 3.0) -> int:
    """Changes right in front of somebody who would hit the changer within a limit [s]."""
    table, log = told
    changes, found = log.of_kind("lane_change"), 0
    for time, who, lane in zip(changes["time_s"], changes["subject"], changes["lane"], strict=True):
        i = min(np.searchsorted(table["time"], time), len(table["time"]) - 1)
        place, speed = table["position"][i], table["speed"][i]
        behind = [x for x in np.flatnonzero(table["lane"][i] == lane) if place[x] < place[who]]
        if behind:
            follower = max(behind, key=lambda x: place[x])
            gap, closing = place[who] - 5.0 - place[follower], speed[follower] - speed[who]
            found += closing > 0.0 and gap < limit * closing
    return found


def test_fewer_changes_in_front_of_somebody_fast() -> None:
    without, heard, some = roads(None), roads(0.0), roads(0.9)
    assert close(without) >= 10
    assert close(heard) <= 0.5 * close(without)
    assert close(heard) < close(some)
    assert heard[1].count("advice") >= 5
    assert heard[1].count("collision") == 0


@pytest.mark.parametrize("useless", [{"compliance": 0.0}, {"ttc": 0.0, "beside": 0.0}])
def test_a_warning_that_is_not_given_or_heeded_changes_nothing(useless: dict[str, float]) -> None:
    assert equal(roads(0.0, **useless)[0], roads(None)[0])


def test_nobody_equipped() -> None:
    assert equal(roads(0.0, 0.0)[0], roads(None)[0])
