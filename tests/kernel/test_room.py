"""Nobody comes to stand in a junction because the short edge behind it does not lead on yet."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from naive import Kept
from small_worlds import Listed, krauss

from sim.engine.simulation import Simulation
from sim.park.importers.sumo_net import read
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Clock, Output, Pilot, Rules
from sim.traffic.departures import Departures

#: A road with priority over a crossing one; an edge of 12 m behind that, whose right lane leads on and whose left lane
#: leads away, both by a light that shows `{first}` for a minute.
ROAD = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="14" length="8" shape="100,-5 108,-5"/></edge>
 <edge id=":B_1" function="internal"><lane id=":B_1_0" index="0" speed="14" length="16" shape="104,3 104,-13"/></edge>
 <edge id=":C_0" function="internal"><lane id=":C_0_0" index="0" speed="14" length="8" shape="120,-5 128,-5"/></edge>
 <edge id=":C_1" function="internal"><lane id=":C_1_0" index="0" speed="14" length="8" shape="120,-2 128,2"/></edge>
 <edge id="in" from="A" to="B"><lane id="in_0" index="0" speed="14" length="100" shape="0,-5 100,-5"/></edge>
 <edge id="north" from="N" to="B"><lane id="north_0" index="0" speed="14" length="100" shape="104,103 104,3"/></edge>
 <edge id="south" from="B" to="S"><lane id="south_0" index="0" speed="14" length="100" shape="104,-13 104,-113"/></edge>
 <edge id="short" from="B" to="C"><lane id="short_0" index="0" speed="14" length="12" shape="108,-5 120,-5"/>
  <lane id="short_1" index="1" speed="14" length="12" shape="108,-2 120,-2"/></edge>
 <edge id="out" from="C" to="D"><lane id="out_0" index="0" speed="14" length="100" shape="128,-5 228,-5"/></edge>
 <edge id="left" from="C" to="E"><lane id="left_0" index="0" speed="14" length="100" shape="128,2 228,2"/></edge>
 <tlLogic id="C" type="static" programID="0" offset="0">
  <phase duration="60" state="{first}"/><phase duration="60" state="GG"/></tlLogic>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="N" type="dead_end" x="104" y="103" incLanes="" intLanes="" shape=""/>
 <junction id="S" type="dead_end" x="104" y="-113" incLanes="south_0" intLanes="" shape=""/>
 <junction id="D" type="dead_end" x="228" y="-5" incLanes="out_0" intLanes="" shape=""/>
 <junction id="E" type="dead_end" x="228" y="2" incLanes="left_0" intLanes="" shape=""/>
 <junction id="B" type="priority" x="104" y="-5" incLanes="in_0 north_0" intLanes=":B_0_0 :B_1_0"
  shape="100,3 108,3 108,-13 100,-13">
  <request index="0" response="00" foes="10" cont="0"/><request index="1" response="01" foes="01" cont="0"/></junction>
 <junction id="C" type="traffic_light" x="124" y="-5" incLanes="short_0 short_1" intLanes=":C_0_0 :C_1_0"
  shape="120,3 128,3 128,-8 120,-8">
  <request index="0" response="00" foes="00" cont="0"/><request index="1" response="00" foes="00" cont="0"/></junction>
 <connection from="in" to="short" fromLane="0" toLane="0" via=":B_0_0" dir="s" state="M"/>
 <connection from="north" to="south" fromLane="0" toLane="0" via=":B_1_0" dir="s" state="m"/>
 <connection from="short" to="out" fromLane="0" toLane="0" via=":C_0_0" tl="C" linkIndex="0" dir="s" state="O"/>
 <connection from="short" to="left" fromLane="1" toLane="0" via=":C_1_0" tl="C" linkIndex="1" dir="l" state="O"/>
 <connection from=":B_0" to="short" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":B_1" to="south" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":C_0" to="out" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":C_1" to="left" fromLane="0" toLane="0" dir="l" state="M"/>
</net>"""


@dataclass(frozen=True)
class Placed:
    """Vehicles that depart at 0 s: (first edge, last edge, lane, front [m], card, speed [m/s])."""

    wishes: tuple[tuple[str, str, int, float, str, float], ...]

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        edge = Names(network).edge
        cards = {name: krauss(name, 0.0) for *_, name, _ in self.wishes}
        rows = [(f"v{i}", 0.0, edge[x[0]], edge[x[1]], cards[x[4]]) for i, x in enumerate(self.wishes)]
        return dataclasses.replace(
            Listed(tuple(rows)).departures(network, seed, begin, end),
            lane=np.array([x[2] for x in self.wishes]),
            position=np.array([x[3] for x in self.wishes]),
            speed=np.array([x[5] for x in self.wishes]),
        )


def after(folder: Path, first: str, demand: Placed, end: float) -> dict[str, str]:
    """Where everybody is who is not home, by id."""
    (folder / "road.net.xml").write_text(ROAD.format(first=first))
    network = read(folder / "road.net.xml")
    clock = Clock(0.0, end, 0.0, 0.1, 1)
    simulation = Simulation(Pilot("room", network, demand, Rules(), clock, Output(0.0, 0.0)), 1, Kept())
    simulation.run()
    v, ids = simulation.world.vehicles, simulation.departures.ids
    assert simulation.world.totals[0].collisions == 0
    return {ids[v["departure"][row]]: network.lanes[v["lane"][row]].id for row in np.flatnonzero(v["departure"] >= 0)}


BUS, CROSSING = ("in", "out", 0, 40.0, "bus", 8.0), ("north", "south", 0, 10.0, "human_car", 8.0)


def test_who_is_longer_than_the_edge_before_a_red_light_enters_alone_but_not_behind_another(tmp_path: Path) -> None:
    ahead = ("in", "out", 0, 66.0, "human_car", 8.0)
    assert after(tmp_path, "rr", Placed((ahead, BUS, CROSSING)), 50.0) == {"v0": "short_0", "v1": "in_0"}
    assert after(tmp_path, "rr", Placed((ahead, BUS, CROSSING)), 110.0) == {}
    assert after(tmp_path, "rr", Placed((BUS,)), 50.0) == {"v0": "short_0"}


def test_nobody_follows_one_who_must_change_lanes_on_an_edge_that_is_too_short_for_two(tmp_path: Path) -> None:
    waiting = ("short", "left", 1, 11.0, "human_car", 0.0)  # a red light holds him, and so whoever needs his lane
    changer = ("in", "left", 0, 66.0, "human_car", 8.0)
    demand = Placed((waiting, changer, BUS, CROSSING))
    assert after(tmp_path, "Gr", demand, 50.0) == {"v0": "short_1", "v1": "short_0", "v2": "in_0"}
    assert after(tmp_path, "Gr", demand, 110.0) == {}
