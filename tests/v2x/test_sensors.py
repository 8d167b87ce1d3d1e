"""What sensors at the roadside see: hidden by bodies and buildings, missed, wrong, not there; and how it is told."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from talkers import road, run

from sim.engine.recording import Heard
from sim.engine.simulation import Simulation
from sim.models.positioning import stray
from sim.models.visibility import appears, is_hidden
from sim.pilot import Equipment, Radio, Sensing
from sim.scenario.loader import load
from sim.v2x import MESSAGES

ROOT = Path(__file__).parents[2]
SURE = Radio("disc", 300.0, processing=0.0, low=0.02, high=0.02)
PERFECT = Sensing("j0", range=200.0, height=30.0, detection=1.0, error=0.0, delay=0.0, ghosts=0.0)


def plain(model: Any) -> Any:
    return getattr(model, "py_func", model)


def sensed(places: list[float], sensor: Sensing, duration: float = 24.0) -> tuple[Heard, Simulation]:
    """Unequipped cars before a unit at the beginning of a road."""
    heard, simulation, _ = run(road(places, SURE, Equipment({}, ("j0",), (sensor,)), duration))
    assert heard is not None
    return heard, simulation


def test_bodies_throw_shadows() -> None:
    hidden = plain(is_hidden)
    assert hidden(1.0, 10.0, 1.5, 20.0, 1.5), "from below the roof of the nearer one"
    assert not hidden(6.0, 10.0, 1.5, 60.0, 1.5), "the line over its roof has come to the ground before"
    assert not hidden(6.0, 10.0, 3.2, 20.0, 1.5), "6 - 2.8 * 2 = 0.4 m: below its middle"
    assert hidden(6.0, 10.0, 3.2, 15.0, 1.5), "6 - 2.8 * 1.5 = 1.8 m: above it"
    assert plain(appears)(100.0, 5.0, 0.0) == pytest.approx(math.atan(0.95 / 100.0))
    assert plain(appears)(100.0, 5.0, math.pi / 2.0) == pytest.approx(math.atan(2.5 / 100.0))


def test_all_in_range_are_told_where_they_are() -> None:
    heard, simulation = sensed([30.0, 50.0, 70.0, 700.0], PERFECT)
    assert heard["sensing"] == {
        "seen": 3 * 10 * 20, "missed": 0, "behind_buildings": 0, "behind_vehicles": 0, "too_many": 0, "false": 0
    }  # fmt: skip
    r = simulation.world.radio
    rsm = next(k for k in range(len(r.streams)) if r.streams[k].message == MESSAGES.code("rsm"))
    last = r.contents[rsm * 128 + (int(r.streams[rsm].number) - 1) % 128]
    assert last.position == 3.0
    objects = r.objects[last.lane : last.lane + 3]
    assert sorted(objects["departure"]) == [0, 1, 2]
    v = simulation.world.vehicles
    rows = {int(v[i].departure): i for i in range(len(v)) if v[i].departure >= 0}
    for o in objects:
        row = v[rows[int(o.departure)]]
        assert o.lane == row.lane
        assert o.position == pytest.approx(row.position, abs=0.7), "a step later, and as fine as the field"
        assert o.speed == pytest.approx(row.speed, abs=0.15)
    assert r.streams[rsm].bytes == MESSAGES["rsm"].size(3) + SURE.header


def test_a_low_sensor_sees_the_first_of_a_lane_only() -> None:
    low = replace(PERFECT, height=1.0)
    pilot = road([30.0, 50.0, 70.0], SURE, Equipment({}, ("j0",), (low,)), 24.0)
    vehicles = [replace(x, lane=0) for x in pilot.demand.vehicles]  # type: ignore[attr-defined]
    heard, _, _ = run(replace(pilot, demand=replace(pilot.demand, vehicles=vehicles)))  # type: ignore[type-var]
    assert heard is not None
    assert heard["sensing"]["seen"] == 1 * 10 * 20
    assert heard["sensing"]["behind_vehicles"] == 2 * 10 * 20


def test_the_field_of_view_and_chance() -> None:
    away = replace(PERFECT, field=math.pi / 2.0, heading=1.5 * math.pi)  # to the west; all are in the east
    heard, _ = sensed([30.0, 60.0], away)
    assert sum(heard["sensing"].values()) == 0
    assert heard["said"][MESSAGES.code("rsm")] == 0, "nothing seen, nothing said"
    chance, _ = sensed([30.0, 60.0, 90.0], replace(PERFECT, detection=0.7), 204.0)
    told = chance["sensing"]
    assert told["seen"] / (told["seen"] + told["missed"]) == pytest.approx(0.7, abs=0.03)


def test_errors_and_ghosts() -> None:
    heard, simulation = sensed([30.0], replace(PERFECT, error=2.0, ghosts=0.5), 204.0)
    assert heard["sensing"]["false"] / 200.0 == pytest.approx(0.5, rel=0.25)
    o = simulation.world.radio.objects
    seen = o[(o["departure"] == 0)]
    spread = seen["position"][-60:]  # of the last messages; the car moves on 0.5 m each
    assert 1.0 < np.abs(np.diff(spread)).mean() < 4.5


def test_more_than_sixteen_are_counted() -> None:
    heard, _ = sensed([20.0 + 2.0 * i for i in range(22)], replace(PERFECT, height=49.0))
    assert heard["sensing"]["too_many"] > 0
    assert heard["sensing"]["seen"] == heard["sensing"]["too_many"] + 16 * heard["said"][MESSAGES.code("rsm")]


def test_buildings_hide_who_comes_from_the_side() -> None:
    told = {
        "radio": "{ model: disc }",
        "equip": "{ human_car: 1.0, junctions: [centre], sensors: [{ junction: centre, range: 150 m }] }",
        "run.duration": "3 min",
    }
    pilot = load(ROOT / "scenarios" / "priority_crossroads.yaml", told)
    heard, _, _ = run(pilot)
    assert heard is not None
    assert heard["sensing"]["behind_buildings"] == 0, "from the middle all four roads are seen"
    assert heard["sensing"]["seen"] > 1000
    assert heard["fates"][MESSAGES.code("rsm"), 0] > 100


def test_a_position_strays_slowly_and_as_far_as_told() -> None:
    errors = np.array([plain(stray)(1, np.uint64(9), t) for t in np.arange(0.0, 20_000.0, 1.0)])
    assert errors.std() == pytest.approx(1.0, abs=0.05)
    assert np.abs(np.diff(errors)).max() < 0.9
