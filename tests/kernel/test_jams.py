"""Locks made by hand, in which somebody stands for ever: the run is invalid and names who."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from naive import Kept
from small_worlds import Listed, krauss

from sim.engine.jams import find_jam
from sim.engine.simulation import Simulation
from sim.kernel.decide import BY_ROOM
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Road
from sim.park.importers.sumo_net import read
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Clock, Output, Pilot, Rules
from sim.traffic.departures import Departures

PATIENCE = 40.0

#: A road of two lanes of which the right one leads to the right only, and the left one to the left only.
FORK = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="14" length="8" shape="100,-5 108,-9"/></edge>
 <edge id=":B_1" function="internal"><lane id=":B_1_0" index="0" speed="14" length="8" shape="100,-2 108,2"/></edge>
 <edge id="in" from="A" to="B">
  <lane id="in_0" index="0" speed="14" length="100" shape="0,-5 100,-5" {barred}/>
  <lane id="in_1" index="1" speed="14" length="100" shape="0,-2 100,-2"/></edge>
 <edge id="right" from="B" to="C"><lane id="right_0" index="0" speed="14" length="100" shape="108,-9 208,-9"/></edge>
 <edge id="left" from="B" to="D"><lane id="left_0" index="0" speed="14" length="100" shape="108,2 208,2"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="B" type="priority" x="104" y="0" incLanes="in_0 in_1" intLanes=":B_0_0 :B_1_0" shape="100,0 108,-8">
  <request index="0" response="00" foes="00" cont="0"/><request index="1" response="00" foes="00" cont="0"/></junction>
 <junction id="C" type="dead_end" x="208" y="-9" incLanes="right_0" intLanes="" shape=""/>
 <junction id="D" type="dead_end" x="208" y="2" incLanes="left_0" intLanes="" shape=""/>
 <connection from="in" to="right" fromLane="0" toLane="0" via=":B_0_0" dir="r" state="M"/>
 <connection from="in" to="left" fromLane="1" toLane="0" via=":B_1_0" dir="l" state="M"/>
 <connection from=":B_0" to="right" fromLane="0" toLane="0" dir="r" state="M"/>
 <connection from=":B_1" to="left" fromLane="0" toLane="0" dir="l" state="M"/>
</net>"""


@dataclass(frozen=True)
class Placed:
    """Vehicles that depart at 0 s where told: (first edge, last edge, lane, position [m])."""

    wishes: tuple[tuple[str, str, int, float], ...]

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        edge = Names(network).edge
        card = krauss("truck", 0.0)
        listed = tuple((f"v{i}", 0.0, edge[a], edge[b], card) for i, (a, b, _, _) in enumerate(self.wishes))
        return dataclasses.replace(
            Listed(listed).departures(network, seed, begin, end),
            lane=np.array([lane for *_, lane, _ in self.wishes]),
            position=np.array([position for *_, position in self.wishes]),
        )


def reasons(network: Network, demand: Placed | Round, duration: float = 300.0) -> list[str]:
    """Why a run is invalid."""
    clock = Clock(0.0, duration, 0.0, 0.1, 1)
    pilot = Pilot("lock", network, demand, Rules(jam_patience=PATIENCE), clock, Output(0.0, 0.0))
    simulation = Simulation(pilot, 1, Kept())
    simulation.run()
    return simulation.reasons


def fork(folder: Path, barred: str = "") -> Network:
    (folder / "fork.net.xml").write_text(FORK.format(barred=barred))
    return read(folder / "fork.net.xml")


def test_two_who_need_each_others_lane_are_named(tmp_path: Path) -> None:
    found = reasons(fork(tmp_path), Placed((("in", "left", 0, 97.0), ("in", "right", 1, 92.0))))
    assert len(found) == 1, found
    assert "2 vehicles wait for each other in a circle: v0 on in_0 -> v1 on in_1" in found[0]


def test_who_may_not_change_to_the_lane_it_needs_is_named(tmp_path: Path) -> None:
    found = reasons(fork(tmp_path, 'changeLeft="bus"'), Placed((("in", "left", 0, 60.0),)))
    assert len(found) == 1, found
    assert found[0].endswith("v0 on in_0 can neither go on nor change lanes")


def test_who_gets_the_lane_it_needs_is_not(tmp_path: Path) -> None:
    assert reasons(fork(tmp_path), Placed((("in", "left", 0, 30.0), ("in", "left", 1, 35.0)))) == []


@dataclass(frozen=True)
class Round:
    """A loop of four roads, filled with lorries that drive around it again and again."""

    each: int

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        side = [next(i for i, e in enumerate(network.edges) if e.id.startswith(f"side{k}")) for k in range(4)]
        card = krauss("truck", 0.0)
        listed = [(f"v{k}.{i}", 0.0, side[k], side[k], card) for i in range(self.each) for k in range(4)]
        found = Listed(tuple(listed)).departures(network, seed, begin, end)
        ways = [np.array([side[(k + j) % 4] for j in range(40)], np.int32) for _ in range(self.each) for k in range(4)]
        return dataclasses.replace(found, routes=ways)


def loop() -> Network:
    """Four one-way roads around a block, with a way in at every corner."""
    corners = [(0.0, 0.0), (90.0, 0.0), (90.0, 90.0), (0.0, 90.0)]
    nodes = [Node(f"n{k}", x, y, "priority", u_turn=False) for k, (x, y) in enumerate(corners)]
    roads = []
    for k, (x, y) in enumerate(corners):
        outside = (x * 2.2 - 54.0, y * 2.2 - 54.0)
        nodes.append(Node(f"out{k}", *outside, "none", u_turn=False))
        ahead = corners[(k + 1) % 4]
        roads.append(Road(f"side{k}", f"n{k}", f"n{(k + 1) % 4}", np.array([(x, y), ahead]), 1, 0, 13.9, 3.5))
        roads.append(Road(f"way{k}", f"out{k}", f"n{k}", np.array([outside, (x, y)]), 1, 1, 13.9, 3.5))
    return build(Draft("loop", tuple(nodes), tuple(roads), synthetic=True))


def test_a_circle_of_those_who_wait_for_room_is_named() -> None:
    network = loop()
    clock, rules = Clock(0.0, 300.0, 0.0, 0.1, 1), Rules(jam_patience=PATIENCE)
    simulation = Simulation(Pilot("loop", network, Round(4), rules, clock, Output(0.0, 0.0)), 1, Kept())
    simulation.run()
    assert simulation.reasons == []
    w = simulation.world
    v = w.vehicles
    v["speed"], v["waiting"] = 0.0, 2.0 * PATIENCE  # all of a sudden they stand, whoever is first on its road for room
    for lane in {int(x) for x in v["lane"][v["departure"] >= 0]}:
        first = int(w.lanes["slot"][lane])
        rows = w.loose.slots[first : first + int(w.lane["count"][lane])]
        v["blocker"][rows] = [BY_ROOM, *rows[:-1]]
    circle = find_jam(w, PATIENCE)
    assert len(circle) == 16
    roads = [network.lanes[lane].id for lane in v["lane"][circle] if not network.lanes[lane].id.startswith(":")]
    assert sum(a != b for a, b in zip(roads, [*roads[1:], roads[0]], strict=True)) == 4
    mover = next(x for x in circle if v["blocker"][x] == BY_ROOM and not w.lanes["internal"][v["lane"][x]])
    v["speed"][mover] = 3.0  # the first of a road moves
    v["waiting"][mover] = 0.0
    assert find_jam(w, PATIENCE) == []
