"""Cooperative lane change: machines that let nobody in of themselves open a gap for who asks by radio."""

from __future__ import annotations

from functools import cache

import numpy as np
from equipped import equal, lossy, on_roads, watched

from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle
from sim.verify.roads import Layout
from sim.verify.trial import Diary

ROADS, ENTERING = 4, 3


@cache
def roads(loss: float | None, share: float = 1.0, **settings: float) -> tuple[dict[str, np.ndarray], Diary]:
    """On each road, some on a lane that ends beside a dense row of cautious machines on the one that goes on."""
    layout, cars, card = Layout("road"), [], CARDS["av_cautious"]
    for c in range(ROADS):
        ends = [layout.junction() for _ in range(3)]
        two, one = layout.edge(ends[0], ends[1], 700.0, 15.0, 2), layout.edge(ends[1], ends[2], 900.0, 15.0, 1)
        layout.join(two, one)
        for i in range(16):
            cars.append(Vehicle(f"row{c}.{i}", 0.0, (two, one), card, 1, 480.0 - 28.0 * i, 12.0))
        for i in range(ENTERING):
            cars.append(Vehicle(f"in{c}.{i}", 0.0, (two, one), card, 0, 430.0 - 60.0 * i, 12.0))
    shares = {card.name: share}
    return watched(on_roads(layout, cars, lossy(loss), shares, 80.0, cooperative_lane_change=settings), period=0.5)


def way(told: tuple[dict[str, np.ndarray], Diary]) -> float:
    """Mean way driven by those whose lane ends [m]."""
    ids = told[1].departures.ids
    return float(np.mean([np.nanmax(told[0]["distance"][:, i]) for i, x in enumerate(ids) if x.startswith("in")]))


def test_who_asks_by_radio_gets_in_sooner() -> None:
    without, heard, some = roads(None), roads(0.0), roads(0.99)
    assert way(heard) > way(without) + 200.0
    assert way(some) < way(heard) - 100.0
    assert heard[1].count("advice") >= 3
    assert heard[1].count("collision") == 0
    messages = heard[1].outcome["heard"]["messages"]
    said = dict(zip(messages, heard[1].outcome["heard"]["said"], strict=True))
    assert 0 < said["vir"] < 0.5 * said["bsm"], "only while somebody needs a gap"


def test_the_baseline_to_the_bit() -> None:
    assert equal(roads(0.0, 0.0)[0], roads(None)[0])
    assert equal(roads(1.0)[0], roads(None)[0])
