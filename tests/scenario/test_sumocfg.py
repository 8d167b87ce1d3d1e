"""SUMO configurations: unchanged files become pilots; what is not obeyed is named; bad ones say where and what."""

import csv
import gzip
import hashlib
import itertools
import math
from pathlib import Path

import numpy as np
import pytest

from sim.errors import NetworkError, ScenarioError
from sim.park.network import Network
from sim.pilot import Pilot
from sim.scenario.sumocfg import load
from sim.traffic.departures import AVERAGE, BEST, FIRST_ALLOWED, Departures

SHARED = Path(__file__).resolve().parents[3] / "shared" / "nets"

NET = """<net version="1.20">
 <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="10" length="100" shape="0,0 100,0"/></edge>
 <edge id="b" from="B" to="C"><lane id="b_0" index="0" speed="10" length="200" shape="110,0 310,0"/></edge>
 <tlLogic id="B" type="static" programID="0" offset="0"><phase duration="30" state="G"/></tlLogic>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes=""/>
 <junction id="B" type="traffic_light" x="105" y="0" incLanes="a_0" intLanes=""/>
 <junction id="C" type="dead_end" x="310" y="0" incLanes="b_0" intLanes=""/>
 <connection from="a" to="b" fromLane="0" toLane="0" tl="B" linkIndex="0" dir="s" state="O"/>
</net>"""
ROUTES = '<routes><vehicle id="x" depart="12"><route edges="a b"/></vehicle></routes>'
MORE = """<additional><vType id="t"/><tlLogic id="B" type="static" programID="new" offset="5">
 <phase duration="20" state="G"/><phase duration="20" state="r"/></tlLogic></additional>"""
PLAIN = '<input><net-file value="n.net.xml"/><route-files value="r.rou.xml"/></input>'


def configured(folder: Path, sections: str = PLAIN, root: str = "configuration") -> Pilot:
    (folder / "n.net.xml").write_text(NET)
    (folder / "r.rou.xml").write_text(ROUTES)
    (folder / "m.add.xml").write_text(MORE)
    path = folder / "c.sumocfg"
    path.write_text(f"<{root}>\n{sections}\n</{root}>")
    return load(path)


def drawn(pilot: Pilot) -> Departures:
    return pilot.demand.departures(pilot.park, pilot.clock.seed, pilot.clock.begin, pilot.clock.end)


def test_defaults_are_sumos(tmp_path: Path):
    pilot = configured(tmp_path)
    assert (pilot.name, pilot.clock.begin, pilot.clock.end, pilot.clock.step) == ("c", 0.0, math.inf, 0.1)
    assert (pilot.rules.lane_change_duration, pilot.rules.keep_right) == (0.0, True)
    assert (pilot.output.trajectories, pilot.output.edges) == (0.0, 300.0)
    departures = drawn(pilot)
    assert (departures.lane[0], departures.speed[0]) == (BEST, AVERAGE)
    assert any("step of 1 s is not obeyed" in warning for warning in pilot.warnings)


def test_options_are_read(tmp_path: Path):
    pilot = configured(
        tmp_path,
        '<input><net-file value="n.net.xml"/><route-files value="r.rou.xml"/><additional-files value="m.add.xml"/>'
        '</input><time><begin value="10"/><end value="0:01:00"/><step-length value="0.1"/></time>'
        '<processing><lanechange.duration value="2.5"/><default.speeddev value="0"/><default.departlane value="first"/>'
        '<default.departspeed value="3"/><time-to-impatience value="99"/></processing><random_number><seed value="7"/>'
        "</random_number>",
        root="sumoConfiguration",
    )
    assert (pilot.clock.begin, pilot.clock.end, pilot.clock.seed) == (10.0, 60.0, 7)
    assert pilot.rules.lane_change_duration == 2.5
    assert pilot.warnings == ()
    signal = pilot.park.signals[0]
    assert (signal.programme, signal.offset, len(signal.phases)) == ("new", 5.0, 2)
    departures = drawn(pilot)
    assert (departures.lane[0], departures.speed[0], departures.speed_factor[0]) == (FIRST_ALLOWED, 3.0, 1.0)
    assert departures.cards[0]["time_to_impatience"] == 99.0


def test_every_input_is_hashed(tmp_path: Path):
    pilot = configured(tmp_path, PLAIN.replace("</input>", '<additional-files value="m.add.xml"/></input>'))
    assert {Path(name).name for name in pilot.inputs} == {"c.sumocfg", "n.net.xml", "r.rou.xml", "m.add.xml"}
    assert pilot.inputs[str(tmp_path / "r.rou.xml")] == hashlib.sha256(ROUTES.encode()).hexdigest()


def test_options_without_sections_and_short_names(tmp_path: Path):
    pilot = configured(tmp_path, '<net value="n.net.xml"/><r value="r.rou.xml"/><e value="30"/>')
    assert pilot.clock.end == 30.0
    assert drawn(pilot).ids == ["x"]


def test_the_root_may_be_called_anything(tmp_path: Path):
    assert drawn(configured(tmp_path, root="c")).ids == ["x"]


def test_what_is_not_obeyed_is_named_once(tmp_path: Path):
    more = '<processing><scale value="2"/></processing><output><fcd-output value="f"/></output>'
    pilot = configured(tmp_path, PLAIN + more + '<report><no-step-log value="true"/><verbose value="1"/></report>')
    told = [warning for warning in pilot.warnings if "option" in warning]
    assert told == ["c.sumocfg: option fcd-output is not obeyed", "c.sumocfg: option scale is not obeyed"]


@pytest.mark.parametrize(("value", "told"), [("-1", False), ("0", False), ("300", True)])
def test_only_teleports_that_somebody_wants_are_missed(tmp_path: Path, value: str, told: bool):
    pilot = configured(tmp_path, PLAIN + f'<processing><time-to-teleport value="{value}"/></processing>')
    assert any("time-to-teleport is not obeyed" in warning for warning in pilot.warnings) == told


def test_a_word_that_is_taken_as_a_near_one_is_told_of_those_who_say_none(tmp_path: Path):
    text = 'departLane="best_prob" of all who say none (taken as best)'
    assert drawn(configured(tmp_path)).warnings == (f"r.rou.xml: 1 x {text}",)
    pilot = configured(tmp_path, PLAIN + '<processing><default.departspeed value="last"/></processing>')
    assert len(drawn(pilot).warnings) == 2
    (tmp_path / "r.rou.xml").write_text(ROUTES.replace('depart="12"', 'depart="12" departLane="0" departSpeed="max"'))
    assert drawn(pilot).warnings == ()


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ("", "it names no network"),
        (PLAIN.replace("n.net.xml", "q.net.xml"), r"c\.sumocfg:2: net-file: there is no file .*q\.net\.xml"),
        (PLAIN.replace("r.rou.xml", "r.rou.xml, q.rou.xml"), r"route-files: there is no file .*q\.rou\.xml"),
        (PLAIN + '<time><begin value="9"/><end value="3"/></time>', r"c\.sumocfg:2: end: the run ends \(3 s\) before"),
        (PLAIN + '<time><begin value="soon"/></time>', 'value is "soon"; wanted seconds'),
        (PLAIN + '<time><end value="nan"/></time>', 'value is "nan"'),
        (PLAIN + '<random_number><seed value="x"/></random_number>', 'seed: value is "x"'),
        (PLAIN + '<processing><default.departlane value="left"/></processing>', 'value is "left"'),
    ],
)
def test_faults_say_where_and_what(tmp_path: Path, sections: str, said: str):
    with pytest.raises(ScenarioError, match=said):
        configured(tmp_path, sections)


def test_bad_files(tmp_path: Path):
    with pytest.raises(ScenarioError, match="root is <routes>; wanted <sumoConfiguration>"):
        configured(tmp_path, root="routes")
    with pytest.raises(ScenarioError, match="there is no such file"):
        load(tmp_path / "none.sumocfg")
    configured(tmp_path)
    (tmp_path / "n.net.xml").write_text(NET[:600])
    with pytest.raises(NetworkError, match="the file breaks off"):
        load(tmp_path / "c.sumocfg")


# ----------------------------------------------------------------------------------------------------- real scenarios

REAL = {
    "cologne8/cologne8.sumocfg": (2046, {"passenger"}),
    "bologna-acosta/acosta.sumocfg": (8779, {"passenger", "ignoring", "bus"}),
    "wildau/wildau.sumocfg": (2502, {"passenger", "truck", "rail"}),
}


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest) -> tuple[str, Pilot, Departures]:
    path = SHARED / request.param
    if not path.exists():
        pytest.skip("the shared nets are not here")
    pilot = load(path)
    return request.param, pilot, drawn(pilot)


def test_real_scenarios_are_read_whole(real: tuple[str, Pilot, Departures]):
    name, pilot, departures = real
    vehicles, classes = REAL[name]
    assert len(departures) == vehicles
    assert {card.vehicle_class for card in departures.cards} == classes
    assert len(set(departures.ids)) == vehicles
    assert (np.diff(departures.time) >= 0.0).all()
    joined = {(pilot.park.lanes[x.source].edge, pilot.park.lanes[x.target].edge) for x in pilot.park.connections}
    for route in departures.routes:
        assert all((int(a), int(b)) in joined for a, b in itertools.pairwise(route))
    lanes = pilot.park.lanes
    for row in np.flatnonzero(np.diff(departures.stop_begin)).tolist():
        edges = set(departures.routes[departures.route[row]].tolist())
        halts = departures.stop_lane[departures.stop_begin[row] : departures.stop_begin[row + 1]]
        assert all(lanes[lane].edge in edges for lane in halts.tolist())


def test_given_routes_are_as_long_as_in_sumo(real: tuple[str, Pilot, Departures]):
    name, pilot, departures = real
    if not name.startswith("bologna"):
        pytest.skip("routes are not given, SUMO chooses them by the traffic of the moment")
    with gzip.open((SHARED / name).parent / "sumo" / "tripinfo.csv.gz", "rt") as file:
        theirs = {row["id"]: float(row["routeLength"]) for row in csv.DictReader(file)}
    over = _over_junctions(pilot.park)
    ours = np.array([_length(pilot.park, over, departures, row) for row in range(len(departures))])
    sumo = np.array([theirs[one] for one in departures.ids])
    assert np.abs(ours / sumo - 1.0).max() < 0.005


def _over_junctions(park: Network) -> dict[tuple[int, int], float]:
    """Way from edge to edge [m]: the mean of what their connections measure."""
    over: dict[tuple[int, int], list[float]] = {}
    for link in park.connections:
        pair = park.lanes[link.source].edge, park.lanes[link.target].edge
        over.setdefault(pair, []).append(sum(park.lanes[lane].length for lane in link.via))
    return {pair: float(np.mean(found)) for pair, found in over.items()}


def _length(park: Network, over: dict[tuple[int, int], float], departures: Departures, row: int) -> float:
    """Route length of a vehicle [m]."""
    edges = departures.routes[departures.route[row]].tolist()
    whole = [park.lanes[park.edges[edge].lanes[0]].length for edge in edges]
    turns = sum(over[pair] for pair in itertools.pairwise(edges))
    return sum(whole) + turns - departures.position[row] - (whole[-1] - departures.arrival_position[row])
