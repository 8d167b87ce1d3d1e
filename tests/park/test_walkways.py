"""Crossings for people on foot: where they lie, whom they cross, and lights that let people get over."""

from __future__ import annotations

import numpy as np
import pytest

from sim.errors import NetworkError
from sim.park import check
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Programme, Road
from sim.park.building.walking_lights import PACE, Foot, walked
from sim.park.network import Network
from sim.park.signal import Phase


def crossroads(control: str, programme: Programme | None = None, lanes: int = 2, crossings: str = "wens") -> Network:
    ends = {"w": (-200.0, 0.0), "e": (200.0, 0.0), "s": (0.0, -200.0), "n": (0.0, 200.0)}
    nodes = [Node("x", 0.0, 0.0, control, crossings=tuple(crossings), programme=programme or Programme())]
    roads = []
    for name, point in ends.items():
        nodes.append(Node(name, *point, "none", u_turn=False))
        roads.append(Road(name, name, "x", np.array([point, (0.0, 0.0)]), lanes, lanes, 13.9, 3.5))
    return build(Draft("x", tuple(nodes), tuple(roads), synthetic=True))


def groups(park: Network) -> dict[int, set[int]]:
    """Group of each crossing and those of the movements that cross it."""
    by_lane = {i: c for c in park.connections for i in c.via}
    found: dict[int, set[int]] = {}
    for conflict in park.conflicts:
        one, other = by_lane[conflict.lane], by_lane[conflict.foe]
        if park.edges[park.lanes[conflict.lane].edge].footway:
            found.setdefault(one.group, set()).add(other.group)
    return found


def test_strips_lie_across_the_arms_and_can_be_driven_and_walked() -> None:
    park = crossroads("priority")
    assert check.check(park) == []
    assert [x.id for x in park.walkways] == ["x.s", "x.e", "x.n", "x.w"]
    east = park.walkways[1]
    assert east.length == pytest.approx(14.0)
    shape = park.lanes[park.edges[east.from_left].lanes[0]].shape
    assert shape[-1][1] == pytest.approx(7.0), "the left kerb, seen from the junction, is the northern one"
    assert shape[0][1] == pytest.approx(15.0)


def test_a_crossing_meets_every_path_over_its_arm() -> None:
    park = crossroads("priority", lanes=1)
    for walkway in park.walkways:
        road = walkway.id.removeprefix("x.")
        lanes = {
            c.via[0] for c in park.connections if park.lanes[c.source].edge in (walkway.from_left, walkway.from_right)
        }
        met = {c.foe for c in park.conflicts if c.lane in lanes}
        over = {
            i
            for c in park.connections
            for i in c.via
            if road in (park.edges[park.lanes[c.source].edge].id, park.edges[park.lanes[c.target].edge].id.lstrip("-"))
            and not park.edges[park.lanes[c.source].edge].footway
        }
        assert {park.lanes[i].edge for i in met} <= {park.lanes[i].edge for i in over}
        assert len(met) >= 6, "three movements in, three out"


@pytest.mark.parametrize("left", ["protected", "permissive", "both"])
@pytest.mark.parametrize("kind", ["fixed", "actuated"])
@pytest.mark.parametrize("lanes", [1, 3])
def test_lights_never_let_people_and_those_who_bar_them_go_at_once(left: str, kind: str, lanes: int) -> None:
    programme = Programme(kind, left=left, cycle=120.0)  # type: ignore[arg-type]
    park = crossroads("signal", programme, lanes)
    assert check.check(park) == []
    signal = park.signals[0]
    straight = {c.group for c in park.connections if c.direction == "s"}
    for foot, crossed in groups(park).items():
        shown = [phase.state[foot] for phase in signal.phases]
        assert "G" in shown
        for phase in signal.phases:
            if phase.state[foot] == "G":
                assert not [i for i in crossed & straight if phase.state[i] in "GgyY"]
                assert not [i for i in crossed if phase.state[i] == "G"], "who turns gives way"
    assert all(phase.minimum > 0.0 and phase.maximum >= phase.minimum for phase in signal.phases)
    assert signal.phases[0].maximum < np.inf


def test_people_who_set_out_at_the_end_of_their_green_get_over() -> None:
    park = crossroads("signal", Programme(cycle=120.0), 3)
    signal = park.signals[0]
    clear = {
        c.group: x.length / PACE
        for x in park.walkways
        for c in park.connections
        if park.lanes[c.source].edge == x.from_left
    }
    straight = {c.group for c in park.connections if c.direction == "s"}
    for foot, crossed in groups(park).items():
        phases = [*signal.phases, *signal.phases]
        for i, phase in enumerate(signal.phases):
            if phase.state[foot] == "G" and phases[i + 1].state[foot] != "G":
                time = 0.0
                for later in phases[i + 1 :]:
                    if [x for x in crossed & straight if later.state[x] in "Gg"]:
                        break
                    time += later.duration
                assert time >= clear[foot] - 1e-9


def test_a_crossing_amid_a_road_gets_a_stage_of_its_own() -> None:
    nodes = (
        Node("x", 0.0, 0.0, "signal", u_turn=False, crossings=("a",), programme=Programme(cycle=60.0)),
        Node("l", -200.0, 0.0, "none", u_turn=False),
        Node("r", 200.0, 0.0, "none", u_turn=False),
    )
    shapes = np.array([[-200.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [200.0, 0.0]])
    roads = Road("a", "l", "x", shapes[0], 2, 2, 13.9, 3.5), Road("b", "x", "r", shapes[1], 2, 2, 13.9, 3.5)
    park = build(Draft("amid", nodes, roads, synthetic=True))
    assert check.check(park) == []
    assert sum(x.duration for x in park.signals[0].phases) == pytest.approx(60.0)
    walking = [x for x in park.signals[0].phases if x.state.endswith("G")]
    assert all(set(x.state[:-1]) == {"r"} for x in walking)


def test_phases_are_split_where_people_must_stop_by_hand() -> None:
    foot = Foot(frozenset({0}), frozenset(), frozenset({1}), 6.4)
    phases = [Phase("GG", 20.0, 20.0, 20.0), Phase("rG", 30.0, 30.0, 30.0), Phase("rr", 2.0, 2.0, 2.0)]
    found = walked(phases, [foot])
    assert [(x.state, x.duration) for x in found] == [("GGr", 20.0), ("rgG", 25.0), ("rgr", 5.0), ("rrr", 2.0)]
    actuated = [Phase("GG", 20.0, 8.0, 40.0), Phase("rG", 30.0, 10.0, 60.0)]
    split = walked(actuated, [foot])
    assert [(x.state, x.minimum, x.maximum) for x in split] == [
        ("GGr", 8.0, 40.0),
        ("rgG", 5.0, 5.0),
        ("rgr", 7.0, 55.0),
    ]


def test_a_road_too_short_for_its_crossing_is_told() -> None:
    nodes = (Node("x", 0.0, 0.0, crossings=("a",)), Node("l", -8.0, 0.0, "none", u_turn=False), Node("r", 200.0, 0.0))
    shapes = np.array([[-8.0, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [200.0, 0.0]])
    roads = Road("a", "l", "x", shapes[0], 1, 1, 13.9, 3.5), Road("b", "x", "r", shapes[1], 1, 1, 13.9, 3.5)
    with pytest.raises(NetworkError, match=r"8\.0 m long"):
        build(Draft("short", nodes, roads, synthetic=True))
