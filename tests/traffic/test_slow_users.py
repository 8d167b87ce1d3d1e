"""Users who are slower than the rest: they drive as their cards say, others wait behind them or pass, halts hold."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Programme, Road, Stage
from sim.park.classes import class_bits
from sim.park.names import Names
from sim.pilot import Rules
from sim.traffic.cards import CARDS
from sim.traffic.demand import BusLine, Halt
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import road
from sim.verify.trial import Trial, Watch

ROOT = Path(__file__).parents[2]
TOP = {"sweeper": 10.0 / 3.6, "delivery_robot": 25.0 / 3.6, "e_bike": 25.0 / 3.6, "bicycle": 4.5, "shuttle": 13.9}


@pytest.mark.parametrize("name", TOP)
def test_they_drive_as_fast_as_their_card_says_and_no_faster(name: str) -> None:
    watch = Watch(0.5)
    fleet = Fleet([Vehicle("v", 0.0, (0,), CARDS[name])])
    Trial(road((400.0,), 13.9), fleet, 120.0).run(1, [watch])
    speed = watch.table()["speed"][:, 0]
    assert np.nanmax(speed) <= TOP[name] * 1.001
    assert np.nanmax(speed) >= 0.97 * TOP[name]


def behind_a_sweeper(lanes: int) -> float:
    """Mean speed of a car that comes up behind a sweeper [m/s]."""
    fleet = Fleet(
        [
            Vehicle("sweeper", 0.0, (0,), CARDS["sweeper"], 0, 100.0),
            Vehicle("car", 1.0, (0,), CARDS["human_car"], 0),
        ]
    )
    diary = Trial(road((800.0,), 13.9, (lanes,)), fleet, rules=Rules(lane_change_duration=3.0)).run(1)
    assert diary.count("collision") == 0
    return 800.0 / float(diary.trips_told["duration_s"][diary.departures.ids.index("car")])


def test_a_car_waits_behind_a_sweeper_in_one_lane_and_passes_it_on_two() -> None:
    assert behind_a_sweeper(1) < 3.5
    assert behind_a_sweeper(2) > 9.0


@pytest.mark.parametrize("card", ["shuttle", "sweeper", "bus"])
def test_who_has_a_halt_in_the_lane_stands_there_for_its_time(card: str) -> None:
    pilot = sim.load(ROOT / "scenarios/corridor.yaml", {"run.duration": "12 min"})
    line = BusLine("line", (Halt("stop_1_2", 40.0),), 600.0, 25_200.0, 25_260.0, card=card)
    demand = dataclasses.replace(pilot.demand, flows=(), bus_lines=(line,))
    result = sim.run(dataclasses.replace(pilot, demand=demand, expect={}))
    rows = [x for x in result.events.to_pylist() if x["kind"] in ("stop_begin", "stop_end")]
    assert [x["kind"] for x in rows] == ["stop_begin", "stop_end"]
    assert rows[1]["time_s"] - rows[0]["time_s"] == pytest.approx(40.0, abs=0.11)
    assert result.summary["safety"]["collisions"] == 0


def test_e_bikes_beside_the_lane_pass_a_queue_and_stand_at_the_line_before_it() -> None:
    stages = (Stage({"w": "s"}, 10.0, np.nan, np.nan), Stage({"s": "s"}, 100.0, np.nan, np.nan))
    programme = Programme(offset=-15.0, stages=stages)  # the first green has just passed
    nodes = [Node("x", 0.0, 0.0, "signal", u_turn=False, programme=programme)]
    ends = {"w": (-300.0, 0.0), "e": (300.0, 0.0), "s": (0.0, -200.0), "n": (0.0, 200.0)}
    roads = []
    riders = class_bits(["bicycle", "moped"])
    for name, point in ends.items():
        nodes.append(Node(f"end_{name}", *point, "none", u_turn=False))
        wide = name in "we"
        shape = np.array([point, (0.0, 0.0)])
        lanes = 2 if wide else 1
        roads.append(Road(name, f"end_{name}", "x", shape, lanes, lanes, 13.9, 3.5, bus_lane=wide, kerb_lane=riders))
    park = build(Draft("beside", tuple(nodes), tuple(roads), synthetic=True))
    edges = Names(park).edge
    route = (edges["w"], edges["-e"])
    cars = [Vehicle(f"car{i}", 2.0 * i, route, CARDS["human_car"]) for i in range(8)]
    bikes = [Vehicle(f"bike{i}", 40.0 + 2.0 * i, route, CARDS["e_bike"]) for i in range(3)]
    watch = Watch(1.0)
    diary = Trial(park, Fleet(cars + bikes), 100.0).run(1, [watch])
    table, ids = watch.table(), diary.departures.ids
    at = int(np.flatnonzero(table["time"] >= 98.0)[0])
    length = park.lanes[park.edges[edges["w"]].lanes[0]].length
    to_line = {name: length - table["position"][at, i] for i, name in enumerate(ids)}
    kerb = park.edges[edges["w"]].lanes[0]
    assert all(table["lane"][at, ids.index(f"bike{i}")] == kerb for i in range(3))
    assert all(table["lane"][at, ids.index(f"car{i}")] != kerb for i in range(8))
    assert max(to_line[f"bike{i}"] for i in range(3)) < to_line["car1"] + 2.0, "beside the first two of the queue"
    assert to_line["car7"] > 30.0
    assert diary.count("collision") == 0
