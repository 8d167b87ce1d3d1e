"""Take-over: who asks, who answers, who stops, and what is counted of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from naive import Kept

import sim
from sim.engine import environment
from sim.engine.desk import Desk
from sim.engine.recording import EVENT_KINDS
from sim.engine.simulation import Simulation
from sim.errors import ScenarioError
from sim.services import services
from sim.traffic.cards import CARDS
from sim.traffic.takeover import Takeover, errors
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import road
from sim.verify.trial import Diary, Trial, Watch

ROOT = Path(__file__).parents[2]
ONE_ASKS: dict[str, Any] = {"outside": ("e1",), "unanswered": 0.0}


def alone(told: Takeover | None, duration: float = 300.0, watch: Watch | None = None) -> Diary:
    """One automated car on a road of 1 km in and 0.5 km out of the domain, at 13.9 m/s."""
    fleet = Fleet([Vehicle("v", 0.0, (0, 1), CARDS["av_normal"])])
    return Trial(road((1000.0, 500.0), 13.9), fleet, duration, takeover=told).run(1, [watch] if watch else [])


def test_a_driver_is_asked_the_lead_before_the_edge_and_answers_in_his_time() -> None:
    diary = alone(Takeover(**ONE_ASKS, response=2.0, deviation=0.0))
    asked, taken, off = (diary.of_kind(x) for x in ("transition_demand", "take_over", "ads_off"))
    assert asked["position_m"] == pytest.approx([1001.0 - 139.0], abs=1.5)  # the junction is 1 m long
    assert taken["time_s"] - asked["time_s"] == pytest.approx([2.0], abs=0.11)
    assert taken["value"] == pytest.approx([2.0])
    assert off["value"] == pytest.approx([1000.0 - 139.0 + 27.8 - 5.1], abs=2.0)  # he started a body's length in
    assert diary.count("minimal_risk_manoeuvre") == 0
    assert diary.trips_told["arrival_s"][0] < 130.0


def test_nobody_answers_so_it_stops_gently_and_is_helped() -> None:
    watch = Watch(0.1)
    diary = alone(Takeover(outside=("e1",), unanswered=1.0, deceleration=1.5, help=30.0), watch=watch)
    begun, helped = diary.of_kind("minimal_risk_manoeuvre"), diary.of_kind("remote_help")
    asked = diary.of_kind("transition_demand")
    assert begun["time_s"] - asked["time_s"] == pytest.approx([10.0], abs=0.11)
    table = watch.table()
    during = (table["time"] > begun["time_s"][0] + 0.2) & (table["time"] < helped["time_s"][0])
    acceleration, speed = table["acceleration"][during, 0], table["speed"][during, 0]
    assert acceleration.min() == pytest.approx(-1.5, abs=1e-6)
    assert speed[-1] == 0.0
    stopped = begun["time_s"][0] + 13.9 / 1.5
    assert helped["time_s"][0] > stopped
    assert diary.of_kind("ads_off")["time_s"][0] >= helped["time_s"][0], "who has come drives on outside the domain"
    assert not np.isnan(diary.trips_told["arrival_s"][0])


def test_a_late_driver_ends_the_manoeuvre() -> None:
    diary = alone(Takeover(**ONE_ASKS, response=14.0, deviation=0.0))
    begun, taken = diary.of_kind("minimal_risk_manoeuvre"), diary.of_kind("take_over")
    assert taken["time_s"] - begun["time_s"] == pytest.approx([4.0], abs=0.11)
    assert diary.count("remote_help") == 0
    assert diary.trips_told["arrival_s"][0] < 150.0


def test_who_brakes_for_least_risk_still_sees_his_leader() -> None:
    fleet = Fleet(
        [
            Vehicle("first", 0.0, (0, 1), CARDS["human_car"], 0, 400.0, 0.0),
            Vehicle("second", 0.0, (0, 1), CARDS["av_normal"], 0, 100.0),
        ]
    )

    def stand(run: Simulation) -> Any:
        while True:
            v = run.world.vehicles
            v["speed"][v["departure"] == run.departures.ids.index("first")] = 0.0
            yield run.environment.timeout(100_000)

    told = Takeover(per_km={"now": 1000.0}, unanswered=1.0, lead=1.0, deceleration=0.3, help=1000.0)
    diary = Trial(road((1000.0, 500.0), 13.9), fleet, 120.0, takeover=told).run(1, [stand])
    assert diary.count("minimal_risk_manoeuvre") == 1
    assert diary.count("collision") == 0


def test_hand_back_after_the_domain_is_entered_again() -> None:
    fleet = Fleet([Vehicle("v", 0.0, (0, 1, 2), CARDS["av_normal"])])
    told = Takeover(outside=("e1",), unanswered=0.0, response=2.0, deviation=0.0, manual=5.0)
    diary = Trial(road((800.0, 400.0, 800.0), 13.9), fleet, 400.0, takeover=told).run(1)
    on = diary.of_kind("ads_on")
    assert len(on["time_s"]) == 1
    assert diary.pilot.park.edges[int(on["edge"][0])].id == "e2"
    assert diary.count("transition_demand") == 1


def test_who_starts_outside_is_driven_from_the_start() -> None:
    fleet = Fleet([Vehicle("v", 0.0, (0, 1), CARDS["av_normal"])])
    told = Takeover(outside=("e0",), unanswered=0.0, manual=1.0)
    diary = Trial(road((800.0, 800.0), 13.9), fleet, 400.0, takeover=told).run(1)
    assert diary.count("transition_demand") == 0
    assert diary.count("ads_off") == diary.count("ads_on") == 1


def test_an_operator_for_every_two_vehicles_helps_one_after_the_other() -> None:
    env = environment.simpy.Environment()
    env.world = SimpleNamespace(vehicles={"departure": np.array([0, 1, 2, -1])})
    desk = Desk(env, 2.0, np.array([True, True, True]))  # three on the road: two operators
    free = []

    def ask(name: int) -> Any:
        yield desk.ask()
        free.append((name, env.now))
        yield env.timeout(10)
        desk.release()

    for name in range(3):
        env.process(ask(name))
    env.run()
    assert free == [(0, 0), (1, 0), (2, 10)]


def test_awareness_and_errors_by_hand() -> None:
    assert Takeover().levels() == pytest.approx([0.5, 0.6, 0.7, 0.8, 0.9])
    half = errors(0.5)
    assert {name: x.amount for name, x in half.items()} == pytest.approx(
        {"error_time": 50.0, "gap_variation": 0.075, "closing_rate": 0.015}
    )
    mean, spread = Takeover(response=2.7, deviation=1.5).log_normal()
    assert np.exp(mean + 0.5 * spread**2) == pytest.approx(2.7)
    assert np.sqrt(np.exp(spread**2) - 1.0) * 2.7 == pytest.approx(1.5)


# ------------------------------------------------------------------------------------------------ whole runs

SHORT = {"run.duration": "8 min", "run.warm_up": "0", "output.trajectories": "0", "output.edges": "0"}
ASKING = SHORT | {"takeover": "{ per_km: { fault: 1, weather: 0.5 }, vehicles_per_operator: 3, help: 20 s }"}


def kept(overrides: dict[str, str]) -> tuple[Kept, Simulation]:
    notes = Kept()
    simulation = Simulation(sim.load(ROOT / "scenarios/corridor.yaml", overrides), 5, notes, services())
    simulation.run()
    return notes, simulation


def joined(notes: Kept) -> dict[str, np.ndarray]:
    return {x: np.concatenate([b[x] for b in notes.happened]) for x in notes.happened[0]}


def ordered(notes: Kept) -> np.ndarray:
    rows = joined(notes)
    order = np.lexsort((rows["value"], rows["subject"], rows["kind"], rows["time_s"]))
    return np.stack([rows[x][order].astype(float) for x in ("time_s", "kind", "subject", "value", "position_m")])


def test_the_same_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = ordered(kept(ASKING)[0])
    for kind in ("transition_demand", "take_over", "minimal_risk_manoeuvre", "ads_off", "ads_on"):
        assert (usual[1] == EVENT_KINDS.index(kind)).any(), kind
    monkeypatch.setattr(environment, "CHUNK", 3)
    assert np.array_equal(ordered(kept(ASKING)[0]), usual)


def test_without_automated_vehicles_nothing_changes() -> None:
    people = SHORT | {"traffic.cards": "{ human_car: 1 }"}
    plain = ordered(kept(people)[0])
    told = ordered(kept(people | {"takeover": ASKING["takeover"]})[0])
    assert np.array_equal(plain, told)


def test_a_cause_more_shifts_no_other_draw() -> None:
    def first(told: str) -> dict[int, float]:
        _, simulation = kept(SHORT | {"run.duration": "1 s", "takeover": told})
        return {i: float(x) for i, x in enumerate(simulation.world.starts["alert"])}

    one, two = first("{ per_km: { b: 1 } }"), first("{ per_km: { a: 0.0001, b: 1 } }")
    assert sum(one[i] == two[i] for i in one) >= len(one) - 1


def test_summary_counts_who_drove(tmp_path: Path) -> None:
    result = sim.run(sim.load(ROOT / "scenarios/corridor.yaml", ASKING), out=tmp_path / "out")
    av = result.summary["av"]
    count = sum(av["disengagements"].values())
    assert set(av["disengagements"]) == {"fault", "weather", "odd_exit"}
    assert count > 5
    assert av["km_per_disengagement"]["mean"] == pytest.approx(av["distance_km"] / count)
    assert av["km_per_disengagement"]["low"] < av["km_per_disengagement"]["mean"] < av["km_per_disengagement"]["high"]
    rows = result.trips.to_pylist()
    driven = sum(x["route_length_m"] or 0.0 for x in rows if x["card"] == "robotaxi") / 1000.0
    assert av["distance_km"] + av["manual_distance_km"] == pytest.approx(driven)
    assert 0.0 < av["manual_distance_km"] < driven


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("{ per_km: { fault: 0 } }", "nothing makes a vehicle ask"),
        ("{ per_km: { odd_exit: 1 } }", "no matter of chance"),
        ("{ outside: [nowhere] }", "nowhere"),
        ("{ per_km: { fault: 1 }, deceleration: 6 m/s2 }", "4"),
    ],
)
def test_what_makes_no_sense_is_told(told: str, what: str) -> None:
    with pytest.raises(ScenarioError) as error:
        sim.load(ROOT / "scenarios/corridor.yaml", {"takeover": told})
    assert what in str(error.value)


def test_pilot_without_the_section_has_nothing_counted() -> None:
    pilot = sim.load(ROOT / "scenarios/corridor.yaml", SHORT | {"run.duration": "1 min"})
    assert pilot.takeover is None
    result = sim.run(dataclasses.replace(pilot, takeover=None))
    av = result.summary["av"]
    assert (av["disengagements"], av["minimal_risk_manoeuvres"], av["manual_distance_km"]) == ({}, 0, 0.0)
    assert [av["km_per_disengagement"][x] for x in ("mean", "low", "high")] == [None] * 3
