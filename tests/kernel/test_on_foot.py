"""People on foot among vehicles: lights obeyed, gaps chosen, drivers who let them cross, and nobody run over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from naive import Kept
from test_plain_twin import agree

import sim
from sim.engine import environment
from sim.engine.simulation import Simulation
from sim.errors import ScenarioError
from sim.models.right_of_way.walking import clears_before, gap_suffices
from sim.report.result import Result
from sim.services import services

ROOT = Path(__file__).parents[2]
FLOWS = [
    ("west", "east", 400),
    ("west", "south", 150),
    ("east", "west", 400),
    ("north", "south", 150),
    ("south", "east", 100),
]


def scenario(folder: Path, control: str, **more: Any) -> Path:
    """The crossroads with crossings on each arm."""
    drawn = json.loads((ROOT / "maps/crossroads.geojson").read_text())
    for feature in drawn["features"]:
        if feature["properties"]["id"] == "centre":
            feature["properties"] |= {"crossings": ["all"], "control": control}
    (folder / "map.geojson").write_text(json.dumps(drawn))
    walks = [{"at": f"centre.{arm}_road", "per_hour": 150} for arm in ("west", "east", "north", "south")]
    flows = [{"from": f"gate_{a}", "to": f"gate_{b}", "per_hour": rate} for a, b, rate in FLOWS]
    told: dict[str, Any] = {
        "pilot": {"map": "map.geojson"},
        "traffic": {"flows": flows, "pedestrians": walks, "cards": {"human_car": 0.8, "robotaxi": 0.1, "truck": 0.1}},
        "run": {"start": 0, "duration": 600},
        "output": {"conflicts": True, "pages": False},
    }
    for name, value in more.items():
        told["traffic"][name] = value
    path = folder / "walk.yaml"
    path.write_text(json.dumps(told))
    return path


OBEDIENT = {"walker": {"like": "pedestrian", "parameters": {"compliance": 1.0}}}


def run(path: Path, **overrides: str) -> Result:
    return sim.run(sim.load(path, overrides), seed=3)


@pytest.mark.parametrize("control", ["signal", "priority", "all_way_stop"])
def test_nobody_is_run_over_and_all_get_over(tmp_path: Path, control: str) -> None:
    summary = run(scenario(tmp_path, control)).summary
    assert summary["safety"]["collisions"] == 0
    people = summary["pedestrians"]
    assert people["departed"] > 60
    assert people["arrived"] >= people["departed"] - 15
    assert any("pedestrian" in pair for pair in summary["safety"]["conflicts"]["by_pair"])
    assert summary["vehicles"]["departed"] + people["departed"] == sum(
        x["departed"] for x in summary["vehicles"]["by_card"].values()
    )


def test_those_who_obey_never_enter_at_red(tmp_path: Path) -> None:
    walks = [{"at": "centre.west_road", "per_hour": 300, "cards": {"walker": 1}}]
    obedient = run(scenario(tmp_path, "signal", own_cards=OBEDIENT, pedestrians=walks)).summary
    assert obedient["safety"]["red_light_entries"] == 0
    bold = {"walker": {"like": "pedestrian", "parameters": {"compliance": 0.0}}}
    others = run(scenario(tmp_path, "signal", own_cards=bold, pedestrians=walks)).summary
    assert others["safety"]["red_light_entries"] > 5
    assert others["safety"]["collisions"] == 0
    assert others["pedestrians"]["mean_delay_s"] < obedient["pedestrians"]["mean_delay_s"]


def test_the_more_drivers_let_people_cross_the_less_they_wait(tmp_path: Path) -> None:
    delays = []
    for rate in (0.0, 1.0):
        card = {"driver": {"like": "human_car", "parameters": {"yield_rate": rate}}}
        path = scenario(tmp_path, "priority", own_cards=card, cards={"driver": 1.0})
        delays.append(run(path).summary["pedestrians"]["mean_delay_s"])
    assert delays[1] < 0.6 * delays[0]


def test_the_same_whatever_the_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def trips() -> np.ndarray:
        notes = Kept()
        Simulation(sim.load(scenario(tmp_path, "signal"), {"run.duration": "300"}), 5, notes, services()).run()
        return np.stack([notes.trip[x] for x in ("depart_s", "arrival_s", "time_loss_s")])

    usual = trips()
    monkeypatch.setattr(environment, "CHUNK", 7)
    assert np.array_equal(trips(), usual, equal_nan=True)


def test_a_crossing_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = scenario(tmp_path, "signal", pedestrians=[{"at": "centre.west_rode", "per_hour": 10}])
    with pytest.raises(ScenarioError, match=r"no crossing named centre.west_rode.*centre.west_road"):
        sim.load(path)


def test_gaps_by_hand() -> None:
    # on the crossing from 1 to 6 s, 3 s margin: a vehicle from 9 s on, or one that is gone at 1 s
    assert gap_suffices(1.0, 6.0, 9.0, 9.5, 3.0)
    assert not gap_suffices(1.0, 6.0, 8.9, 9.4, 3.0)
    assert gap_suffices(1.0, 6.0, 0.2, 1.0, 3.0)
    assert not gap_suffices(1.0, 6.0, 0.2, 1.1, 3.0)
    # in 5 - 1 s at 3 m/s and 0.5 m/s2: 12 + 4 = 16 m
    assert clears_before(15.9, 3.0, 0.5, 6.7, 1.34, 1.0)
    assert not clears_before(16.1, 3.0, 0.5, 6.7, 1.34, 1.0)


@pytest.mark.parametrize("control", ["signal", "priority"])
def test_compiled_and_plain_people_are_the_same(tmp_path: Path, control: str) -> None:
    agree(scenario(tmp_path, control), 450)
