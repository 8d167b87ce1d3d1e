"""Which of two lanes drivers choose who may use either."""

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
from sim.provenance import Value
from sim.traffic.departures import Departures

#: Two short lanes that lead on both, behind a light that is red for the first minute.
LIGHT = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":B_0" function="internal">
  <lane id=":B_0_0" index="0" speed="14" length="8" shape="200,-5 208,-5"/>
  <lane id=":B_0_1" index="1" speed="14" length="8" shape="200,-2 208,-2"/></edge>
 <edge id="in" from="A" to="B">
  <lane id="in_0" index="0" speed="14" length="70" shape="130,-5 200,-5"/>
  <lane id="in_1" index="1" speed="14" length="70" shape="130,-2 200,-2"/></edge>
 <edge id="out" from="B" to="C">
  <lane id="out_0" index="0" speed="14" length="100" shape="208,-5 308,-5"/>
  <lane id="out_1" index="1" speed="14" length="100" shape="208,-2 308,-2"/></edge>
 <tlLogic id="B" type="static" programID="0" offset="0">
  <phase duration="60" state="rr"/><phase duration="30" state="GG"/></tlLogic>
 <junction id="A" type="dead_end" x="130" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="B" type="traffic_light" x="204" y="0" incLanes="in_0 in_1" intLanes=":B_0_0 :B_0_1" shape="200,0 208,-8">
  <request index="0" response="00" foes="00" cont="0"/><request index="1" response="00" foes="00" cont="0"/></junction>
 <junction id="C" type="dead_end" x="308" y="0" incLanes="out_0 out_1" intLanes="" shape=""/>
 <connection from="in" to="out" fromLane="0" toLane="0" via=":B_0_0" tl="B" linkIndex="0" dir="s" state="O"/>
 <connection from="in" to="out" fromLane="1" toLane="1" via=":B_0_1" tl="B" linkIndex="1" dir="s" state="O"/>
 <connection from=":B_0" to="out" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":B_0" to="out" fromLane="1" toLane="1" dir="s" state="M"/>
</net>"""


@dataclass(frozen=True)
class Queued:
    """Four cars that stand on the right lane and one on the left one, and one that comes behind the four."""

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        edge = Names(network).edge
        card = krauss(imperfection=0.0)
        selfish = Value(-1.0, "-", "test", "given")  # changes lanes as LC2013 does
        card = dataclasses.replace(card, parameters=card.parameters | {"politeness": selfish})
        spacing = card["length"] + card["minimum_gap"]
        places = [(1, 69.0), *((0, 69.0 - i * spacing) for i in range(4)), (0, 10.0)]
        wishes = tuple((f"v{i}", 20.0 * (i == 5), edge["in"], edge["out"], card) for i in range(len(places)))
        return dataclasses.replace(
            Listed(wishes).departures(network, seed, begin, end),
            lane=np.array([lane for lane, _ in places]),
            position=np.array([position for _, position in places]),
            speed=np.zeros(len(places)),
        )


def test_of_two_queues_who_comes_joins_the_shorter_one(tmp_path: Path) -> None:
    (tmp_path / "light.net.xml").write_text(LIGHT)
    network = read(tmp_path / "light.net.xml")
    clock = Clock(0.0, 55.0, 0.0, 0.1, 1)
    simulation = Simulation(Pilot("light", network, Queued(), Rules(), clock, Output(0.0, 0.0)), 1, Kept())
    simulation.run()
    v, lane = simulation.world.vehicles, Names(network).lane
    standing = v["lane"][(v["departure"] >= 0) & (v["speed"] < 0.1)]
    assert [int((standing == lane[name]).sum()) for name in ("in_0", "in_1")] == [3, 3]
