"""Who judges by arrival-time windows and has waited looks along the whole road before he merges."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from naive import Kept
from small_worlds import Listed, krauss

from sim.engine.simulation import Simulation
from sim.models.right_of_way.windows import braking_arrival
from sim.park.importers.sumo_net import read
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Clock, Output, Pilot, Rules
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.departures import Departures

#: A side road that gives way where it merges into a main road; it turns at 6.5 m/s.
ROAD = """<net version="1.20">
 <location netOffset="0,0" projParameter="!"/>
 <edge id=":B_0" function="internal"><lane id=":B_0_0" index="0" speed="14" length="14" shape="400,0 414,0"/></edge>
 <edge id=":B_1" function="internal"><lane id=":B_1_0" index="0" speed="6.5" length="9" shape="408,-7 414,0"/></edge>
 <edge id="main" from="A" to="B"><lane id="main_0" index="0" speed="14" length="400" shape="0,0 400,0"/></edge>
 <edge id="side" from="S" to="B"><lane id="side_0" index="0" speed="14" length="100" shape="408,-107 408,-7"/></edge>
 <edge id="out" from="B" to="C"><lane id="out_0" index="0" speed="14" length="300" shape="414,0 714,0"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes="" shape=""/>
 <junction id="S" type="dead_end" x="408" y="-107" incLanes="" intLanes="" shape=""/>
 <junction id="C" type="dead_end" x="714" y="0" incLanes="out_0" intLanes="" shape=""/>
 <junction id="B" type="priority" x="407" y="0" incLanes="main_0 side_0" intLanes=":B_0_0 :B_1_0"
  shape="400,3 414,3 414,-7 400,-7">
  <request index="0" response="00" foes="10" cont="0"/><request index="1" response="01" foes="01" cont="0"/></junction>
 <connection from="main" to="out" fromLane="0" toLane="0" via=":B_0_0" dir="s" state="M"/>
 <connection from="side" to="out" fromLane="0" toLane="0" via=":B_1_0" dir="r" state="m"/>
 <connection from=":B_0" to="out" fromLane="0" toLane="0" dir="s" state="M"/>
 <connection from=":B_1" to="out" fromLane="0" toLane="0" dir="r" state="M"/>
</net>"""


def card(patience: float) -> Card:
    """A driver who has no critical gap."""
    found = krauss(imperfection=0.0)
    kept = {k: v for k, v in found.parameters.items() if not k.startswith(("critical_gap", "follow_up"))}
    return dataclasses.replace(found, parameters=kept | {"time_to_impatience": Value(patience, "s", "test", "given")})


@dataclass(frozen=True)
class Two:
    """One who stands at the line of the side road; two on the main road, the second one 18 s behind the first."""

    patience: float

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        edge, who = Names(network).edge, card(self.patience)
        places = [("side", 99.0, 0.0, 0.0), ("main", 350.0, 14.0, 0.0), ("main", 5.0, 14.0, 0.0)]
        wishes = tuple((f"v{i}", time, edge[x], edge["out"], who) for i, (x, *_, time) in enumerate(places))
        return dataclasses.replace(
            Listed(wishes).departures(network, seed, begin, end),
            lane=np.zeros(3, np.int64),
            position=np.array([position for _, position, *_ in places]),
            speed=np.array([speed for *_, speed, _ in places]),
        )


def lane_of_side(folder: Path, patience: float, end: float) -> str:
    """Lane on which the one from the side road is at a time."""
    (folder / "road.net.xml").write_text(ROAD)
    network = read(folder / "road.net.xml")
    clock = Clock(0.0, end, 0.0, 0.1, 1)
    simulation = Simulation(Pilot("merge", network, Two(patience), Rules(), clock, Output(0.0, 0.0)), 1, Kept())
    simulation.run()
    v, ids = simulation.world.vehicles, simulation.departures.ids
    rows = [row for row in np.flatnonzero(v["departure"] >= 0) if ids[v["departure"][row]] == "v0"]
    return network.lanes[v["lane"][rows[0]]].id if rows else "home"


def test_who_has_waited_a_little_does_not_merge_before_one_who_would_be_faster(tmp_path: Path) -> None:
    patient, impatient = np.inf, 180.0
    assert lane_of_side(tmp_path, patient, 3.0) == lane_of_side(tmp_path, impatient, 3.0) == "side_0"
    assert lane_of_side(tmp_path, patient, 13.0) == "out_0"
    assert lane_of_side(tmp_path, impatient, 20.0) == "side_0"
    assert lane_of_side(tmp_path, impatient, 40.0) == "out_0"


def test_how_fast_he_expects_him_to_be_follows_from_his_impatience() -> None:
    """The one who comes brakes at that share of comfortable deceleration from the time on at which he merges."""
    arrive, comes, speed, deceleration, impatience = 0.5, 20.0, 14.0, 4.5, 4.0 / 180.0
    _, then = braking_arrival(arrive, comes, speed * comes, deceleration, impatience)
    way, rate = speed * (comes - arrive), deceleration * impatience
    assert then == pytest.approx(np.sqrt(speed**2 - 2.0 * rate * way), rel=1e-6)
    assert then > 6.5
