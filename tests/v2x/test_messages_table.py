"""messages.parquet: what was said and heard by kind and interval adds up to the summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim

SCENARIO = Path(__file__).parents[2] / "scenarios" / "crossroads.yaml"
SHORT = {"run.duration": "150 s", "run.warm_up": "30 s", "output.pages": "false", "equip": "{ human_car: 1.0 }"}


def result(edges: str, counted: float) -> sim.Result:
    radio = f"{{ model: disc, loss: 30 %, counted: {counted} }}"
    return sim.run(sim.load(SCENARIO, SHORT | {"output.edges": edges, "radio": radio}))


@pytest.mark.parametrize("counted", [1.0, 0.4])
def test_intervals_add_up_to_the_summary(counted: float) -> None:
    parts, whole = result("1 min", counted), result("0", counted)
    rows, told = parts.table("messages").to_pylist(), parts.summary["v2x"]
    begin = parts.manifest["begin_s"]
    assert [x["time_s"] - begin for x in rows if x["message"] == "BSM"] == [60.0, 120.0, 150.0]

    def total(of: list[dict[str, Any]], name: str) -> int:
        return sum(x[name] for x in of if x["message"] == "BSM")

    assert total(rows, "number") == told["said"]["BSM"] > 100
    assert total(rows, "heard") == told["heard"]["BSM"] > 100
    assert total(rows, "lost_loss") == told["lost"]["loss"] > 100
    assert all(x[name] >= 0 for x in rows for name in x if name.startswith(("heard", "lost")))
    (row,) = whole.table("messages").to_pylist()
    own = told["by_message"]["BSM"]
    assert row["delay_ms"] == pytest.approx(own["latency_ms"]["mean"])
    assert row["gap_ms"] == pytest.approx(own["inter_packet_gap_ms"]["mean"]) != 100.0
    assert row["age_ms"] == pytest.approx(own["age_of_information_ms"]["mean"])
    assert row["bytes"] == own["bytes"] == 36
    assert min(x["gap_ms"] for x in rows) < row["gap_ms"] < max(x["gap_ms"] for x in rows)
    assert row["time_s"] == begin + 150.0
    assert {x: total(rows, x) for x in ("number", "heard", "lost_loss")} == {
        x: row[x] for x in ("number", "heard", "lost_loss")
    }
    assert np.isclose(told["packet_delivery_ratio"], row["heard"] / (row["heard"] + row["lost_loss"]))


def test_nobody_who_says_anything_leaves_an_empty_table() -> None:
    radio = {"radio": "{ model: ideal }", "equip": "{ human_car: 0 }"}
    quiet = sim.run(sim.load(SCENARIO, SHORT | radio | {"run.duration": "40 s"}))
    assert quiet.table("messages").num_rows == 0
    assert quiet.summary["v2x"]["said"] == {}


def test_no_radio_leaves_every_figure_in_its_place() -> None:
    def names(told: dict[str, Any]) -> set[str]:
        own = {"said", "heard", "apps", "by_message"}
        return {f"{x}.{y}" for x, told_ in told.items() if isinstance(told_, dict) and x not in own for y in told_} | {
            *told
        }

    silent = sim.run(sim.load(SCENARIO, SHORT | {"run.duration": "40 s", "equip": "{}"})).summary["v2x"]
    assert names(silent) == names(result("0", 1.0).summary["v2x"])
    assert (silent["said"], silent["receptions"], silent["packet_delivery_ratio"]) == ({}, 0, None)
    assert silent["counted"] is None
