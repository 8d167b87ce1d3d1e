import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.errors import Fault
from sim.park.check import cautions, check, faults
from sim.park.classes import class_bits
from sim.park.importers import read_map
from sim.park.network import Conflict, Connection, Crossing, Edge, Junction, Lane, Network
from sim.park.signal import Phase, Signal

NOWHERE = np.zeros((0, 2))


def lane(name: str, edge: int, length: float = 100.0, **other: Any) -> Lane:
    shape = np.array([[0.0, 0.0], [length, 0.0]])
    return dataclasses.replace(Lane(name, edge, 0, length, 10.0, 3.2, class_bits(["passenger"]), shape), **other)


def road() -> Network:
    """a -> b -> c over a signal at the middle junction, one internal lane; nothing wrong with it."""
    junctions = tuple(Junction(name, 0, 0, "none", NOWHERE) for name in ("west", "middle", "east"))
    edges = (
        Edge("a", "", 0, 1, (0,), False),
        Edge("b", "", 1, 2, (1,), False),
        Edge(":m", "", 1, 1, (2, 3), True),
    )
    lanes = (lane("a_0", 0), lane("b_0", 1), lane(":m_0", 2, 8.0), lane(":m_1", 2, 9.0))
    conflict = Conflict(2, 3, Crossing.CROSS, 1.0, 4.0, 2.0, 5.0, True)
    phases = (Phase("G", 30, 30, 30), Phase("y", 3, 3, 3), Phase("r", 20, 20, 20))
    connection = Connection(0, 1, (2,), 1, signal=0, group=0)
    return Network("road", junctions, edges, lanes, (connection,), (conflict,), (Signal("s", "fixed", "0", 0, phases),))


def with_lane(rank: int, **change: Any) -> Network:
    network = road()
    lanes = list(network.lanes)
    lanes[rank] = dataclasses.replace(lanes[rank], **change)
    return dataclasses.replace(network, lanes=tuple(lanes))


def with_phase(**change: Any) -> Network:
    network = road()
    phases = (dataclasses.replace(network.signals[0].phases[0], **change), *network.signals[0].phases[1:])
    return dataclasses.replace(network, signals=(dataclasses.replace(network.signals[0], phases=phases),))


def with_conflict(**change: Any) -> Network:
    network = road()
    return dataclasses.replace(network, conflicts=(dataclasses.replace(network.conflicts[0], **change),))


def with_connection(**change: Any) -> Network:
    network = road()
    return dataclasses.replace(network, connections=(dataclasses.replace(network.connections[0], **change),))


def only(found: list[Fault], where: str, what: str) -> None:
    assert [fault for fault in found if fault.where == where and what in fault.what], found


def test_a_good_network_has_nothing_wrong() -> None:
    assert check(road()) == []


@pytest.mark.parametrize(
    ("network", "where", "what"),
    [
        (with_lane(0, length=0.0), "lane a_0", "length"),
        (with_lane(0, length=-3.0), "lane a_0", "length"),
        (with_lane(0, length=math.inf), "lane a_0", "length"),
        (with_lane(0, speed=0.0), "lane a_0", "speed"),
        (with_lane(0, speed=math.nan), "lane a_0", "speed"),
        (with_lane(0, speed=200.0), "lane a_0", "speed"),
        (with_lane(0, width=-1.0), "lane a_0", "width"),
        (with_lane(0, shape=np.zeros((1, 2))), "lane a_0", "point"),
        (with_lane(0, shape=np.zeros((2, 2))), "lane a_0", "zero length"),
        (with_lane(0, shape=np.array([[0.0, math.nan], [1.0, 1.0]])), "lane a_0", "finite"),
        (with_lane(0, edge=7), "lane a_0", "edge number 7"),
        (with_phase(duration=0.0), "signal s, phase 0", "duration"),
        (with_phase(minimum=math.nan), "signal s, phase 0", "minimum"),
        (with_phase(minimum=40.0), "signal s, phase 0", "above maximum"),
        (with_phase(state=""), "signal s, phase 0", "letters"),
        (with_phase(state="x"), "signal s, phase 0", "unknown letters x"),
        (with_phase(following=(9,)), "signal s, phase 0", "next phases"),
        (with_conflict(end=8.5), "conflict of lanes :m_0 and :m_1", "on :m_0"),
        (with_conflict(foe_begin=6.0), "conflict of lanes :m_0 and :m_1", "on :m_1"),
        (with_conflict(foe=0), "conflict of lanes :m_0 and a_0", "not internal"),
        (with_connection(via=()), "connection a_0 to b_0", "no internal lane"),
        (with_connection(target=3), "connection a_0 to :m_1", "internal"),
        (with_connection(group=-1), "connection a_0 to b_0", "no place"),
        (with_connection(signal=4), "connection 0", "signal number 4"),
    ],
)
def test_each_fault_is_told_by_id(network: Network, where: str, what: str) -> None:
    only(faults(network), where, what)
    only(check(network), where, what)


def test_all_faults_come_at_once() -> None:
    network = with_lane(0, length=-1.0, speed=-1.0)
    network = dataclasses.replace(network, signals=with_phase(duration=-1.0).signals)
    assert len(faults(network)) == 3
    assert len(check(dataclasses.replace(network, connections=()))) == 5


@pytest.mark.parametrize("kind", ["edges", "lanes", "junctions"])
def test_ids_must_differ(kind: str) -> None:
    things = getattr(road(), kind)
    change: dict[str, Any] = {kind: (dataclasses.replace(things[0], id=things[1].id), *things[1:])}
    network = dataclasses.replace(road(), **change)
    only(faults(network), f"{kind.removesuffix('s')} {things[1].id}", "twice")


def loop_and_more(more: Callable[[Network], Network] = lambda network: network) -> Network:
    """Edges a: 0 -> 1 and b: 1 -> 0 in a loop, and c: 2 -> 1 that ends there; junction 2 is the border."""
    network = road()
    edges = (
        Edge("a", "", 0, 1, (0,), False),
        Edge("b", "", 1, 0, (1,), False),
        Edge(":m", "", 1, 1, (2,), True),
        Edge("c", "", 2, 1, (3,), False),
    )
    lanes = (lane("a_0", 0), lane("b_0", 1), lane(":m_0", 2, 8.0), lane("c_0", 3))
    connections = (Connection(0, 1, (2,), 1), Connection(1, 0, (2,), 0))
    return more(dataclasses.replace(network, edges=edges, lanes=lanes, connections=connections, conflicts=()))


def test_an_edge_with_no_way_on_is_a_caution() -> None:
    network = loop_and_more()
    assert faults(network) == []
    only(cautions(network), "edge c", "none of its lanes leads on")


def test_an_edge_nobody_can_reach_is_a_caution() -> None:
    def turned(network: Network) -> Network:
        edges = (*network.edges[:3], dataclasses.replace(network.edges[3], start=1, end=2))
        return dataclasses.replace(network, edges=edges)

    network = loop_and_more(turned)
    assert faults(network) == []
    assert [fault.where for fault in cautions(network)] == ["edge c"]
    only(cautions(network), "edge c", "cannot be reached")


def test_a_movement_without_green_is_a_caution() -> None:
    network = with_phase(state="r")
    assert faults(network) == []
    only(cautions(network), "signal s", "connection a_0 to b_0 never gets green")


def test_a_lane_much_longer_than_drawn_is_a_caution() -> None:
    network = with_lane(0, length=300.0)
    assert faults(network) == []
    only(cautions(network), "lane a_0", "300.0 m")


REAL = sorted((Path(__file__).parents[3] / "shared" / "nets").glob("*/*.net.xml*"))


@pytest.mark.skipif(not REAL, reason="real networks are not here")
def test_real_networks_can_be_driven() -> None:
    assert {path.name: faults(read_map(path)) for path in REAL} == {path.name: [] for path in REAL}
