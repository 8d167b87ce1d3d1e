"""A road that both directions share: the replay draws the strip and tells who has the way, as the run recorded it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from report.browser import browsing

import sim

ROOT = Path(__file__).parents[3]
SCENARIO = f"""\
pilot: {{ map: {ROOT / "maps" / "narrow_road.geojson"} }}
traffic:
  cards: {{ human_car: 1.0 }}
  flows:
    - {{ id: east, from: gate_west, to: gate_east, per_hour: 120 }}
    - {{ id: west, from: gate_east, to: gate_west, per_hour: 120 }}
run: {{ start: 07:00, duration: 6 min, seed: 1 }}
output: {{ trajectories: 1 s }}
"""
WAITS_FOR_THE_WAY = """() => {
    const { traffic, roads } = show.panes[0];
    for (let time = show.begin; time < show.end; time++) {
        show.seek(time);
        show.paint();
        for (let n = 0; n < traffic.count; n++) {
            const why = traffic.reason(traffic.track[n]);
            if (why?.kind === "light" && roads.waiting[traffic.on[n]]) return show.choose(traffic.track[n]), true;
        }
    }
    return false;
}"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> sim.Result:
    folder = tmp_path_factory.mktemp("passage")
    (folder / "narrow.yaml").write_text(SCENARIO)
    return sim.run(sim.load(folder / "narrow.yaml"), out=folder / "out")


def test_who_has_the_way_is_shown_as_recorded(result: sim.Result) -> None:
    told = [x for x in result.events.to_pylist() if x["kind"] in ("passage_open", "passage_shut")]
    assert {x["kind"] for x in told} == {"passage_open", "passage_shut"}
    with browsing() as watched:
        page = watched.open(result.folder / "replay.html").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        edges = page.evaluate("show.panes[0].roads.strips.map((s) => show.panes[0].roads.scene.lanes.edge[s.lanes[0]])")
        names = page.evaluate("show.panes[0].roads.scene.edges.id")
        strips = [names[x] for x in edges]
        assert strips[0] == "narrow"
        wanted: dict[str, int] = {}
        for time, rows in groupby(told, key=lambda x: x["time_s"]):
            wanted |= {x["edge"]: int(x["value"]) if x["kind"] == "passage_open" else -1 for x in rows}
            turns = page.evaluate("(t) => show.panes[0].rights.at(t)", time + 0.01)
            assert turns == [wanted.get(x, -1) for x in strips]
        page.click("#tab-layers")
        assert "both directions share" in page.locator("#layers").inner_text()
        assert watched.complaints == []


def test_who_waits_for_the_way_says_so(result: sim.Result) -> None:
    with browsing() as watched:
        page = watched.open(result.folder / "replay.html").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        assert page.evaluate(WAITS_FOR_THE_WAY)
        page.wait_for_timeout(100)
        assert "for the way on Narrow Road" in page.locator("#facts").inner_text()
        page.click("#language")
        page.wait_for_timeout(100)
        assert "通行权" in page.locator("#facts").inner_text()
        assert watched.complaints == []
