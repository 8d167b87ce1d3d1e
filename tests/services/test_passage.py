"""On a strip that both directions share nobody ever meets anybody head-on, and everybody gets over it."""

from __future__ import annotations

import dataclasses
import math
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from naive import Kept
from small_worlds import Listed

import sim
from sim.engine import environment
from sim.engine.recording import EVENT_KINDS
from sim.engine.simulation import Simulation
from sim.errors import NetworkError, ScenarioError
from sim.models.right_of_way.turns import FOLLOWS, Side, begins, stays
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Road
from sim.park.check import faults
from sim.park.names import Names
from sim.park.network import Network
from sim.park.passing import Passing
from sim.pilot import Clock, Equipment, Output, Pilot, Radio, Rules
from sim.services import passage, services
from sim.traffic.cards import CARDS

ROOT = Path(__file__).parents[2]
CONTROLS = ("courtesy", "priority", "signal", "request")
LIMIT = 20 / 3.6


def narrow(how: Passing, length: float, side_roads: bool) -> Network:
    """A road from west to east whose middle is shared; with side roads at both its ends, or without."""
    ends = {"west": -260.0, "w": 0.0, "e": length, "east": length + 260.0}
    nodes = [Node(name, x, 0.0, "priority" if name in "we" else "none", u_turn=False) for name, x in ends.items()]
    pairs = [("in", "west", "w"), ("out", "e", "east")]
    if side_roads:
        nodes += [Node("north", 0.0, 200.0, "none", u_turn=False), Node("south", length, -200.0, "none", u_turn=False)]
        pairs += [("up", "north", "w"), ("down", "south", "e")]
    at = {node.id: (node.x, node.y) for node in nodes}
    roads = [Road(name, a, b, np.array([at[a], at[b]]), 1, 1, 11.0, 3.25) for name, a, b in pairs]
    middle = Road("mid", "w", "e", np.array([at["w"], at["e"]]), 1, 1, LIMIT, 3.0, state="half_width", passing=how)
    return build(Draft("narrow", tuple(nodes), (*roads, middle), synthetic=True))


def ride(
    network: Network, wishes: list[tuple[Any, ...]], duration: float = math.inf, seed: int = 1
) -> tuple[Any, Kept]:
    """Run some wishes (name, time, from, to, card), watched each half second."""
    edges = Names(network).edge
    listed = Listed(tuple((name, time, edges[a], edges[b], CARDS[card]) for name, time, a, b, card in wishes))
    radio = {"radio": Radio("ideal"), "equip": Equipment({"robotaxi": 1.0})}
    clock = Clock(0.0, duration, 0.0, 0.1, seed)
    pilot = Pilot("narrow", network, listed, Rules(), clock, Output(0.5, 60.0), **radio)
    kept = Kept()
    run = Simulation(pilot, seed, kept, services())
    run.run()
    return run, kept


def meetings(network: Network, kept: Kept) -> list[tuple[float, str]]:
    """When and on which strip there were vehicles of both directions, counting bodies that hang back onto it."""
    found = []
    for sample in kept.samples:
        for one in network.passages:
            for pair in one.strips:
                lanes = [network.edges[edge].lanes[0] for edge in pair]
                if all((sample["lane"] == lane).any() for lane in lanes):
                    found.append((float(sample["time_s"][0]), network.edges[pair[0]].id))
    return found


def crowd(forward: int, backward: int, cards: list[str], gap: float, side_roads: bool) -> list[tuple[Any, ...]]:
    """Queues on both sides, who come every so many seconds."""
    into = [("in", "-in"), ("up", "-up")] if side_roads else [("in", "-in")]
    outof = [("out", "-out"), ("-down", "down")] if side_roads else [("out", "-out")]
    wishes = []
    for direction, count in enumerate((forward, backward)):
        for i in range(count):
            (a, home), (goal, start) = into[i % len(into)], outof[(i // 2) % len(outof)]
            ways = (a, goal) if direction == 0 else (start, home)
            wishes.append((f"{'fb'[direction]}{i}", gap * i, *ways, cards[(i + direction) % len(cards)]))
    return wishes


@settings(max_examples=12, deadline=None)
@given(
    control=st.sampled_from(CONTROLS),
    first=st.sampled_from(("forward", "backward")),
    bays=st.integers(0, 2),
    forward=st.integers(0, 25),
    backward=st.integers(0, 25),
    cards=st.lists(st.sampled_from(("human_car", "robotaxi", "truck", "bus", "car_carrier")), min_size=1, max_size=4),
    gap=st.sampled_from((0.5, 4.0, 15.0)),
    side_roads=st.booleans(),
    seed=st.integers(1, 1000),
)
@example("courtesy", "forward", 2, 25, 25, ["human_car"], 0.5, True, 1)
@example("signal", "forward", 0, 8, 5, ["human_car", "car_carrier", "human_car", "human_car"], 15.0, True, 208)
@example("request", "forward", 2, 25, 25, ["robotaxi", "car_carrier"], 0.5, True, 1)
def test_everybody_gets_over_it_and_nobody_meets_anybody(
    control: Any, first: Any, bays: int, forward: int, backward: int, cards: list[str], gap: float, side_roads: bool,
    seed: int,
) -> None:  # fmt: skip
    network = narrow(Passing(control, first=first, bays=bays), 220.0 + 150.0 * bays, side_roads)
    assert not faults(network)
    assert len(network.passages[0].strips) == bays + 1
    run, kept = ride(network, crowd(forward, backward, cards, gap, side_roads), seed=seed)
    assert meetings(network, kept) == []
    assert run.reasons == []
    assert not np.isnan(kept.trip["arrival_s"]).any()
    assert all((block["kind"] != EVENT_KINDS.index("collision")).all() for block in kept.happened)


@pytest.mark.parametrize("control", CONTROLS)
@pytest.mark.parametrize("few", ["f", "b"])
def test_one_against_a_queue_without_end_does_not_starve(control: Any, few: Literal["f", "b"]) -> None:
    """One vehicle against forty: it waits for a batch, a patience or a green time of theirs, and their clearing."""
    how = Passing(control)
    network = narrow(how, 220.0, False)
    counts = (1, 40) if few == "f" else (40, 1)
    wishes = [(n, t + 60.0 * (n == f"{few}0"), *w) for n, t, *w in crowd(*counts, ["human_car"], 2.0, False)]
    run, kept = ride(network, wishes)
    one = run.departures.ids.index(f"{few}0")
    waited = float(kept.trip["waiting_time_s"][one])
    clearing = 160.0 / LIMIT
    bound = {"courtesy": how.batch * FOLLOWS, "request": how.batch * FOLLOWS, "priority": how.patience, "signal": 20.0}
    assert waited <= bound[control] + 2.0 * clearing + 10.0


def test_radio_gets_one_through_without_a_stop() -> None:
    """Alone, an equipped vehicle is granted the way before it comes; two who come at once, one after the other."""
    network = narrow(Passing("request"), 260.0, False)
    run, kept = ride(network, [("f0", 0.0, "in", "out", "robotaxi"), ("b0", 60.0, "-out", "-in", "robotaxi")])
    assert run.reasons == []
    assert kept.trip["stops"].tolist() == [0.0, 0.0]


def test_turns_are_told_as_events() -> None:
    network = narrow(Passing("courtesy"), 220.0, False)
    _, kept = ride(network, crowd(1, 1, ["human_car"], 1.0, False))
    told = [
        (EVENT_KINDS[int(kind)], float(value))
        for block in kept.happened
        for kind, value in zip(block["kind"], block["value"], strict=True)
        if EVENT_KINDS[int(kind)].startswith("passage")
    ]
    assert told == [("passage_open", 0.0), ("passage_shut", 0.0), ("passage_open", 1.0)]


def test_whatever_the_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    network = narrow(Passing("courtesy", bays=1), 400.0, True)
    found = []
    for chunk in (100, 7):
        monkeypatch.setattr(environment, "CHUNK", chunk)
        _, kept = ride(network, crowd(6, 6, ["human_car", "truck"], 3.0, True), duration=400.0)
        found.append([x.tolist() for x in kept.trip.values()])
    assert str(found[0]) == str(found[1])


def test_nobody_sets_off_on_a_strip_nor_is_longer_than_a_bay() -> None:
    with pytest.raises(ScenarioError, match="sets off on mid, which both directions share"):
        ride(narrow(Passing("courtesy"), 220.0, False), [("f0", 0.0, "mid", "out", "human_car")])
    short = narrow(Passing("courtesy", bays=1, bay=16.0), 400.0, False)
    with pytest.raises(ScenarioError, match="too short for vehicles of"):
        ride(short, [("f0", 0.0, "in", "out", "car_carrier")])


def test_a_strip_that_cannot_be_overlooked_is_refused() -> None:
    with pytest.raises(NetworkError, match="longer than the 150 m that drivers see"):
        narrow(Passing("courtesy", bays=0), 400.0, False)
    assert len(narrow(Passing("courtesy"), 800.0, False).passages[0].strips) == 4
    with pytest.raises(NetworkError, match="too short to be shared"):
        narrow(Passing("signal"), 80.0, False)


NOBODY = Side(0, 0.0, math.inf, True)
FAR, THERE = Side(1, 0.0, 10.0, True), Side(3, 5.0, 0.0, True)


@pytest.mark.parametrize(
    ("control", "turn", "passed", "mine", "other", "keeps"),
    [
        ("courtesy", 0, 9, THERE, NOBODY, True),  # nobody wants in
        ("courtesy", 0, 5, THERE, THERE, True),
        ("courtesy", 0, 6, THERE, THERE, False),  # a batch is over
        ("courtesy", 0, 2, FAR, THERE, False),  # nobody follows
        ("courtesy", 0, 2, THERE._replace(able=False), THERE, False),  # no room behind
        ("courtesy", 0, 6, THERE, THERE._replace(able=False), True),
        ("priority", 0, 50, THERE, THERE, True),
        ("priority", 0, 50, THERE, THERE._replace(waited=60.0), False),  # patience is over
        ("priority", 1, 1, THERE, THERE, False),  # the other has priority
        ("priority", 1, 0, THERE, THERE, True),  # but was given the way just now
        ("signal", 0, 1, THERE, THERE, True),
    ],
)
def test_who_keeps_the_turn(control: Any, turn: int, passed: int, mine: Side, other: Side, keeps: bool) -> None:
    sides = (mine, other) if turn == 0 else (other, mine)
    assert stays(Passing(control), turn, 10.0, passed, sides) is keeps


def test_who_begins() -> None:
    assert begins(Passing("courtesy"), -1, (THERE, THERE._replace(waited=9.0))) == 1
    assert begins(Passing("courtesy"), 1, (THERE, THERE._replace(waited=9.0))) == 0
    assert begins(Passing("courtesy"), 0, (NOBODY, NOBODY)) == -1
    assert begins(Passing("priority"), 0, (THERE, THERE)) == 0
    assert begins(Passing("priority"), 0, (THERE, THERE._replace(waited=61.0))) == 1
    assert begins(Passing("signal", first="backward"), -1, (THERE, THERE)) == 1
    assert begins(Passing("signal"), 0, (THERE, NOBODY)) == 0
    assert stays(Passing("signal"), 0, 20.0, 0, (THERE, THERE)) is False
    assert stays(Passing("signal"), 0, 20.0, 0, (THERE, NOBODY)) is True  # it rests


def test_breaking_the_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """A strip that is given to a direction while the other is on it is told, and makes the run invalid."""
    monkeypatch.setattr(passage, "stays", lambda how, turn, since, passed, sides: since < 3.0)
    monkeypatch.setattr(passage._Strip, "_is_empty", lambda *told: True)
    network = narrow(Passing("request"), 260.0, False)
    run, kept = ride(network, crowd(8, 8, ["human_car"], 2.0, False), duration=300.0)
    assert any("head-on meeting on mid" in x for x in run.reasons)
    assert meetings(network, kept)


def test_operations_and_maps_know_passages() -> None:
    pilot = sim.load(ROOT / "scenarios" / "narrow_road.yaml")
    (found,) = pilot.park.passages
    assert found.id == "narrow"
    assert found.passing == Passing("courtesy")
    assert dataclasses.replace(found.passing, control="signal").green == 20.0
