"""Who gives way at a corner sees up to the houses; beyond, he knows of others only what he has heard."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sim
from sim.engine.build import build
from sim.park.importers import read_map
from sim.scenario import loader

ROOT = Path(__file__).parents[2]
SCENARIO = ROOT / "scenarios" / "blind_corner.yaml"
SHORT = {"run.duration": "15 min", "output.trajectories": "0", "output.edges": "0", "output.pages": "false"}
SEEDS = tuple(range(1, 11))
MORE = tuple(range(1, 25))  # half equipped: of four pairs one hears each other
SENSORS = [{"junction": "centre"}]


def near_misses(
    share: float, radio: str = "{ model: packet_delivery }", seeds: Sequence[int] = SEEDS, **equip: Any
) -> np.ndarray:
    """Encounters with a post-encroachment time up to 2 s in some paired runs, (seeds,)."""
    told = {"human_car": share, "robotaxi": share, "junctions": ["centre"], **equip}
    pilot = sim.load(SCENARIO, SHORT | {"equip": json.dumps(told), "radio": radio})
    return np.array([sim.run(pilot, seed=x).summary["safety"]["conflicts"]["pet_2s"] for x in seeds], float)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean of paired differences."""
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


def test_houses_hide_the_main_road_and_open_ground_does_not() -> None:
    for name, hidden in (("blind_corner", True), ("priority_crossroads", False)):
        pilot = loader.load(ROOT / "scenarios" / f"{name}.yaml")
        departures = pilot.demand.departures(pilot.park, 1, 0.0, 0.0)
        sight = build(pilot, departures, 1).conflicts["sight"]
        assert np.isfinite(sight).any() == hidden
        assert (sight[np.isfinite(sight)] < 60.0).all()


def test_a_house_by_hand() -> None:
    """A wall from 7 m east and 9 m south of the middle on: from the stop line one sees by its corner only."""
    park = read_map(ROOT / "maps" / "blind_corner.geojson")
    assert len(park.buildings) == 4
    corner = max(park.buildings[1], key=lambda p: (-p[0], p[1]))
    assert corner == pytest.approx([7.0, -9.0], abs=0.3)


def test_near_misses_fall_with_messages_and_sensing_and_rise_with_loss() -> None:
    nobody, half = near_misses(0.0, seeds=MORE), near_misses(0.5, seeds=MORE)
    everybody, sensed = near_misses(1.0), near_misses(0.5, sensors=SENSORS)
    lossy = near_misses(1.0, "{ model: disc, loss: 60 % }")
    lost = near_misses(1.0, "{ model: disc, loss: 100 % }")
    assert nobody.mean() > 10.0
    assert interval(half - nobody)[1] < 0.0
    nobody, half = nobody[: len(SEEDS)], half[: len(SEEDS)]
    assert interval(everybody - half)[1] < 0.0
    assert sensed.mean() < half.mean()
    assert interval(lossy - everybody)[0] > 0.0
    assert np.array_equal(lost, nobody), "without messages all is as without a radio"


def test_a_warning_nobody_acts_on_brings_no_benefit() -> None:
    told = {"human_car": 1.0, "junctions": ["centre"]}
    deaf = sim.load(
        SCENARIO, SHORT | {"apps": "{ intersection_collision: { compliance: 0 } }", "equip": json.dumps(told)}
    )
    nobody = sim.load(SCENARIO, SHORT)
    assert sim.run(deaf, seed=1).trips.equals(sim.run(nobody, seed=1).trips)
