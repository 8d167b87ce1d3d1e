"""Signs by radio: who hears of one keeps to it, board or not; with nobody equipped or nothing heard, all is as ever."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

import sim
from sim.apps import applications
from sim.engine.simulation import Simulation
from sim.engine.told import SIGNS
from sim.engine.told_signs import MOST_SIGNS, Signs, size_of_signs
from sim.pilot import Occurrence, Pilot
from sim.services import services
from sim.v2x import MESSAGES
from sim.verify.trial import Diary

CORRIDOR = Path(__file__).parents[2] / "scenarios" / "corridor.yaml"
BEGIN, LIMIT = 7 * 3600.0 + 60.0, 30.0 / 3.6
ZONE = {"kind": "sign", "edge": "main2", "position": 100, "length": 200, "begin": "07:01", "board": False}
SLOW = ZONE | {"speed": "30 km/h"}
CARDS = ("human_car", "truck", "robotaxi", "bus")
RADIO = "{ model: disc, rates: { bsm: 1 Hz } }"
QUICK = {"run.duration": "5 min", "run.warm_up": "0", "output.pages": "false", "output.trajectories": "1 s"}


def pilot(*occurrences: dict[str, Any], share: float = 1.0, apps: str = "[signage]", **told: str) -> Pilot:
    equip = dict.fromkeys(CARDS, share) | {"junctions": ["j2"]}
    entries = {"radio": RADIO, "equip": json.dumps(equip), "apps": apps}
    entries["occurrences"] = json.dumps(occurrences)
    return sim.load(CORRIDOR, QUICK | entries | {k.replace("__", "."): v for k, v in told.items()})


@cache
def run(occurrences: str, share: float = 1.0, apps: str = "[signage]", radio: str = RADIO) -> Any:
    return sim.run(pilot(*json.loads(occurrences), share=share, apps=apps, radio=radio), seed=3)


def with_signs(*signs: dict[str, Any], **told: Any) -> Any:
    return run(json.dumps(signs), **told)


def mean(result: Any, begin: float = BEGIN + 30.0, end: float = BEGIN + 600.0, low: float = 100.0) -> float:
    """Mean speed on the stretch in a time [m/s]."""
    there = (pc.field("edge") == "main2") & (pc.field("position_m") > low) & (pc.field("position_m") < 300.0)
    now = (pc.field("time_s") >= begin) & (pc.field("time_s") < end)
    return float(np.asarray(result.trajectories.filter(there & now)["speed_mps"]).mean())


def test_the_more_hear_of_a_limit_the_slower_the_stretch() -> None:
    plain = run("[]", 0.0)
    none, some, all_ = (with_signs(SLOW, share=x) for x in (0.0, 0.4, 1.0))
    assert none.trips.equals(plain.trips)
    assert none.trajectories.equals(plain.trajectories)
    assert mean(none) > mean(some) + 1.0 > mean(all_) + 1.0
    assert mean(all_) < 1.1 * LIMIT
    assert all_.summary["safety"]["emergency_brakings"] == plain.summary["safety"]["emergency_brakings"]
    told = all_.summary["v2x"]["apps"]["signage"]
    assert told["met"] is True
    advice = [x for x in all_.events.to_pylist() if x["kind"] == "advice"]
    assert told["advised"] == len(advice) > 20
    assert len({x["subject"] for x in advice}) == len(advice), "of one sign once"


def test_what_is_lost_is_not_kept_to() -> None:
    heard, lossy, deaf = (
        with_signs(SLOW, radio=f"{{ model: disc, rates: {{ bsm: 1 Hz }}, loss: {x} }}") for x in (0.0, 0.97, 1.0)
    )
    assert mean(heard) < mean(lossy) - 0.3
    assert mean(lossy) < mean(deaf) - 0.3
    assert deaf.trips.equals(run("[]", 0.0).trips)
    assert lossy.summary["v2x"]["apps"]["signage"]["met"] is False


def test_a_unit_whose_back_haul_is_out_tells_of_none() -> None:
    out = {"kind": "backhaul_out", "junction": "j2", "begin": "07:00"}
    result = with_signs(SLOW, out)
    assert "RSI" not in result.summary["v2x"]["said"]
    assert result.trips.equals(run("[]", 0.0).trips)
    assert result.summary["v2x"]["apps"]["signage"]["met"] is False


def test_each_is_judged_by_what_tells_of_its_own() -> None:
    """Hazards five times a second, signs once, in messages of one kind."""
    incident = {"kind": "incident", "lane": "main2_0", "position": 350, "begin": "07:01"}
    told = with_signs(SLOW, incident, apps="[hazard_warning, signage, jam_ahead]").summary["v2x"]
    rates = {x: told["apps"][x]["needs"]["rate_hz"]["got"] for x in ("hazard_warning", "signage")}
    assert rates == {"hazard_warning": pytest.approx(5.0, rel=0.02), "signage": pytest.approx(1.0, rel=0.02)}
    seldom = RADIO.replace("bsm: 1 Hz", "bsm: 1 Hz, rsi: 1 Hz")
    some = with_signs(SLOW, incident, apps="[hazard_warning, signage]", radio=seldom).summary["v2x"]["apps"]
    assert (some["hazard_warning"]["met"], some["signage"]["met"]) == (False, True)
    assert "RSI" in told["by_message"]
    assert told["said"]["RSI"] > 5 * 200


def test_it_holds_until_the_whole_minute_that_was_told() -> None:
    result = with_signs(SLOW | {"end": "07:03:30"})
    at = BEGIN - 60.0
    assert mean(result, at + 215.0, at + 240.0, 180.0) < mean(result, at + 250.0, at + 300.0, 180.0) - 3.0


def test_people_keep_to_it_after_their_time_and_machines_at_once() -> None:
    events = with_signs(SLOW).events.to_pylist()
    heard = {x["subject"]: x["time_s"] for x in reversed(events) if x["kind"] == "heard"}
    late = {x["subject"]: x["time_s"] - heard[x["subject"]] for x in events if x["kind"] == "advice"}
    assert min(late.values()) <= 0.2
    assert 0.8 < float(np.median(list(late.values()))) < 2.0


def changes(result: Any) -> int:
    """Changes of lanes on the stretch that the route does not ask for, where all have heard the unit at its end."""
    found = [x for x in result.events.to_pylist() if x["kind"] == "lane_change" and x["edge"] == "main2"]
    return sum(x["value"] != 1 and 180.0 <= x["position_m"] <= 300.0 and x["time_s"] > BEGIN + 30.0 for x in found)


def test_who_is_told_to_keep_his_lane_does() -> None:
    told = with_signs(ZONE | {"keep_lane": True}, apps="{ signage: { compliance: 1 } }")
    assert changes(told) == 0
    assert changes(run("[]", 0.0)) > 2
    assert mean(told) > LIMIT + 2.0


def test_speed_limit_hears_of_limits_too_and_both_share_one_message() -> None:
    limits = {x: with_signs(SLOW, apps=x) for x in ("[speed_limit]", "[signage]", "[signage, speed_limit]")}
    alone, signage, both = limits.values()
    said = [x.summary["v2x"]["said"]["RSI"] for x in (alone, signage, both)]
    assert len(set(said)) == 1
    others = with_signs(ZONE | {"keep_lane": True}, apps="[speed_limit]")
    assert mean(alone) < mean(others) - 3.0


def test_a_forged_limit_is_believed() -> None:
    lie = {"kind": "forged_rsi", "junction": "j2", "lane": "main2_0", "position": 250, "speed": 4, "begin": "07:01"}
    believed = with_signs(lie | {"tells": "sign"})
    assert believed.summary["v2x"]["forged_heard"] > 100
    assert mean(believed, low=200.0) < mean(run("[]", 0.0), low=200.0) - 4.0
    assert with_signs(lie).trips.equals(run("[]", 0.0).trips), "a false hazard is none for who heeds signs only"
    useless = pilot(lie | {"tells": "sign"}, apps="[green_wave]")
    assert any("(forged_rsi): has no effect: nobody heeds signs" in x for x in useless.warnings)


def test_a_lie_does_not_silence_the_true_sign() -> None:
    lie = {"kind": "forged_rsi", "junction": "j2", "lane": "main3_0", "position": 100, "speed": 4, "begin": "07:01"}
    both = with_signs(SLOW, lie | {"tells": "sign", "end": "07:02"})
    assert mean(both) < 1.1 * LIMIT


def signs_told(told: Pilot) -> tuple[Any, list[Any]]:
    """Where each unit's list of signs stands, and what is on its board in the end."""
    simulation = Simulation(told, 1, Diary(), [*services(), *applications(told)])
    simulation.run()
    streams = simulation.world.radio.streams
    return simulation, [x for x in streams if x.content == SIGNS]


@pytest.mark.parametrize("count", [1, 3, 20])
def test_a_message_is_as_long_as_its_signs(count: int) -> None:
    encoding = pytest.importorskip("sim.v2x.encoding")
    pytest.importorskip("asn1tools")
    one = Occurrence("sign", 0.0, float("inf"), {"edge": "main2", "speed": LIMIT, "length": 30.0})
    signs = [replace(one, settings=one.settings | {"position": 10.0 * i}) for i in range(count)]
    signs[0] = replace(signs[0], end=8 * 3600.0, settings={"lane": "main2_0", "keep_lane": True})
    base = pilot()
    clock = replace(base.clock, end=base.clock.begin + 20.0)
    simulation, rows = signs_told(replace(base, occurrences=tuple(signs), clock=clock))
    assert len(rows) == 1
    from sim.engine.told import Board

    unit = Signs(simulation, 0, Board())
    near = unit.near(500.0)
    assert len(near) == min(count, MOST_SIGNS)
    said = [unit.said(x) for x in near]
    data = encoding.encode("rsi", {"latitude": 23.33, "longitude": 113.08, "minute": 12.0}, said)
    assert len(data) == size_of_signs(said) == int(rows[0].bytes) - simulation.pilot.radio.header
    _, _, read = encoding.decode(data)
    field = MESSAGES["rsi"].field
    limits = [field("speed").value(int(x.text)) for x in read if x.kind == 85]
    assert limits == [pytest.approx(field("speed").carried(LIMIT))] * len(limits)
    assert read == [replace(x, radius=field("radius").carried(x.radius)) for x in said]
    assert len(limits) >= len(near) - 1
