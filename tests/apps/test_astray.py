"""Who is wrong about where he is tells others so, in whatever he says, and reckons with it himself."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from equipped import SURE, on_roads, scenario, watched
from test_platoon import row

import sim
from sim.engine.simulation import Simulation
from sim.kernel.fill import PLACE, TIME
from sim.models.positioning import stray
from sim.pilot import Occurrence, Pilot
from sim.services import services
from sim.state.air import BEAT, REMEMBERED
from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle
from sim.verify.roads import Layout
from sim.verify.trial import Diary

ERROR, SPEED = 40.0, 15.0


def astray(pilot: Pilot, error: float) -> Pilot:
    """The same with positions so far off [m], from the begin on."""
    return replace(pilot, occurrences=(Occurrence("gnss_error", 0.0, math.inf, {"error": error, "card": None}),))


def alone(app: str, kind: str) -> Pilot:
    """One on a lane that ends."""
    layout = Layout("road")
    ends = [layout.junction() for _ in range(3)]
    two, one = layout.edge(ends[0], ends[1], 400.0, SPEED, 2), layout.edge(ends[1], ends[2], 900.0, SPEED, 1)
    layout.join(two, one)
    cars = [Vehicle("car", 0.0, (two, one), CARDS[kind], 0, 150.0, 12.0)]
    return on_roads(layout, cars, SURE, {kind: 1.0}, 8.0, **{app: {}})


def said(pilot: Pilot, column: str) -> tuple[Any, Any]:
    """The last messages of the one kind that a vehicle says only with an application, and its station."""
    diary = Diary()
    run = Simulation(pilot, 1, diary, services())
    diary.outcome = run.run()
    s = run.world.radio.stations[0]
    first = int(s[column]) * REMEMBERED
    told = run.world.radio.contents[first : first + REMEMBERED]
    return told[: int(run.world.radio.streams[int(s[column])].number)].copy(), s


@pytest.mark.parametrize(
    ("app", "kind", "column"), [("platoon", "cacc_car", "clpmm"), ("cooperative_merge", "robotaxi", "vir")]
)
def test_places_and_times_told_follow_from_where_one_believes_to_be(app: str, kind: str, column: str) -> None:
    (right, s), (wrong, _) = (said(astray(alone(app, kind), x), column) for x in (0.0, ERROR))
    assert len(right) == len(wrong) > 4
    off = np.array([ERROR * stray(1, s["key"], x / BEAT) for x in right["sent"]])
    assert np.abs(off).max() > 5.0
    assert wrong["position"] - right["position"] == pytest.approx(off, abs=1.01 * PLACE)
    assert np.allclose(wrong["position"] / PLACE, np.round(wrong["position"] / PLACE), atol=1e-6)
    if column == "vir":
        sooner = right["likely"] - wrong["likely"]
        assert (sooner * off > 0.0)[np.abs(off) > 5.0].all(), "who believes to be ahead says that he comes sooner"
        assert np.abs(sooner).max() > 2.0 * TIME


def test_who_is_elsewhere_by_what_he_says_is_not_joined() -> None:
    """Radar and message do not agree on who is ahead; an error of two metres is nothing."""
    shares = []
    for error in (0.0, 2.0, 100.0):
        _, log = watched(astray(row(SURE), error))
        shares.append(log.outcome["applied"]["platoon"]["figures"]["share_of_time"])
    right, near, far = shares
    assert right > 0.5
    assert near == pytest.approx(right, abs=0.05)
    assert far < 0.5 * right


def test_orders_are_for_when_one_believes_to_come() -> None:
    equip = json.dumps({"human_car": 1.0, "robotaxi": 1.0, "junctions": ["centre"]})
    told = {"equip": equip, "radio": "{ model: disc }", "apps": "[cooperative_intersection]", "run__duration": "4 min"}
    wrong = json.dumps([{"kind": "gnss_error", "error": 100.0, "begin": "07:00"}])
    right, far = (sim.run(scenario("priority_crossroads", occurrences=x, **told), seed=1) for x in ("[]", wrong))
    assert right.trips != far.trips
    assert far.summary["safety"]["collisions"] == 0
