"""A study as its user sees it: gate, pairs, faults, resuming, crashes."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
import pytest

import sim
from benchmarks import study_table
from sim import chance
from sim.errors import NullGateError, OutputError
from sim.report.tables import TABLES
from sim.study import pool, runs
from sim.study.compare import Comparison
from sim.study.runs import Task

ROOT = Path(__file__).parents[2]
SMALL = """
base: {base}
set: {{ run.duration: 3 min, run.warm_up: 30 s }}
options:
  slow: [ {{ do: set_speed, road: west_road, speed: 20 km/h }} ]
  nothing: []
seeds: 6
"""


def written(folder: Path, text: str = SMALL, name: str = "small.study.yaml") -> Path:
    path = folder / name
    path.write_text(text.format(base=ROOT / "scenarios" / "crossroads.yaml"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("study")
    return sim.compare(written(folder), out=folder / "out")


def test_a_slower_road_is_worse_and_nothing_is_alike(study: Comparison) -> None:
    slow, nothing = study.told["options"]
    assert slow["decision"] == "worse"
    assert slow["measures"]["trips.time_in_park_s"]["interval"][0] > 0.0
    assert nothing["decision"] == "no difference shown"
    assert all(x["difference"] == 0.0 for x in nothing["measures"].values())
    assert nothing["reasons"]["first"] is None
    assert study.told["ranking"][""] == ["nothing", "slow"]


def test_no_bare_zero(study: Comparison) -> None:
    told = study.told["options"][0]["rates"]["safety.collisions"]
    assert told["count"] == 0
    assert told["per_1000_km"] is None
    assert told["high"] == pytest.approx(3.0 / told["distance_km"] * 1000.0, rel=2e-3)


def test_why_it_changed(study: Comparison) -> None:
    told = study.told["options"][0]["reasons"]
    assert told["first"]["time_s"] >= 7 * 3600
    assert told["roads"][0]["road"] == "west_road"
    assert told["people"]["later"] > told["people"]["sooner"]
    assert told["people"]["losers"][0]["change_s"] > 0.0


def test_who_uses_the_roads_that_an_option_touches(study: Comparison) -> None:
    (told,) = study.told["options"][0]["reasons"]["use"]
    entered = ds.dataset(study.folder / "edges", partitioning="hive").to_table()
    rows = entered.select(["option", "edge", "entered"]).to_pylist()
    for side, option in (("base", "base"), ("option", "slow")):
        here = sum(x["entered"] for x in rows if x["option"] == option and x["edge"].endswith("west_road"))
        assert told[side] == pytest.approx(here / 6)
        assert here > 0
    assert study.told["options"][1]["reasons"]["use"] == []


def test_a_table_for_a_readme(study: Comparison) -> None:
    lines = (study.folder / "table.md").read_text(encoding="utf-8").splitlines()
    told = study.told["options"][0]
    first = told["measures"]["trips.time_in_park_s"]
    assert lines[2].startswith(f"| slow | – | {first['difference']:+.3g} [{first['interval'][0]:+.3g}, ")
    assert lines[2].endswith("| worse |")
    assert {x.count("|") for x in lines[:4]} == {lines[0].count("|")}
    assert "≤ " in lines[3]  # of no collision only the bound
    assert any(x.startswith("- Vehicles a run on the roads of slow: west_road ") for x in lines)


def test_the_table_is_put_between_the_marks_of_a_readme(study: Comparison, tmp_path: Path) -> None:
    path = tmp_path / "README.md"
    path.write_text(f"before\n{study_table.BEGIN}\nold\n{study_table.END}\nafter\n", encoding="utf-8")
    study_table.put(study.folder, path)
    text = path.read_text(encoding="utf-8")
    table = (study.folder / "table.md").read_text(encoding="utf-8").strip()
    assert text == f"before\n{study_table.BEGIN}\n{table}\n{study_table.END}\nafter\n"
    assert study_table.BEGIN in study_table.README.read_text(encoding="utf-8")


def test_the_dataset_opens_with_one_line(study: Comparison) -> None:
    trips = ds.dataset(study.folder / "trips", partitioning="hive").to_table()
    assert set(trips["option"].to_pylist()) == {"base", "slow", "nothing"}
    assert set(trips["seed"].to_pylist()) == set(range(1, 7))
    same = {(x["option"], x["seed"]): set() for x in trips.select(["option", "seed"]).to_pylist()}
    for row in trips.select(["option", "seed", "id", "card"]).to_pylist():
        same[row["option"], row["seed"]].add((row["id"], row["card"]))
    assert same["base", 2] == same["slow", 2]


def test_resuming_runs_nothing_again(study: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(task: Task) -> str:
        raise AssertionError(f"{task} is done already")

    before = json.dumps(study.told["options"])
    monkeypatch.setattr(pool, "execute", never)
    again = sim.compare(study.folder.parent / "small.study.yaml", out=study.folder, resume=True)
    assert json.dumps(again.told["options"]) == before


def test_one_or_two_workers_give_the_same(study: Comparison) -> None:
    again = sim.compare(study.folder.parent / "small.study.yaml", out=study.folder.parent / "two", jobs=2)
    assert again.told["options"] == study.told["options"]


def test_broken_pairs_are_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draws by order of call instead of by name: the second run of the same inputs has other people."""
    stream = np.random.default_rng(1)

    def in_order(seed: int, purpose: int, keys: np.ndarray, counts: np.ndarray | int = 0) -> np.ndarray:
        return stream.random(np.broadcast(keys, counts).shape)

    monkeypatch.setattr(chance, "uniforms", in_order)
    with pytest.raises(NullGateError, match="the empty option changed this table") as told:
        sim.compare(written(tmp_path), out=tmp_path / "out")
    assert told.value.exit_code == 3
    assert not (tmp_path / "out" / "study.json").exists()
    assert TABLES["trips"].file in str(told.value)


def test_a_run_that_crashes_is_tried_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tried, whole = Counter[str](), runs.execute

    def crashing(task: Task) -> str:
        tried[task.folder] += 1
        if task.variant.option == "slow" and (task.seed == 2 or tried[task.folder] == 1):
            raise RuntimeError("lost")
        return whole(task)

    monkeypatch.setattr(pool, "execute", crashing)
    heard: list[str] = []
    found = sim.compare(written(tmp_path), out=tmp_path / "out", watch=lambda task, what: heard.append(what))
    assert set(found.told["failed"]) == {"slow, seed 2"}
    assert max(tried.values()) == 2
    assert found.told["options"][0]["measures"]["trips.time_in_park_s"]["seeds"] == 5
    assert heard.count("failed: RuntimeError: lost") == 1


def test_an_option_that_holds_a_table_is_run_too(tmp_path: Path) -> None:
    """A signal's programme is a table: nothing to look a pilot up by."""
    text = (
        "base: {base}\nset: {{ run.duration: 2 min }}\nseeds: 2\n"
        "options: {{ timed: [ {{ do: set_signal, junction: centre, programme: {{ cycle: 60 s }} }} ] }}\n"
    )
    found = sim.compare(written(tmp_path, text), out=tmp_path / "out")
    assert found.told["failed"] == {}
    assert found.told["options"][0]["reasons"]["first"] is not None


def test_one_seed_says_what_it_cannot_tell(tmp_path: Path) -> None:
    found = sim.compare(written(tmp_path), out=tmp_path / "out", seeds=1)
    assert any("one seed" in x for x in found.told["notes"])
    assert {x["decision"] for x in found.told["options"]} == {"more evidence needed"}
    assert found.told["options"][0]["measures"]["trips.time_in_park_s"]["interval"] == [None, None]


def test_a_folder_with_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="other things"):
        sim.compare(written(tmp_path), out=tmp_path)
