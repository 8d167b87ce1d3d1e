"""The report: same result, same bytes; every figure where there is data; its verdict; text stays text."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import pytest
from report.browser import browsing

import sim
from sim.report.document.build import number, report
from sim.report.document.clock import clock_axis
from sim.report.document.figures import figures
from sim.report.document.worst import worst_moments
from sim.report.page import both, texts
from sim.report.scene import SCENE, read_scene
from sim.units import clock_text

ROOT = Path(__file__).parents[3]
EVIL = "<script>alert(1)</script>"
SCENARIO = f"""\
pilot: {{ map: {ROOT / "maps" / "priority_crossroads.geojson"} }}
traffic:
  cards: {{ human_car: 0.6, robotaxi: 0.2, "{EVIL}": 0.2 }}
  own_cards: {{ "{EVIL}": {{ like: truck }} }}
  flows:
    - {{ from: gate_west, to: gate_east, per_hour: 600 }}
    - {{ from: gate_south, to: gate_north, per_hour: 300 }}
run: {{ duration: 4 min, seed: 1 }}
output: {{ trajectories: 1 s, edges: 30 s, conflicts: true }}
expect: {{ collisions: 0, mean_speed_mps: "> 50" }}
"""


NUMBERS = [(None, "–"), (True, "true"), (3, "3"), (12345, "12,345"), (1.23456, "1.235"), (54321.6, "54,322")]
TICKS = [
    ((25_200.0, 27_000.0), ["07:00", "07:05", "07:10", "07:15", "07:20", "07:25", "07:30"]),
    ((25_200.0, 25_500.0), ["07:00", "07:01", "07:02", "07:03", "07:04", "07:05"]),
    ((25_200.0, 25_260.0), ["07:00:00", "07:00:10", "07:00:20", "07:00:30", "07:00:40", "07:00:50", "07:01:00"]),
    ((23_400.0, 38_700.0), ["07:00", "08:00", "09:00", "10:00"]),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("report")
    (place / "evil.yaml").write_text(SCENARIO)
    for name in ("a", "b"):
        sim.run(sim.load(place / "evil.yaml"), out=place / name, command="pilotzone run evil.yaml")
    return place


def test_two_runs_of_one_seed_give_the_same_pages(folder: Path) -> None:
    for page in ("report.html", "replay.html", "scene.json"):
        assert (folder / "a" / page).read_bytes() == (folder / "b" / page).read_bytes(), page


def test_a_saved_result_gives_the_same_pages_again(folder: Path) -> None:
    copy = folder / "c"
    shutil.copytree(folder / "a", copy)
    from sim.report.pages import write_pages

    (copy / "report.html").unlink()
    assert [x.name for x in write_pages(sim.Result(copy))] == ["report.html", "replay.html"]
    assert (copy / "report.html").read_bytes() == (folder / "a" / "report.html").read_bytes()


def test_verdict_expectation_and_worst_moment_stand_first(folder: Path) -> None:
    text = (folder / "a" / "report.html").read_text()
    brief = text[text.index('<div class="brief">') : text.index("</div>", text.index('<div class="brief">'))]
    assert 'class="fail"' in brief
    assert "traffic.mean_speed_mps" in brief
    assert worst_moments(sim.Result(folder / "a"))[0].who.split(" ")[0] in brief
    assert "replay.html#t=" in brief


def test_every_figure_is_drawn_and_says_its_texts_in_both_languages(folder: Path) -> None:
    result = sim.Result(folder / "a")
    scene = read_scene(result.folder / SCENE)
    assert scene is not None
    told = dict(figures(result, scene))
    assert list(told) == ["figure.map", "figure.delay", "figure.queue", "figure.flow_density", "figure.conflicts"]
    for svg in told.values():
        assert "style=" not in svg
        assert "[[" not in svg
        assert '<tspan class="zh"' in svg


def test_every_text_has_both_languages() -> None:
    assert [x for x, said in texts().items() if set(said) != {"en", "zh"} or not all(said.values())] == []


def test_a_result_without_scene_or_edges_still_has_a_report(folder: Path) -> None:
    bare = folder / "bare"
    shutil.copytree(folder / "a", bare)
    for name in ("scene.json", "edges.parquet", "trajectories.parquet", "conflicts.parquet"):
        (bare / name).unlink()
    assert texts()["report.no.scene"]["en"] in report(sim.Result(bare))


def test_text_of_a_scenario_stays_text(folder: Path) -> None:
    text = (folder / "a" / "report.html").read_text()
    assert EVIL not in text
    assert "&lt;script&gt;alert(1)" in text
    assert re.findall(r"<script[ >]", text) == ["<script ", "<script>"]


def test_it_opens_in_a_browser_without_complaint(folder: Path) -> None:
    with browsing(390, 844) as watched:
        page = watched.open(folder / "a" / "report.html").page
        assert page.locator(".verdict").inner_text().strip() == "FAIL"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.click("#language")
        assert page.locator(".verdict").inner_text().strip() == "未通过"
        page.locator(".brief a").click()
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        assert page.evaluate("show.chosen") >= 0
        assert (watched.complaints, watched.elsewhere) == ([], [])


@pytest.mark.parametrize(("value", "shown"), NUMBERS)
def test_numbers_as_they_are_read(value: object, shown: str) -> None:
    assert number(value) == shown


def test_links_lead_to_lane_and_vehicle(folder: Path) -> None:
    result = sim.Result(folder / "a")
    known = set(json.loads((folder / "a" / "scene.json").read_text())["lanes"]["id"])
    moments = worst_moments(result)
    assert moments
    for moment in moments:
        lane = re.search(r"lane=([^&]+)", moment.address)
        assert moment.address.startswith("#t=")
        assert lane is None or unquote(lane[1]) in known


def test_messages_applications_and_take_overs_are_told(tmp_path: Path) -> None:
    text = SCENARIO.replace("priority_crossroads", "crossroads").replace('"{EVIL}": 0.2', "truck: 0.2")
    more = "radio: { model: disc, range: 200 m, loss: 0.1 }\n"
    more += "equip: { robotaxi: 1.0, human_car: 1.0, junctions: [centre] }\n"
    (tmp_path / "air.yaml").write_text(f"{text}{more}apps: [green_wave]\ntakeover: {{ per_km: {{ fault: 5 }} }}\n")
    told = (sim.run(sim.load(tmp_path / "air.yaml"), out=tmp_path / "out").folder / "report.html").read_text()
    assert texts()["figure.delivery"]["en"] in told
    assert texts()["figure.age"]["en"] in told
    assert texts()["report.messages"]["zh"] in told
    assert "<b>green_wave</b>" in told
    assert texts()["report.automation"]["en"] in told
    assert f"{both('av.disengagements')}: {both('part.fault')}" in told


def test_the_replay_names_the_worst_moment_that_the_report_names(folder: Path) -> None:
    result = sim.Result(folder / "a")
    worst = worst_moments(result)[0]
    with browsing() as watched:
        page = watched.open(folder / "a" / "replay.html").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        told = page.locator("#overview .worst").inner_text()
        assert clock_text(worst.time) in told
        assert worst.who in told
        page.locator("#overview .worst").click()
        assert page.evaluate("show.time") == pytest.approx(worst.time - 5.0, abs=0.1)
        assert page.evaluate("show.panes[0].run.tracks.ids[show.chosen]") == worst.who.split(" – ")[0]
        page.click("#tab-events")
        assert clock_text(worst.time) in page.locator("#events .event").first.inner_text()
        assert watched.complaints == []


def test_counts_are_read_without_powers() -> None:
    assert [number(x, 3) for x in (1.234, 99.94, 999.4, 1480.3, 12_345.6)] == ["1.23", "99.9", "999", "1,480", "12,346"]


@pytest.mark.parametrize(("span", "wanted"), TICKS)
def test_ticks_are_round_on_a_clock(span: tuple[float, float], wanted: list[str]) -> None:
    from matplotlib.figure import Figure

    axes = Figure().add_subplot()
    axes.set_xlim(*span)
    clock_axis(axes)
    shown = [x for x in axes.get_xticks() if span[0] <= x <= span[1]]
    assert [axes.xaxis.get_major_formatter()(x, 0) for x in shown] == wanted


def test_one_interval_is_drawn_as_long_as_it_lasts(tmp_path: Path) -> None:
    """Who stood stands over the whole run, not at its begin; the legend lies below."""
    (tmp_path / "one.yaml").write_text(SCENARIO.replace("edges: 30 s", "edges: 1 h"))
    result = sim.run(sim.load(tmp_path / "one.yaml"), out=tmp_path / "r")
    scene = read_scene(result.folder / SCENE)
    assert scene is not None
    svg = str(dict(figures(result, scene))["figure.queue"])
    begin = result.manifest["begin_s"]
    for minute in range(5):
        assert clock_text(begin + 60.0 * minute)[:5] in svg
    lines = [re.findall(r"[ML] ([\d.]+) ", x) for x in re.findall(r'd="(M [\d.]+ [\d.]+ \nL [\d.]+ [\d.]+ \n)"', svg)]
    assert max(float(x[-1]) - float(x[0]) for x in lines if len(x) == 2) > 200.0
