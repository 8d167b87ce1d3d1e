"""What lies on the ground is in the scene and drawn: buildings, stops, crossings; people on foot are told apart."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from report.browser import browsing

import sim

ROOT = Path(__file__).parents[3]
SCENARIO = """\
pilot: { map: town.geojson }
traffic:
  cards: { human_car: 1.0 }
  flows:
    - { id: a, from: gate_west, to: gate_east, per_hour: 400 }
  pedestrians:
    - { at: centre.north_road, per_hour: 600 }
run: { duration: 2 min, seed: 1 }
output: { trajectories: 1 s }
"""
COLOUR_AT = """([x, y]) => {
    const { camera, panes } = show, { canvas } = panes[0].sheet, ctx = canvas.getContext("2d");
    Object.assign(camera, { x, y, scale: 8 });
    show.paint();
    return [...ctx.getImageData(canvas.width / 2, canvas.height / 2, 1, 1).data].slice(0, 3);
}"""

MIDDLE_OF_A_HOUSE = """() => {
    const [a, , c] = show.panes[0].roads.buildings[0];
    return [(a[0] + c[0]) / 2, (a[1] + c[1]) / 2];
}"""
ONE_EVENT = """() => {
    const what = { kind: "collision", subject: null, other: null, value: 1, lane: -1, edge: "somewhere", position: 0 };
    show.events = [{ time: 60.25, pane: 0, rank: 0, ...what }];
}"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> sim.Result:
    """The crossroads with crossings, and the houses of the blind corner."""
    folder = tmp_path_factory.mktemp("ground")
    town, houses = (json.loads((ROOT / "maps" / f"{x}.geojson").read_text()) for x in ("crossroads", "blind_corner"))
    for feature in town["features"]:
        if feature["properties"].get("id") == "centre":
            feature["properties"]["crossings"] = ["all"]
    town["features"] += [x for x in houses["features"] if x["properties"]["kind"] == "building"]
    (folder / "town.geojson").write_text(json.dumps(town))
    (folder / "town.yaml").write_text(SCENARIO)
    return sim.run(sim.load(folder / "town.yaml"), out=folder / "out")


def test_houses_and_people_are_seen(result: sim.Result) -> None:
    with browsing() as watched:
        page = watched.open(result.folder / "replay.html", "#t=60").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        house = page.evaluate(MIDDLE_OF_A_HOUSE)
        assert page.evaluate(COLOUR_AT, house) == [0xDC, 0xD5, 0xC6]
        present, people = page.evaluate("[show.panes[0].traffic.count, show.panes[0].traffic.people]")
        rows = [x for x in result.trajectories.to_pylist() if x["time_s"] == 60.0]
        assert people == sum(x["card"] == "pedestrian" for x in rows) > 0
        assert present == len(rows)
        assert (
            page.locator(".counts").inner_text() == f"{present - people} vehicles on the road, {people} people on foot"
        )
        page.click("#tab-layers")
        legend = page.locator("#layers").inner_text()
        assert all(x in legend for x in ("building", "crossing for people on foot", "on foot"))
        assert watched.complaints == []


def test_a_click_on_a_tick_of_the_timeline_goes_to_its_event(result: sim.Result) -> None:
    with browsing() as watched:
        page = watched.open(result.folder / "replay.html").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        page.evaluate(ONE_EVENT)
        box = page.locator("#scrub").bounding_box()
        assert box
        share = page.evaluate("(60.25 - show.begin) / (show.end - show.begin)")
        page.mouse.move(box["x"] + box["width"] * share + 2, box["y"] + 10)
        assert page.locator("#scrub").get_attribute("title") == "00:01:00 collision: somewhere"
        page.mouse.down()
        page.mouse.up()
        assert page.evaluate("show.time") == 60.25
        assert watched.complaints == []
