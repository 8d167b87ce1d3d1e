"""Who hears whom and who waits for whom, as recorded, as a plain twin finds it, and as the page gets it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from report.browser import browsing

import sim
from sim.engine import sampling
from sim.engine.recording import Columns
from sim.engine.simulation import Simulation
from sim.kernel.pairs import BACKS, HALF, NUMBERS
from sim.report.recorder import FolderRecorder
from sim.report.replay import airwaves as airwave_rows
from sim.report.replay.airwaves import NOTHING, airwaves, beliefs, delivery, lost
from sim.report.replay.tracks import read_samples
from sim.report.replay.waits import spells
from sim.state.air import BACK_BITS, BEAT, REMEMBERED

ROOT = Path(__file__).parents[3]
SCENARIO = f"""\
pilot: {{ map: {ROOT / "maps" / "crossroads.geojson"} }}
traffic:
  cards: {{ human_car: 0.6, robotaxi: 0.4 }}
  flows:
    - {{ id: a, from: gate_west, to: gate_east, per_hour: 600 }}
    - {{ id: b, from: gate_south, to: gate_north, per_hour: 600 }}
run: {{ duration: 3 min, seed: 1 }}
radio: {{ model: disc, range: 150 m, loss: 0.3 }}
equip: {{ robotaxi: 1.0, human_car: 0.5, junctions: [centre] }}
output: {{ trajectories: 1 s, edges: 30 s }}
"""


PLACE_OF_THE_UNIT = """() => {
    const { camera, panes } = show, [unit] = panes[0].air.units, box = panes[0].sheet.canvas.getBoundingClientRect();
    return [box.left + box.width / 2 + (unit.x_m - camera.x) * camera.scale,
            box.top + box.height / 2 - (unit.y_m - camera.y) * camera.scale];
}"""


#: Names that are drawn anew at a time, those of areas among them.
NAMED = """(time) => {
    const seen = [], draw = drawName;
    drawName = (ctx, screen, x, y, name) => seen.push(name);
    show.seek(time);
    show.paint();
    drawName = draw;
    return seen;
}"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("air") / "air.yaml"
    path.write_text(SCENARIO)
    return path


@pytest.fixture(scope="module")
def result(file: Path) -> sim.Result:
    return sim.run(sim.load(file), out=file.parent / "out")


def test_cells_and_jammed_areas_are_drawn_while_they_are_there(file: Path, tmp_path: Path) -> None:
    """One mechanism: outlines with a name, from when to when [s]; null: always. None of them without any."""
    cells = "[{ name: gate, junction: centre, radius: 50 m, loss: 10 % }]"
    jamming = "[{ kind: jamming, junction: west, radius: 80 m, begin: 20 s, end: 40 s }]"
    told = {"radio": f"{{ model: disc, cells: {cells} }}", "occurrences": jamming, "run.duration": "1 min"}
    folder = sim.run(sim.load(file, told), out=tmp_path / "r").folder
    gate, jammed = json.loads((folder / "scene.json").read_text())["areas"]
    assert [gate[x] for x in ("kind", "name", "begin_s", "end_s")] == ["cell", "gate", None, None]
    assert [jammed[x] for x in ("kind", "name", "begin_s", "end_s")] == ["jamming", "west", 20.0, 40.0]
    points = np.cumsum(np.array(jammed["shape_cm"]).reshape(-1, 2), axis=0) / 100.0
    west = next(x for x in sim.load(file).park.junctions if x.id == "west")
    assert np.hypot(*(points - [west.x, west.y]).T) == pytest.approx(80.0, abs=0.02)
    page = (folder / "report.html").read_text()
    assert "Cells of the network" in page
    assert "蜂窝小区" in page
    with browsing() as watched:
        page = watched.open(folder / "replay.html", "").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        seen = [page.evaluate(NAMED, time) for time in (10.0, 30.0, 50.0)]
        assert [x[-2:] for x in seen] == [["gate"], ["gate", "jammed area west"], ["gate"]]
        assert watched.complaints == []


def test_what_is_recorded_is_what_a_plain_twin_finds(file: Path, tmp_path: Path) -> None:
    simulation = Simulation(sim.load(file, {"run.duration": "100 s"}), 1, FolderRecorder(tmp_path))
    simulation.run()
    w = simulation.world
    told, links = sampling.stations(w, 100.0)
    believed = sampling.beliefs(w, 100.0)
    stations, streams, contents, a = w.radio.stations, w.radio.streams, w.radio.contents, w.radio.air[0]
    on_air = sorted(int(x) for x in w.radio.on_air[: int(a.present)])
    now = round(int(w.totals[0].step) * float(w.totals[0].dt) * BEAT)
    assert len(on_air) > 5
    assert len(told["id"]) == len(on_air)
    for i, me in enumerate(on_air):
        near = [x for x in on_air if x != me and _far(stations, me, x) <= a.range]
        ages, lasts = [], []
        for entry in w.radio.pairs[int(stations[me].block) * int(a.slots) :][: int(a.slots)].tolist():
            stream = (entry >> HALF) - 1
            if entry and int(streams[stream].station) in near:
                ago = (int(streams[stream].number) - 1 - (entry >> BACK_BITS)) & NUMBERS
                newest = contents[stream * REMEMBERED + (int(streams[stream].number) - 1 - ago) % REMEMBERED]
                lasts.append((int(streams[stream].station), now - int(newest.said), ago == 0))
                for back in {0, entry & BACKS}:  # what has not arrived yet is not known: then the one before is
                    row = contents[stream * REMEMBERED + (int(streams[stream].number) - 1 - ago - back) % REMEMBERED]
                    if int(row.arrives) <= now:
                        ages.append((int(streams[stream].station), (now - int(row.said)) / BEAT))
        best = {who: min(age for x, age in ages if x == who) for who, _ in ages}
        latest = sum(min(x for x in lasts if x[0] == who)[2] for who in {x[0] for x in lasts})
        known = [age for age in best.values() if age <= sampling.FRESH]
        assert (told["in_range"][i], told["known"][i], told["latest"][i]) == (len(near), len(known), latest)
        if known:
            assert told["age_s"][i] == pytest.approx(np.mean(known))
        if int(stations[me].departure) >= 0:
            _are_believed(believed, stations, me, near, best)
    assert told["latest"].sum() == told["heard_by"].sum()
    assert set(links["unit"].tolist()) == {0}


def _are_believed(told: Columns, stations: np.ndarray, me: int, near: list[int], ages: dict[int, float]) -> None:
    """What is told of a vehicle: the eight nearest others in range, each with the age of what it holds of it."""
    cars = sorted((x for x in near if stations[x].departure >= 0), key=lambda x: _far(stations, me, x))
    nearest = cars[: sampling.NEAREST]
    rows = np.flatnonzero(told["id"] == stations[me].departure)
    assert sorted(told["about"][rows].tolist()) == sorted(int(stations[x].departure) for x in nearest)
    of = {int(told["about"][i]): float(told["age_s"][i]) for i in rows}
    for x in nearest:
        assert of[int(stations[x].departure)] == pytest.approx(ages.get(x, np.nan), nan_ok=True)


def _far(stations: np.ndarray, one: int, other: int) -> float:
    return float(np.hypot(stations[one].x - stations[other].x, stations[one].y - stations[other].y))


def test_delivery_is_that_of_the_radio(result: sim.Result) -> None:
    """Three of ten packets are lost: so are the last ones that are looked at."""
    table = result.table("stations")
    heard, near = (sum(table[x].to_pylist()) for x in ("latest", "in_range"))
    assert heard / near == pytest.approx(0.7, abs=0.03)
    assert result.summary["v2x"]["packet_delivery_ratio"] == pytest.approx(0.7, abs=0.01)


def test_whom_somebody_waits_for_is_ahead_of_him(result: sim.Result) -> None:
    rows = [x for x in result.trajectories.to_pylist() if x["waits_for"]]
    at = {(x["time_s"], x["id"]): x for x in result.trajectories.to_pylist()}
    assert len(rows) > 50
    assert all(x["speed_mps"] < sampling.STANDING and x["waits"] == "vehicle" for x in rows)
    pairs = [(x, at[x["time_s"], x["waits_for"]]) for x in rows if (x["time_s"], x["waits_for"]) in at]
    same = [(one, other) for one, other in pairs if one["lane"] == other["lane"]]
    assert len(same) > 0.8 * len(pairs)
    assert all(one["position_m"] < other["position_m"] for one, other in same)
    assert {x["waits"] for x in result.trajectories.to_pylist()} >= {None, "vehicle", "light"}


def test_a_vehicle_takes_another_to_be_where_it_was_when_it_spoke(result: sim.Result) -> None:
    """Without an error of positioning the place believed is the true one, as old as the message."""
    rows = [x for x in result.table("beliefs").to_pylist() if x["age_s"] is not None]
    at = {(x["time_s"], x["id"]): x for x in result.trajectories.to_pylist()}
    pairs = [(x, at.get((x["time_s"], x["about"]))) for x in rows]
    same = [(x, y) for x, y in pairs if y and x["lane"] == y["lane"] and x["age_s"] < 1.0]
    assert len(same) > 500
    off = np.array([y["position_m"] - x["position_m"] - x["age_s"] * x["speed_mps"] for x, y in same])
    assert np.abs(np.median(off)) < 0.1
    assert np.quantile(np.abs(off), 0.9) < 2.0  # braking and pulling away within the age


def test_the_page_is_told_every_belief(result: sim.Result, monkeypatch: pytest.MonkeyPatch) -> None:
    table = result.table("beliefs")
    ids = sorted({x["id"] for x in result.trajectories.to_pylist()})
    lanes = sorted({x for x in table["lane"].to_pylist() if x})
    header, arrays = beliefs(result, ids, lanes, 0.1)
    assert len(arrays["belief_who"]) == len(table)
    assert arrays["belief_begin"].tolist() == [
        sum(x < time for x in table["time_s"].to_pylist()) for time in [*header["times"], np.inf]
    ]
    for i, row in enumerate(table.to_pylist()[::97]):
        k = 97 * i
        assert (ids[arrays["belief_who"][k]], ids[arrays["belief_about"][k]]) == (row["id"], row["about"])
        if row["age_s"] is None:
            assert arrays["belief_age"][k] == NOTHING
        else:
            assert lanes[arrays["belief_lane"][k]] == row["lane"]
            assert arrays["belief_place"][k] * 0.1 == pytest.approx(row["position_m"], abs=0.051)
    monkeypatch.setattr(airwave_rows, "MOST_BELIEFS", len(table) // 3)
    assert len(beliefs(result, ids, lanes, 0.1)[0]["times"]) < len(header["times"]) / 2


def test_spells_hold_every_row_once(result: sim.Result) -> None:
    ids = sorted({x["id"] for x in result.trajectories.to_pylist()})
    lanes = sorted({x["lane"] for x in result.trajectories.to_pylist()})
    samples = read_samples(result.folder / "trajectories.parquet", lanes)
    kinds, arrays = samples.reasons, spells(samples, ids)
    unpacked = {
        (ids[who], round(samples.times[frame + i])): (kinds[kind], ids[other - 1] if other else None)
        for who, frame, count, kind, other in zip(*(x.tolist() for x in arrays.values()), strict=True)
        for i in range(count)
    }
    told = [x for x in result.trajectories.to_pylist() if x["waits"]]
    assert unpacked == {(x["id"], round(x["time_s"])): (x["waits"], x["waits_for"]) for x in told}


def test_results_without_these_tables_do_no_harm(file: Path) -> None:
    bare = sim.run(sim.load(file, {"equip.junctions": "[]", "equip.robotaxi": "0", "equip.human_car": "0"}))
    assert airwaves(bare, [])[0]["times"] == []
    assert lost(bare) == []
    assert not delivery(bare, np.array([0.0]), {}) or delivery(bare, np.array([0.0]), {}) == [[]]


def test_a_click_on_a_unit_tells_who_knows_what(result: sim.Result) -> None:
    with browsing() as watched:
        page = watched.open(result.folder / "replay.html", "#t=90").page
        page.wait_for_selector("html[data-ready=yes]", timeout=30_000)
        x, y = page.evaluate(PLACE_OF_THE_UNIT)
        page.mouse.click(x, y)
        page.wait_for_timeout(100)
        assert page.locator("#facts h2").inner_text() == "Roadside unit centre"
        assert page.locator("#facts .links li").count() > 0
        page.locator("#facts .links button").first.click()
        page.wait_for_timeout(100)
        assert "Age of what it knows" in page.locator("#facts").inner_text()
        assert "What it knows of the nearest" in page.locator("#facts").inner_text()
        known = page.locator("#facts .links small.known")
        assert known.count() > 0
        assert "s ago; that is" in known.first.inner_text()
        before = page.locator(".pane canvas").screenshot()
        page.keyboard.press("v")
        page.wait_for_timeout(100)
        assert page.locator(".pane canvas").screenshot() != before
        assert watched.complaints == []
        assert watched.elsewhere == []
