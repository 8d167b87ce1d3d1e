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
