"""The textbook model: its closed forms against published numbers, and the cases themselves."""

from __future__ import annotations

import pytest

from sim.verify.cases import idm
from sim.verify.run import finding

FREEWAY, TOWN = 120 / 3.6, 54 / 3.6


@pytest.mark.parametrize(
    ("v0", "T", "flow", "speed"), [(FREEWAY, 1.0, 2519, 20.06), (FREEWAY, 1.5, 1836, None), (TOWN, 1.0, 1957, 10.15)]
)
def test_greatest_flow(v0: float, T: float, flow: float, speed: float | None) -> None:
    got, at = idm.greatest_flow(v0, 2.0, T)
    assert 3600.0 * got == pytest.approx(flow, abs=0.6)
    assert speed is None or at == pytest.approx(speed, abs=0.01)


@pytest.mark.parametrize(
    ("v0", "T", "low", "high"), [(FREEWAY, 1.0, 34.8, 142.7), (FREEWAY, 1.5, 27.4, 119.6), (TOWN, 1.0, 59.9, 142.7)]
)
def test_unstable_densities(v0: float, T: float, low: float, high: float) -> None:
    got = idm.unstable_densities(v0, (T, 2.0, 1.0, 1.5))
    assert [1000.0 * x for x in got] == pytest.approx([low, high], abs=0.25)


def test_equilibrium_on_rings() -> None:
    told = finding("idm.equilibrium", {"time_gap": "1.5", "desired_speed": "120 km/h", "duration": "120"})
    assert told.ok, [p for p in told.points if not p.ok]


def test_kicks_grow_where_they_should() -> None:
    told = finding("idm.string_stability", {"time_gap": "1.0", "desired_speed": "15", "duration": "1200"})
    assert told.ok, [p for p in told.points if not p.ok]


def test_start_wave() -> None:
    told = finding("idm.jam_wave", {"time_gap": "1.5"})
    assert told.ok, told.points
