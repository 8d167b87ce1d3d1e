import math

import numpy as np
import pytest

from sim.park.classes import EVERY_CLASS, class_bits
from sim.park.network import Connection, Edge, Junction, Lane, Network
from sim.park.route import Router

CAR, BUS = class_bits(["passenger"]), class_bits(["bus"])


def diamond(fast_allowed: int = EVERY_CLASS, turn: int = EVERY_CLASS) -> Network:
    """0 -> 1 -> 3 (fast), 0 -> 2 -> 3 (slow); no way from 3 back. Edge 4 is internal and carries all connections."""
    nowhere = np.zeros((0, 2))
    shape = np.array([[0.0, 0.0], [100.0, 0.0]])
    junctions = (Junction("j", 0, 0, "none", nowhere),)
    edges = tuple(Edge(str(i), "", 0, 0, (i,), i == 4) for i in range(5))
    speeds, lengths = (10.0, 20.0, 10.0, 10.0, 5.0), (100.0, 100.0, 100.0, 100.0, 10.0)
    allowed = (EVERY_CLASS, fast_allowed, EVERY_CLASS, EVERY_CLASS, EVERY_CLASS)
    lanes = tuple(Lane(f"{i}_0", i, 0, lengths[i], speeds[i], 3.2, allowed[i], shape) for i in range(5))
    connections = (
        Connection(0, 1, (4,), 0, allowed=turn),
        Connection(0, 2, (4,), 0),
        Connection(1, 3, (4,), 0),
        Connection(2, 3, (4,), 0),
    )
    return Network("diamond", junctions, edges, lanes, connections, ())


def test_path_takes_the_quicker_way_and_times_it() -> None:
    router = Router(diamond(), CAR)
    path = router.path(0, 3)
    assert path is not None
    assert path.dtype == np.int32
    assert path.tolist() == [0, 1, 3]
    assert router.travel_time(path) == pytest.approx(10 + 2 + 5 + 2 + 10)


def test_same_edge_is_a_path_of_one_edge() -> None:
    path = Router(diamond(), CAR).path(2, 2)
    assert path is not None
    assert path.tolist() == [2]


def test_no_way_back_is_none() -> None:
    router = Router(diamond(), CAR)
    assert [router.path(0, target) is not None for target in range(5)] == [True, True, True, True, False]
    assert [router.path(3, target) is not None for target in range(5)] == [False, False, False, True, False]


@pytest.mark.parametrize("closed", ["lane", "turn"])
def test_forbidden_lanes_and_turns_are_avoided_by_that_class_only(closed: str) -> None:
    network = diamond(**{"fast_allowed" if closed == "lane" else "turn": BUS})
    car, bus = Router(network, CAR).path(0, 3), Router(network, BUS).path(0, 3)
    assert car is not None
    assert bus is not None
    assert car.tolist() == [0, 2, 3]
    assert bus.tolist() == [0, 1, 3]
    assert (Router(network, CAR).path(1, 3) is None) == (closed == "lane")


def test_via_is_passed_in_order() -> None:
    router = Router(diamond(), CAR)
    path = router.path(0, 3, via=(2,))
    assert path is not None
    assert path.tolist() == [0, 2, 3]
    assert router.path(0, 3, via=(2, 1)) is None


def test_live_travel_times_replace_free_ones() -> None:
    router = Router(diamond(), CAR)
    router.path(0, 3)
    times = router.free_times.copy()
    times[1] = 60.0
    router.update(times)
    path = router.path(0, 3)
    assert path is not None
    assert path.tolist() == [0, 2, 3]
    times[2] = math.inf
    router.update(times)
    back = router.path(0, 3)
    assert back is not None
    assert back.tolist() == [0, 1, 3]


def test_top_speed_limits_the_fast_way() -> None:
    slow = Router(diamond(), CAR, top_speed=5.0)
    path = slow.path(0, 1)
    assert path is not None
    assert slow.travel_time(path) == pytest.approx(20 + 2 + 20)


@pytest.mark.parametrize("bad", [np.ones(3), np.full(5, np.nan), np.full(5, -1.0)])
def test_impossible_travel_times_are_refused(bad: np.ndarray) -> None:
    with pytest.raises(ValueError, match="travel times"):
        Router(diamond(), CAR).update(bad)


def test_a_network_without_connections_has_only_trivial_paths() -> None:
    lone = diamond()
    router = Router(Network("lone", lone.junctions, lone.edges, lone.lanes, (), ()), CAR)
    assert router.path(0, 1) is None
    assert router.path(0, 0) is not None


def test_one_search_from_many_edges_finds_what_single_ones_find() -> None:
    together, alone = Router(diamond(), CAR), Router(diamond(), CAR)
    together.search([0, 1, 2, 0])
    for one in (0, 1, 2):
        for other in range(4):
            first, second = together.path(one, other), alone.path(one, other)
            assert (first is None) == (second is None)
            assert first is None or second is None or first.tolist() == second.tolist()
