"""SUMO network files: what is read, what gives way to what, and what is said about bad files."""

import gzip
import os
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest

from sim.errors import NetworkError
from sim.park.classes import EVERY_CLASS, class_bits
from sim.park.importers import read_map
from sim.park.importers.sumo_net import read, signals
from sim.park.names import Names
from sim.park.network import Crossing, Network
from sim.park.signal import Signal

SHARED = Path(__file__).resolve().parents[3] / "shared" / "nets"
NETS = {
    "cologne8/cologne8.net.xml": (149, 8),
    "bologna-acosta/acosta_buslanes.net.xml": (178, 7),
    "wildau/Netzmodell2.net.xml": (1426, 8),
}

#: A crossroads reduced to what matters: main road west-east, a left turn with a waiting place, a side road from south.
CROSSROADS = """<net version="1.20">
 <location netOffset="-100.5,20" projParameter="+proj=utm +zone=32 +ellps=WGS84"/>
 <type id="main"/>
 <edge id=":C_0" function="internal"><lane id=":C_0_0" index="0" speed="14" length="20" shape="90,98 110,98"/></edge>
 <edge id=":C_1" function="internal"><lane id=":C_1_0" index="0" speed="8" length="9" shape="110,102 103,102 101,101"/>
 </edge>
 <edge id=":C_3" function="internal"><lane id=":C_3_0" index="0" speed="8" length="14" shape="101,101 98,98 98,90"/>
 </edge>
 <edge id=":C_2" function="internal"><lane id=":C_2_0" index="0" speed="9" length="15" shape="102,90 103,97 110,98"/>
 </edge>
 <edge id=":C_w0" function="walkingarea"><lane id=":C_w0_0" index="0" speed="1" length="1" shape="0,0 1,1"/></edge>
 <edge id="w" from="W" to="C" priority="3" type="main" name="West Road">
  <lane id="w_0" index="0" disallow="pedestrian tram" speed="13.9" length="91.5" width="3.5" shape="0,98 90,98"/></edge>
 <edge id="e" from="C" to="E"><lane id="e_0" index="0" allow="bus" speed="13.9" length="90" shape="110,98,5 200,98,7"/>
 </edge>
 <edge id="e2" from="E" to="C"><lane id="e2_0" index="0" speed="13.9" length="90" shape="200,102 110,102"/></edge>
 <edge id="s" from="C" to="S"><lane id="s_0" index="0" speed="13.9" length="90" shape="98,90 98,0"/></edge>
 <edge id="s2" from="S" to="C"><lane id="s2_0" index="0" speed="13.9" length="90" shape="102,0 102,90"/></edge>
 <tlLogic id="T" type="actuated" programID="0" offset="3"><param key="max-gap" value="4"/>
  <phase duration="30" minDur="5" maxDur="50" state="Ggr"/><phase duration="4" state="yyr"/>
  <phase duration="20" state="rrG" next="0"/></tlLogic>
 <junction id="C" type="traffic_light" x="100" y="100" incLanes="w_0 e2_0 s2_0" intLanes=":C_0_0 :C_3_0 :C_2_0"
  shape="90,90 110,90 110,110 90,110">
  <request index="0" response="000" foes="110" cont="0"/>
  <request index="1" response="101" foes="101" cont="1"/>
  <request index="2" response="011" foes="011" cont="0"/>
 </junction>
 <junction id=":C_3_0" type="internal" x="101" y="101" incLanes=":C_1_0 w_0" intLanes=":C_0_0 :C_2_0"/>
 <junction id="W" type="dead_end" x="0" y="100" incLanes="" intLanes="" shape=""/>
 <junction id="E" type="dead_end" x="200" y="100" incLanes="e_0" intLanes="" shape=""/>
 <junction id="S" type="dead_end" x="100" y="0" incLanes="s_0" intLanes="" shape=""/>
 <connection from="w" to="e" fromLane="0" toLane="0" via=":C_0_0" tl="T" linkIndex="0" dir="s" state="O"/>
 <connection from="e2" to="s" fromLane="0" toLane="0" via=":C_1_0" tl="T" linkIndex="1" dir="l" state="o"
  keepClear="0" visibility="40"/>
 <connection from="s2" to="e" fromLane="0" toLane="0" via=":C_2_0" tl="T" linkIndex="2" dir="r" state="o" allow="bus"/>
 <connection from=":C_0" to="e" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":C_1" to="s" fromLane="0" toLane="0" via=":C_3_0" dir="l" state="m"/>
 <connection from=":C_3" to="s" fromLane="0" toLane="0" dir="l" state="M"/>
 <connection from=":C_2" to="e" fromLane="0" toLane="0" dir="r" state="M"/>
 <roundabout nodes="W" edges="s s2"/>
</net>"""


def crossroads(folder: Path, *changes: tuple[str, str]) -> Network:
    text = CROSSROADS
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "crossroads.net.xml"
    path.write_text(text)
    return read(path)


def test_edges_lanes_and_junctions(tmp_path: Path):
    net = crossroads(tmp_path)
    names = Names(net)
    west = net.edges[names.edge["w"]]
    assert (west.name, west.road_class, west.priority, west.internal, west.roundabout) == (
        "West Road",
        "main",
        3,
        False,
        False,
    )
    assert (net.junctions[west.start].id, net.junctions[west.end].id) == ("W", "C")
    lane = net.lanes[west.lanes[0]]
    assert (lane.length, lane.speed, lane.width) == (91.5, 13.9, 3.5)
    assert lane.allowed == EVERY_CLASS & ~class_bits(("pedestrian", "tram"))
    east = net.lanes[names.lane["e_0"]]
    assert (east.width, east.allowed, list(east.elevation)) == (3.2, class_bits(("ignoring", "bus")), [5, 7])
    assert [junction.control for junction in net.junctions] == ["signal", "dead_end", "dead_end", "dead_end"]
    assert net.edges[names.edge["s"]].roundabout
    assert net.offset == (-100.5, 20.0)
    assert net.crs.startswith("+proj=utm")
    inside = net.edges[names.edge[":C_3"]]
    assert inside.internal
    assert net.junctions[inside.start].id == "C"
    assert net.warnings == ("crossroads.net.xml: 1 x walkingarea (for people on foot, not read)",)


def test_connections_are_followed_over_the_waiting_place(tmp_path: Path):
    net = crossroads(tmp_path)
    ways = [[net.lanes[lane].id for lane in connection.via] for connection in net.connections]
    assert ways == [[":C_0_0"], [":C_1_0", ":C_3_0"], [":C_2_0"]]
    straight, left, right = net.connections
    assert (straight.rule, left.rule, right.rule) == ("M", "m", "m")
    assert (left.direction, left.signal, left.group) == ("l", 0, 1)
    assert (straight.keep_clear, left.keep_clear) == (True, False)
    assert (straight.visibility, left.visibility) == (4.5, 40.0)
    assert right.allowed == class_bits(("ignoring", "bus"))


def test_right_of_way(tmp_path: Path):
    net = crossroads(tmp_path)
    found = {(net.lanes[c.lane].id, net.lanes[c.foe].id): c for c in net.conflicts}
    for (lane, foe), record in found.items():
        back = found[foe, lane]
        assert (back.begin, back.end, back.kind) == (record.foe_begin, record.foe_end, record.kind)
        assert 0.0 <= record.begin <= record.end <= net.lanes[record.lane].length
    assert found[":C_2_0", ":C_0_0"].kind is Crossing.MERGE
    assert found[":C_2_0", ":C_0_0"].yields
    assert not found[":C_0_0", ":C_2_0"].yields
    assert found[":C_3_0", ":C_0_0"].kind is Crossing.CROSS
    assert found[":C_3_0", ":C_0_0"].yields
    assert not found[":C_0_0", ":C_3_0"].yields
    # the waiting place lets through those for whom one waits there
    assert (":C_1_0", ":C_0_0") not in found
    # the side road is not among the incoming lanes at the waiting place: its drivers look out, not the waiting one
    assert not found[":C_3_0", ":C_2_0"].yields
    assert found[":C_2_0", ":C_3_0"].yields


def test_positions_follow_the_length_of_the_file(tmp_path: Path):
    plain = crossroads(tmp_path)
    double = crossroads(tmp_path, ('length="20" shape="90,98 110,98"', 'length="40" shape="90,98 110,98"'))
    one, two = (next(c for c in net.conflicts if net.lanes[c.lane].id == ":C_0_0") for net in (plain, double))
    assert (two.begin, two.end) == pytest.approx((2 * one.begin, 2 * one.end))
    assert (two.foe_begin, two.foe_end) == pytest.approx((one.foe_begin, one.foe_end))


def test_signal(tmp_path: Path):
    net = crossroads(tmp_path)
    (signal,) = net.signals
    assert (signal.id, signal.kind, signal.offset, signal.max_gap, signal.detector_gap) == ("T", "actuated", 3, 4, 2)
    assert [(p.state, p.duration, p.minimum, p.maximum, p.following) for p in signal.phases] == [
        ("Ggr", 30, 5, 50, ()),
        ("yyr", 4, 4, 4, ()),
        ("rrG", 20, 20, 20, (0,)),
    ]


def test_an_actuated_green_is_bounded_as_told_whatever_its_usual_duration(tmp_path: Path):
    net = crossroads(tmp_path, ('duration="30" minDur="5" maxDur="50"', 'duration="82" minDur="5" maxDur="50"'))
    assert (net.signals[0].phases[0].minimum, net.signals[0].phases[0].maximum) == (5, 50)


def test_the_programme_loaded_last_is_in_force(tmp_path: Path):
    net = crossroads(tmp_path)
    extra = tmp_path / "more.add.xml"
    extra.write_text(
        '<additional><busStop id="b"/><tlLogic id="T" programID="1" type="static" offset="7">'
        '<phase duration="9" state="GGG"/></tlLogic></additional>'
    )
    changed = signals(extra, net)
    assert (changed.signals[0].programme, changed.signals[0].offset) == ("1", 7.0)
    assert net.signals[0].programme == "0"
    extra.write_text('<additional><tlLogic id="T" programID="0" offset="11"/></additional>')
    shifted = signals(extra, net).signals[0]
    assert (shifted.offset, shifted.phases) == (11.0, net.signals[0].phases)
    extra.write_text(
        '<additional><tlLogic id="T" programID="1"><phase duration="9" state="GG"/></tlLogic></additional>'
    )
    with pytest.raises(NetworkError, match="2 letters, but a connection is its group 2"):
        signals(extra, net)
    extra.write_text('<additional><tlLogic id="X"><phase duration="9" state="GG"/></tlLogic></additional>')
    with pytest.raises(NetworkError, match="no such signal"):
        signals(extra, net)


def test_unknown_programme_types_run_fixed_and_say_so(tmp_path: Path):
    net = crossroads(tmp_path, ('type="actuated"', 'type="OTHER"'))
    assert net.signals[0].kind == "fixed"
    assert any("type OTHER is run as fixed" in warning for warning in net.warnings)


def nema(tmp_path: Path, rings: str, phases: str = "") -> Signal:
    """The crossroads with a programme in rings, if it can be read."""
    path = tmp_path / "more.add.xml"
    told = phases or "".join(
        f'<phase duration="90" state="{state}" minDur="5" maxDur="{20 + number}" vehext="2.5" yellow="4" red="1" '
        f'name="{number}"/>'
        for number, state in ((2, "Grr"), (6, "rGr"), (4, "rrG"))
    )
    params = "".join(
        f'<param key="{key}" value="{value}"/>' for key, _, value in (x.partition("=") for x in rings.split(";"))
    )
    path.write_text(f'<add><tlLogic id="T" programID="n" type="NEMA" offset="3">{told}{params}</tlLogic></add>')
    return signals(path, crossroads(tmp_path)).signals[0]


RINGS = "ring1=0,2,0,4;ring2=0,6,0,4;barrierPhases=4,4;barrier2Phases=2,6"


def test_nema_phases_are_put_into_rings_between_barriers(tmp_path: Path):
    free = nema(tmp_path, RINGS)
    assert (free.kind, free.offset, free.ignored) == ("rings", 3.0, ())
    told = free.rings
    assert told is not None
    assert told.rings == (((0,), (2,)), ((1,), (2,)))
    assert (told.coordinated, told.reach, told.reach_left) == ((), 20.0, 10.0)
    x = told.phases[0]
    assert (x.number, x.minimum, x.maximum, x.extension, x.yellow, x.red) == (2, 5.0, 22.0, 2.5, 4.0, 1.0)
    assert all(x.called and not x.whole for x in told.phases)
    step = nema(
        tmp_path, RINGS + ";coordinate-mode=true;total-cycle-length=90;minRecall=2,6;maxRecall=4;show-detectors=1"
    )
    assert step.rings is not None
    assert (step.rings.coordinated, step.rings.cycle, step.rings.by_end, step.ignored) == ((0, 1), 90.0, False, ())
    assert [(x.called, x.whole) for x in step.rings.phases] == [(True, False), (True, False), (True, True)]
    assert nema(tmp_path, RINGS + ";latchingDetectors=2").ignored == ("parameter latchingDetectors is not obeyed",)


@pytest.mark.parametrize(
    ("rings", "what"),
    [
        ("ring1=;ring2=", "no phase is in a ring"),
        ("ring1=2,3;ring2=6", "ring1 names phase 3, which it has not"),
        ("ring1=2,x", 'ring1 is "2,x"'),
        ("ring1=2,4;ring2=6;barrierPhases=2,6", "do not have the same barriers"),
        (RINGS + ";total-cycle-length=-5", "value is"),
    ],
)
def test_nema_rings_that_do_not_fit_are_told(tmp_path: Path, rings: str, what: str):
    with pytest.raises(NetworkError, match=what):
        nema(tmp_path, rings)


def test_nema_phases_want_numbers_of_their_own(tmp_path: Path):
    phase = '<phase duration="9" state="GGG" name="{}"/>'
    with pytest.raises(NetworkError, match='a phase has the name "x"'):
        nema(tmp_path, RINGS, phase.format("x"))
    with pytest.raises(NetworkError, match="two of its phases have one name"):
        nema(tmp_path, RINGS, phase.format(2) * 2)


def test_a_net_without_internal_lanes_gets_them(tmp_path: Path):
    text = "\n".join(
        line.replace(' intLanes=":C_0_0 :C_3_0 :C_2_0"', ' intLanes=""')
        for line in CROSSROADS.replace(">\n </edge>", "></edge>").splitlines()
        if '"internal"' not in line and 'from=":C' not in line
    )
    for via in (":C_0_0", ":C_1_0", ":C_2_0"):
        text = text.replace(f' via="{via}"', "")
    path = tmp_path / "plain.net.xml"
    path.write_text(text)
    net = read(path)
    assert [len(connection.via) for connection in net.connections] == [1, 1, 1]
    inside = [net.lanes[connection.via[0]] for connection in net.connections]
    assert inside[0].length == pytest.approx(20.0)
    for lane, connection in zip(inside, net.connections, strict=True):
        assert lane.shape[0] == pytest.approx(net.lanes[connection.source].shape[-1])
        assert lane.shape[-1] == pytest.approx(net.lanes[connection.target].shape[0])
        assert net.edges[lane.edge].internal
    found = {(c.lane, c.foe): c.yields for c in net.conflicts}
    straight, left, right = (connection.via[0] for connection in net.connections)
    assert found[left, straight]
    assert found[right, straight]
    assert not found[straight, left]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('to="C" priority', 'to="Q" priority'), r'w: its to "Q" is no junction'),
        (('length="91.5"', 'length="-3"'), r'w_0: length is "-3"; wanted a number of at least 0'),
        (('length="91.5"', 'length="nan"'), r'w_0: length is "nan"'),
        (('speed="13.9" length="91.5"', 'speed="0" length="91.5"'), r"w_0: nobody can drive at a speed of 0"),
        (('disallow="pedestrian tram"', 'disallow="pedestrain"'), r'no known class: "pedestrain"; did you mean pedest'),
        (('shape="0,98 90,98"', 'shape="0,98"'), r"w_0: its shape is not a line"),
        (('from="w" to="e" fromLane="0"', 'from="w" to="e" fromLane="3"'), r"edge w has no lane 3"),
        (('from="w" to="e"', 'from="w" to="zz"'), r'to "zz" is no edge'),
        (('from="w" to="e"', 'from="w" to="e2"'), r"edge w does not end where edge e2 begins"),
        (('via=":C_0_0"', 'via=":C_9_0"'), r'over ":C_9_0", which is no lane'),
        (('tl="T" linkIndex="0"', 'tl="TT" linkIndex="0"'), r'its signal "TT" has no <tlLogic>'),
        (('tl="T" linkIndex="2"', 'tl="T" linkIndex="5"'), r"3 letters, but a connection is its group 5"),
        (('state="yyr"', 'state="yy"'), r"T: its phases have states of different length"),
        (('state="yyr"', 'state="yyX"'), r'letters that are none of a signal: "X"'),
        (('foes="110"', 'foes="abc"'), r'C: foes of request 0 is "abc"'),
        (('next="0"', 'next="7"'), r'T: next is "7"; wanted phases 0 to 2'),
        (('type="dead_end" x="0"', 'type="dead-end" x="0"'), r'type "dead-end" is not known; did you mean dead_end'),
    ],
)
def test_faults_say_where_and_what(tmp_path: Path, change: tuple[str, str], said: str):
    with pytest.raises(NetworkError, match=said) as caught:
        crossroads(tmp_path, change)
    assert all("crossroads.net.xml:" in fault.where for fault in caught.value.faults)


def test_all_faults_at_once(tmp_path: Path):
    with pytest.raises(NetworkError) as caught:
        crossroads(tmp_path, ('length="91.5"', 'length="x"'), ('x="0" y="100"', 'x="inf" y="100"'))
    assert len(caught.value.faults) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (CROSSROADS[:3000], r"broken.net.xml:\d+: the file breaks off in the middle"),
        ("", "the file breaks off"),
        ("<routes></routes>", "broken.net.xml:1: the file's root is <routes>; wanted <net>"),
        ("hello", r"broken.net.xml:1: this is not well-formed XML"),
        ("<net><edge></net>", r"not well-formed XML \(mismatched tag"),
        ('<!DOCTYPE net [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><net>&b;</net>', "declares XML entities"),
        ('<!DOCTYPE net [<!ENTITY a SYSTEM "file:///etc/passwd">]><net>&a;</net>', "declares XML entities"),
        ("<net>" + "<edge>" * 80 + "</edge>" * 80 + "</net>", "more than 50 deep"),
    ],
)
def test_files_that_are_no_net(tmp_path: Path, text: str, said: str):
    path = tmp_path / "broken.net.xml"
    path.write_text(text)
    with pytest.raises(NetworkError, match=said):
        read(path)


def test_missing_and_packed_files(tmp_path: Path):
    with pytest.raises(NetworkError, match="there is no such file"):
        read(tmp_path / "none.net.xml")
    with pytest.raises(NetworkError, match="cannot be read"):
        read(tmp_path)
    packed = tmp_path / "x.net.xml.gz"
    packed.write_bytes(gzip.compress(CROSSROADS.encode()))
    assert read_map(packed).name == "x"
    packed.write_bytes(gzip.compress(CROSSROADS.encode())[:500])
    with pytest.raises(NetworkError):
        read(packed)


def test_formats_are_told_by_their_ending(tmp_path: Path):
    path = tmp_path / "crossroads.net.xml"
    path.write_text(CROSSROADS)
    assert len(read_map(path).connections) == 3
    with pytest.raises(
        NetworkError,
        match=r"OpenStreetMap cannot be read yet; .*netconvert --osm-files city\.osm.*; readable are \.net\.xml",
    ):
        read_map(tmp_path / "city.osm")
    with pytest.raises(NetworkError, match="format of this map is not known"):
        read_map(tmp_path / "city.dwg")


@pytest.mark.parametrize("name", NETS)
def test_real_nets_are_read_whole(name: str):
    path = SHARED / name
    if not path.exists():
        pytest.skip("the shared nets are not here")
    began = time.perf_counter()
    net = read(path)
    assert time.perf_counter() - began < 10.0
    edges, controllers = NETS[name]
    assert sum(not edge.internal for edge in net.edges) == edges
    assert len(net.signals) == controllers
    records = {(c.lane, c.foe): c for c in net.conflicts}
    assert len(records) == len(net.conflicts)
    by_target: dict[int, list[int]] = {}
    for connection in net.connections:
        assert net.lanes[connection.source].edge != net.lanes[connection.target].edge
        assert all(net.edges[net.lanes[lane].edge].internal for lane in connection.via)
        by_target.setdefault(connection.target, []).append(connection.via[-1])
    for record in net.conflicts:
        assert (record.foe, record.lane) in records
        assert 0.0 <= record.begin <= record.end <= net.lanes[record.lane].length
        if record.yields and records[record.foe, record.lane].yields:  # both wait inside, and their paths meet
            assert record.begin < record.end
    for ends in by_target.values():
        assert all((a, b) in records for a in ends for b in ends if a != b)


@pytest.mark.parametrize("options", [[], ["--no-internal-links"], ["--tls.default-type", "actuated"]])
def test_a_generated_grid_agrees_with_sumolib(tmp_path: Path, options: list[str], monkeypatch: pytest.MonkeyPatch):
    sumo = pytest.importorskip("sumo")
    monkeypatch.syspath_prepend(Path(sumo.SUMO_HOME) / "tools")
    sumolib = pytest.importorskip("sumolib")
    path = tmp_path / "grid.net.xml"
    program = Path(sumo.SUMO_HOME) / "bin" / "netgenerate"
    command = [
        str(program),
        "-g",
        "--grid.number",
        "4",
        "-L",
        "2",
        "--grid.attach-length",
        "100",
        "-j",
        "traffic_light",
    ]
    subprocess.run([*command, *options, "-o", str(path)], check=True, capture_output=True, env=dict(os.environ))
    net = read(path)
    theirs = sumolib.net.readNet(str(path), withInternal=True, withPrograms=True)
    names = Names(net)
    for edge in theirs.getEdges(withInternal=False):
        ours = net.edges[names.edge[edge.getID()]]
        assert len(ours.lanes) == edge.getLaneNumber()
        for lane, other in zip(ours.lanes, edge.getLanes(), strict=True):
            assert net.lanes[lane].length == other.getLength()
            assert np.allclose(net.lanes[lane].shape, other.getShape())
    links = {node: [x for x in node.getConnections() if x.getFrom().getFunction() == ""] for node in theirs.getNodes()}
    assert len(net.connections) == sum(map(len, links.values()))
    assert len(net.signals) == len(theirs.getTrafficLights())
    assert {s.kind for s in net.signals} == ({"actuated"} if "actuated" in options else {"fixed"})
    if "--no-internal-links" in options:
        return
    for node, here in links.items():
        for link in here:
            for foe in here:
                if node.areFoes(node.getLinkIndex(link), node.getLinkIndex(foe)):
                    assert _meet(net, names, link, foe), (link.getViaLaneID(), foe.getViaLaneID())


def _meet(net: Network, names: Names, link: object, foe: object) -> bool:
    ways = {connection.via[0]: connection.via for connection in net.connections}
    one, other = (ways[names.lane[x.getViaLaneID()]] for x in (link, foe))  # type: ignore[attr-defined]
    met = {(c.lane, c.foe) for c in net.conflicts if c.lane in one}
    near = any((a, b) in met for a in one for b in other)
    gap = min(np.hypot(*(p - q)) for a in one for b in other for p in net.lanes[a].shape for q in net.lanes[b].shape)
    return near or bool(gap > 1.9)
