"""Encounters computed anew, and HCM's speeds on basic motorway segments."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verify.cases.conflicts import _plainly, _when
from sim.verify.cases.motorway import MILE, basic_capacity, basic_speed
from sim.verify.run import finding

MPH = MILE / 3600.0


def test_encounters_are_what_one_computes() -> None:
    told = finding("conflicts.following", {"duration": "20"})
    assert told.points[0].got >= 3.0
    assert told.ok, told.points


def test_who_crosses_after_whom_is_what_one_computes() -> None:
    told = finding("conflicts.crossing", {"duration": "200", "copies": "2"})
    pairs, differing, deviation, _ = told.points
    assert pairs.got > 10.0
    assert differing.got == 0.0
    assert deviation.got < 1e-9
    assert told.ok, told.points


def test_when_a_place_is_passed() -> None:
    time, way = np.array([0.1, 0.2, 0.3, 0.4]), np.array([np.nan, 5.0, 6.0, 6.0])
    assert _when(time, way, 5.25) == pytest.approx(0.225)
    assert _when(time, way, 6.0) == _when(time, way, 4.0) == np.inf


def test_computed_plainly() -> None:
    """Closing at 5 m/s from 20 m: after a second 15 m are left."""
    place = np.array([[50.0, 25.0], [55.0, 35.0]])
    ttc, drac = _plainly(place, np.array([[5.0, 10.0], [5.0, 10.0]]), np.array([5.0, 5.0]))
    assert ttc == pytest.approx([3.0])
    assert drac == pytest.approx([25.0 / 30.0])


@pytest.mark.parametrize(
    ("free", "flow", "speed"), [(70.0, 1200.0, 70.0), (70.0, 1800.0, 65.8), (70.0, 2400.0, 53.3), (60.0, 1000.0, 60.0)]
)
def test_speeds_as_published(free: float, flow: float, speed: float) -> None:
    assert basic_speed(flow, free * MPH) / MPH == pytest.approx(speed, abs=0.05)


def test_capacities_as_published() -> None:
    assert [basic_capacity(free * MPH) for free in (55.0, 60.0, 65.0, 70.0, 75.0)] == pytest.approx(
        [2250.0, 2300.0, 2350.0, 2400.0, 2400.0]
    )
