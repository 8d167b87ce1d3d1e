"""Rings, motorways and merges: what cases compute from speeds and sums, and the cases in short."""

from __future__ import annotations

import numpy as np
import pytest

from sim.verify.case import VerificationError
from sim.verify.cases.merge import _turns, broken
from sim.verify.cases.ring import _fits, jammed, wave_speed
from sim.verify.circles import Course, Ring, circles
from sim.verify.fleet import idm
from sim.verify.run import finding


def test_a_jam_is_somebody_stopped_while_others_drive() -> None:
    even = np.full((120, 10), 4.0)
    standing = np.zeros((120, 10))
    mixed = even.copy()
    mixed[:, 3] = 0.1
    assert not jammed(even)
    assert not jammed(standing)
    assert jammed(mixed)


def test_wave_speed_of_a_made_wave() -> None:
    length, wave, n = 230.0, -5.5, 22
    time = np.arange(60.0)[:, None]
    way = np.arange(n) * length / n + 3.0 * time
    speed = 3.0 - 2.0 * np.cos(2.0 * np.pi * (way - wave * time) / length)
    assert wave_speed(speed, way, length) == pytest.approx(wave, rel=0.02)


def test_growth_is_told_apart() -> None:
    n = np.arange(1, 25)
    power, of_power, of_exponential = _fits(0.2 * n**0.6)
    assert power == pytest.approx(0.6)
    assert of_power < of_exponential
    _, of_power, of_exponential = _fits(0.2 * np.exp(0.1 * n))
    assert of_power > of_exponential


def test_breakdown_lasts_five_minutes() -> None:
    speed = np.full(20, 29.0)
    speed[3:7] = 10.0
    assert not broken(speed, 29.0).any()
    speed[7] = 10.0
    assert broken(speed, 29.0).nonzero()[0].tolist() == [3, 4, 5, 6, 7]


def test_turns_of_a_growing_stream() -> None:
    turns = _turns(1800.0, 600.0, 2.0, 0.5)
    assert len(turns) == pytest.approx(450, abs=1)
    assert np.diff(turns)[0] == pytest.approx(2.0, rel=0.01)
    assert np.diff(turns)[-1] == pytest.approx(1.0, rel=0.01)


@pytest.mark.parametrize("lanes", [1, 2])
@pytest.mark.parametrize("count", [5, 8])
def test_rings_begin_evenly(lanes: int, count: int) -> None:
    ring = Ring(120.0, count, 3.0, (idm(1.0),))
    trial, settle = circles([ring], Course(2.0, 14.0, lanes=lanes))
    diary = trial.run(extra=[settle])
    assert diary.count("depart") == lanes * count
    assert diary.count("collision") == 0
    assert diary.count("emergency_braking") == 0


def test_a_ring_that_is_too_full_is_refused() -> None:
    with pytest.raises(VerificationError, match="no room"):
        circles([Ring(50.0, 10, 0.0, (idm(1.0),))], Course(2.0, 14.0))


def test_flow_is_density_times_speed() -> None:
    told = finding("motorway.edie", {"density": "25"})
    assert told.ok, told.points


def test_a_short_ring() -> None:
    told = finding("ring.sugiyama", {"seeds": "2", "duration": "120"})
    assert told.ok is None, "recalled figures are told, not judged"
    assert told.points[0].of.startswith("share of rings")


def test_drivers_change_lanes_as_the_law_says() -> None:
    told = finding("mobil.criterion", {})
    assert told.ok, told.points
    assert len(told.points) == 2, "some should change and some should stay"


def test_who_need_not_keep_right_uses_both_lanes() -> None:
    told = finding("motorway.lanes", {"flow": "1000", "vehicles": "60", "duration": "300", "lorry_share": "0"})
    keeps, need_not = (p.got for p in told.points)
    assert need_not == pytest.approx(0.5, abs=0.1)
    assert keeps < need_not


def test_plain_idm_is_violent_and_people_are_not() -> None:
    told = finding("ring.violent", {"seeds": "2", "duration": "600"})
    plain, stops, people, ratio = told.points
    assert 3.0 < plain.got < 5.0
    assert stops.got == 1.0
    assert 0.3 < people.got < 1.2
    assert ratio.ok


@pytest.mark.slow
def test_automated_vehicles_at_a_merge_come_in_groups() -> None:
    told = finding("merge.automated", {"share": "0.2", "duration": "9 min"})
    assert [x.at for x in told.points] == [0.2, "shares"]
    assert 1500.0 < told.points[0].got < 2500.0
