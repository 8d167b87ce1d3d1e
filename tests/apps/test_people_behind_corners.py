"""Near misses with people who step out from behind a corner without looking: what a sensor that tells of them saves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sim

ROOT = Path(__file__).parents[2]
SEEDS = tuple(range(1, 7))
#: Corners of the houses along the main road [m] east or west of the middle: just before the crossings at 13 m.
CORNER = 14.0
#: Degrees of longitude of a metre there.
DEGREE = 1.0 / (111_320.0 * np.cos(np.radians(23.33)))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blind corner with crossings at all arms, to which one comes from behind a house; the sensor sees it."""
    folder = tmp_path_factory.mktemp("corner")
    drawn = json.loads((ROOT / "maps/blind_corner.geojson").read_text())
    (middle,) = (x["geometry"]["coordinates"] for x in drawn["features"] if x["properties"]["id"] == "centre")
    for feature in drawn["features"]:
        if feature["properties"]["id"] == "centre":
            feature["properties"] |= {"crossings": ["all"]}
        for point in feature["geometry"]["coordinates"][0] if feature["properties"]["kind"] == "building" else ():
            east = (point[0] - middle[0]) / DEGREE
            if abs(abs(east) - 7.0) < 1.0:
                point[0] = middle[0] + np.copysign(CORNER, east) * DEGREE
    (folder / "map.geojson").write_text(json.dumps(drawn))
    rates = {("west", "east"): 400, ("east", "west"): 400, ("north", "south"): 60, ("south", "north"): 60}
    told: dict[str, Any] = {
        "pilot": {"map": "map.geojson"},
        "traffic": {
            "cards": {"human_car": 1.0},
            "own_cards": {"absent": {"like": "pedestrian", "parameters": {"attention": 0.2}}},
            "flows": [{"from": f"gate_{a}", "to": f"gate_{b}", "per_hour": x} for (a, b), x in rates.items()],
            "pedestrians": [
                {"at": f"centre.{arm}_road", "per_hour": 150, "cards": {"absent": 1}}
                for arm in ("west", "east", "north", "south")
            ],
        },
        "apps": ["vulnerable_road_user"],
        "run": {"start": 0, "duration": "15 min"},
        "output": {"conflicts": True, "pages": False, "edges": 0},
    }
    (folder / "walk.yaml").write_text(json.dumps(told))
    return folder / "walk.yaml"


def hard(path: Path, share: float, sensors: list[Any], loss: float, seeds: tuple[int, ...] = SEEDS) -> np.ndarray:
    """Encounters with people on foot in which one would have to brake harder than 3.4 m/s2, seed by seed."""
    equip = json.dumps({"human_car": share, "junctions": ["centre"], "sensors": sensors})
    pilot = sim.load(path, {"equip": equip, "radio": f"{{ model: disc, loss: {loss} }}"})
    found = []
    for seed in seeds:
        conflicts = sim.run(pilot, seed=seed).summary["safety"]["conflicts"]["by_pair"]
        found.append(sum(x["drac_3_4"] for pair, x in conflicts.items() if "absent" in pair))
    return np.array(found)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean of paired differences."""
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_who_does_not_look_does_not_wait(path: Path, share: float) -> None:
    def delay(attention: float) -> float:
        told = {"traffic.own_cards.absent.parameters.attention": str(attention), "run.duration": "5 min"}
        return float(sim.run(sim.load(path, told)).summary["pedestrians"]["mean_delay_s"])

    assert delay(share) < 0.8 * delay(1.0)


@pytest.mark.slow
def test_near_misses_with_people_on_foot_fall_with_sensing_and_rise_with_loss(path: Path) -> None:
    sensor = [{"junction": "centre"}]
    nobody, deaf = hard(path, 0.0, sensor, 0.0), hard(path, 1.0, sensor, 1.0, SEEDS[:1])
    everybody, lossy = hard(path, 1.0, sensor, 0.0), hard(path, 1.0, sensor, 0.95)
    assert nobody.sum() > 10
    assert interval(everybody - nobody)[1] < 0.0
    assert interval(lossy - everybody)[0] > 0.0
    assert deaf[0] == nobody[0], "what is never heard helps nobody"
