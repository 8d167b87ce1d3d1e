"""Who is not told a way looks at the traffic before departing."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from naive import Kept
from small_worlds import Listed, krauss

from sim.engine.simulation import Simulation
from sim.engine.travel_times import MEMORY, TravelTimes
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Road
from sim.park.network import Network
from sim.pilot import Clock, Occurrence, Output, Pilot, Rules
from sim.services import routing, services
from sim.traffic.departures import Departures

ROOT = Path(__file__).parents[2]


def two_ways() -> Network:
    """From the west to the east over a short northern road or a somewhat longer southern one."""
    places = {
        "west": (-200, 0),
        "fork": (200, 0),
        "north": (500, 50),
        "south": (500, -90),
        "join": (800, 0),
        "east": (1000, 0),
    }
    nodes = tuple(Node(name, float(x), float(y), "priority", u_turn=False) for name, (x, y) in places.items())
    pairs = ("west fork", "fork north", "north join", "fork south", "south join", "join east")
    roads = []
    for pair in pairs:
        one, other = pair.split()
        shape = np.array([places[one], places[other]], float)
        roads.append(Road(pair.replace(" ", "-"), one, other, shape, 1, 0, 13.9, 3.5))
    return build(Draft("two ways", nodes, tuple(roads), synthetic=True))


def lane_group() -> Network:
    """One road of three lanes."""
    nodes = tuple(Node(name, x, 0.0, "priority", u_turn=False) for name, x in (("a", 0.0), ("b", 300.0)))
    road = Road("wide", "a", "b", np.array([(0.0, 0.0), (300.0, 0.0)]), 3, 0, 10.0, 3.5)
    return build(Draft("lanes", nodes, (road,), synthetic=True))


@dataclasses.dataclass(frozen=True)
class Choosing:
    """Vehicles one behind the other from the first to the last edge; every `told`-th keeps its route."""

    count: int
    told: int = 1_000_000

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """All of them, 20 s apart."""
        first, last = (edge(network, name) for name in ("west-fork", "join-east"))
        card = krauss(imperfection=0.0)
        d = Listed(tuple((f"v{i}", 20.0 * i, first, last, card) for i in range(self.count))).departures(
            network, seed, begin, end
        )
        chooses = np.where((np.arange(self.count) + 1) % self.told == 0, -1, 0)
        return dataclasses.replace(d, trip=chooses, trips=[np.array([first, last], np.int32)])


def edge(network: Network, name: str) -> int:
    """Index of the edge that runs along a road."""
    return next(i for i, e in enumerate(network.edges) if not e.internal and e.id.startswith(name))


def run(rules: Rules, demand: Choosing, *occurrences: Occurrence) -> tuple[Simulation, set[str], set[str]]:
    """A run, and who took the northern and the southern road."""
    network = two_ways()
    pilot = Pilot("two", network, demand, rules, Clock(0.0, 1200.0, 0.0, 0.1, 1), Output(5.0, 60.0), occurrences)
    kept = Kept()
    simulation = Simulation(pilot, 1, kept, services())
    simulation.run()
    ids = simulation.departures.ids
    taken = [
        {ids[row] for sample in kept.samples for row in sample["id"][sample["edge"] == edge(network, name)]}
        for name in ("fork-north", "fork-south")
    ]
    return simulation, taken[0], taken[1]


def stopped(begin: float, end: float) -> Occurrence:
    """An obstacle on the northern road."""
    network = two_ways()
    lane = network.lanes[network.edges[edge(network, "north-join")].lanes[0]].id
    return Occurrence("incident", begin, end, {"lane": lane, "position": 200.0})


def test_on_an_empty_network_live_choice_is_the_quickest_way_and_no_route_is_added() -> None:
    simulation, north, south = run(Rules(), Choosing(10))
    assert len(north) == 10
    assert not south
    assert len(simulation.world.stages) == len(run(Rules(routing="empty"), Choosing(10))[0].world.stages)


def test_who_departs_after_a_jam_has_formed_avoids_it_and_comes_back_when_it_is_gone() -> None:
    _, north, south = run(Rules(), Choosing(50), stopped(0.0, 400.0))
    assert {"v0", "v1"} <= north
    assert {f"v{i}" for i in range(12, 20)} <= south  # departed at 240 .. 400 s
    gone = int((400.0 + MEMORY + 60.0) / 20.0)
    assert {f"v{i}" for i in range(gone, 50)} <= north


def test_over_an_empty_network_nobody_avoids_a_jam() -> None:
    _, north, south = run(Rules(routing="empty"), Choosing(40), stopped(0.0, 400.0))
    assert len(north) == 40
    assert not south


def test_who_is_told_a_route_keeps_it() -> None:
    _, north, _ = run(Rules(), Choosing(40, told=2), stopped(0.0, 400.0))
    assert {f"v{i}" for i in range(1, 40, 2)} <= north


def test_routes_are_added_once_however_many_choose_them() -> None:
    few, many = (run(Rules(), Choosing(n), stopped(0.0, 1200.0))[0] for n in (20, 45))
    begun = len(few.departures.routes[0])
    assert len(few.world.stages) - 20 * begun == len(many.world.stages) - 45 * begun == 4


def test_travel_times_remember_what_was_seen_and_forget_it() -> None:
    network = two_ways()
    simulation = Simulation(
        Pilot("two", network, Choosing(1), Rules(), Clock(0.0, 60.0), Output(0.0, 0.0)), 1, Kept(), services()
    )
    simulation.run()
    world, times = simulation.world, TravelTimes(network, 10.0)
    first = [network.lanes[e.lanes[0]] for e in network.edges]
    free = np.array([lane.length / lane.speed for lane in first])
    assert times.times(free) == pytest.approx(free)
    on_road = world.vehicles["departure"] >= 0
    world.vehicles["speed"][on_road] = 0.0
    where = int(world.lanes["edge"][world.vehicles["lane"][on_road][0]])
    for _ in range(9):  # half of what is remembered
        times.look(world)
    assert times.times(free)[where] == pytest.approx(2.0 * free[where])
    world.vehicles["departure"] = -1
    for _ in range(18):
        times.look(world)
    assert times.times(free) == pytest.approx(free)


def test_a_lane_without_anybody_on_it_is_as_quick_as_its_limit() -> None:
    network = lane_group()
    world = Simulation(
        Pilot("lanes", network, Listed(()), Rules(), Clock(0.0, 60.0), Output(0.0, 0.0)), 1, Kept(), services()
    ).world
    times, free = (
        TravelTimes(network, MEMORY),
        np.array([network.lanes[e.lanes[0]].length / 10.0 for e in network.edges]),
    )
    wide = next(i for i, e in enumerate(network.edges) if not e.internal and len(e.lanes) == 3)
    world.vehicles["departure"][:4], world.vehicles["lane"][:4] = 0, network.edges[wide].lanes[0]
    world.vehicles["speed"][:4] = 0.0
    times.look(world)  # a queue of four on one of three lanes: (4 x 0 + 1 x 10 + 1 x 10) / 6 m/s
    assert times.times(free)[wide] == pytest.approx(3.0 * free[wide])


def test_who_is_on_the_road_turns_off_before_a_jam_if_the_rules_want_it() -> None:
    jam = stopped(0.0, 1200.0)
    stay, turn = (run(Rules(routing="empty", reroute_period=period), Choosing(45), jam) for period in (0.0, 5.0))
    assert len(stay[1]) == 45
    assert not stay[2]
    assert "v0" in turn[1]
    assert {f"v{i}" for i in range(15, 45)} <= turn[2] - turn[1]
    arrived = turn[0].world.trips["arrive"] >= 0
    assert arrived[15:40].all()


def test_routes_of_who_is_told_one_stay_on_the_road_too() -> None:
    _, north, _ = run(Rules(reroute_period=5.0), Choosing(40, told=2), stopped(0.0, 1200.0))
    assert {f"v{i}" for i in range(1, 40, 2)} <= north


@pytest.mark.parametrize(
    ("edges", "via", "legs"),
    [
        ([1, 2, 3, 4], [], [1, 4]),
        ([1, 2, 3, 4], [2, 3], [1, 2, 3, 4]),
        ([3, 4, 5], [2, 4], [3, 4, 5]),  # 2 lies behind
        ([4, 5], [2, 4], [4, 5]),  # on 4 now
        ([7], [], [7, 7]),
        ([1, 2, 1, 3], [1], [1, 1, 3]),
    ],
)
def test_edges_to_be_passed_are_kept_until_they_are(edges: list[int], via: list[int], legs: list[int]) -> None:
    assert routing._legs(edges, via) == legs
