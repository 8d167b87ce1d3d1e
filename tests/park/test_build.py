import dataclasses
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import NetworkError
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Programme, Road, Stage
from sim.park.building.paths import SIDEWAYS, pieces, turning_speed
from sim.park.check import check, faults
from sim.park.classes import class_bits
from sim.park.geometry import length_of
from sim.park.names import Names
from sim.park.network import Connection, Crossing, Edge, Lane, Network

ARMS = {"w": (-200.0, 0.0), "e": (200.0, 0.0), "n": (0.0, 200.0), "s": (0.0, -200.0)}
BUS = class_bits(["bus"])


def road(name: str, start: str, end: str, shape: list[tuple[float, float]], **other: Any) -> Road:
    made = Road(name, start, end, np.array(shape), 1, 1, 10.0, 3.5)
    return dataclasses.replace(made, **other)


def crossing(control: str = "priority", arms: str = "wens", node: dict[str, Any] | None = None, **roads: Any) -> Draft:
    """Arms that all lead to a node in the middle; `w={...}` changes the western one."""
    middle = dataclasses.replace(Node("j", 0.0, 0.0, control), **(node or {}))
    ends = tuple(Node(arm, *ARMS[arm], "none", u_turn=False) for arm in arms)
    every = tuple(road(f"{arm}r", arm, "j", [ARMS[arm], (0.0, 0.0)], **roads.get(arm, {})) for arm in arms)
    return Draft("crossing", (middle, *ends), every)


def row(counts: list[tuple[int, int]], control: str = "priority") -> Draft:
    """Roads one behind the other, to the east, with (forward, backward) lanes."""
    nodes = tuple(Node(f"n{i}", 200.0 * i, 0.0, control, u_turn=False) for i in range(len(counts) + 1))
    roads = tuple(
        road(f"r{i}", f"n{i}", f"n{i + 1}", [(200.0 * i, 0.0), (200.0 * (i + 1), 0.0)], forward=f, backward=b)
        for i, (f, b) in enumerate(counts)
    )
    return Draft("row", nodes, roads)


def lane(network: Network, name: str) -> Lane:
    return network.lanes[Names(network).lane[name]]


def edge(network: Network, name: str) -> Edge:
    return network.edges[Names(network).edge[name]]


def ways(network: Network, source: str) -> dict[str, list[tuple[int, int]]]:
    """Direction letter -> (lane, goal) of all ways from an edge."""
    found: dict[str, list[tuple[int, int]]] = {}
    for one in network.connections:
        here, there = network.lanes[one.source], network.lanes[one.target]
        if network.edges[here.edge].id == source:
            found.setdefault(one.direction, []).append((here.index, there.index))
    return found


def way(network: Network, source: str, direction: str, index: int | None = None) -> Connection:
    for one in network.connections:
        here = network.lanes[one.source]
        if network.edges[here.edge].id == source and one.direction == direction and index in (None, here.index):
            return one
    raise AssertionError((source, direction))


def gives_way(network: Network, one: Connection, other: Connection) -> bool | None:
    """Whether users of `one` yield to those of `other`; None if they do not meet."""
    told = {c.yields for c in network.conflicts if c.lane in one.via and c.foe in other.via}
    assert len(told) <= 1
    return told.pop() if told else None


def joined(network: Network) -> None:
    """Every way over a junction begins where its lane ends and ends where the next one begins."""
    for one in network.connections:
        chain = [network.lanes[i].shape for i in (one.source, *one.via, one.target)]
        for before, after in pairwise(chain):
            assert np.allclose(before[-1], after[0], atol=1e-6)


# ------------------------------------------------------------------------------------------------ lanes


def test_lanes_lie_on_the_right_with_the_kerb_outside() -> None:
    network = build(row([(2, 1)]))
    assert lane(network, "r0_0").shape[0, 1] == pytest.approx(-5.25)
    assert lane(network, "r0_1").shape[0, 1] == pytest.approx(-1.75)
    assert lane(network, "-r0_0").shape[0].tolist() == pytest.approx([200.0, 1.75])
    assert lane(network, "r0_0").length == pytest.approx(length_of(lane(network, "r0_0").shape))


def test_driving_on_the_left_is_the_mirror_image() -> None:
    right = build(crossing(w={"forward": 2, "backward": 2}))
    left = build(dataclasses.replace(crossing(w={"forward": 2, "backward": 2}), left_hand=True))
    assert lane(left, "wr_0").shape[0, 1] == pytest.approx(-lane(right, "wr_0").shape[0, 1])
    assert ways(left, "wr")["l"] == [(0, 0)]  # now the short turn from the kerb
    assert ways(right, "wr")["r"] == [(0, 0)]
    joined(left)


def test_a_median_and_one_way_roads() -> None:
    draft = row([(1, 1), (2, 0)])
    with_median = dataclasses.replace(draft.roads[0], median=4.0)
    network = build(dataclasses.replace(draft, roads=(with_median, draft.roads[1])))
    assert lane(network, "r0_0").shape[0, 1] == pytest.approx(-3.75)
    assert [lane(network, f"r1_{i}").shape[-1, 1] for i in (0, 1)] == pytest.approx([-1.75, 1.75])
    assert "-r1" not in Names(network).edge


def test_a_bus_lane_admits_buses_only_and_cars_turn_right_across_it() -> None:
    network = build(crossing(w={"forward": 2, "backward": 2, "bus_lane": True}))
    bus, cars = lane(network, "wr_0"), lane(network, "wr_1")
    assert bus.allowed & BUS
    assert not bus.allowed & class_bits(["passenger"])
    assert cars.allowed & class_bits(["passenger"])
    assert sorted(ways(network, "wr")["r"]) == [(0, 0), (1, 0)]
    assert gives_way(network, way(network, "wr", "r", 1), way(network, "wr", "s", 0)) is True
    assert gives_way(network, way(network, "wr", "s", 0), way(network, "wr", "r", 1)) is False


def test_roads_too_short_for_their_junctions_are_all_told() -> None:
    draft = row([(1, 1), (1, 1)])
    short = tuple(dataclasses.replace(one, shape=one.shape * (0.02, 1.0)) for one in draft.roads)
    nodes = tuple(dataclasses.replace(node, x=node.x * 0.02) for node in draft.nodes)
    with pytest.raises(NetworkError) as told:
        build(dataclasses.replace(draft, nodes=nodes, roads=short))
    assert [fault.where for fault in told.value.faults] == ["road r0", "road r1"]


# ------------------------------------------------------------------------------------------------ movements


def test_three_lanes_set_one_apart_for_left_turns() -> None:
    network = build(crossing(w={"forward": 3, "backward": 3}, e={"forward": 3, "backward": 3}))
    assert ways(network, "wr") == {"r": [(0, 0)], "s": [(0, 0), (1, 1)], "l": [(2, 0)]}


def test_four_lanes_keep_what_goes_on_along_the_middle() -> None:
    network = build(crossing(w={"forward": 4, "backward": 4}, e={"forward": 4, "backward": 4}))
    assert ways(network, "wr") == {"r": [(0, 0)], "s": [(0, 0), (1, 1), (2, 2)], "l": [(3, 0)]}
    network = build(crossing(w={"forward": 4, "backward": 4}, e={"forward": 2, "backward": 2}))
    assert ways(network, "wr") == {"r": [(0, 0)], "s": [(1, 0), (2, 1)], "l": [(3, 0)]}
    network = build(crossing(w={"forward": 2, "backward": 2}, e={"forward": 4, "backward": 4}))
    assert ways(network, "wr") == {"r": [(0, 0)], "s": [(0, 2), (1, 3)], "l": [(1, 0)]}


def test_lanes_that_find_no_room_ahead_become_turning_lanes() -> None:
    network = build(crossing(w={"forward": 2, "backward": 2}))
    assert ways(network, "wr") == {"r": [(0, 0)], "s": [(0, 0)], "l": [(1, 0)]}


def test_two_lanes_at_a_road_s_end_part_to_both_sides() -> None:
    network = build(crossing(arms="wns", w={"forward": 2, "backward": 2}))
    assert ways(network, "wr") == {"r": [(0, 0)], "l": [(1, 0)]}


def test_turning_round_only_at_dead_ends_or_where_allowed() -> None:
    assert "t" not in ways(build(crossing()), "wr")
    assert ways(build(crossing(node={"u_turn": True})), "wr")["t"] == [(0, 0)]
    dead_end = build(Draft("d", (Node("a", 0, 0), Node("b", 100, 0)), (road("r", "a", "b", [(0, 0), (100, 0)]),)))
    assert ways(dead_end, "r") == {"t": [(0, 0)]}
    assert dead_end.junctions[0].control == "dead_end"
    joined(dead_end)


def test_a_lane_that_ends_joins_the_next_one_by_turns() -> None:
    network = build(row([(3, 2), (2, 2)]))
    assert sorted(ways(network, "r0")["s"]) == [(0, 0), (1, 0), (2, 1)]
    zipper = [way(network, "r0", "s", i) for i in (0, 1)]
    assert [one.rule for one in zipper] == ["Z", "Z"]
    assert gives_way(network, zipper[0], zipper[1]) is True
    assert gives_way(network, zipper[1], zipper[0]) is True
    assert way(network, "r0", "s", 2).rule == "M"


def test_a_new_lane_opens_at_the_kerb() -> None:
    network = build(row([(1, 1), (2, 2)]))
    assert sorted(ways(network, "r0")["s"]) == [(0, 0), (0, 1)]


def test_a_ramp_with_a_lane_of_its_own_meets_nobody() -> None:
    nodes = (Node("m", 0, 0), Node("a", -300, 0, u_turn=False), Node("b", -250, -150, u_turn=False))
    out = Node("z", 300, 0, u_turn=False)
    roads = (
        road("main", "a", "m", [(-300, 0), (0, 0)], forward=2, backward=0, road_class="expressway"),
        road("ramp", "b", "m", [(-250, -150), (0, 0)], backward=0),
        road("out", "m", "z", [(0, 0), (300, 0)], forward=3, backward=0, road_class="expressway"),
    )
    network = build(Draft("ramp", (*nodes, out), roads))
    assert ways(network, "ramp")["s"] == [(0, 0)]
    assert ways(network, "main")["s"] == [(0, 1), (1, 2)]
    assert network.conflicts == ()
    narrow = dataclasses.replace(roads[2], forward=2)
    network = build(Draft("ramp", (*nodes, out), (*roads[:2], narrow)))
    assert gives_way(network, way(network, "ramp", "s"), way(network, "main", "s", 0)) is True
    assert way(network, "main", "s", 0).rule == "M"


# ------------------------------------------------------------------------------------------------ right of way


def test_the_greater_road_has_the_way_and_left_turns_wait_for_those_coming() -> None:
    network = build(crossing(w={"road_class": "collector"}, e={"road_class": "collector"}))
    straight, left, minor = way(network, "wr", "s"), way(network, "wr", "l"), way(network, "sr", "s")
    assert [straight.rule, left.rule, minor.rule] == ["M", "m", "m"]
    assert gives_way(network, minor, straight) is True
    assert gives_way(network, straight, minor) is False
    assert gives_way(network, left, way(network, "er", "s")) is True
    assert gives_way(network, left, minor) is False
    assert gives_way(network, left, way(network, "er", "r")) is True  # both into one lane: the shorter turn first
    assert gives_way(network, straight, way(network, "er", "s")) is None


def test_the_straight_road_of_a_branching_has_the_way() -> None:
    network = build(crossing(arms="wes"))
    assert way(network, "wr", "s").rule == "M"
    assert {way(network, "sr", "l").rule, way(network, "sr", "r").rule} == {"m"}


def test_the_map_may_name_the_main_roads() -> None:
    network = build(crossing(node={"main": ("wr", "sr")}))
    assert gives_way(network, way(network, "er", "s"), way(network, "wr", "s")) in (True, None)
    assert gives_way(network, way(network, "er", "s"), way(network, "sr", "s")) is True
    assert gives_way(network, way(network, "wr", "r"), way(network, "er", "l")) is False


@pytest.mark.parametrize(
    ("control", "major", "minor"),
    [("yield", "M", "m"), ("stop", "M", "s"), ("all_way_stop", "w", "w"), ("right_before_left", "=", "=")],
)
def test_letters_of_each_control(control: str, major: str, minor: str) -> None:
    great = {"road_class": "collector"}
    network = build(crossing(control, w=great, e=great))
    assert way(network, "wr", "s").rule == major
    assert way(network, "sr", "s").rule == minor


def test_right_before_left() -> None:
    network = build(crossing("right_before_left"))
    east_bound, from_south, from_north = way(network, "wr", "s"), way(network, "sr", "s"), way(network, "nr", "s")
    assert gives_way(network, east_bound, from_south) is True
    assert gives_way(network, from_south, east_bound) is False
    assert gives_way(network, east_bound, from_north) is False
    assert gives_way(network, way(network, "wr", "l"), way(network, "er", "s")) is True


def test_at_an_all_way_stop_everybody_yields_to_everybody() -> None:
    network = build(crossing("all_way_stop"))
    assert all(one.yields for one in network.conflicts if one.kind != Crossing.DIVERGE)


def test_a_left_turn_waits_inside_before_the_opposing_stream() -> None:
    network = build(crossing("signal", w={"forward": 2, "backward": 2}, e={"forward": 2, "backward": 2}))
    left = way(network, "wr", "l")
    assert len(left.via) == 2
    opposing = {i for one in network.connections if one.direction in "sr" for i in one.via if one.source != left.source}
    opposing &= {i for index in (0, 1) for i in way(network, "er", "s", index).via}
    assert opposing
    before = [c for c in network.conflicts if c.lane == left.via[0] and c.foe in opposing]
    after = [c for c in network.conflicts if c.lane == left.via[1] and c.foe in opposing]
    assert before == []
    assert after
    assert all(c.yields and c.begin > 0.0 for c in after)


# ------------------------------------------------------------------------------------------------ signals

WIDE = {"forward": 3, "backward": 3}


def never_both_green(network: Network) -> None:
    """No two movements that cross have unconditional green together."""
    group = {i: one.group for one in network.connections for i in one.via}
    for signal in network.signals:
        for phase in signal.phases:
            for one in network.conflicts:
                if one.kind != Crossing.DIVERGE:
                    assert (phase.state[group[one.lane]], phase.state[group[one.foe]]) != ("G", "G"), phase


def test_a_default_programme_protects_left_turns_that_have_their_lane() -> None:
    network = build(crossing("signal", w=WIDE, e=WIDE, node={"programme": Programme(cycle=90.0)}))
    signal = network.signals[0]
    assert math.fsum(phase.duration for phase in signal.phases) == pytest.approx(90.0)
    lefts = way(network, "wr", "l").group, way(network, "er", "l").group
    straight = way(network, "wr", "s").group
    assert {phase.state[straight] for phase in signal.phases if "G" in {phase.state[i] for i in lefts}} == {"r"}
    assert "g" not in {phase.state[i] for phase in signal.phases for i in lefts}
    assert "g" in {phase.state[way(network, "sr", "l").group] for phase in signal.phases}
    never_both_green(network)


def test_each_green_ends_by_yellow_and_each_change_by_all_red() -> None:
    phases = build(crossing("signal", w=WIDE, e=WIDE)).signals[0].phases
    for group in range(len(phases[0].state)):
        shown = [phase.state[group] for phase in phases]
        for now, following in zip(shown, shown[1:] + shown[:1], strict=True):
            assert (now, following) not in {("G", "r"), ("g", "r"), ("y", "G"), ("y", "g"), ("r", "y")}
    assert {phase.duration for phase in phases if "y" in phase.state} == {3.0}


def test_permissive_left_turns_go_with_their_stream_and_right_turns_at_red_after_a_stop() -> None:
    programme = Programme(left="permissive", right_on_red=True, offset=7.0)
    network = build(crossing("signal", w=WIDE, e=WIDE, node={"programme": programme}))
    signal = network.signals[0]
    assert signal.offset == 7.0
    greens = [phase for phase in signal.phases if "G" in phase.state]
    assert len(greens) == 2
    assert greens[0].state[way(network, "wr", "l").group] == "g"
    assert greens[1].state[way(network, "wr", "r").group] == "s"


def test_an_actuated_programme_has_room_for_its_greens() -> None:
    network = build(crossing("signal", w=WIDE, e=WIDE, node={"programme": Programme("actuated")}))
    assert network.signals[0].kind == "actuated"
    for phase in network.signals[0].phases:
        green = {"G", "g"} & set(phase.state) and "y" not in phase.state
        assert phase.minimum <= phase.duration <= phase.maximum
        assert (phase.minimum < phase.maximum) == bool(green and phase.duration > 3.0)


def test_stages_of_the_map_are_obeyed_and_faults_told() -> None:
    wanted = (({"wr": "srl"}, 20.0), ({"er": "srl", "nr": "r"}, 30.0), ({"nr": "srl", "sr": "srl"}, 10.0))
    stages = tuple(Stage(green, duration, math.nan, math.nan) for green, duration in wanted)
    network = build(crossing("signal", node={"programme": Programme(stages=stages)}))
    greens = [phase for phase in network.signals[0].phases if phase.duration >= 10.0]
    assert [phase.duration for phase in greens] == [20.0, 30.0, 10.0]
    assert greens[0].state[way(network, "wr", "l").group] == "G"
    assert greens[1].state[way(network, "nr", "r").group] in "gG"
    assert check(network) == []
    wrong = Programme(
        stages=(Stage({"xr": "s"}, 20.0, math.nan, math.nan), Stage({"wr": "t"}, 9.0, math.nan, math.nan))
    )
    with pytest.raises(NetworkError) as told:
        build(crossing("signal", node={"programme": wrong}))
    assert ["xr" in told.value.faults[0].what, "direction t" in told.value.faults[1].what] == [True, True]
    with pytest.raises(NetworkError, match="longer cycle"):
        build(crossing("signal", node={"programme": Programme(cycle=10.0)}))


# ------------------------------------------------------------------------------------------------ roundabouts


@pytest.mark.parametrize("lanes", [1, 2])
def test_a_roundabout_is_a_ring_that_has_the_way(lanes: int) -> None:
    both = {"forward": lanes, "backward": lanes}
    draft = crossing("roundabout", w=both, e=both, n=both, s=both, node={"radius": 30.0, "ring_lanes": lanes})
    network = build(draft)
    ring = [one for one in network.edges if one.roundabout]
    assert len(ring) == 4
    for one in network.connections:
        here, there = (network.edges[network.lanes[i].edge] for i in (one.source, one.target))
        if there.roundabout and not here.roundabout:
            assert one.rule == "m"
        if here.roundabout and there.roundabout:
            assert one.rule == "M"
    turns = {cross(network, one) for one in ring}
    assert turns == {1.0}  # counter-clockwise
    assert check(network) == []
    joined(network)


def cross(network: Network, one: Edge) -> float:
    """Sign of the turn of an edge about the origin."""
    first, last = network.lanes[one.lanes[0]].shape[[0, -1]]
    return float(np.sign(first[0] * last[1] - first[1] * last[0]))


def test_a_roundabout_needs_roads_that_reach_it() -> None:
    with pytest.raises(NetworkError, match="inside the ring"):
        build(crossing("roundabout", node={"radius": 199.9 + 10}))
    with pytest.raises(NetworkError, match="at least two"):
        build(crossing("roundabout", arms="w"))


# ------------------------------------------------------------------------------------------------ paths


def test_curves_are_driven_as_fast_as_sideways_acceleration_allows() -> None:
    assert turning_speed(40.0) == pytest.approx(math.sqrt(SIDEWAYS * 40.0))
    network = build(crossing())
    right, straight = way(network, "wr", "r"), way(network, "wr", "s")
    speed, length = network.lanes[right.via[0]].speed, network.lanes[right.via[0]].length
    assert speed == pytest.approx(math.sqrt(SIDEWAYS * length / (math.pi / 2)), rel=0.1)
    assert network.lanes[straight.via[0]].speed == 10.0


def test_pieces_keep_the_length() -> None:
    path = np.array([[0.0, 0.0], [3.0, 4.0], [3.0, 10.0]])
    parts = pieces(path, [2.0, 7.0])
    assert [length_of(part) for part in parts] == pytest.approx([2.0, 5.0, 4.0])
    assert np.allclose(parts[0][-1], parts[1][0])


CONTROLS = ["priority", "yield", "stop", "all_way_stop", "right_before_left", "signal", "zipper", "none"]


@st.composite
def stars(draw: st.DrawFn) -> Draft:
    """Junctions of two to five roads in any directions that are not too near, of any lanes and classes."""
    count = draw(st.integers(2, 5))
    shares = [draw(st.floats(0.0, 1.0)) for _ in range(count)]
    spare = 2.0 * math.pi - count * math.radians(40.0)
    steps = [math.radians(40.0) + spare * share / (sum(shares) or 1.0) for share in shares]
    nodes = [Node("j", 0.0, 0.0, draw(st.sampled_from(CONTROLS)), u_turn=draw(st.sampled_from([None, True])))]
    roads = []
    for i in range(count):
        angle = sum(steps[:i])
        far = (250.0 * math.cos(angle), 250.0 * math.sin(angle))
        nodes.append(Node(f"e{i}", *far, "none"))
        forward, backward = draw(st.integers(1, 4)), draw(st.integers(1, 4))
        kind = draw(st.sampled_from(["arterial", "collector", "local", "access"]))
        shape = [far, (0.0, 0.0)]
        bus = draw(st.booleans())
        made = road(f"r{i}", f"e{i}", "j", shape, forward=forward, backward=backward, road_class=kind, bus_lane=bus)
        roads.append(made)
    return Draft("star", tuple(nodes), tuple(roads))


@settings(max_examples=60, deadline=None)
@given(stars())
def test_any_junction_can_be_driven(draft: Draft) -> None:
    network = build(draft)
    assert faults(network) == []
    assert check(network) == []
    joined(network)
    told = {(one.lane, one.foe): one for one in network.conflicts}
    assert len(told) == len(network.conflicts)
    for one in network.conflicts:
        other = told[one.foe, one.lane]
        assert (other.begin, other.end, other.kind) == (one.foe_begin, one.foe_end, one.kind)
        if one.kind != Crossing.DIVERGE:
            assert one.yields or other.yields
        else:
            assert not one.yields
    leading = {network.lanes[one.source].edge for one in network.connections}
    assert leading == {i for i, one in enumerate(network.edges) if not one.internal}
    never_both_green(network)
