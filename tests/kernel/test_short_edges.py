"""Bodies longer than the edge they are on lie on the lanes behind it, whoever they came by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from invariants import Inspector
from small_worlds import krauss, pilot

from sim.engine.build import build
from sim.park.importers.sumo_net import read
from sim.park.names import Names
from sim.park.network import Network

#: Two edges of two lanes, joined by an edge of four metres at which everybody who goes on must take the left lane.
ROAD = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="14" length="8" shape="100,-5 108,-5"/>
  <lane id=":B_0_1" index="1" speed="14" length="8" shape="100,-2 108,-2"/></edge>
 <edge id=":C_0" function="internal"><lane id=":C_0_0" index="0" speed="14" length="8" shape="112,-2 120,-2"/></edge>
 <edge id="in" from="A" to="B"><lane id="in_0" index="0" speed="14" length="100" shape="0,-5 100,-5"/>
  <lane id="in_1" index="1" speed="14" length="100" shape="0,-2 100,-2"/></edge>
 <edge id="short" from="B" to="C"><lane id="short_0" index="0" speed="14" length="4" shape="108,-5 112,-5"/>
  <lane id="short_1" index="1" speed="14" length="4" shape="108,-2 112,-2"/></edge>
 <edge id="out" from="C" to="D"><lane id="out_0" index="0" speed="14" length="100" shape="120,-2 220,-2"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="B" type="priority" x="104" y="0" incLanes="in_0 in_1" intLanes=":B_0_0 :B_0_1" shape="100,0 108,-8">
  <request index="0" response="00" foes="00" cont="0"/><request index="1" response="00" foes="00" cont="0"/></junction>
 <junction id="C" type="priority" x="116" y="0" incLanes="short_0 short_1" intLanes=":C_0_0" shape="112,0 120,-8">
  <request index="0" response="0" foes="0" cont="0"/></junction>
 <junction id="D" type="dead_end" x="220" y="0" incLanes="out_0" intLanes="" shape=""/>
 <connection from="in" to="short" fromLane="0" toLane="0" via=":B_0_0" dir="s" state="M"/>
 <connection from="in" to="short" fromLane="1" toLane="1" via=":B_0_1" dir="s" state="M"/>
 <connection from="short" to="out" fromLane="1" toLane="0" via=":C_0_0" dir="s" state="M"/>
 <connection from=":B_0" to="short" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":B_0" to="short" fromLane="1" toLane="1" dir="s" state="M"/>
 <connection from=":C_0" to="out" fromLane="0" toLane="0" dir="s" state="M"/>
</net>"""


def road(folder: Path) -> Network:
    (folder / "road.net.xml").write_text(ROAD)
    return read(folder / "road.net.xml")


def inspector(network: Network, starts: list[str], change: float) -> Inspector:
    edge = Names(network).edge
    wishes = [(f"v{i}", 3.0 * i, edge[start], edge["out"], krauss()) for i, start in enumerate(starts)]
    made = pilot(network, wishes, 300.0, change)
    return Inspector(network, build(made, made.demand.departures(network, 1, 0.0, 300.0), 1))


def test_who_departs_on_a_short_edge_lies_on_the_lane_behind_it(tmp_path: Path) -> None:
    network = road(tmp_path)
    seen = inspector(network, ["short", "in", "in", "short", "in"], 0.0)
    behind = set()
    for _ in range(600):
        assert seen.advance() == []
        for row in seen.on_road():
            if network.lanes[row["lane"]].id.startswith("short") and row["position"] < row["length"]:
                behind.add(network.lanes[row["behind"]].id)
    assert seen.world.totals[0].arrived == 5
    assert behind
    assert behind <= {":B_0_0", ":B_0_1"}


def test_who_changes_lanes_on_a_short_edge_takes_his_rear_along(tmp_path: Path) -> None:
    network = road(tmp_path)
    for change in (0.0, 3.0):
        seen = inspector(network, ["in"] * 12, change)
        world = seen.world
        world.plans["offset"] = 0  # nobody sees before the short edge that its right lane leads nowhere
        for _ in range(900):
            assert seen.advance() == []
            for row in seen.on_road():
                lane = network.lanes[row["lane"]]
                if lane.id == "short_1" and row["position"] < row["length"]:
                    assert network.lanes[row["behind"]].id == ":B_0_1"
        assert world.totals[0].collisions == 0
        assert np.isfinite(world.vehicles["position"]).all()
