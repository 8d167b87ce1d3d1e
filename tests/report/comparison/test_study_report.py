"""The report of a study: decision first, differences, masked maps, people, money; in a browser, from nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow.dataset as ds
import pytest
from click.testing import CliRunner
from report.browser import browsing

import sim
from sim.cli import command
from sim.report.comparison import amounts, pairs, sentences
from sim.report.comparison.build import study_report
from sim.study.compare import Comparison

ROOT = Path(__file__).parents[3]
EVIL = "<script>alert(1)</script> $x$ [[synthetic]]"
STUDY = f"""
base: {ROOT / "scenarios" / "crossroads.yaml"}
set: {{ run.duration: 3 min, run.warm_up: 30 s, output.trajectories: 1 s }}
options:
  slow: {{ title: "{EVIL}", do: [ {{ do: set_speed, road: west_road, speed: 20 km/h }} ] }}
  nothing: []
seeds: 3
guard_rails: {{ safety.collisions: {{ at_most: 0 }}, trips.time_in_park_s: {{ rise_share: 1 % }} }}
phases: {{ budget: 1 M, candidates: [slow] }}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("study")
    (folder / "two.study.yaml").write_text(STUDY, encoding="utf-8")
    return sim.compare(folder / "two.study.yaml", out=folder / "out")


def test_comparing_writes_the_report_and_replays(study: Comparison) -> None:
    names = {x.name for x in study.folder.glob("*.html")}
    assert names == {"report.html", "replay-slow.html", "replay-nothing.html"}


def test_the_same_study_gives_the_same_bytes(study: Comparison) -> None:
    before = (study.folder / "report.html").read_bytes()
    told = CliRunner().invoke(command, ["report", str(study.folder)])
    assert told.exit_code == 0, told.output
    assert (study.folder / "report.html").read_bytes() == before


def test_the_decision_stands_first_and_every_part_is_there(study: Comparison) -> None:
    with browsing() as watched:
        page = watched.open(study.folder / "report.html").page
        page.on("dialog", lambda x: pytest.fail("a script of the study ran"))
        assert "No option is shown to be better" in page.locator("main > :first-child .headline").inner_text()
        assert page.locator("td.worse").count() == 1
        assert page.locator("td.alike").count() == 1
        text = page.locator("main").inner_text()
        for part in (
            "Guard-rails",
            "Who wins, who loses",
            "Cost and benefit",
            "In which order to build",
            "do not know",
        ):
            assert part in text
        assert EVIL in text
        assert page.evaluate("document.scripts.length") == 2
        link = page.locator(".matrix a").first
        assert link.get_attribute("href") == "replay-slow.html"
        assert watched.complaints == []
        assert watched.elsewhere == []


def test_chinese_and_phone_width(study: Comparison) -> None:
    with browsing(390, 844) as watched:
        page = watched.open(study.folder / "report.html").page
        page.click("#language")
        assert "结论" in page.locator(".kicker").inner_text()
        assert "护栏指标" in page.locator("main").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert watched.complaints == []


def test_keys_that_are_missing_or_new_do_no_harm(study: Comparison, tmp_path: Path) -> None:
    told = json.loads((study.folder / "study.json").read_text(encoding="utf-8"))
    for name in ("repeat", "order", "shares", "measured_from_s"):
        told.pop(name, None)
    told["news"] = {"of": "later"}
    (tmp_path / "study.json").write_text(json.dumps(told), encoding="utf-8")
    text = study_report(tmp_path)
    assert "No map: fewer than three pairs" in text


def test_only_roads_that_are_shown_to_change_are_told(study: Comparison) -> None:
    names, rows = pairs.lost(study.folder, "slow", "", 7 * 3600.0 + 30.0)
    assert rows.shape == (3, len(names))
    for seed in (1, 2, 3):
        slow, before = (_lost(study, option, seed, "west_road") for option in ("slow", "base"))
        assert rows[seed - 1, names.index("west_road")] == pytest.approx((slow - before) / 3600.0)
    nothing = pairs.lost(study.folder, "nothing", "", 0.0)[1]
    assert not nothing.any()
    assert not pairs.significant(pairs.estimates(nothing)[2]).any()


def _lost(study: Comparison, option: str, seed: int, road: str) -> float:
    """Time lost on a road [s], read by another way."""
    table = ds.dataset(study.folder / "edges", partitioning="hive").to_table()
    own = [x for x in table.to_pylist() if (x["option"], x["seed"], x["edge"]) == (option, seed, road)]
    return sum(x["time_loss_s"] for x in own)


def test_estimates_by_hand() -> None:
    mean, half, p = pairs.estimates(np.array([[1.0, 0.0, 2.0], [3.0, 0.0, 2.0], [2.0, 0.0, 2.0]]))
    assert mean == pytest.approx([2.0, 0.0, 2.0])
    assert half[0] == pytest.approx(4.30265 * 1.0 / np.sqrt(3.0), rel=1e-5)  # t of 2 degrees of freedom
    assert p[1:] == pytest.approx([1.0, 0.0])


def test_false_ones_are_kept_rare() -> None:
    """Of 1,000 roads without any change hardly one is told; by single tests some fifty would be."""
    rows = np.random.default_rng(1).normal(size=(10, 1000))
    p = pairs.estimates(rows)[2]
    assert (p < 0.05).sum() > 30
    assert pairs.significant(p).sum() <= 2


def test_numbers_as_they_are_read() -> None:
    assert amounts.amount(-1234.5) == "−1,234"
    assert amounts.amount(0.0123) == "+0.0123"
    assert amounts.amount(-0.0) == "0"
    assert amounts.interval([None, 1.0]) == ""
    assert amounts.rate({"count": 0, "high": 0.11}) == "≤ 0.11 / 1,000 km"
    assert amounts.rate({"count": 2, "high": 0.11}) == ""


def test_guard_rails_speak_both_languages() -> None:
    told = str(
        sentences.says("at most 0: none in 9 km (at most 333 per 1,000 km, 95 % sure); worse by at most 1: -2 [-3, 4]")
    )
    assert "9 km 内未发生" in told
    assert "恶化不超过 1：−2 [−3, 4]" in told
    assert sentences.says("another sentence") == "another sentence"
