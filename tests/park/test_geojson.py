import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import NetworkError
from sim.park.classes import class_bits
from sim.park.importers import read_map
from sim.park.importers.geojson import read
from sim.park.names import Names
from sim.park.network import Network

#: One degree of latitude is about 110.6 km here; of longitude at 23.3 north about 102.3 km.
ORIGIN = (113.1, 23.33)
Feature = dict[str, Any]


def at(x: float, y: float) -> list[float]:
    return [ORIGIN[0] + x / 102_280.0, ORIGIN[1] + y / 110_770.0]


def feature(kind: str, ident: str, *points: tuple[float, float], **said: Any) -> Feature:
    coordinates = [at(*point) for point in points]
    line = kind == "road"
    geometry = {"type": "LineString" if line else "Point", "coordinates": coordinates if line else coordinates[0]}
    return {"type": "Feature", "properties": {"kind": kind, "id": ident, **said}, "geometry": geometry}


def features() -> list[Feature]:
    """Three built roads and a planned one that meet at a signal, with a stop, an RSU and places."""
    return [
        feature("junction", "j", (0, 0), control="signal", name="Middle"),
        feature(
            "road", "west", (-300, 0), (0, 0), **{"class": "collector"}, name="西路 West", speed="36 km/h", grade=2
        ),
        feature("road", "east", (0, 0), (300, 0), **{"class": "collector"}),
        feature("road", "south", (0, -300), (0, 0), **{"class": "local"}, width="3 m"),
        feature("road", "north", (0, 0), (0, 300), **{"class": "local"}, state="planned"),
        feature("stop", "bus_1", (150, -5), road="east", name="Stop"),
        feature("roadside", "rsu_1", (10, 10)),
        feature("place", "gate", (-310, 0), roads=["west"], type="gate", name="Gate"),
        feature("place", "shop", (160, 30)),
        feature("place", "later", (0, 310), roads=["north"]),
        {"type": "Feature", "properties": {"kind": "note", "text": "for people"}, "geometry": None},
    ]


def written(folder: Path, some: list[Feature], **header: Any) -> Path:
    path = folder / "map.geojson"
    top = {"format": 1, "name": "Test", "synthetic": True, "origin": list(ORIGIN), **header}
    path.write_text(json.dumps({"type": "FeatureCollection", "pilotzone": top, "features": some}), encoding="utf-8")
    return path


def loaded(folder: Path, some: list[Feature] | None = None, **header: Any) -> Network:
    return read(written(folder, features() if some is None else some, **header))


def changed(name: str, **said: Any) -> list[Feature]:
    """The map with one feature's properties changed."""
    some = copy.deepcopy(features())
    next(x for x in some if x["properties"].get("id") == name)["properties"].update(said)
    return some


def moved(name: str, coordinates: Any) -> list[Feature]:
    some = copy.deepcopy(features())
    next(x for x in some if x["properties"].get("id") == name)["geometry"]["coordinates"] = coordinates
    return some


def told(folder: Path, some: list[Feature], **header: Any) -> list[str]:
    with pytest.raises(NetworkError) as caught:
        read(written(folder, some, **header))
    assert caught.value.faults
    return [str(fault) for fault in caught.value.faults]


def test_a_map_becomes_a_network(tmp_path: Path) -> None:
    network = read_map(written(tmp_path, features()))
    names = Names(network)
    assert (network.name, network.synthetic, network.left_hand) == ("Test", True, False)
    west = network.edges[names.edge["west"]]
    assert (west.name, west.road_class, west.grade, west.state) == ("西路 West", "collector", 2, "built")
    lane = network.lanes[west.lanes[0]]
    assert lane.speed == pytest.approx(10.0)
    assert len(west.lanes) == 2
    assert np.allclose(lane.shape[0], (-293.5, -4.875), atol=0.1)  # 6.5 m are for turning round
    assert network.lanes[names.lane["south_0"]].width == 3.0
    junction = network.junctions[names.junction["j"]]
    assert (junction.control, junction.name) == ("signal", "Middle")
    assert "north" not in names.edge
    assert network.crs.startswith("+proj=tmerc +lat_0=23.33 +lon_0=113.1 ")


def test_stops_units_and_places_find_their_roads(tmp_path: Path) -> None:
    network = loaded(tmp_path)
    names = Names(network)
    stop, unit = network.stops[0], network.roadside[0]
    assert network.lanes[stop.lane].id == "east_0"
    assert stop.end - stop.begin == pytest.approx(30.0)
    begin = network.lanes[stop.lane].shape[0, 0]
    assert begin + (stop.begin + stop.end) / 2.0 == pytest.approx(150.0, abs=1.0)
    assert (unit.kind, unit.junction) == ("rsu", names.junction["j"])
    gate, shop = network.places
    assert gate.departures == gate.arrivals == (names.edge["west"], names.edge["-west"])
    assert shop.departures == (names.edge["east"], names.edge["-east"])
    assert network.warnings == ("place later is left out: no road of it is built",)


def test_planned_roads_are_there_when_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, features())
    for wanted in (True, ["north"]):
        network = read(path, include_planned=wanted)
        assert network.edges[Names(network).edge["north"]].state == "planned"
        assert [place.id for place in network.places] == ["gate", "shop", "later"]
    assert "north" not in Names(read(path, include_planned=["other"])).edge


def test_what_stays_lies_still_when_planned_roads_come(tmp_path: Path) -> None:
    path = written(tmp_path, features(), origin=None)
    before, after = read(path), read(path, include_planned=True)
    assert before.crs == after.crs
    first, second = (network.lanes[Names(network).lane["west_0"]].shape[0] for network in (before, after))
    assert first == pytest.approx(second, abs=1e-9)


def test_a_signal_waits_for_the_road_it_is_planned_for(tmp_path: Path) -> None:
    path = written(tmp_path, [x for x in features() if x["properties"].get("id") != "south"])
    assert read(path).signals == ()
    assert len(read(path, include_planned=True).signals) == 1


@pytest.mark.parametrize(("half", "side"), [("left", 1.0), ("right", -1.0)])
def test_a_half_width_road_is_narrow_slow_and_on_its_half(tmp_path: Path, half: str, side: float) -> None:
    network = loaded(tmp_path, changed("west", state="half_width", half=half))
    names = Names(network)
    edge = network.edges[names.edge["west"]]
    there, back = network.lanes[names.lane["west_0"]], network.lanes[names.lane["-west_0"]]
    assert edge.state == "half_width"
    assert len(edge.lanes) == 1
    assert there.speed == pytest.approx(20 / 3.6)
    assert there.width == 3.0
    assert there.shape[0, 1] == pytest.approx(side * 3.25 - 1.5, abs=0.1)
    assert back.shape[0, 1] == pytest.approx(side * 3.25 + 1.5, abs=0.1)


def test_a_planned_half_is_built_as_a_half(tmp_path: Path) -> None:
    path = written(tmp_path, changed("north", half="left", lanes=2, **{"class": "collector"}))
    network = read(path, include_planned=True)
    assert network.lanes[Names(network).lane["north_0"]].speed == pytest.approx(20 / 3.6)


def test_driving_on_the_left(tmp_path: Path) -> None:
    network = loaded(tmp_path, left_hand=True)
    assert network.left_hand
    assert network.lanes[Names(network).lane["west_0"]].shape[0, 1] > 0.0


def test_lanes_one_way_and_classes(tmp_path: Path) -> None:
    network = loaded(tmp_path, changed("east", lanes=3, oneway=True, allowed=["bus", "truck"]))
    names = Names(network)
    assert "-east" not in names.edge
    assert len(network.edges[names.edge["east"]].lanes) == 3
    assert network.lanes[names.lane["east_0"]].allowed == class_bits(["bus", "truck"])
    network = loaded(tmp_path, changed("east", lanes=3))
    names = Names(network)
    assert [len(network.edges[names.edge[name]].lanes) for name in ("east", "-east")] == [2, 1]


def test_what_an_editor_makes_of_a_file_is_read(tmp_path: Path) -> None:
    """Null for columns a feature has not, lists and tables as text, one-part multi-lines, a third number."""
    stages = [{"green": {"west": "srl"}, "duration": "20 s"}, {"green": {"east": "srl", "south": "r"}}]
    stages.append({"green": {"south": "srl"}})
    some = changed("j", programme=json.dumps({"cycle": "80 s", "phases": stages}), fid=3, speed=None, _budget=7)
    line = next(x for x in some if x["properties"].get("id") == "west")
    line["geometry"] = {
        "type": "MultiLineString",
        "coordinates": [[[*p, 0.0] for p in line["geometry"]["coordinates"]]],
    }
    line["properties"]["allowed"] = '["passenger", "bus"]'
    network = loaded(tmp_path, some)
    assert sum(phase.duration for phase in network.signals[0].phases) == pytest.approx(80.0)
    assert network.signals[0].phases[0].duration == 20.0
    assert len(network.signals[0].phases) == 9  # what leads to the planned road is left out


@pytest.mark.parametrize(
    ("some", "wanted"),
    [
        (changed("west", speed="50 mph"), "road west: speed"),
        (changed("west", speed="3 s"), "road west: speed"),
        (changed("west", speed=-3), "road west: speed"),
        (changed("west", speed=1e12), "road west: speed"),
        (changed("west", width="0.1 m"), "road west: width"),
        (changed("west", sped="50 km/h"), "did you mean speed?"),
        (changed("west", lanes="two"), "road west: lanes"),
        (changed("west", lanes=1), "wanted 1 or more each way"),
        (changed("west", lanes=2, lanes_forward=1), "either lanes"),
        (changed("west", lanes_backward=1, oneway=True), "one-way road has no lanes_backward"),
        (changed("west", half="left"), "half is told"),
        (changed("west", allowed=["car"]), "no class of road users is called car"),
        (changed("west", id="-west"), "road -west: id"),
        (changed("west", id="a:b"), "road a:b: id"),
        (changed("west", id="east"), "this id is given twice"),
        (changed("west", kind="raod"), "did you mean road?"),
        (changed("west", to="nowhere"), "junction nowhere, which is not there"),
        (changed("east", to="j"), "300 m from junction j"),
        (changed("j", control="traffic_light"), "junction j: control"),
        (changed("j", main=["west"]), "wanted two"),
        (changed("j", main=["west", "x"]), "main road x does not end there"),
        (changed("j", programme={"phases": [{"green": {"west": "q"}}]}), "junction j: programme.phases.0.green"),
        (changed("j", programme={"phases": [{"green": {"west": "s"}}]}), "never gets green"),
        (changed("j", programme={"cycle": "9 s"}), "longer cycle"),
        (changed("bus_1", road="nowhere"), "road nowhere, which is not there"),
        (changed("bus_1", length="2 km"), "its length of 2000 m"),
        (changed("rsu_1", junction="j9"), "junction j9, which is not there"),
        (changed("gate", roads=["w"]), "road w, which is not there"),
        (changed("gate", roads=[], junction="j9"), "junction j9, which is not there"),
        (moved("west", [at(-300, 0)]), "road west: has zero length"),
        (moved("west", [at(-300, 0), at(-300, 0)]), "road west: has zero length"),
        (moved("west", [at(-300, 0), at(-4, 0)]), "road west: ends 4.0 m from road"),
        (moved("west", [at(-300, 0), ["x", 2]]), "road west: its coordinates"),
        (moved("west", [[200.0, 0.0], at(0, 0)]), "outside WGS 84"),
        (moved("west", [ORIGIN[::-1], at(0, 0)]), "road west"),
        (moved("west", [[100.0, 23.0], at(0, 0)]), "more than one degree"),
        (moved("shop", at(3000, 3000)), "place shop: the nearest road is"),
        (moved("j", at(50, 50)), "no road ends there"),
        ([*features(), {"type": "Feature"}], "has no properties"),
        ([*features(), feature("junction", "k", (0, 200))], "junction k: no road ends there"),
        ([], "has no features"),
        ([features()[4]], "no road of it is built"),
    ],
)
def test_faults_are_told_with_place_and_cure(tmp_path: Path, some: list[Feature], wanted: str) -> None:
    assert any(wanted in fault for fault in told(tmp_path, some)), told(tmp_path, some)


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    some = changed("west", speed="fast", lanes=99)
    some[2]["properties"]["width"] = "wide"
    assert len(told(tmp_path, some)) == 3


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (
            '{"type": "FeatureCollection", "pilotzone": {"format": 1}, "feat',
            "map.geojson:1: the file breaks off in the middle",
        ),
        ("[" * 100_000, "nested too deeply"),
        ("[1, 2]", "no GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "does not say that it is a map of ours"),
        ('{"type": "FeatureCollection", "pilotzone": {"format": 2}, "features": []}', "pilotzone: format"),
        ('{"type": "FeatureCollection", "pilotzone": {"format": 1}}', "no list of features"),
        ('{"type": "FeatureCollection", "pilotzone": {"format": NaN}, "features": []}', "NaN is no number"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_files_that_are_no_maps(tmp_path: Path, text: str | bytes, wanted: str) -> None:
    path = tmp_path / "map.geojson"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(NetworkError, match=wanted):
        read(path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match="cannot be read"):
        read(tmp_path / "no.geojson")


def test_roads_that_cross_without_a_junction_are_bridges(tmp_path: Path) -> None:
    some = [*features(), feature("road", "over", (-100, -90), (-100, 90), **{"class": "local"})]
    some += [feature("junction", f"end{y}", (-100, y), u_turn=False) for y in (-90, 90)]
    network = loaded(tmp_path, some)
    assert "roads west and over cross without a junction: taken as a bridge" in network.warnings
