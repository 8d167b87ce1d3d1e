"""Faults by the clock, each with what it must do and nothing else, and what of them is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from talkers import SURE, road, run

import sim
from sim.engine import sampling
from sim.engine.events import FAULTS
from sim.engine.recording import Heard
from sim.engine.simulation import Process, Simulation
from sim.errors import ScenarioError
from sim.pilot import Equipment, Occurrence
from sim.report.replay.happenings import faults
from sim.scenario.loader import load
from sim.services.radio_faults import serve
from sim.state.air import BEAT, FORGED
from sim.units import ticks
from sim.v2x import MESSAGES

CROSSROADS = Path(__file__).parents[2] / "scenarios" / "crossroads.yaml"
UNIT = Equipment({"talker": 1.0}, ("j0",))


def struck(*faults: Occurrence, places: tuple[float, ...] = (20.0, 120.0)) -> tuple[Heard, Simulation]:
    pilot = replace(road(list(places), SURE, UNIT, 24.0), occurrences=faults)
    heard, simulation, _ = run(pilot, services=[serve])
    assert heard is not None
    return heard, simulation


def said(heard: Heard, message: str) -> int:
    return int(heard["said"][MESSAGES.code(message)])


def lost(heard: Heard, fate: str) -> int:
    from sim.models.radio import FATES

    return int(heard["fates"][:, FATES.index(fate)].sum())


def test_without_faults() -> None:
    heard, _ = struck()
    assert said(heard, "map") == 20
    assert said(heard, "bsm") == 2 * 10 * 20
    assert heard["fates"].sum() == heard["fates"][:, 0].sum() == 2 * 20 + 2 * 200 + 400


def test_a_unit_that_is_down_says_and_hears_nothing_and_goes_on_later() -> None:
    heard, _ = struck(Occurrence("rsu_down", 10.0, 15.0, {"junction": "j0"}))
    assert said(heard, "map") == 15, "no burst of what was not said"
    assert heard["fates"][:, 0].sum() == 2 * 15 + 2 * 200 + 300


def test_in_a_jammed_area_nothing_is_heard() -> None:
    heard, _ = struck(Occurrence("jamming", 10.0, 15.0, {"junction": "j0", "radius": 2000.0}))
    assert lost(heard, "jammed") == pytest.approx((2 + 20 + 20) * 5, abs=4)
    assert heard["fates"].sum() == 2 * 20 + 2 * 200 + 400
    heard, _ = struck(Occurrence("jamming", 10.0, 15.0, {"junction": "j1", "radius": 100.0}))
    assert lost(heard, "jammed") == 0


def test_a_clock_that_drifts_stamps_messages_wrongly() -> None:
    _, simulation = struck(
        Occurrence("clock_drift", 4.0, float("inf"), {"card": "talker", "ahead": 0.5, "drift": 1e-3})
    )
    c = simulation.world.radio.contents
    newest = c[np.argsort(c["sent"])][-3:]
    own = newest[newest["position"] > 0.0]
    assert len(own)
    assert (own["said"] - own["sent"]).tolist() == pytest.approx([(0.5 + 20.0 * 1e-3) * BEAT] * len(own), abs=25)


def test_a_wrong_position_is_told_and_true_driving_does_not_change() -> None:
    right, good = struck()
    wrong, bad = struck(Occurrence("gnss_error", 4.0, float("inf"), {"error": 10.0}))
    assert np.array_equal(right["fates"], wrong["fates"])
    assert np.array_equal(good.world.vehicles["position"], bad.world.vehicles["position"])
    rows = good.world.radio.contents["position"] > 0.0
    off = np.abs(good.world.radio.contents["position"][rows] - bad.world.radio.contents["position"][rows])
    assert 1.0 < off.max() < 45.0


def test_stale_and_forged_messages_are_counted() -> None:
    heard, _ = struck(Occurrence("stale_map", 10.0, 15.0, {"junction": "j0"}))
    assert heard["stale"] == 2 * 5
    lie = {"junction": "j0", "lane": "e0_0", "position": 500.0, "speed": 2.0}
    heard, simulation = struck(Occurrence("forged_rsi", 10.0, 15.0, lie))
    assert said(heard, "rsi") == 25, "as often as a true one"
    assert heard["forged"] == 2 * 25
    r = simulation.world.radio
    stream = next(k for k in range(len(r.streams)) if r.streams[k].flaw == FORGED)
    told = r.contents[stream * 128]
    assert (told.lane, told.position) == (0, pytest.approx(500.0, abs=0.01))
    assert told.speed == pytest.approx(7.0 / 3.6), "in whole km/h"
    assert r.streams[stream].period == 0, "nothing is said any more"
    mute, _ = struck(
        Occurrence("forged_rsi", 5.0, 20.0, lie), Occurrence("backhaul_out", 10.0, 15.0, {"junction": "j0"})
    )
    assert said(mute, "rsi") == 50


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{ kind: rsu_down, junction: centre, begin: 07:05 }", "no radio section"),
        ("{ kind: jamming, junction: centre, begin: 07:05 }", "wants junction and radius"),
        ("{ kind: jamming, junction: centre, radius: -5 m, begin: 07:05 }", "more than 0"),
        (
            "{ kind: forged_rsi, junction: centre, lane: east_road_0, position: 9 m, speed: 500 km/h, begin: 07:05 }",
            "40",
        ),
        ("{ kind: rsu_down, junction: center, begin: 07:05 }", "did you mean centre"),
        ("{ kind: clock_drift, ahead: 1 s, begin: 07:05 }", "either junction or card"),
        ("{ kind: gnss_error, error: 5 m, card: human_carr, begin: 07:05 }", "did you mean human_car"),
    ],
)
def test_what_cannot_befall_is_refused(text: str, told: str) -> None:
    with pytest.raises(ScenarioError, match=told):
        load(CROSSROADS, {"occurrences": f"[{text}]"})


def test_a_fault_of_a_unit_wants_one() -> None:
    radio = {"radio": "{ model: disc }", "occurrences": "[{ kind: rsu_down, junction: centre, begin: 07:05 }]"}
    with pytest.raises(ScenarioError, match=r"add it to equip\.junctions"):
        load(CROSSROADS, radio)
    assert load(CROSSROADS, {**radio, "equip": "{ junctions: [centre] }"}).occurrences[0].kind == "rsu_down"


def test_faults_are_named_in_the_events(tmp_path: Path) -> None:
    """Who has which, from when to when; and in the report and the replay."""
    begun = ", ".join(
        f"{{ {x}, begin: 07:00:0{i + 1}, end: 07:00:1{i} }}"
        for i, x in enumerate(
            (
                "kind: rsu_down, junction: centre",
                "kind: jamming, junction: west, radius: 50 m",
                "kind: clock_drift, card: robotaxi, ahead: 1 s",
                "kind: gnss_error, error: 5 m",
                "kind: forged_rsi, junction: centre, lane: east_road_0, position: 50 m",
            )
        )
    )
    told = {"equip": "{ robotaxi: 1.0, junctions: [centre] }", "radio": "{ model: disc }", "run.duration": "30 s"}
    result = sim.run(sim.load(CROSSROADS, told | {"occurrences": f"[{begun}]"}), out=tmp_path / "r")
    rows = [x for x in result.events.to_pylist() if x["kind"].startswith("fault")]
    names = [(x["kind"], FAULTS[int(x["value"])], x["subject"]) for x in rows]
    wanted = [
        ("rsu_down", "centre"), ("jamming", "west"), ("clock_drift", "robotaxi"), ("gnss_error", None),
        ("forged_rsi", "centre"),
    ]  # fmt: skip
    assert names == [(kind, *x) for kind in ("fault_begin", "fault_end") for x in wanted]
    assert [(x["lane"], x["position_m"]) for x in rows if x["lane"]] == [("east_road_0", 50.0)] * 2
    assert faults(result)[0] == ["rsu_down", "centre", 25201.0, 25210.0]
    page = (tmp_path / "r" / "report.html").read_text(encoding="utf-8")
    assert "roadside unit down" in page
    assert "position wrong" in page


def test_ages_in_tables_are_true_whatever_clocks_say() -> None:
    """What is believed by a wrong clock is a matter of applications; how old it is, is not."""
    right, good = struck()
    wrong, bad = struck(Occurrence("clock_drift", 4.0, float("inf"), {"card": "talker", "ahead": 1.5}))
    assert np.array_equal(right["ages"], wrong["ages"])
    for read in (lambda w: sampling.stations(w, 24.0)[0], lambda w: sampling.stations(w, 24.0)[1]):
        ages = [{k: v for k, v in read(x.world).items() if "age" in k} for x in (good, bad)]
        assert all(np.array_equal(ages[0][k], ages[1][k], equal_nan=True) for k in ages[0])
        assert all(0.0 <= np.nanmin(v) <= np.nanmax(v) < 1.2 for v in ages[1].values())
    ages = [sampling.beliefs(x.world, 24.0)["age_s"] for x in (good, bad)]
    assert np.array_equal(*ages)
    assert len(ages[0]) == 2
    assert (ages[1] > 0.0).all()


def test_a_unit_that_is_down_twice_is_down_until_both_are_over() -> None:
    down = {"junction": "j0"}
    for first, second in (((6.0, 12.0), (9.0, 15.0)), ((6.0, 15.0), (9.0, 12.0))):
        heard, simulation = struck(Occurrence("rsu_down", *first, down), Occurrence("rsu_down", *second, down))
        assert said(heard, "map") == 20 - 9
        assert not simulation.world.radio.stations["silent"].any()


def test_of_two_errors_of_place_the_later_holds_then_the_other() -> None:
    """That of all again, when that of a card is over; and nobody is astray when both are."""
    found: dict[float, list[float]] = {}

    def look(simulation: Simulation) -> Process:
        for time, later in ((8.0, 8.0), (11.0, 3.0), (14.0, 3.0), (17.0, 3.0)):
            yield simulation.environment.timeout(ticks(later))
            own = simulation.world.radio.stations["departure"] >= 0
            found[time] = simulation.world.radio.stations["astray"][own].tolist()

    everybody = Occurrence("gnss_error", 6.0, 16.0, {"error": 5.0})
    some = Occurrence("gnss_error", 10.0, 13.0, {"error": 30.0, "card": "talker"})
    pilot = replace(road([20.0, 120.0], SURE, UNIT, 24.0), occurrences=(everybody, some))
    run(pilot, services=[serve, look])
    assert found == {8.0: [5.0] * 2, 11.0: [30.0] * 2, 14.0: [5.0] * 2, 17.0: [0.0] * 2}


def test_a_clock_that_drifts_goes_on_where_it_was_when_another_fault_is_over() -> None:
    """Messages of a sender whose clock runs ahead by 1 % come 40 ms too early after 4 s, whatever ends meanwhile."""
    drift = Occurrence("clock_drift", 6.0, float("inf"), {"card": "talker", "ahead": 0.0, "drift": 0.01})
    _, simulation = struck(drift)
    other = Occurrence("rsu_down", 10.0, 12.0, {"junction": "j0"})
    _, again = struck(drift, other)
    own = simulation.world.radio.stations["departure"] >= 0
    for name in ("since", "drift", "ahead"):
        assert (simulation.world.radio.stations[name][own] == again.world.radio.stations[name][own]).all()
    assert (simulation.world.radio.stations["since"][own] == 6 * BEAT).all()
