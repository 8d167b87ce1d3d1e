"""Warnings: they help only who hears them and acts; nobody acts before he has reacted."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

import sim
from sim.apps import settings_of
from sim.engine.belief import REACTION
from sim.engine.simulation import Process, Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.state.world import World
from sim.units import ticks
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary, Watch

ROOT = Path(__file__).parents[2]
SURE = Radio("disc", 300.0, low=0.01, high=0.01)
CARS = 10


def obstacle(run: Simulation) -> Process:
    """Something falls on the road right before the first car."""
    yield run.environment.timeout(ticks(20.0))

    def fall(world: World) -> None:
        v = world.vehicles
        first = v["position"][np.flatnonzero(v["departure"] == 0)[0]]
        world.lane["block"][0] = first + 48.0

    run.environment.command(fall)


def chain(radio: Radio | None, kind: str = "human_car", **settings: float) -> tuple[np.ndarray, Diary]:
    """Hardest braking of each car of a chain whose first one brakes hard [m/s2]."""
    layout = Layout("road")
    layout.edge(layout.junction(), layout.junction(), 3000.0, 20.0, 1)
    driver = card(kind, "driver")
    cars = [Vehicle(f"car{i}", 0.0, (0,), driver, 0, 400.0 - 30.0 * i, 20.0) for i in range(CARS)]
    pilot = Pilot("chain", layout.network(), Fleet(cars), clock=Clock(0.0, 60.0, 0.0, 0.1, 1), output=Output(0.0, 0.0))
    apps = {"emergency_brake": settings_of("emergency_brake", **settings)}
    pilot = replace(pilot, radio=radio, equip=Equipment({"driver": 1.0}), apps=apps)
    watch, diary = Watch(0.1), Diary()
    diary.outcome = Simulation(pilot, 1, diary, [obstacle, watch]).run()
    return -np.nanmin(watch.table()["acceleration"], axis=0), diary


def test_who_hears_that_somebody_brakes_hard_brakes_less_hard_himself() -> None:
    without, _ = chain(None)
    heard, diary = chain(SURE)
    assert without[0] == heard[0] > 3.92, "the first one brakes as hard either way"
    assert heard[3] == pytest.approx(without[3], abs=0.02), "he reacts as late as what he sees reaches him"
    assert heard[4] < without[4] - 0.3
    assert heard[5] < without[5] - 0.5
    assert diary.count("collision") == 0
    assert diary.count("advice") >= 2


def test_machines_heed_it_too() -> None:
    machines, _ = chain(SURE, "robotaxi")
    without, _ = chain(None, "robotaxi")
    assert machines[3] < without[3] - 0.2
    assert machines[4] < without[4] - 0.5, "those before it see for themselves how hard to brake by then"


@pytest.mark.parametrize("useless", [{"compliance": 0.0}, {"threshold": 9.0}, {"lifetime": 0.05}])
def test_a_warning_nobody_acts_on_brings_nothing(useless: dict[str, float]) -> None:
    without, _ = chain(None)
    radio = replace(SURE, low=0.09, high=0.09) if "lifetime" in useless else SURE
    heard, _ = chain(radio, **useless)
    assert np.array_equal(without, heard)


HAZARD = json.dumps([{"kind": "incident", "lane": "main2_0", "position": 250.0, "begin": "07:03", "end": "07:08"}])


@cache
def corridor(apps: str, share: float = 1.0, occurrences: str = "[]", radio: str = "{}") -> Any:
    """A short run of the corridor with everybody equipped, and units at all junctions."""
    equip = {"human_car": share, "truck": share, "robotaxi": share, "bus": share}
    told = {"radio": radio, "equip": json.dumps(equip | {"junctions": [f"j{i}" for i in range(5)]}), "apps": apps}
    told |= {"run.duration": "10 min", "output.pages": "false", "output.trajectories": "1 s"}
    return sim.run(sim.load(ROOT / "scenarios" / "corridor.yaml", told | {"occurrences": occurrences}))


def trips(result: Any) -> list[Any]:
    return result.trips.to_pylist()


def advised(result: Any) -> list[dict[str, Any]]:
    return [x for x in result.events.to_pylist() if x["kind"] == "advice"]


def all_come_to(result: Any, found: list[dict[str, Any]], edge: str) -> bool:
    """Whether everybody who was advised is on an edge then or later."""
    there = result.trajectories.filter(pc.field("edge") == edge).select(["id", "time_s"])
    last: dict[str, float] = {}
    for x in there.to_pylist():
        last[x["id"]] = max(x["time_s"], last.get(x["id"], 0.0))
    return all(last.get(x["subject"], 0.0) >= x["time_s"] - 1.0 for x in found)


def test_hazard_is_told_by_the_roadside_and_heeded() -> None:
    without, heard = (corridor("[hazard_warning]", x, HAZARD) for x in (0.0, 1.0))
    assert not advised(without)
    found = advised(heard)
    assert len(found) > 20
    begin = 7 * 3600.0 + 180.0
    assert all(x["time_s"] >= begin + 10.0 for x in found), "only when it is known"
    assert all(x["time_s"] <= begin + 330.0 for x in found), "not when it is over"
    assert all_come_to(heard, found, "main2")
    assert {x["edge"] for x in found} <= {"main1", "main2"}, "where they are, before it"
    assert len({x["subject"] for x in found}) == len(found), "each once"
    assert heard.summary["v2x"]["apps"]["hazard_warning"]["advised"] == len(found)
    assert heard.summary["v2x"]["said"]["RSI"] > 100

    def speed(result: Any) -> float:
        """Highest speed on the open lane beside the hazard [m/s]."""
        near = (pc.field("lane") == "main2_1") & (pc.field("position_m") > 200.0) & (pc.field("position_m") < 255.0)
        now = (pc.field("time_s") > begin + 60.0) & (pc.field("time_s") < begin + 300.0)
        return float(pc.max(result.trajectories.filter(near & now)["speed_mps"]).as_py())

    assert speed(heard) < speed(without) - 2.0


def test_a_hazard_is_told_as_often_as_the_standard_asks() -> None:
    usual, seldom = (corridor("[hazard_warning]", 1.0, HAZARD, x) for x in ("{}", "{ rates: { rsi: 1 Hz } }"))
    need, less = (x.summary["v2x"]["apps"]["hazard_warning"]["needs"]["rate_hz"] for x in (usual, seldom))
    assert need["wanted"] == less["wanted"] == 5.0
    assert need["met"] is True
    assert less["met"] is False
    said = [x.summary["v2x"]["said"]["RSI"] for x in (usual, seldom)]
    assert said[0] == pytest.approx(5 * said[1], rel=0.05), "what the scenario says of a message holds"


QUIET = "{ hazard_warning: {}, jam_ahead: { length: 2 km } }"


def test_no_hazard_and_no_jam_no_message() -> None:
    quiet = corridor(QUIET)
    assert not advised(quiet)
    assert "RSI" not in quiet.summary["v2x"]["said"]
    assert quiet.summary["v2x"]["apps"]["hazard_warning"]["met"] is None
    assert trips(quiet) == trips(corridor("[]"))


def test_a_unit_tells_of_several_hazards_at_once() -> None:
    """Two blocked lanes of one unit at the same time: who passes both is told of both, and slows down twice."""
    two = [*json.loads(HAZARD), {**json.loads(HAZARD)[0], "lane": "main3_0", "position": 150.0}]
    result = corridor("[hazard_warning]", 1.0, json.dumps(two))
    found = advised(result)
    told = Counter(x["subject"] for x in found)
    assert set(told.values()) == {1, 2}
    assert sum(x == 2 for x in told.values()) > 10
    twice = [x for x in found if told[x["subject"]] == 2]
    assert all_come_to(result, twice, "main2")
    assert all_come_to(result, twice, "main3")


def test_people_react_after_their_time() -> None:
    """Between the first message and advice lies everybody's own reaction time, about its median."""
    found = corridor("[hazard_warning]", 1.0, HAZARD)
    events = found.events.to_pylist()
    heard = {x["subject"]: x["time_s"] for x in reversed(events) if x["kind"] == "heard"}
    late = {x["subject"]: x["time_s"] - heard[x["subject"]] for x in reversed(advised(found))}
    people = [d for name, d in late.items() if d > 0.2]
    assert 0.8 * REACTION < float(np.median(people)) < 1.4 * REACTION
    assert min(late.values()) <= 0.2, "machines at once"


def test_limits_are_kept_where_map_is_heard() -> None:
    without, heard = corridor("[]"), corridor("{ speed_limit: { compliance: 1 } }")
    park = sim.load(ROOT / "scenarios" / "corridor.yaml").park
    limit = next(x.speed for x in park.lanes if x.id == "main2_0")

    def speeding(result: Any) -> int:
        near = (pc.field("edge") == "main2") & (
            pc.field("position_m") > 200.0
        )  # the unit is at the end, 300 m are heard
        return int(result.trajectories.filter(near & (pc.field("speed_mps") > limit + 0.3)).num_rows)

    assert speeding(without) > 20
    assert speeding(heard) == 0


def test_the_end_of_a_jam_is_told() -> None:
    found = advised(corridor("{ jam_ahead: { length: 40 m } }"))
    assert len(found) > 10
    assert found[0]["value"] == 5.0
    assert len({x["lane"] for x in found}) > 1, "a unit tells of several"


def test_a_forged_warning_is_believed() -> None:
    forged = {"kind": "forged_rsi", "junction": "j2", "lane": "main2_0", "position": 300.0, "speed": 3.0}
    forged |= {"begin": "07:03", "end": "07:08"}
    result = corridor("[hazard_warning]", 1.0, json.dumps([forged]))
    found = advised(result)
    assert len(found) > 20
    assert all_come_to(result, found, "main2")
    assert trips(result) != trips(corridor("[]"))
