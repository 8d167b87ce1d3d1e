"""Maps of ours made of another program's: what is the same, what is told, and what is refused."""

import json
from pathlib import Path

import pytest

import sim
from sim import cli
from sim.park.check import check
from sim.park.conversion import Converted, convert
from sim.park.importers import read_map
from sim.park.names import Names
from sim.park.network import Network

#: Two junctions in a row with arms of 120 m, signals there and at the ends, two lanes each way;
#: made by SUMO netgenerate, laid into UTM zone 49.
NET = Path(__file__).with_name("two_signals.net.xml")


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Converted:
    return convert(NET, tmp_path_factory.mktemp("map") / "two.geojson")


def roads(network: Network) -> dict[str, tuple[float, ...]]:
    """Lengths, speeds and widths of the lanes of each edge."""
    return {
        edge.id: tuple(x for i in edge.lanes for x in (network.lanes[i].speed, network.lanes[i].width))
        for edge in network.edges
        if not edge.internal
    }


def as_before(converted: Converted) -> dict[str, str]:
    """Edge of the map -> edge of the source, as its file tells."""
    said = [x["properties"] for x in json.loads(converted.path.read_text())["features"]]
    there = [x for x in said if x["kind"] == "road"]
    return {x["id"]: x["_source_edge"] for x in there} | {
        f"-{x['id']}": x["_source_edge_backward"] for x in there if "_source_edge_backward" in x
    }


def test_edges_lanes_speeds_and_lengths_are_the_same(converted: Converted) -> None:
    before, after = read_map(NET), read_map(converted.path)
    assert check(after) == []
    named = as_before(converted)
    now = roads(after)
    assert {named[name]: pytest.approx(said) for name, said in now.items()} == roads(before)
    for name, source in named.items():
        for new, old in zip(
            *(n.edges[Names(n).edge[x]].lanes for n, x in ((after, name), (before, source))), strict=True
        ):
            assert after.lanes[new].length == pytest.approx(before.lanes[old].length, rel=0.01)


def test_map_lies_where_the_source_says(converted: Converted) -> None:
    text = json.loads(converted.path.read_text())
    longitude, latitude = text["pilotzone"]["origin"]
    assert (longitude, latitude) == pytest.approx((113.10, 23.33), abs=0.05)
    assert text["pilotzone"].get("synthetic", False) is False


def test_signals_keep_cycle_and_movements(converted: Converted) -> None:
    before, after = read_map(NET), converted.network
    kept = {x.id: sum(phase.duration for phase in x.phases) for x in after.signals}
    own = {x.id: sum(phase.duration for phase in x.phases) for x in before.signals}
    assert kept == {name: pytest.approx(time) for name, time in own.items()}
    assert not any("movement" in note for note in converted.notes), converted.notes


def test_borders_become_places_and_traffic_drives(converted: Converted, tmp_path: Path) -> None:
    places = [place.id for place in converted.network.places]
    assert len(places) == 6
    flows = "\n".join(f"    - {{ from: {a}, to: {b}, per_hour: 300 }}" for a, b in (places[:2], places[3:5]))
    text = f"pilot: {{ map: {converted.path} }}\ntraffic:\n  cards: {{ human_car: 1 }}\n  flows:\n{flows}\n"
    scenario = tmp_path / "drive.yaml"
    scenario.write_text(text + "run: { duration: 3 min, seed: 1 }\noutput: { pages: false }\n")
    result = sim.run(sim.load(scenario))
    assert result.summary["valid"]
    assert result.summary["safety"]["collisions"] == 0
    assert result.summary["vehicles"]["arrived"] > 0


def test_without_projection_the_plane_is_local_and_said_to_be(tmp_path: Path) -> None:
    source = tmp_path / "plain.net.xml"
    text = NET.read_text()
    begin = text.index('projParameter="') + len('projParameter="')
    source.write_text(text[:begin] + "!" + text[text.index('"', begin) :])
    found = convert(source, tmp_path / "plain.geojson")
    assert any("no projection" in note and "no real place" in note for note in found.notes)
    assert json.loads(found.path.read_text())["pilotzone"]["origin"] == pytest.approx([0.0, 0.0], abs=0.01)


def test_what_is_lost_is_told_with_counts(tmp_path: Path) -> None:
    text = NET.read_text()
    lane = text.index("<lane ", text.index('<edge id="A0B0"'))
    slow = text[:lane] + text[lane:].replace('speed="13.89"', 'speed="8.00"', 1)
    gone = "".join(x for x in slow.splitlines(keepends=True) if not ('from="A0B0"' in x and 'dir="l"' in x))
    source = tmp_path / "odd.net.xml"
    source.write_text(gone)
    notes = convert(source, tmp_path / "odd.geojson").notes
    assert any(note.startswith("1 lane(s) with another speed limit") for note in notes), notes
    assert any("movements that were not there" in note for note in notes), notes


@pytest.mark.parametrize(
    ("source", "out", "said"),
    [
        (
            "town.osm",
            "town.geojson",
            "OpenStreetMap cannot be read yet; turn it into a SUMO net by `netconvert --osm-files",
        ),
        (
            "town.xodr",
            "town.geojson",
            "OpenDRIVE cannot be read yet; turn it into a SUMO net by `netconvert --opendrive",
        ),
        ("none.net.xml", "town.geojson", "none.net.xml"),
        ("town.geojson", "town2.geojson", "is a map of ours already"),
        (str(NET), "town.net.xml", "maps of ours are GeoJSON"),
        (str(NET), "nowhere/town.geojson", "nowhere/town.geojson: cannot be written: No such file or directory"),
    ],
)
def test_refusals(
    source: str,
    out: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.outcome(["import", source, "--out", out]) == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_command_tells_what_came_of_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "two.geojson"
    assert cli.outcome(["import", str(NET), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}: 14 edges, 8 junctions, 8 signals, 6 places, 1.6 km\n"
