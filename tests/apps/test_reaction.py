"""People act on what they are newly told after their time to react, machines at once; by hand, to the step."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import test_lane_change_warning
from equipped import SURE, equal, on_roads, scenario
from small_worlds import Listed, grid, ways_in, ways_out

import sim
from sim.apps import settings_of
from sim.engine import belief
from sim.engine.simulation import Simulation
from sim.pilot import Clock, Equipment, Output, Pilot
from sim.verify.fleet import Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary, Watch

STEP = 0.1
DEPARTS = 40.0  #: [s] so that there is something to advise at the signal
PEOPLE, MACHINES = "human_car", "robotaxi"


def driven(pilot: Pilot) -> tuple[np.ndarray, float, int]:
    """Speeds of one alone (instants,), when he was first advised [s], and his steps to react."""
    watch, diary = Watch(STEP), Diary()
    simulation = Simulation(pilot, 1, diary, [watch])
    diary.outcome = simulation.run()
    advised = diary.of_kind("advice")["time_s"] if diary.count("advice") else np.array([np.nan])
    mine = simulation.world.radio.stations["departure"] >= 0
    return watch.table()["speed"][:, 0], float(advised[0]), int(simulation.world.radio.stations["reaction"][mine].sum())


def steps_to_act(told: Any, kind: str) -> tuple[int, int]:
    """Steps from the first advice to the first that somebody drives otherwise than without, and his to react."""
    (speed, advised, reaction), (free, _, _) = driven(told(kind, 1.0)), driven(told(kind, 0.0))
    first = int(np.flatnonzero(~np.isclose(speed, free, rtol=0.0, atol=1e-9, equal_nan=True))[0])
    return first - round(advised / STEP), reaction


def on_a_road(kind: str, share: float) -> Pilot:
    """Up to a unit on a road whose limit he likes to pass by a tenth."""
    layout = Layout("road")
    layout.edge(layout.junction(), layout.junction(), 900.0, 15.0, 1)
    driver = card(kind, "driver", maximum_speed=30.0)
    cars = [Vehicle("car", 0.0, (0,), driver, 0, 50.0, 16.5, 1.1)]
    pilot = on_roads(layout, cars, SURE, {}, 15.0, speed_limit={"compliance": 1.0})
    return replace(pilot, equip=Equipment({"driver": share}, ("j0",)))


def to_a_signal(kind: str, share: float) -> Pilot:
    """One who comes to a signal from afar."""
    network = grid(1, 1, ["signal"], [1])
    starts, ends = ways_in(network), ways_out(network)
    start, end = next((a, b) for a in starts for b in ends if network.edges[a].start != network.edges[b].end)
    people, clock = Listed((("car", DEPARTS, start, end, card(kind, "driver")),)), Clock(0.0, 90.0, 0.0, STEP, 1)
    apps = {"green_wave": settings_of("green_wave", compliance=1.0)}
    pilot = Pilot("signal", network, people, clock=clock, output=Output(0.0, 0.0, pages=False))
    return replace(pilot, radio=SURE, equip=Equipment({"driver": share}, ("n00",)), apps=apps)


@pytest.mark.parametrize("told", [on_a_road, to_a_signal], ids=["speed limit", "green wave"])
def test_people_act_exactly_their_time_after_they_are_advised(told: Any) -> None:
    late, reaction = steps_to_act(told, PEOPLE)
    soon, none = steps_to_act(told, MACHINES)
    assert reaction >= 5
    assert none == 0
    assert late == reaction + soon
    assert soon <= 1, "what is decided in a step is seen at its end"


def corner(apps: str, card: str) -> Any:
    """A short run of the blind corner with everybody equipped."""
    cards = {"traffic__cards": f"{{ {card}: 1.0 }}", "run__duration": "5 min"}
    equip = f"{{ {card}: 1.0, junctions: [centre] }}"
    return sim.run(scenario("blind_corner", radio="{ model: disc }", equip=equip, apps=apps, **cards), seed=1)


def test_who_is_heard_past_the_houses_is_known_after_the_time_to_react(monkeypatch: pytest.MonkeyPatch) -> None:
    heeds = "{ intersection_collision: { compliance: 1 } }"
    soon, without = corner(heeds, PEOPLE), corner("[]", PEOPLE)
    assert soon.trips != without.trips
    assert corner(heeds, MACHINES).trips != corner("[]", MACHINES).trips
    monkeypatch.setattr(belief, "REACTION", 1e5)
    late = corner(heeds, PEOPLE)
    assert late.summary["v2x"]["apps"]["intersection_collision"]["advised"] > 5
    assert late.trips.equals(without.trips)
    assert corner(heeds, MACHINES).trips != corner("[]", MACHINES).trips, "they react at once, as ever"


def test_who_looks_before_he_changes_sees_what_was_lit_his_time_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes faster was far enough off, long enough ago."""
    roads = test_lane_change_warning.roads.__wrapped__
    without = roads(None)
    monkeypatch.setattr(belief, "REACTION", 1e5)
    table, log = roads(0.0, beside=0.0)
    assert log.count("advice") >= 5
    assert equal(table, without[0])
    monkeypatch.setattr(belief, "REACTION", 0.0)
    assert not equal(roads(0.0, beside=0.0)[0], without[0])
