"""Cooperative passage: who gives way gets over sooner, who has priority loses little; loss takes that away."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from equipped import scenario
from scipy import stats

import sim
from sim.apps import applications
from sim.engine.arrangers import lines
from sim.engine.simulation import Simulation
from sim.models.advice.passage import braking_to_be_at, share_of_time
from sim.park.importers import read_map
from sim.services import services
from sim.v2x import MESSAGES
from sim.verify.trial import Diary

ROOT = Path(__file__).parents[2]
SEEDS = tuple(range(1, 6))
#: Half as much again as in the scenario, vehicles an hour.
DEMAND = {f"traffic__flows__{i}__per_hour": str(x) for i, x in enumerate((450, 450, 90, 90, 90, 60))}


def told(share: float, loss: float, unit: bool = True) -> dict[str, str]:
    """Entries of the scenario: shares of all that are equipped, and of messages that are lost."""
    junctions = ["centre"] if unit else []
    return {
        "equip": json.dumps({"human_car": share, "robotaxi": share, "junctions": junctions}),
        "radio": f"{{ model: disc, loss: {loss} }}",
        "apps": "[cooperative_intersection]",
    }


@cache
def losses(share: float, loss: float = 0.0, unit: bool = True, **more: str) -> np.ndarray:
    """Mean time lost, waiting to depart in it, by those who give way, by those straight on, by all (seeds, 3) [s]."""
    pilot, found = (
        scenario("priority_crossroads", run__duration="8 min", **DEMAND, **told(share, loss, unit), **more),
        [],
    )
    for seed in SEEDS:
        result = sim.run(pilot, seed=seed)
        assert result.summary["safety"]["collisions"] == 0
        trips = result.trips.to_pydict()
        lost = np.array(trips["time_loss_s"], float) + np.array(trips["depart_delay_s"], float)
        flow = np.array([x.split(".")[0] for x in trips["id"]])
        minor = np.char.startswith(flow, "south") | np.char.startswith(flow, "north")
        major = np.isin(flow, ["west_east", "east_west"])
        found.append([np.nanmean(lost[x]) for x in (minor, major, flow == flow)])
    return np.array(found)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean of paired differences."""
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


def test_who_gives_way_loses_less_time_and_all_together_do() -> None:
    nobody, heard = losses(0.0), losses(1.0)
    assert interval(heard[:, 0] - nobody[:, 0])[1] < 0.0
    assert interval(heard[:, 2] - nobody[:, 2])[1] < 0.0
    assert interval(heard[:, 1] - nobody[:, 1])[1] < 1.0, "who has priority waits for nobody long"


def test_without_a_unit_or_when_all_is_lost_it_is_the_baseline() -> None:
    assert np.array_equal(losses(1.0, 1.0), losses(0.0))
    assert np.array_equal(losses(1.0, unit=False), losses(0.0))


def test_loss_and_a_unit_that_fails_cost_time_and_nothing_else() -> None:
    """Collisions are looked for in `losses`."""
    heard, lossy = losses(1.0)[:, 0].mean(), losses(1.0, 0.9)[:, 0].mean()
    down = "[{ kind: rsu_down, junction: centre, begin: 07:02 }]"
    fails = losses(1.0, occurrences=down)[:, 0].mean()
    assert heard < lossy < losses(0.0)[:, 0].mean() * 1.05
    assert heard < fails


def test_a_packet_is_as_long_as_its_orders() -> None:
    pilot = scenario("priority_crossroads", run__duration="40 s", **DEMAND, **told(1.0, 0.0))
    run = Simulation(pilot, 1, Diary(), [*services(), *applications(pilot)])
    run.run()
    r = run.world.radio
    o = r.arrangers[0]
    f = r.streams[o.stream]
    last = r.contents[o.stream * 128 + (int(f.number) - 1) % 128]
    assert f.number > 20
    assert last.position >= 2, "one who gives way and one who has priority, at least"
    assert f.bytes == MESSAGES["rsc"].size(int(last.position)) + pilot.radio.header
    orders = r.orders[last.lane : last.lane + int(last.position)]
    assert (np.diff(orders["station"]) != 0).all()
    assert (orders["begin"] >= 0.0).all()


def test_who_comes_at_a_signal_or_takes_turns_is_not_ordered() -> None:
    park = read_map(ROOT / "maps" / "priority_crossroads.geojson")
    names = {park.lanes[x].id for x in lines(park, 0)}
    assert {"west_road_0", "south_road_0"} <= names
    assert any(x.startswith(":centre") for x in names), "left turns wait inside"
    park = read_map(ROOT / "maps" / "crossroads.geojson")
    signal = next(i for i, x in enumerate(park.junctions) if x.control == "signal")
    assert lines(park, signal) == []


@pytest.mark.parametrize(("way", "speed", "time"), [(100.0, 12.0, 10.0), (60.0, 15.0, 5.0), (30.0, 14.0, 2.5)])
def test_even_braking_brings_one_to_the_line_in_time(way: float, speed: float, time: float) -> None:
    hard = braking_to_be_at(way, speed, time)
    assert speed * time - 0.5 * hard * time * time == pytest.approx(way)
    assert braking_to_be_at(way, speed, way / speed - 0.1) == 0.0
    assert share_of_time(25.0, 100.0) == pytest.approx(0.5)
