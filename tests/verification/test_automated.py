"""Automated vehicles: closed forms against published numbers; cases in short, where this version has the models."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.traffic.cards import CARDS
from sim.verify.automation import in_groups
from sim.verify.cases.automated import _amplitude, _sine
from sim.verify.cases.idm import equilibrium_gap
from sim.verify.cases.mixture import EAGER, _near, _person, mean_headway
from sim.verify.run import finding

COOPERATIVE = pytest.mark.skipif(
    not any(CARDS[name].car_following == "cacc" for name in CARDS.names()), reason="no card drives by cacc"
)


@pytest.mark.parametrize(
    ("share", "flow"), [(0.0, 2400), (0.2, 2211), (0.4, 2177), (0.5, 2212), (0.6, 2285), (0.8, 2582), (1.0, 3243)]
)
def test_law_of_random_order(share: float, flow: float) -> None:
    assert 3600.0 / mean_headway(share, 1.5, 2.4, 1.11) == pytest.approx(flow, abs=0.6)


def test_a_person_keeps_the_headway_told() -> None:
    person = _person(1.5, 30.0)
    gap = equilibrium_gap(30.0, EAGER * 30.0, person["minimum_gap"], person["time_gap"])
    assert (gap + person["length"]) / 30.0 == pytest.approx(1.5)


def test_amplitude_of_a_sine() -> None:
    time = np.arange(0.0, 360.0, 0.1)
    for period in (6.0, 14.9, 60.0):
        group = _sine(time, 25.0, 0.3, period, 1.1)
        assert _amplitude(time, group.speed, period) == pytest.approx(0.3, rel=5e-3)
        assert np.gradient(group.way, 0.1)[1:-1] == pytest.approx(group.speed[1:-1], abs=2e-3)


def test_people_alone_flow_as_the_law_says() -> None:
    told = finding("mixture", {"share": "0", "seeds": "1", "vehicles": "40", "duration": "200"})
    assert told.ok or told.left_out


@COOPERATIVE
def test_random_order_flows_as_the_law_says() -> None:
    told = finding("mixture", {"share": "0.4, 1", "seeds": "3", "vehicles": "200", "duration": "300"})
    for one in told.points:
        assert one.expected is not None
        assert one.got == pytest.approx(one.expected, rel=0.03)


@COOPERATIVE
def test_gain_of_acc() -> None:
    told = finding("automated.gain", {"acc": "1.6", "cacc": "0.7", "periods": "5"})
    assert [p.expected for p in told.points] == [1.238, 1.0]
    assert told.points[0].got == pytest.approx(1.238, rel=0.05)
    assert told.points[1].got == pytest.approx(1.0, rel=0.05)


def test_a_table_with_remarks(tmp_path: Path) -> None:
    path = tmp_path / "platoon.csv"
    names = "t,v1,v2,spacing2,v3,spacing3,v4,spacing4,v5,spacing5"
    rows = [f"{0.1 * k:.1f}," + ",".join(["20.0"] + ["20.0,40.0"] * 4) for k in range(700)]
    path.write_text("\n".join(["# a remark", "# another", names, *rows]))
    told = finding("automated.platoon", {"data": str(path), "card": "human_car"})
    assert told.points[0].got == 0.0
    assert told.points[-1].got == 0.0, "nobody collides"


def test_platoons_are_cut_at_their_greatest_size() -> None:
    """On a ring, who is behind somebody who drives himself leads, and then every third."""
    automated = np.array([True, True, False, True, True, True, True, True])
    assert _near(automated, 3).tolist() == [True, False, False, False, True, True, False, True]


def test_groups_stay_together() -> None:
    draw = np.random.default_rng(1)
    automated = in_groups(draw, 100, 0.4, 10)
    alone = automated & ~np.roll(automated, 1)
    assert automated.sum() == 40
    assert alone.sum() <= 4
