"""What lights show: against time modulo cycle, and within the bounds of an actuated green."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from naive import fixed_letters
from small_worlds import Listed, grid, krauss, pilot, ways_in, ways_out

from sim.engine.build import build
from sim.kernel.advance import advance
from sim.park.network import Network
from sim.park.signal import Phase, Signal
from sim.pilot import Pilot
from sim.state.world import World

STEPS = 2500


def letters(world: World, signal: int) -> str:
    """What a signal shows now."""
    s = world.signals[signal]
    return bytes(world.loose.light[s.light : s.light + s.groups]).decode()


def signalled(**changes: object) -> Network:
    """One junction whose signal is changed."""
    network = grid(1, 1, ["signal"], [1])
    return replace(network, signals=tuple(replace(s, **changes) for s in network.signals))


def shown(made: Pilot, steps: int = STEPS) -> list[str]:
    """What the first signal shows in each step."""
    world = build(made, made.demand.departures(made.park, 1, made.clock.begin, made.clock.end), 1)
    found = []
    for step in range(steps):
        world.totals[0].records = 0
        advance(world, step + 1)
        found.append(letters(world, 0))
    return found


def spans(seen: list[str]) -> list[tuple[str, int]]:
    """Letters and for how many steps they were shown, the first and the last spell left out."""
    cuts = [0, *(i for i in range(1, len(seen)) if seen[i] != seen[i - 1]), len(seen)]
    return [(seen[a], b - a) for a, b in pairwise(cuts[1:-1])]


@pytest.mark.parametrize("offset", [0.0, 17.0, -40.0, 1000.3])
@pytest.mark.parametrize("begin", [0.0, 25200.0])
def test_fixed_programme_is_time_modulo_cycle(offset: float, begin: float) -> None:
    made = pilot(signalled(offset=offset), [], 300.0)
    made = replace(made, clock=replace(made.clock, begin=begin, end=begin + 300.0))
    signal = made.park.signals[0]
    assert signal.kind == "fixed"
    assert len(signal.phases) > 3
    assert shown(made) == fixed_letters(signal, begin, 0.1, range(STEPS))


def test_phases_follow_each_other_as_told() -> None:
    phases = (Phase("Gr", 5.0, 5.0, 5.0, (2,)), Phase("yy", 3.0, 3.0, 3.0, (0,)), Phase("rG", 4.0, 4.0, 4.0, (1,)))
    network = grid(1, 1, ["signal"], [1])
    signal = Signal("s", "fixed", "0", 0.0, tuple(replace(p, state=p.state[0] * 40) for p in phases))
    made = pilot(replace(network, signals=(signal,)), [], 300.0)
    assert [(x[0], n) for x, n in spans(shown(made, 400))][:4] == [("r", 40), ("y", 30), ("G", 50), ("r", 40)]


def actuated(vehicles: int) -> tuple[Signal, list[tuple[str, int]]]:
    """An actuated signal with so many vehicles from each side in two minutes; what it shows, and how long."""
    network = signalled(kind="actuated")
    signal = network.signals[0]
    phases = tuple(
        replace(p, minimum=5.0, maximum=30.0) if set(p.state) & {"G", "g"} and "y" not in p.state else p
        for p in signal.phases
    )
    network = replace(network, signals=(replace(signal, phases=phases),))
    wishes = [
        (f"v{i}.{k}", 120.0 * k / max(1, vehicles), edge, out, krauss())
        for i, edge in enumerate(ways_in(network))
        for k in range(vehicles)
        for out in [x for x in ways_out(network) if network.edges[x].end != network.edges[edge].start][:1]
    ]
    made = pilot(network, wishes, 300.0)
    assert isinstance(made.demand, Listed)
    return network.signals[0], spans(shown(made, 1500))


def greens(signal: Signal, seen: list[tuple[str, int]]) -> list[int]:
    """How long each extendable green was shown [steps]."""
    bounds = {p.state for p in signal.phases if p.maximum > p.minimum}
    return [steps for letters, steps in seen if letters in bounds]


def test_actuated_green_is_short_if_nobody_comes() -> None:
    signal, seen = actuated(0)
    assert greens(signal, seen)
    assert set(greens(signal, seen)) == {50}


def test_actuated_green_is_longer_with_traffic_but_no_longer_than_its_maximum() -> None:
    signal, seen = actuated(16)
    lengths = np.array(greens(signal, seen))
    assert lengths.max() > 80
    assert lengths.min() >= 50
    assert lengths.max() <= 301


def test_actuated_greens_last_whole_seconds_and_let_the_last_one_seen_through() -> None:
    signal, seen = actuated(16)
    lengths = greens(signal, seen)
    assert any(length > 50 for length in lengths)
    assert all(length % 10 == 0 for length in lengths), lengths


def test_a_detector_is_no_farther_away_than_the_queue_that_the_least_green_lets_go() -> None:
    network = signalled(kind="actuated")
    phases = tuple(
        replace(p, minimum=4.0, maximum=30.0) if set(p.state) & {"G", "g"} and "y" not in p.state else p
        for p in network.signals[0].phases
    )
    network = replace(network, signals=(replace(network.signals[0], phases=phases),))
    world = build(pilot(network, [], 10.0), Listed(()).departures(network, 1, 0.0, 10.0), 1)
    ways = [world.lanes[network.edges[i].lanes[0]] for i in ways_in(network)]
    assert [float(x.length - x.detector) for x in ways] == pytest.approx([(4.0 / 1.9 + 0.5) * 7.5] * 4)


def test_who_has_to_give_way_on_his_own_lane_does_not_extend_a_green() -> None:
    network = grid(1, 1, ["signal"], [2])
    way = network.edges[ways_in(network)[0]].lanes
    groups = {c.group: (c.source, c.direction) for c in network.connections if c.source in way}
    lanes = {group: way.index(lane) for group, (lane, _) in groups.items()}
    last = max(max(c.group for c in network.connections if c.signal == 0), *groups)
    left = [g for g, (_, direction) in groups.items() if direction in "lt"]
    found = []
    for letter in "Gg":
        state = "".join(("G" if g not in left else letter) if g in groups else "g" for g in range(last + 1))
        both = (Phase(state, 20.0, 5.0, 40.0), Phase("G" * (last + 1), 20.0, 20.0, 20.0))
        signal = replace(network.signals[0], kind="actuated", phases=both)
        made = pilot(replace(network, signals=(signal,)), [], 10.0)
        world = build(made, Listed(()).departures(network, 1, 0.0, 10.0), 1)
        row = world.phases[world.signals[0].first]
        found.append(set(world.loose.detectors[row.detector : row.detector_end].tolist()) & set(way))
    assert len(set(lanes.values())) == 2
    assert found[0] == set(way)
    assert found[1] == {way[0]}
