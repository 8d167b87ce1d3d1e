"""Departures: who finds no room holds up those behind him on his own lane only, as in SUMO."""

from pathlib import Path

import sim

NET = """<net version="1.20">
 <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="10" length="200" shape="0,0 200,0"/>
  <lane id="a_1" index="1" speed="10" length="200" shape="0,3 200,3"/></edge>
 <edge id="b" from="B" to="C"><lane id="b_0" index="0" speed="10" length="100" shape="210,0 310,0"/>
  <lane id="b_1" index="1" speed="10" length="100" shape="210,3 310,3"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes=""/>
 <junction id="B" type="priority" x="205" y="0" incLanes="a_0 a_1" intLanes=""/>
 <junction id="C" type="dead_end" x="310" y="0" incLanes="b_0 b_1" intLanes=""/>
 <connection from="a" to="b" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from="a" to="b" fromLane="1" toLane="1" dir="s" state="M"/>
</net>"""
#: x stands for a minute where y wants to depart; z and its like want the other lane, and v whichever is best.
ROUTES = """<routes><vType id="t" sigma="0" speedDev="0"/><route id="r" edges="a b"/>
 <vehicle id="x" type="t" depart="0" departLane="0" route="r"><stop lane="a_0" endPos="8" duration="60"/></vehicle>
 <vehicle id="y" type="t" depart="1" departLane="0" route="r"/>
 <vehicle id="z" type="t" depart="2" departLane="1" route="r"/>
 <vehicle id="y2" type="t" depart="3" departLane="0" route="r"/>
 <vehicle id="z2" type="t" depart="12" departLane="1" route="r"/>
 <vehicle id="v" type="t" depart="24" departLane="best" route="r"/></routes>"""


def test_who_finds_no_room_holds_up_his_own_lane_only(tmp_path: Path):
    (tmp_path / "n.net.xml").write_text(NET)
    (tmp_path / "r.rou.xml").write_text(ROUTES)
    path = tmp_path / "c.sumocfg"
    path.write_text('<configuration><net-file value="n.net.xml"/><route-files value="r.rou.xml"/></configuration>')
    result = sim.run(sim.load(path), seed=1)
    delay = {trip["id"]: trip["depart_delay_s"] for trip in result.trips.to_pylist()}
    assert result.summary["vehicles"]["arrived"] == 6
    assert delay["x"] == 0.0
    assert 55.0 < delay["y"] < 75.0
    assert delay["y2"] >= delay["y"] - 2.0  # behind y
    assert max(delay["z"], delay["z2"], delay["v"]) < 0.5


def test_who_may_start_anywhere_takes_the_first_gap_ahead(tmp_path: Path):
    (tmp_path / "n.net.xml").write_text(NET)
    routes = ROUTES.replace('id="y"', 'id="y" departPos="free"').replace('id="y2"', 'id="y2" departPos="random_free"')
    (tmp_path / "r.rou.xml").write_text(routes)
    path = tmp_path / "c.sumocfg"
    path.write_text('<configuration><net-file value="n.net.xml"/><route-files value="r.rou.xml"/></configuration>')
    result = sim.run(sim.load(path), seed=1)
    trips = {trip["id"]: trip for trip in result.trips.to_pylist()}
    assert trips["y"]["depart_delay_s"] == trips["y2"]["depart_delay_s"] == 0.0
    # x stands with its front at 8 m: y has its rear a gap of 2.5 m ahead, so its front at 15.5 m
    start = {name: 310.0 - trips[name]["route_length_m"] for name in ("y", "y2")}
    assert 15.5 <= start["y"] < 17.0
    assert start["y2"] > 15.5
    assert result.summary["safety"]["collisions"] == 0
