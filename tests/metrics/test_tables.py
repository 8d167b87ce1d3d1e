"""conflicts.parquet and its counts, from whole runs."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.metrics import column_names, thresholds

SCENARIO = Path(__file__).parents[2] / "scenarios" / "priority_crossroads.yaml"
ASKED = {"output.conflicts": "true", "run.warm_up": "0"}


@pytest.fixture(scope="module")
def result() -> sim.Result:
    return sim.run(sim.load(SCENARIO, ASKED | {"run.duration": "10 min"}), seed=1)


def test_run_without_anybody_gives_an_empty_table_with_all_columns() -> None:
    empty = sim.run(sim.load(SCENARIO, ASKED | {"run.duration": "1 s"}))
    table = empty.table("conflicts")
    assert table.num_rows == 0
    assert set(column_names()) < set(table.column_names)
    assert empty.summary["safety"]["conflicts"]["encounters"] == 0
    assert empty.summary["safety"]["per_1000_encounters"]["ttc_3s"]["rate"] is None


def test_nothing_is_written_unless_asked_for() -> None:
    quiet = sim.run(sim.load(SCENARIO, {"run.duration": "1 s", "run.warm_up": "0"}))
    assert "conflicts" not in quiet.tables
    assert quiet.summary["safety"]["conflicts"]["encounters"] is None


def test_counts_are_those_of_the_table(result: sim.Result) -> None:
    table, told = result.table("conflicts"), result.summary["safety"]["conflicts"]
    columns = {name: np.array(table[name].to_pylist(), float) for name in column_names()}
    assert told["encounters"] == table.num_rows > 20
    for name, limit in thresholds().items():
        assert told[name] == int(limit.holds(columns).sum())
        assert told["thresholds"][name] == str(limit)
    for part in ("by_kind", "by_pair"):
        assert sum(x["encounters"] for x in told[part].values()) == told["encounters"]
        assert sum(x["ttc_3s"] for x in told[part].values()) == told["ttc_3s"]
    assert told["missed"] == 0


def test_rows_are_sound(result: sim.Result) -> None:
    trips = {row["id"]: row for row in result.trips.to_pylist()}
    for row in result.table("conflicts").to_pylist():
        assert row["id"] != row["other"]
        assert row["begin_s"] <= row["time_s"] <= row["end_s"]
        assert row["ttc_s"] is not None or row["pet_s"] is not None
        assert row["impact_speed_mps"] is None
        assert 0.0 <= row["angle_deg"] <= 180.0
        assert 0.0 <= row["tet_s"] <= row["end_s"] - row["begin_s"] + 0.1 + 1e-9
        assert row["mdrac_mps2"] >= row["drac_mps2"] >= 0.0
        assert trips[row["id"]]["card"] == row["card"]
        assert math.isfinite(row["delta_v_mps"])


def test_masses_that_delta_v_rests_on_are_told_as_assumed(result: sim.Result) -> None:
    assert {x["card"] for x in result.manifest["assumed"] if x.get("parameter") == "mass"} == set(
        result.summary["vehicles"]["by_card"]
    )


def test_count_can_be_expected() -> None:
    asked = sim.load(SCENARIO, ASKED | {"run.duration": "1 s", "expect.safety.conflicts.ttc_1_5s": "0"})
    assert sim.run(asked).summary["expect"]["safety.conflicts.ttc_1_5s"]["holds"]
