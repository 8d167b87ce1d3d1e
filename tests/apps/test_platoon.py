"""Platoons: they form by agreement, are no longer than told, open for who leaves, and part where messages stop."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from equipped import SURE, equal, lossy, on_roads, watched
from scipy import stats

from sim.pilot import Pilot, Radio
from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle
from sim.verify.roads import Layout
from sim.verify.trial import Diary

CARS, SPEED, LENGTH = 8, 20.0, 5.0
Told = tuple[dict[str, np.ndarray], Diary]


def row(radio: Radio | None, share: float = 1.0, card: str = "cacc_car", **settings: float) -> Pilot:
    """So many in a row on one lane, all of them at the limit."""
    layout, kind = Layout("road"), CARDS[card]
    layout.edge(layout.junction(), layout.junction(), 6000.0, SPEED, 1)
    first = 30.0 * CARS + 60.0
    cars = [Vehicle(f"car{i}", 0.0, (0,), kind, 0, first - 34.0 * i, SPEED) for i in range(CARS)]
    return on_roads(layout, cars, radio, {card: share}, 150.0, platoon=settings)


@cache
def run(loss: float | None, share: float = 1.0, card: str = "cacc_car", seed: int = 1, most: float = 6.0) -> Told:
    """Their way, each second."""
    return watched(row(lossy(loss), share, card, most=most), seed)


def time_gaps(told: Told, at: int = -1, length: float = LENGTH) -> np.ndarray:
    """Time gaps of all but the first one at an instant (cars - 1,) [s]."""
    table = told[0]
    gap = table["position"][at, :-1] - length - table["position"][at, 1:]
    return np.asarray(gap / np.maximum(table["speed"][at, 1:], 1.0))


def figures(told: Told) -> dict[str, float]:
    """What a run tells of its platoons."""
    return dict(told[1].outcome["applied"]["platoon"]["figures"])


def test_a_platoon_forms_and_is_no_longer_than_told() -> None:
    six, four = time_gaps(run(0.0)), time_gaps(run(0.0, most=4.0))
    assert (six < 0.75).sum() == 6, "six and two: one gap of ACC between them"
    assert six[5] > 1.0
    assert six.min() > 0.55
    assert (four < 0.75).sum() == 6
    assert four[3] > 1.0
    assert figures(run(0.0))["longest"] == 6.0
    assert figures(run(0.0, most=4.0))["longest"] == 4.0
    assert run(0.0)[1].count("collision") == 0


def test_lorries_form_one_too() -> None:
    gaps = time_gaps(run(0.0, card="cacc_truck", most=8.0), length=12.0)
    assert gaps == pytest.approx(0.6, abs=0.1)
    assert time_gaps(run(None, card="cacc_truck"), length=12.0).min() > 1.05


def test_gaps_fall_with_the_share_and_rise_with_loss() -> None:
    """The four shortest of seven, on paired seeds."""

    def gaps(loss: float, share: float) -> np.ndarray:
        return np.array([np.sort(time_gaps(run(loss, share, seed=seed)))[:4].mean() for seed in range(1, 7)])

    def interval(difference: np.ndarray) -> tuple[float, float]:
        half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
        return float(difference.mean() - half), float(difference.mean() + half)

    nobody, some, everybody = gaps(0.0, 0.0), gaps(0.0, 0.5), gaps(0.0, 1.0)
    assert some.mean() < nobody.mean()
    assert interval(everybody - nobody)[1] < 0.0
    assert interval(everybody - some)[1] < 0.0
    assert interval(gaps(0.8, 1.0) - everybody)[0] > 0.0
    assert figures(run(0.8))["lost"] > 10.0
    assert run(0.8)[1].count("collision") == 0


def test_the_baseline_to_the_bit() -> None:
    assert equal(run(0.0, 0.0)[0], run(None)[0])
    assert equal(run(1.0)[0], run(None)[0])


@cache
def cut_in(radio: bool) -> Told:
    """Three in a platoon, and one without radio who must come into their lane from one that ends beside it."""
    layout, kind, other = Layout("road"), CARDS["cacc_car"], CARDS["human_car"]
    ends = [layout.junction() for _ in range(3)]
    two, one = layout.edge(ends[0], ends[1], 1500.0, SPEED, 2), layout.edge(ends[1], ends[2], 3000.0, SPEED, 1)
    layout.join(two, one)
    cars = [Vehicle(f"car{i}", 0.0, (two, one), kind, 1, 400.0 - 34.0 * i, SPEED) for i in range(3)]
    cars.append(Vehicle("stranger", 0.0, (two, one), other, 0, 350.0, SPEED))
    return watched(on_roads(layout, cars, SURE if radio else None, {"cacc_car": 1.0}, 150.0, platoon={}))


def test_a_stranger_parts_a_platoon() -> None:
    told = cut_in(True)
    assert figures(told)["stranger"] >= 1.0
    assert told[1].count("platoon_split") >= 1
    assert told[1].count("collision") == 0
    table = told[0]
    order = np.argsort(-table["distance"][-1])
    between = list(order).index(3)
    assert 0 < between < 3, "he is between two of them"
    behind = order[between + 1]
    gap = table["position"][-1, 3] - LENGTH - table["position"][-1, behind]
    assert gap / table["speed"][-1, behind] > 1.0, "behind a stranger the gap is that of ACC"


@cache
def turning_off(leave: float) -> Told:
    """Three in a platoon; the way of the second one ends first."""
    layout, kind = Layout("road"), CARDS["cacc_car"]
    edges = [layout.junction() for _ in range(3)]
    first, second = layout.edge(edges[0], edges[1], 2500.0, SPEED, 1), layout.edge(edges[1], edges[2], 2500.0, SPEED, 1)
    layout.join(first, second)
    cars = []
    for i in range(3):
        way = (first,) if i == 1 else (first, second)
        cars.append(Vehicle(f"car{i}", 0.0, way, kind, 0, 400.0 - 34.0 * i, SPEED))
    return watched(on_roads(layout, cars, SURE, {"cacc_car": 1.0}, 150.0, platoon={"leave": leave}))


def test_who_arrives_opens_his_gap_before_and_the_rest_close_up() -> None:
    told = turning_off(600.0)
    table = told[0]
    gap = (table["position"][:, 0] - LENGTH - table["position"][:, 1]) / np.maximum(table["speed"][:, 1], 1.0)
    gap = gap[np.isfinite(gap) & (table["distance"][:, 0] < 2080.0)]
    assert gap.min() < 0.7
    assert gap[-1] > 1.0, "opened before he leaves"
    assert figures(told)["left"] >= 1.0
    last = (table["position"][-1, 0] - LENGTH - table["position"][-1, 2]) / table["speed"][-1, 2]
    assert last < 0.75, "who was behind him has joined the first one"


def test_silence_parts_a_platoon() -> None:
    """With nearly everything lost nobody keeps the short gap for long."""
    lost = run(0.97)
    assert time_gaps(lost).mean() > 1.0
    assert figures(lost)["share_of_time"] < 0.2
    assert lost[1].count("collision") == 0
