"""Cells of a network in a scenario: what is meant by an entry, and what of them is refused, with place and cure."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely

from sim.engine.zones import region
from sim.errors import NetworkError, ScenarioError
from sim.pilot import End, Pilot
from sim.scenario.loader import load

ROOT = Path(__file__).parents[2]
CROSSROADS = ROOT / "scenarios" / "crossroads.yaml"


def loaded(cells: str, model: str = "cellular") -> Pilot:
    told = {"radio": f"{{ model: {model}, cells: [{cells}] }}", "equip": "{ robotaxi: 1.0, junctions: [centre] }"}
    return load(CROSSROADS, told)


def ends(cells: str) -> tuple[End, End]:
    radio = loaded(cells).radio
    assert radio is not None
    return radio.cells[0].up, radio.cells[0].down


GATE = "name: gate, junction: centre, radius: 90 m"


def test_what_holds_for_both_ends_and_what_for_one() -> None:
    up, down = ends(
        f"{{ {GATE}, delay: 40 ms, loss: 5 %, capacity: 20 Mbit/s, down: {{ delay: 9 ms, capacity: 1e6 }} }}"
    )
    assert up == End(low=0.04, loss=0.05, capacity=20e6)
    assert down == End(low=0.009, loss=0.05, capacity=1e6)
    up, down = ends(
        f"{{ {GATE}, delay: 40 ms, most_delay: 80 ms, up: {{ delay: 0.5 }}, down: {{ buffer: 0.1, loss: 1 }} }}"
    )
    assert up == End(low=0.5), "who tells a delay anew tells the greatest one anew, too"
    assert down == End(low=0.04, high=0.08, loss=1.0, buffer=0.1)
    assert ends(f"{{ {GATE}, most_delay: 80 ms }}") == (End(0.0, 0.08), End(0.0, 0.08))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("", "radio.cells: holds nothing; wanted at least 1"),
        ("{ name: a, junction: center, radius: 9 m }", "did you mean centre?"),
        ("{ name: a, junction: centre, radius: -9 m }", "radio.cells.0.radius: .* wanted more than 0"),
        ("{ name: a, junction: centre }", "radio.cells.0: wanted one place: junction and radius, or area, or corners"),
        (f"{{ {GATE}, area: yard }}", "there is no area named yard"),
        (f"{{ {GATE}, corners: [[0, 0], [9, 0], [0, 9]] }}", "radio.cells.0: wanted one place"),
        (f"{{ {GATE}, loss: 120 % }}", "radio.cells.0.loss: .* out of range 0 to 1"),
        (f"{{ {GATE}, delay: 50 ms, most_delay: 20 ms }}", "radio.cells.0: most_delay must not be less than delay"),
        (
            f"{{ {GATE}, most_delay: 20 ms, down: {{ delay: 5 ms, most_delay: 2 ms }} }}",
            "radio.cells.0.down: most_delay",
        ),
        (f"{{ {GATE}, most_delay: 20 ms, spread: 0.1 }}", "wanted either most_delay or spread"),
        (f"{{ {GATE}, spread: 0.1 }}", "spread wants delay"),
        (f"{{ {GATE}, outages: 1 s }}", "radio.cells.0.outages: .* wanted at least 4"),
        (f"{{ {GATE}, capacity: 0 }}", "radio.cells.0.capacity: 0 is too small; wanted more than 0"),
        (f"{{ {GATE}, capacity: 3 Mbit }}", "unknown unit Mbit; wanted a data rate such as 20 Mbit/s"),
        (f"{{ {GATE}, losses: 0.1 }}", "did you mean loss?"),
        (f"{{ {GATE} }}, {{ {GATE} }}", "two cells are called gate; wanted different names"),
        ("{ name: outside, junction: centre, radius: 9 }", "outside is what lies in no cell"),
        ("{ name: a, corners: [[0, 0], [9, 9]] }", "radio.cells.0.corners: .*wanted at least 3"),
        ("{ name: a, corners: [[0, 0], [9, 9], [9, 0], [0, 9]] }", "radio.cells.0: the outline of a crosses itself"),
        (
            "{ name: a, corners: [[9000, 0], [9009, 9], [9009, 0]] }",
            "radio.cells.0: no road of the map lies in the cell a; the map's roads lie within x -300 to 300 m",
        ),
    ],
)
def test_what_is_refused(cells: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        loaded(cells)


def test_an_expectation_of_a_cell_wants_that_cell() -> None:
    told = {"radio": f"{{ model: disc, cells: [{{ {GATE}, loss: 1 }}] }}", "equip": "{ robotaxi: 1.0 }"}
    assert load(CROSSROADS, told | {"expect": '{ v2x.cells.gate.heard: 0, v2x.cells.outside.said: "> 3" }'}).expect
    with pytest.raises(ScenarioError, match="there is no cell gatt; did you mean gate"):
        load(CROSSROADS, told | {"expect": "{ v2x.cells.gatt.heard: 0 }"})


def drawn(folder: Path, outline: list[list[float]]) -> Path:
    """The crossroads with an area on the map, as a planner draws it."""
    data = json.loads((ROOT / "maps" / "crossroads.geojson").read_text())
    lon, lat = data["pilotzone"]["origin"]
    corners = [[lon + 1e-3 * x, lat + 1e-3 * y] for x, y in outline]
    place = {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}
    data["features"].append({"type": "Feature", "properties": {"kind": "area", "id": "yard"}, "geometry": place})
    (folder / "map.geojson").write_text(json.dumps(data))
    text = CROSSROADS.read_text().replace("../maps/crossroads.geojson", "map.geojson")
    (folder / "s.yaml").write_text(text + "radio: { model: disc, cells: [{ name: yard, area: yard, loss: 1 }] }\n")
    return folder / "s.yaml"


def test_an_area_of_the_map_is_a_cell(tmp_path: Path) -> None:
    pilot = load(drawn(tmp_path, [[-1, -1], [1, -1], [1, 1], [-1, 1]]))
    assert pilot.radio is not None
    outline = region(pilot.radio.cells[0], pilot.park)
    east, north = 1e-3 * 111_320.0, 1e-3 * 110_950.0  # a thousandth of a degree, at the equator and in the middle
    lat = json.loads((tmp_path / "map.geojson").read_text())["pilotzone"]["origin"][1]
    assert outline.bounds[2] == pytest.approx(east * np.cos(np.radians(lat)), rel=0.01)
    assert outline.bounds[3] == pytest.approx(north, rel=0.01)
    assert outline.covers(shapely.Point(0.0, 0.0))


def test_an_area_that_crosses_itself_is_no_map(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="area yard: its outline crosses itself; wanted a simple polygon"):
        load(drawn(tmp_path, [[-1, -1], [1, 1], [1, -1], [-1, 1]]))
