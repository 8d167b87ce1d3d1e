"""The demand of the shipped scenarios: it can be drawn, and it is what the files tell."""

from pathlib import Path

import numpy as np
import pytest

from sim.scenario.loader import load

SCENARIOS = sorted(
    x for x in (Path(__file__).parents[2] / "scenarios").glob("*.yaml") if not x.name.endswith(".study.yaml")
)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_everybody_of_a_scenario_has_a_way_within_its_run(path: Path):
    pilot = load(path)
    table = pilot.demand.departures(pilot.park, pilot.clock.seed, pilot.clock.begin, pilot.clock.end)
    edges = {lane.edge for lane in pilot.park.lanes}
    assert len(table) > 100
    assert not table.warnings
    assert all(set(route.tolist()) <= edges for route in table.routes)
    automated = np.array([card.automated for card in table.cards])
    wanted = 0.0 if path.stem == "penetration" else 0.1  # the share of 0 is its base
    assert automated[table.card].mean() == pytest.approx(wanted, abs=0.05)


def test_the_park_has_a_pulse_before_the_shift_takt_freight_and_buses():
    pilot = load(next(path for path in SCENARIOS if path.stem == "park_shift_change"))
    table = pilot.demand.departures(pilot.park, 1, pilot.clock.begin, pilot.clock.end)
    staff = [time for name, time in zip(table.ids, table.time, strict=True) if name.startswith("plant_a_in.")]
    assert len(staff) == pytest.approx(1800 * 0.4 / 1.2, abs=1)
    assert min(staff) >= 8 * 3600.0 - 2400.0
    assert max(staff) <= 8 * 3600.0
    assert {card.name for card in table.cards} >= {"human_car", "truck", "car_carrier", "bus", "robotaxi"}
    assert len(table.stop_lane) > 0
