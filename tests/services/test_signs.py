"""Signs at the road: who sees one and keeps to it comes slowly, or keeps his lane; who does not drives as before."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

import sim
from sim import errors

CORRIDOR = Path(__file__).parents[2] / "scenarios" / "corridor.yaml"
BEGIN, LIMIT = 7 * 3600.0 + 60.0, 30.0 / 3.6
ZONE = {"kind": "sign", "edge": "main2", "position": 100, "length": 200, "begin": "07:01"}
PEOPLE = {"traffic.cards": "{ human_car: 1 }"}


@cache
def run(occurrence: str = "", **told: str) -> Any:
    """Ten minutes of the corridor."""
    short = {"run.duration": "10 min", "run.warm_up": "0", "output.pages": "false", "output.trajectories": "1 s"}
    pilot = sim.load(CORRIDOR, short | {"occurrences": f"[{occurrence}]"} | told)
    return sim.run(pilot, seed=2)


def sign(**told: Any) -> str:
    return json.dumps(ZONE | told)


def speeds(result: Any, low: float = 100.0, high: float = 300.0, lane: str = "") -> np.ndarray:
    """Speeds on a stretch of the road once the sign holds [m/s]."""
    x = result.trajectories
    there = (pc.field("edge") == "main2") & (pc.field("position_m") > low) & (pc.field("position_m") < high)
    there = there & (pc.field("time_s") > BEGIN + 20.0)
    found = x.filter(there & (pc.field("lane") == lane) if lane else there)
    return np.asarray(found["speed_mps"])


def test_the_more_keep_to_a_limit_the_slower_the_stretch() -> None:
    means = [float(speeds(x).mean()) for x in (run(), *(run(sign(speed=LIMIT, compliance=c)) for c in (0, 0.5, 1)))]
    assert means[0] >= means[1] > means[2] > means[3]
    assert means[3] < 1.12 * LIMIT, "people keep to it by their own factor, as to any limit"
    assert means[0] > means[3] + 3.0


def test_a_sign_that_nobody_keeps_to_changes_nothing() -> None:
    without, ignored = (run(x, **PEOPLE) for x in ("", sign(speed=LIMIT, compliance=0)))
    assert ignored.trajectories.equals(without.trajectories)
    assert ignored.trips.equals(without.trips)


def test_nobody_brakes_hard_for_a_sign_and_all_is_over_when_it_is() -> None:
    ended = run(sign(speed=LIMIT, compliance=1, end="07:05"))
    assert ended.summary["safety"]["emergency_brakings"] == 0
    late = ended.trajectories.filter(
        (pc.field("edge") == "main2") & (pc.field("position_m") > 150.0) & (pc.field("time_s") > BEGIN + 300.0)
    )
    assert float(np.asarray(late["speed_mps"]).mean()) > LIMIT + 3.0
    told = [x for x in ended.events.to_pylist() if x["kind"].startswith("sign_")]
    left = [x["parameter"] for x in run(sign(speed=LIMIT)).manifest["assumed"] if x.get("demand") == "sign"]
    assert left == ["compliance"]
    assert not [x for x in ended.manifest["assumed"] if x.get("demand") == "sign"]
    assert [(x["kind"], x["time_s"], x["value"]) for x in told] == [
        ("sign_begin", BEGIN, pytest.approx(LIMIT)),
        ("sign_end", BEGIN + 240.0, pytest.approx(LIMIT)),
    ]


def changes(result: Any) -> list[dict[str, Any]]:
    """Changes of lanes on the stretch while the sign holds that the route does not ask for."""
    found = [x for x in result.events.to_pylist() if x["kind"] == "lane_change" and x["edge"] == "main2"]
    return [x for x in found if x["value"] != 1 and 100.0 <= x["position_m"] <= 300.0 and x["time_s"] > BEGIN]


def test_who_keeps_his_lane_changes_for_the_route_only() -> None:
    assert len(changes(run())) > 10
    kept = run(sign(keep_lane=True, compliance=1))
    assert not changes(kept)
    assert [x for x in kept.events.to_pylist() if x["kind"] == "lane_change"], "elsewhere one does as ever"


def test_a_sign_of_one_lane_holds_on_that_lane() -> None:
    one = run(
        json.dumps(
            {k: v for k, v in ZONE.items() if k != "edge"} | {"lane": "main2_0", "speed": LIMIT, "compliance": 1}
        )
    )
    assert speeds(one, lane="main2_0").mean() < 1.2 * LIMIT
    assert speeds(one, lane="main2_1").mean() > LIMIT + 3.0


def test_what_is_known_by_radio_only_nobody_sees() -> None:
    plain, virtual = run(), run(sign(speed=LIMIT, board=False))
    assert virtual.trajectories.equals(plain.trajectories)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({}, "either speed, such as speed: 30 km/h, or keep_lane: true"),
        ({"speed": 8.0, "keep_lane": True}, "either speed"),
        ({"speed": 0.5}, "wanted 5 to 144 km/h"),
        ({"speed": 8.0, "lane": "main2_0"}, "either edge or lane"),
        ({"speed": 8.0, "board": False, "compliance": 0.5}, "wants board: true"),
        ({"speed": 8.0, "radius": 5.0}, "and nothing else"),
        ({"speed": 8.0, "length": 9000.0}, "the sign reaches 9100 m, beyond the end of main2; it is"),
        ({"speed": 8.0, "position": 9000.0, "length": None}, "reaches 9000 m"),
        ({"speed": 8.0, "edge": "main22"}, "there is no edge named main22"),
    ],
)
def test_a_sign_that_cannot_be_is_told(told: dict[str, Any], why: str) -> None:
    entry = {k: v for k, v in (ZONE | told).items() if v is not None}
    with pytest.raises(errors.ScenarioError, match=why):
        sim.load(CORRIDOR, {"occurrences": json.dumps([entry])})


def test_what_has_no_effect_is_told() -> None:
    pilot = sim.load(CORRIDOR, {"occurrences": f"[{sign(speed=LIMIT, board=False)}]"})
    assert any("(sign): has no effect: nothing tells of it" in x for x in pilot.warnings)
