from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from sim.park.check import check
from sim.park.classes import class_bits
from sim.park.importers.geojson import read
from sim.park.names import Names
from sim.park.network import Crossing, Network
from sim.park.route import Router

MAPS = sorted((Path(__file__).parents[2] / "maps").glob("*.geojson"))
CAR = class_bits(["passenger"])
#: Ends of the test networks that lead out only, or in only.
ONE_WAY = {"merge": {("gate_west", "gate_east"), ("gate_ramp", "gate_east")}}


@pytest.fixture(scope="module", params=[(path, planned) for path in MAPS for planned in (False, True)], ids=str)
def network(request: pytest.FixtureRequest) -> Network:
    path, planned = request.param
    return read(path, include_planned=planned)


def test_the_maps_are_there() -> None:
    wanted = {"auto_city", "corridor", "crossroads", "merge", "priority_crossroads", "ring_road", "roundabout"}
    assert {path.stem for path in MAPS} >= wanted


def test_it_says_that_it_is_synthetic_and_has_no_fault(network: Network) -> None:
    assert network.synthetic
    assert check(network) == []


def test_every_place_reaches_every_other_one(network: Network, request: pytest.FixtureRequest) -> None:
    path, _ = request.node.callspec.params["network"]
    router = Router(network, CAR)
    for place in network.places:
        for other in network.places:
            if place is other or (path.stem in ONE_WAY and (place.id, other.id) not in ONE_WAY[path.stem]):
                continue
            ways = [router.path(one, two) for one in place.departures for two in other.arrivals]
            assert any(way is not None for way in ways), (place.id, other.id)


def test_ways_over_junctions_are_joined_and_short_of_nothing(network: Network) -> None:
    for one in network.connections:
        chain = [network.lanes[i] for i in (one.source, *one.via, one.target)]
        for before, after in pairwise(chain):
            assert np.allclose(before.shape[-1], after.shape[0], atol=1e-6)
        assert all(lane.length >= 1.0 for lane in chain)


def test_of_two_streams_that_meet_one_gives_way(network: Network) -> None:
    told = {(one.lane, one.foe): one.yields for one in network.conflicts}
    rule = {i: one.rule for one in network.connections for i in one.via}
    for one in network.conflicts:
        if one.kind != Crossing.DIVERGE:
            both = told[one.lane, one.foe] and told[one.foe, one.lane]
            assert told[one.lane, one.foe] or told[one.foe, one.lane]
            assert not both or {rule[one.lane], rule[one.foe]} <= {"Z", "w"}


def city(planned: bool) -> Network:
    return read(next(path for path in MAPS if path.stem == "auto_city"), include_planned=planned)


def test_the_city_is_of_a_park_s_size() -> None:
    network = city(False)
    edges = [one for one in network.edges if not one.internal]
    assert 40 <= len(network.junctions) <= 70
    assert 120 <= len(edges) <= 200
    controls = Counter(one.control for one in network.junctions)
    assert controls["signal"] >= 10
    assert {"priority", "stop", "yield", "all_way_stop", "right_before_left", "roundabout"} <= set(controls)
    assert {one.kind for one in network.signals} == {"fixed", "actuated"}
    assert {one.road_class for one in edges} == {"arterial", "collector", "local", "access", "expressway"}
    kinds = Counter(place.kind for place in network.places)
    assert kinds["gate"] >= 2
    assert kinds["plant"] == 2
    assert kinds["supplier"] >= 3
    assert {"housing", "metro", "test_site"} <= set(kinds)
    assert {"rsu", "camera", "radar"} <= {one.kind for one in network.roadside}
    assert len(network.stops) >= 8
    width, height = np.ptp(np.concatenate([one.shape for one in network.lanes]), axis=0)
    assert 5000 < width < 8000
    assert 6000 < height < 9000


def test_the_city_knows_both_planned_topologies() -> None:
    built, planned = city(False), city(True)
    assert "planned" not in {one.state for one in built.edges}
    router, names = Router(planned, CAR), Names(planned)
    a = router.path(names.edge["minzhu_west_5"], names.edge["branch_c_1"], via=(names.edge["anhua"],))
    b = router.path(names.edge["tanbu_3"], names.edge["-qinan_4"], via=(names.edge["-planned_road_1"],))
    assert a is not None
    assert b is not None
    named = {planned.edges[i].name.split()[-1] for i in (*a, *b)}
    assert {"Minhu", "Anhua"} <= named
    assert {"Qinan"} <= named
    assert planned.edges[names.edge["planned_road_1"]].lanes == (planned.edges[names.edge["planned_road_1"]].lanes[0],)


def test_nothing_of_the_built_city_moves_when_the_planned_roads_come() -> None:
    built, planned = city(False), city(True)
    here, there = Names(built).lane, Names(planned).lane
    far = [name for name in here if name.startswith(("hejin_1_", "yanjiang_6_", "branch_f_2", "qinan_1_"))]
    assert far
    for name in far:
        assert np.array_equal(built.lanes[here[name]].shape, planned.lanes[there[name]].shape)
