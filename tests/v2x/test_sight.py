"""Lines of sight past buildings, and what a corner does to messages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely
from talkers import run

from sim.engine.sight import lay_axes, lay_sight, patch_points, places_of
from sim.park.importers.geojson import read
from sim.scenario.loader import load

ROOT = Path(__file__).parents[2]
PARK = read(ROOT / "maps" / "priority_crossroads.geojson")


def test_sight_is_that_of_straight_lines() -> None:
    axes, outlines = lay_axes(PARK)
    units = np.array([[PARK.junctions[0].x, PARK.junctions[0].y]])
    laid = lay_sight(PARK, outlines, axes, units, 300.0)
    places, bits = laid["places"], np.unpackbits(laid["sight"], bitorder="little")
    walls = shapely.unary_union([shapely.Polygon(x) for x in PARK.buildings])
    rng = np.random.default_rng(1)
    hidden = 0
    for one, other in rng.integers(0, len(places), (400, 2)):
        apart = float(np.hypot(*(places[one] - places[other])))
        blocked = apart <= 300.0 and bool(shapely.LineString(places[[one, other]]).intersects(walls))
        assert bool(bits[one * len(places) + other]) is not blocked
        assert bits[one * len(places) + other] == bits[other * len(places) + one]
        hidden += blocked
    assert hidden > 50
    assert len(laid["standpoints"]) == len(patch_points(outlines, axes)) + 1
    assert np.abs(places[laid["standpoints"][:-1]] - patch_points(outlines, axes)).max() <= 25.0


def test_places_stay_few() -> None:
    rng = np.random.default_rng(2)
    place, middle = places_of(rng.uniform(0.0, 1e5, (30_000, 2)))
    assert len(middle) <= 12_000
    assert place.max() == len(middle) - 1


def test_around_a_corner_less_is_heard() -> None:
    told = {"radio": "{ model: packet_delivery, range: 300 m }", "equip": "{ human_car: 1.0, robotaxi: 1.0 }"}
    pilot = load(ROOT / "scenarios" / "priority_crossroads.yaml", {**told, "run.duration": "3 min"})
    behind, _, _ = run(pilot)
    free, _, _ = run(replace(pilot, park=replace(pilot.park, buildings=())))
    assert behind is not None
    assert free is not None
    assert behind["fates"].sum() == free["fates"].sum(), "the same messages reach the same ears"
    near, far = behind["by_distance"], free["by_distance"]
    assert near[20:50, 0].sum() / near[20:50].sum() < far[20:50, 0].sum() / far[20:50].sum() - 0.1
    assert near[:4, 0].sum() / near[:4].sum() > 0.9
    rung, _, _ = run(replace(pilot, radio=replace(pilot.radio, model="resources")))  # type: ignore[type-var]
    assert rung is not None
    assert rung["by_distance"][20:50, 0].sum() / rung["by_distance"][20:50].sum() < 0.9
