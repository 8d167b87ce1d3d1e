"""Dual ring signals: barriers are passed together, greens last from minimum to maximum, or in step with a cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from naive import Kept
from small_worlds import grid, krauss, pilot, ways_in

from sim.engine.simulation import Simulation
from sim.park.rings import RingPhase, Rings, merged
from sim.park.signal import Phase, Signal
from sim.services import rings

NETWORK = grid(1, 1, ["signal"], [1])
ARMS = sorted({NETWORK.edges[NETWORK.lanes[c.source].edge].id for c in NETWORK.connections})
WIDTH = len(NETWORK.signals[0].phases[0].state)
#: Of each of four phases: minimum, maximum, extension, yellow, red [s]; each lets one arm go.
TIMES = {
    1: (5.0, 20.0, 2.0, 3.0, 1.0),
    2: (8.0, 30.0, 3.0, 3.0, 2.0),
    3: (6.0, 15.0, 2.0, 4.0, 1.0),
    4: (4.0, 19.0, 2.0, 3.0, 3.0),
}


def state(arm: int) -> str:
    """Green for all who come from an arm."""
    green = {c.group for c in NETWORK.connections if NETWORK.edges[NETWORK.lanes[c.source].edge].id == ARMS[arm]}
    return "".join("G" if group in green else "r" for group in range(WIDTH))


def signal(offset: float = 0.0, called: str = "1234", whole: str = "", **step: object) -> Signal:
    """Phases 1 and 3 in the first ring, 2 and 4 in the second; a barrier behind 1 and 2, one behind 3 and 4."""
    phases = tuple(
        RingPhase(number, state(number - 1), *TIMES[number], str(number) in called, str(number) in whole)
        for number in TIMES
    )
    told = Rings(phases, (((0,), (2,)), ((1,), (3,))), (), 60.0, False, False, 20.0, 10.0)
    shown = tuple(Phase(x.state, x.maximum, x.minimum, x.maximum) for x in phases)
    return Signal("s", "rings", "0", offset, shown, rings=replace(told, **step))  # type: ignore[arg-type]


def greens(told: Signal, duration: float = 200.0, cars: int = 0, arm: int = 0) -> dict[int, list[tuple[float, float]]]:
    """Of each phase: when its greens began and how long they lasted; cars come from an arm."""
    network = replace(NETWORK, signals=(told,))
    start = next(i for i in ways_in(network) if network.edges[i].id == ARMS[arm])
    lane = network.edges[start].lanes[0]
    goal = next(network.lanes[c.target].edge for c in network.connections if (c.source, c.direction) == (lane, "s"))
    wishes = [(f"v{i}", 30.0 + 2.0 * i, start, goal, krauss()) for i in range(cars)]
    shown: list[str] = []

    def watch(run: Simulation) -> Iterator[object]:
        yield run.environment.timeout(50_000)
        while True:
            shown.append(run.environment.world.loose.light[:WIDTH].tobytes().decode())
            yield run.environment.timeout(100_000)

    Simulation(pilot(network, wishes, duration), 1, Kept(), [rings.serve, watch]).run()  # type: ignore[list-item]
    found = {}
    for number in TIMES:
        group = state(number - 1).index("G")
        on = np.array([0, *(x[group] == "G" for x in shown), 0])
        edges = np.flatnonzero(np.diff(on))
        spells = zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        found[number] = [(round(a / 10, 1), round((b - a) / 10, 1)) for a, b in spells]
    return found


def test_rings_pass_a_barrier_together_and_greens_last_their_minimum_if_nobody_comes():
    found = greens(signal())
    first, second = found[1][1], found[2][1]
    assert first[0] == second[0]
    assert first[1] == second[1] == 8.0  # the shorter one waits for the other at the barrier
    assert found[3][1][0] == found[4][1][0] == first[0] + 8.0 + 5.0  # behind the longer clearance
    assert found[3][1][1] == found[4][1][1] == 6.0
    assert found[1][2][0] == found[3][1][0] + 6.0 + 6.0


def test_a_green_is_extended_by_those_who_come_and_ends_at_its_maximum():
    lasted = [length for _, length in greens(signal(), cars=60)[1][:-1]]
    assert lasted[:2] == [8.0, 8.0]  # nobody is there yet
    assert lasted[2:] == [20.0] * len(lasted[2:])
    some = [length for _, length in greens(signal(), cars=6)[1][:-1]]
    assert any(8.0 < length < 20.0 for length in some)


def test_a_phase_with_maximum_recall_lasts_its_maximum():
    assert {length for _, length in greens(signal(whole="2"))[2][:-1]} == {30.0}


def test_nobody_called_elsewhere_and_the_green_rests():
    found = greens(signal(called="34"), cars=8)
    assert found[1][0] == (0.0, 8.0)  # the first phases, until those of the other side that are always called
    assert found[3][0][1] > 20.0  # beyond its maximum, until the first car is seen
    assert found[1][1][0] == found[3][0][0] + found[3][0][1] + 6.0
    assert found[3][1][0] + found[3][1][1] == 200.0
    assert greens(signal(called="12"))[3] == []


@pytest.mark.parametrize("offset", [0.0, 7.0])
@pytest.mark.parametrize("by_end", [False, True])
def test_in_step_coordinated_greens_end_at_the_same_time_of_each_cycle(offset: float, by_end: bool):
    # splits: 30 + 5, 19 + 6: a cycle of 60 s
    found = greens(signal(offset, coordinated=(1,), cycle=60.0, by_end=by_end), 400.0)[2]
    ends = {round((begin + length - offset - (0.0 if by_end else 30.0)) % 60.0, 1) for begin, length in found[:-1]}
    assert ends == {0.0}
    assert len(found) >= 6


def test_who_is_called_too_late_in_a_cycle_waits_for_the_next():
    told = signal(called="2", coordinated=(1,), cycle=60.0)
    assert greens(told)[3] == []
    # the car is seen some 10 s behind the end at 30 s: phase 3 would have to end at 49 s, and cannot any more
    assert greens(told, cars=1, arm=2)[3][0][0] == 95.0


def test_where_rings_differ_the_letter_that_lets_go_is_shown():
    assert merged(["rrGyr", "gsyrr"]) == "gsGyr"


def test_rings_in_turn_are_a_programme_of_pairs():
    told = signal().rings
    assert told is not None
    assert [(letters[0] in "Gr", least, most) for letters, least, most in told.in_turn()][::3] == [
        (True, 8.0, 30.0),
        (True, 6.0, 19.0),
    ]
    letters = [letters for letters, _, _ in told.in_turn()]
    assert letters[0] == merged([state(0), state(1)])
    assert letters[1] == letters[0].replace("G", "y")
    assert set(letters[2]) == {"r"}
