"""Who would not have let somebody cross does when warned in time; who hears or does nothing changes nothing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import sim
from sim.engine import belief

ROOT = Path(__file__).parents[2]
SENSORS = {"sensors": [{"junction": "centre"}]}
DRIVERS = {"human_car": 1.0, "truck": 1.0, "robotaxi": 1.0}
APP = "[vulnerable_road_user]"
SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Crossroads of a main road with crossings on each arm and no light."""
    folder = tmp_path_factory.mktemp("walks")
    drawn = json.loads((ROOT / "maps/crossroads.geojson").read_text())
    for feature in drawn["features"]:
        if feature["properties"]["id"] == "centre":
            feature["properties"] |= {"crossings": ["all"], "control": "priority"}
    (folder / "map.geojson").write_text(json.dumps(drawn))
    rates = {("west", "east"): 400, ("east", "west"): 400, ("west", "south"): 150, ("north", "south"): 150}
    rates[("south", "east")] = 100
    told = {
        "pilot": {"map": "map.geojson"},
        "traffic": {
            "cards": {"human_car": 0.8, "robotaxi": 0.1, "truck": 0.1},
            "flows": [{"from": f"gate_{a}", "to": f"gate_{b}", "per_hour": x} for (a, b), x in rates.items()],
            "pedestrians": [
                {"at": f"centre.{arm}_road", "per_hour": 150} for arm in ("west", "east", "north", "south")
            ],
        },
        "run": {"start": 0, "duration": 600},
        "output": {"conflicts": True, "pages": False, "trajectories": 1},
    }
    (folder / "walk.yaml").write_text(json.dumps(told))
    return folder / "walk.yaml"


@cache
def result(path: Path, equip: str, seed: int = 1, radio: str = "{}", apps: str = APP) -> Any:
    told = {"equip": equip, "apps": apps} | ({"radio": radio} if radio else {})
    return sim.run(sim.load(path, told), seed=seed)


def equipped(**more: Any) -> str:
    return json.dumps(more | {"junctions": ["centre"]})


@pytest.mark.parametrize("source", [SENSORS, {"pedestrian": 1.0}], ids=["RSM", "PSM"])
def test_people_on_foot_wait_less(path: Path, source: dict[str, Any]) -> None:
    shares = []
    for seed in SEEDS:
        without = result(path, equipped(), seed, radio="").summary
        warned = result(path, equipped(**DRIVERS, **source), seed).summary
        shares.append(warned["pedestrians"]["mean_delay_s"] / without["pedestrians"]["mean_delay_s"])
        assert warned["safety"]["collisions"] == 0
        told = warned["v2x"]["apps"]["vulnerable_road_user"]
        assert told["advised"] > 20
        assert told["met"] is True, "what it needs is told of RSM, or of PSM where there is no sensor"
    assert max(shares) < 1.0
    assert sum(shares) / len(shares) < 0.75


def test_people_on_foot_say_psm_and_nothing_else(path: Path) -> None:
    said = result(path, equipped(pedestrian=1.0)).summary["v2x"]["said"]
    assert said["PSM"] > 500
    assert "BSM" not in said


def equal(one: Any, other: Any) -> bool:
    """Whether everybody drove the same way."""
    return bool(one.trips.equals(other.trips) and one.trajectories.equals(other.trajectories))


SILENT = {
    "nobody equipped": (SENSORS, {}),
    "nothing senses or says": (DRIVERS, {}),
    "no radio": (DRIVERS | SENSORS, {"radio": ""}),
    "all lost": (DRIVERS | SENSORS, {"radio": "{ model: disc, loss: 100 % }"}),
    "not asked for": (DRIVERS | SENSORS, {"apps": "[]"}),
    "nobody complies": (DRIVERS | SENSORS, {"apps": "{ vulnerable_road_user: { compliance: 0 } }"}),
}


@pytest.mark.parametrize("name", list(SILENT))
def test_the_baseline_to_the_byte(path: Path, name: str) -> None:
    equip, more = SILENT[name]
    assert equal(result(path, equipped(**equip), **more), result(path, equipped(), radio=""))


def test_nobody_acts_before_he_has_reacted(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belief, "REACTION", 1e5)
    told = {"equip": equipped(**DRIVERS, **SENSORS), "apps": APP, "radio": "{}"}
    slow = sim.run(sim.load(path, told), seed=1)
    assert slow.summary["v2x"]["apps"]["vulnerable_road_user"]["advised"] > 20
    assert equal(slow, result(path, equipped(), radio=""))
