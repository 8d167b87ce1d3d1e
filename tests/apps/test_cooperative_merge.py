"""Cooperative merge: who comes from a ramp and must give way gets room from who heard it; loss takes that away."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from equipped import equal, lossy, on_roads, watched
from scipy import stats

import sim
from sim.engine.merges import feeding, merging
from sim.park.importers import read_map
from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle
from sim.verify.roads import Layout

ROOT = Path(__file__).parents[2]
SEEDS = tuple(range(1, 6))
SHORT = {"run.duration": "8 min", "output.trajectories": "0", "output.edges": "0", "output.pages": "false"}
SHORT |= {"traffic.flows.0.per_hour": "1200", "traffic.cards": "{ human_car: 0.5, robotaxi: 0.5 }"}


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The merge without its lane to speed up on: the ramp gives way to the main road."""
    folder = tmp_path_factory.mktemp("merge")
    drawn = json.loads((ROOT / "maps" / "merge.geojson").read_text())
    for feature in drawn["features"]:
        changed = {"acceleration": {"lanes": 2}, "on": {"control": "priority"}}
        feature["properties"] |= changed.get(feature["properties"]["id"], {})
    for name, text in (("maps/merge.geojson", json.dumps(drawn)), ("scenarios/merge.yaml", "")):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text or (ROOT / name).read_text())
    return folder / "scenarios" / "merge.yaml"


@cache
def losses(scenario: Path, share: float, loss: float = 0.0) -> np.ndarray:
    """Mean time lost by those from the ramp, and by all, in paired runs (seeds, 2) [s]."""
    told = {
        "equip": json.dumps({"human_car": share, "robotaxi": share}),
        "radio": f"{{ model: disc, loss: {loss} }}",
        "apps": "[cooperative_merge]",
    }
    pilot, found = sim.load(scenario, SHORT | told), []
    for seed in SEEDS:
        result = sim.run(pilot, seed=seed)
        assert result.summary["safety"]["collisions"] == 0
        trips = result.trips.to_pydict()
        lost = np.array(trips["time_loss_s"], float)
        ramp = np.array([x.startswith("ramp") for x in trips["id"]])
        found.append((np.nanmean(lost[ramp]), np.nanmean(lost)))
    return np.array(found)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean of paired differences."""
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


def test_who_comes_from_a_ramp_loses_less_time_and_more_again_with_loss(scenario: Path) -> None:
    nobody, heard, lossy = losses(scenario, 0.0), losses(scenario, 1.0), losses(scenario, 1.0, 0.95)
    assert interval(heard[:, 0] - nobody[:, 0])[1] < 0.0
    assert interval(heard[:, 1] - nobody[:, 1])[1] < 0.0, "all together, those on the main road too"
    assert interval(lossy[:, 0] - heard[:, 0])[0] > 0.0
    assert np.array_equal(losses(scenario, 1.0, 1.0), nobody)


def test_half_equipped_gain_less(scenario: Path) -> None:
    half = losses(scenario, 0.5)[:, 0]
    assert losses(scenario, 1.0)[:, 0].mean() < half.mean() < losses(scenario, 0.0)[:, 0].mean()


def test_where_ways_merge() -> None:
    """On the map: the third lane, and the ramp that leads onto it, come into the kerb lane of the road behind."""
    park = read_map(ROOT / "maps" / "merge.geojson")
    (major, minor), *others = merging(park)
    assert not others
    names = [park.lanes[x].id for x in feeding(park, minor, 300.0)]
    assert {"acceleration_0", "on_ramp_0"} < set(names)
    assert not {"acceleration_1", "main_in_0"} & set(names)
    assert "on_ramp_0" not in [park.lanes[x].id for x in feeding(park, minor, 200.0)]
    assert [park.lanes[x].id for x in major] == [":end_1_0"]


@cache
def ending(loss: float | None, share: float = 1.0) -> tuple[dict[str, np.ndarray], object]:
    """One on a lane that ends, a little ahead of one on the lane beside, who lets nobody in of himself."""
    layout, card = Layout("road"), CARDS["av_cautious"]
    ends = [layout.junction() for _ in range(3)]
    two, one = layout.edge(ends[0], ends[1], 400.0, 15.0, 2), layout.edge(ends[1], ends[2], 900.0, 15.0, 1)
    layout.join(two, one)
    cars = [
        Vehicle("merges", 0.0, (two, one), card, 0, 120.0, 14.0),
        Vehicle("stays", 0.0, (two, one), card, 1, 110.0, 14.0),
    ]
    return watched(on_roads(layout, cars, lossy(loss), {card.name: share}, 25.0, cooperative_merge={}), period=0.5)


def test_room_beside_a_lane_that_ends() -> None:
    heard, without = ending(0.0), ending(None)
    assert heard[1].count("advice") >= 1  # type: ignore[attr-defined]
    assert heard[0]["speed"][10, 1] < without[0]["speed"][10, 1] - 0.5, "falls behind"
    assert equal(ending(0.0, 0.0)[0], without[0])
    assert equal(ending(1.0)[0], without[0])
