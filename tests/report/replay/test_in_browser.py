"""The replay in a real browser: it loads, moves, answers, and asks nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from report.browser import Watched, browsing

import sim
from sim import cli

ROOT = Path(__file__).parents[3]
EVIL = "<script>alert(1)</script>"
SCENARIO = f"""\
pilot: {{ map: {ROOT / "maps" / "crossroads.geojson"} }}
traffic:
  cards: {{ human_car: 0.6, robotaxi: 0.2, "{EVIL}": 0.2 }}
  own_cards: {{ "{EVIL}": {{ like: truck }} }}
  flows:
    - {{ id: a, from: gate_west, to: gate_east, per_hour: 500 }}
    - {{ id: b, from: gate_south, to: gate_north, per_hour: 500 }}
run: {{ duration: 3 min, seed: 1 }}
occurrences:
  - {{ kind: sign, edge: west_road, position: 50 m, length: 100 m, speed: 30 km/h, begin: 30 s, end: 120 s }}
  - {{ kind: sign, edge: east_road, keep_lane: true, board: false, begin: 60 s }}
output: {{ trajectories: 1 s, edges: 20 s }}
"""
PLACE_OF_THE_FOURTH = """() => {
    const { camera, panes } = show, { traffic, sheet } = panes[0], box = sheet.canvas.getBoundingClientRect();
    return [box.left + box.width / 2 + (traffic.x[3] - camera.x) * camera.scale,
            box.top + box.height / 2 - (traffic.y[3] - camera.y) * camera.scale];
}"""
PLACES = """() => {
    const { traffic: t, run } = show.panes[0], rows = Array.from({ length: t.count }, (_, n) => n);
    return Object.fromEntries(rows.map((n) => [run.tracks.ids[t.track[n]], [t.x[n], t.y[n]]]));
}"""
PIXELS = """(() => {
    const c = show.panes[0].sheet.canvas, d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    let n = 0;
    for (let i = 0; i < d.length; i += 4) n += d[i] > 170 && d[i + 1] < 60 && d[i + 2] < 80;
    return n;
})()"""
CHOOSE_BY_CARD = """(name) => {
    show.seek(90);
    show.paint();
    const t = show.panes[0].traffic;
    for (let n = 0; n < t.count; n++) if (t.cards[t.card[t.track[n]]].name === name) show.choose(t.track[n]);
    return show.chosen >= 0;
}"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("replay")
    (folder / "evil.yaml").write_text(SCENARIO)
    return sim.run(sim.load(folder / "evil.yaml"), out=folder / "out").folder


def opened(watched: Watched, result: Path, address: str = "") -> Any:
    """The replay, ready."""
    page = watched.open(result / "replay.html", address).page
    page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
    return page


def test_it_loads_moves_and_answers(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result)
        page.evaluate("show.seek(60)")
        page.wait_for_timeout(100)
        before = page.locator(".pane canvas").screenshot()
        page.keyboard.press("Space")
        page.wait_for_timeout(500)
        page.keyboard.press("Space")
        assert page.evaluate("show.time") > 60
        assert page.locator(".pane canvas").screenshot() != before
        page.locator("#scrub").evaluate("x => { x.value = 100; x.dispatchEvent(new Event('input')) }")
        page.wait_for_timeout(100)
        assert page.locator("#clock").inner_text() == "00:01:40"
        at = page.evaluate(PLACE_OF_THE_FOURTH)
        page.mouse.click(*at)
        page.wait_for_timeout(100)
        chosen = page.evaluate("show.panes[0].run.tracks.ids[show.chosen]")
        assert page.locator("#facts h2").inner_text() == chosen
        assert "km/h" in page.locator("#facts").inner_text()
        assert watched.complaints == []
        assert watched.elsewhere == []


def test_signs_that_hold_are_shown(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result)

        def shown(time: float) -> list[float | None]:
            told: list[float | None] = page.evaluate(f"signsAt(show.panes[0].run, {time}).map((s) => s.speed_mps)")
            return told

        limit = pytest.approx(8.3333, abs=1e-3)
        assert [shown(x) for x in (20, 40, 90, 130)] == [[], [limit], [limit, None], [None]]
        assert watched.complaints == []
        without, with_ = (page.evaluate(f"show.seek({x}); show.paint(); {PIXELS}") for x in (29.9, 30.1))
        assert with_ > without + 50, "the ring of the sign is red"
        assert "sign that holds now" in (page.locator("#layers").text_content() or "")


def test_positions_are_those_of_the_table(result: Path) -> None:
    table = sim.Result(result).trajectories
    rows = [x for x in table.to_pylist() if x["time_s"] == 90.0]
    assert len(rows) > 5
    with browsing() as watched:
        page = opened(watched, result)
        page.evaluate("show.seek(90); show.paint()")
        told = page.evaluate(PLACES)
    assert set(told) == {x["id"] for x in rows}
    for row in rows:
        assert told[row["id"]] == pytest.approx([row["x_m"], row["y_m"]], abs=0.15)


def test_text_of_a_scenario_stays_text(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result)
        page.on("dialog", lambda x: pytest.fail("a script of the scenario ran"))
        card = page.evaluate(CHOOSE_BY_CARD, EVIL)
        assert card
        page.wait_for_timeout(100)
        assert EVIL in page.locator("#facts").inner_text()
        assert page.evaluate("document.body.innerHTML.includes('<script>alert')") is False
        assert watched.complaints == []


def test_a_link_leads_to_a_vehicle_and_language_switches(result: Path) -> None:
    with browsing(390, 844) as watched:
        who = sim.Result(result).trajectories.to_pylist()[0]["id"]
        page = opened(watched, result, f"#t=12&id={who}")
        page.wait_for_timeout(100)
        assert page.locator("#facts h2").inner_text() == who
        page.click("#language")
        assert "播放" in page.locator("#play").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        assert page.evaluate("show.chosen") >= 0
        assert watched.complaints == []


def test_two_results_play_side_by_side(result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = sim.run(sim.load(result.parent / "evil.yaml", {"run.seed": "2"}), out=tmp_path / "other").folder
    assert cli.outcome(["view", str(result), "--beside", str(other), "--no-open"]) == 0
    page_file = Path(capsys.readouterr().out.strip())
    assert page_file.parent == result
    with browsing() as watched:
        page = watched.open(page_file).page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        page.evaluate("show.seek(120); show.paint()")
        assert page.locator(".pane canvas").count() == 2
        assert len(set(page.locator(".pane figcaption").all_inner_texts())) == 2
        assert page.evaluate("show.panes.every((p) => p.traffic.time === 120 && p.traffic.count > 0)")
        page.click("#tab-series")
        assert page.locator(".chart .uplot").count() == 3
        page.select_option("#heat", "delay")
        page.wait_for_timeout(100)
        assert watched.complaints == []


def test_view_names_the_page_and_says_what_is_missing(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["view", str(result), "--no-open"]) == 0
    assert capsys.readouterr().out.strip() == str(result / "replay.html")
    bare = sim.run(sim.load(result.parent / "evil.yaml", {"output.trajectories": "0"}), out=result.parent / "bare")
    assert not (bare.folder / "replay.html").exists()
    assert cli.outcome(["view", str(bare.folder), "--no-open"]) == 2
    assert "holds no trajectories.parquet" in capsys.readouterr().err
    assert cli.outcome(["report", str(result / "nowhere")]) == 2


def test_pages_can_be_left_out(result: Path) -> None:
    pilot = sim.load(result.parent / "evil.yaml", {"output.pages": "false", "run.duration": "10 s"})
    folder = sim.run(pilot, out=result.parent / "without").folder
    assert not [x.name for x in folder.iterdir() if x.suffix == ".html" or x.name == "scene.json"]


def test_a_strict_policy_lets_no_other_script_run(result: Path) -> None:
    """What is put into the page afterwards neither runs nor is fetched."""
    for name in ("replay.html", "report.html"):
        with browsing() as watched:
            page = watched.open(result / name).page
            failed: list[str | None] = []
            page.on("requestfailed", lambda x, failed=failed: failed.append(x.failure))
            policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            ran = page.evaluate(
                "() => { const s = document.createElement('script'); s.textContent = 'window.ran = 1';"
                " document.body.append(s); const i = new Image(); i.src = 'https://example.org/x.png';"
                " document.body.append(i); return window.ran ?? 0 }"
            )
            page.wait_for_timeout(200)
            assert ran == 0
            assert failed == ["csp"]  # refused by the page itself, before the network
            assert any("Content Security Policy" in x for x in watched.complaints)


def test_it_opens_at_the_busiest_moment_and_says_first_what_matters(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result)
        told = page.locator("#overview").inner_text()
        for part in ("Result", "What was tested", "Worst moment"):
            assert part in told
        road = page.evaluate("show.panes[0].series.road")
        assert page.evaluate("show.panes[0].traffic.count") == max(road)


def test_everything_can_be_done_by_keys(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result, "#t=60")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("show.time") == 61
        page.keyboard.press("Shift+ArrowRight")
        assert page.evaluate("show.time") == 121
        scale = page.evaluate("show.camera.scale")
        page.keyboard.press("+")
        assert page.evaluate("show.camera.scale") > scale
        page.keyboard.press("n")
        page.keyboard.press("f")
        assert page.evaluate("show.following") is True
        page.keyboard.press("0")
        page.keyboard.press("Escape")
        assert page.evaluate("show.chosen") == -1
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.tagName") in ("A", "BUTTON", "CANVAS")
        assert watched.complaints == []


def test_a_kind_of_events_can_be_hidden(result: Path) -> None:
    with browsing() as watched:
        page = opened(watched, result)
        many = page.evaluate("show.events.push({ ...show.events[0], time: 100, kind: 'news', lane: -1, pane: 0 })")
        page.evaluate("tellEvents(show)")
        page.click("#tab-events")
        page.get_by_role("button", name="news: 1").click()
        assert page.evaluate("show.seen.length") == many - 1
        assert page.get_by_role("button", name="news: 1").get_attribute("aria-pressed") == "false"
        assert watched.complaints == []
