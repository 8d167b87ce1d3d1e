"""Warned of a hazard is who heads there, once; the event tells where he is then, not where the hazard is."""

from __future__ import annotations

from pathlib import Path

import sim

SCENARIO = Path(__file__).parents[2] / "scenarios" / "crossroads.yaml"


def test_who_does_not_head_for_a_hazard_is_not_warned_of_it() -> None:
    forged = "{ kind: forged_rsi, junction: centre, lane: east_road_0, position: 150 m, begin: 07:01 }"
    jammed = "{ kind: jamming, junction: centre, radius: 1 km, begin: 07:02, end: 07:02:20 }"
    told = {
        "equip": "{ human_car: 1.0, truck: 1.0, robotaxi: 1.0, junctions: [centre] }",
        "radio": "{ model: disc }",
        "apps": "{ hazard_warning: { compliance: 100 % } }",
        "run.duration": "4 min",
        "occurrences": f"[{forged}, {jammed}]",
    }
    result = sim.run(sim.load(SCENARIO, told))
    rows = [x for x in result.events.to_pylist() if x["kind"] == "advice"]
    assert len(rows) > 5
    assert result.summary["v2x"]["apps"]["hazard_warning"]["advised"] == len(rows)
    names = [x["subject"] for x in rows]
    assert len(set(names)) == len(names), "nobody twice, though all fell silent for 20 s"
    seen = result.table("trajectories").to_pylist()
    for row in rows:
        way = [x for x in seen if x["id"] == row["subject"]]
        edges = [x["edge"] for x in way if x["time_s"] >= row["time_s"] - 1.0]
        ends = way[-1]["time_s"] > 25200.0 + 238.0
        assert "east_road" in edges or ends, (row["subject"], edges)
        assert abs(min(abs(x["time_s"] - row["time_s"]) for x in way)) <= 1.0
        near = min(way, key=lambda x: abs(x["time_s"] - row["time_s"]))
        assert near["edge"] == row["edge"] or near["edge"].startswith(":") or row["edge"].startswith(":")
    assert {x["edge"] for x in rows} - {"east_road"}
    passed = [x for x in seen if x["edge"] == "east_road" and x["position_m"] > 151.0]
    assert len({x["id"] for x in passed} & set(names)) > 2, "nobody stands for good for what is not there"
    slow = [x["speed_mps"] for x in seen if x["edge"] == "east_road" and 95.0 < x["position_m"] < 149.0]
    assert min(slow) < 1.6


def test_a_true_warning_and_a_forged_one_of_the_same_unit_do_not_end_each_other() -> None:
    """5 Hz each: the lie for 60 s from 07:01, the truth from 10 s after 07:01:20 until 07:02:50; both overlap."""
    forged = "{ kind: forged_rsi, junction: centre, lane: east_road_0, position: 150 m, begin: 07:01, end: 07:02 }"
    incident = "{ kind: incident, lane: west_road_0, position: 150 m, begin: 07:01:20, end: 07:02:50 }"
    told = {
        "equip": "{ human_car: 1.0, junctions: [centre] }",
        "radio": "{ model: disc }",
        "apps": "[hazard_warning]",
        "run.duration": "4 min",
        "run.warm_up": "0",
        "output": "{ messages: each }",
        "occurrences": f"[{forged}, {incident}]",
    }
    result = sim.run(sim.load(SCENARIO, told))
    rows = [x for x in result.messages.to_pylist() if x["message"] == "RSI" and x["receiver"] == "vehicle"]
    by_ten: dict[int, int] = {}
    for row in rows:
        by_ten[int((row["time_s"] - 25200.0) // 10)] = by_ten.get(int((row["time_s"] - 25200.0) // 10), 0) + 1
    got = [by_ten.get(i, 0) for i in range(24)]
    wanted = [0] * 6 + [50] * 3 + [100] * 3 + [50] * 5 + [0] * 7
    assert all(abs(x - y) <= 6 for x, y in zip(got, wanted, strict=True)), got
