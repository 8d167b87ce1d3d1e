"""Who is looked at before a lane change close to a junction."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from small_worlds import grid, pilot

from sim.compiled import PLAIN, addresses, inline
from sim.engine.build import build
from sim.kernel.beside import can_let_pass, can_swing, first_on
from sim.kernel.order import put
from sim.park.network import Crossing
from sim.state.columns import allocate
from sim.state.place import Plans, Stages
from sim.state.world import World, open_world

PARK = pilot(grid(1, 1, ["priority"], [2]), [], 10.0)


def empty_world() -> World:
    """A world without anybody; whoever is put into it drives by a route that goes no farther."""
    world = build(PARK, PARK.demand.departures(PARK.park, 1, 0.0, 10.0), 1)
    world = world._replace(plans=allocate(Plans, 8), stages=allocate(Stages, 1))
    world.stages["plan"][0], world.profiles["deceleration"][0] = 0, 4.5
    return world


@inline
def asked(handle: Any, slots: Any, lane: int, row: int, target: int, answers: Any) -> None:
    """Put slots on a lane; who is first there, and whether a row may swing over to a target and go on from there."""
    w = open_world(handle)
    for i in range(slots.shape[0]):
        put(w, lane, i, slots[i])
    answers[0] = first_on(w, lane)
    answers[1] = can_swing(w, row, target)
    answers[2] = can_let_pass(w, row, target)


def ask(world: World, slots: list[int], lane: int, row: int = 0, target: int = 0) -> tuple[int, bool, bool]:
    """The same for Python."""
    block, answers = addresses(world), np.zeros(3, np.int64)
    asked(world if PLAIN else block.ctypes.data, np.array(slots, np.int64), lane, row, target, answers)
    return int(answers[0]), bool(answers[1]), bool(answers[2])


@pytest.mark.parametrize(("slots", "first"), [([], -1), ([3], 3), ([~2], -1), ([~2, 3, 1], 3)])
def test_a_shadow_does_not_hide_who_drives_behind_it(slots: list[int], first: int) -> None:
    assert ask(empty_world(), slots, 0)[0] == first


@pytest.mark.parametrize(
    ("rear", "before", "speed", "may"),
    [
        (-4.0, 0.5, 5.0, False),  # the rear still lies where the other one passes
        (-4.0, 0.5, 0.0, True),  # who stands waits for it to go over
        (-4.0, 60.0, 5.0, True),  # he can still stop
        (0.5, 0.5, 5.0, True),  # nothing lies in the junction any more
    ],
)
def test_nobody_swings_his_rear_into_the_way_of_one_who_passes(
    rear: float, before: float, speed: float, may: bool
) -> None:
    world = empty_world()
    inlets = {int(world.links["target"][k]): int(world.links["lane"][k]) for k in np.flatnonzero(world.links["entry"])}
    ends = {lane: float(world.lanes["length"][lane]) for lane in inlets.values()}
    rows = [(t, i, c) for t, i in inlets.items() for c in world.conflicts[slice(*_span(world, i))]]
    target, inlet, conflict = next(
        x for x in rows if x[2].kind == Crossing.CROSS and x[2].end > ends[x[1]] - 4.0 and x[2].end < np.inf
    )
    world.vehicles["length"][:2], world.vehicles["behind"][0] = 4.5, inlet
    world.vehicles["position"][0] = rear + 4.5
    world.vehicles["position"][1], world.vehicles["speed"][1] = conflict.foe_begin - before, speed
    assert ask(world, [1], int(conflict.foe), 0, target)[1] == may


@pytest.mark.parametrize(
    ("way", "speed", "beyond", "may"),
    [
        (15.0, 20.0, -1.0, False),  # somebody drives into the junction, and one could not stop before him
        (15.0, 20.0, 5.0, True),  # he is out of the way
        (15.0, 5.0, -1.0, True),  # one could stop at the line
    ],
)
def test_nobody_goes_over_to_a_lane_on_which_he_cannot_let_those_in_the_junction_pass(
    way: float, speed: float, beyond: float, may: bool
) -> None:
    world = empty_world()
    link, conflict = next(
        (k, c)
        for k in np.flatnonzero(world.links["entry"])
        for c in world.conflicts[slice(*_span(world, int(world.links["lane"][k])))]
        if c.kind == Crossing.MERGE and c.begin <= c.end
    )
    lane = int(world.links["source"][link])
    world.plans["link"][:] = link
    world.vehicles["length"][:2] = 4.5
    world.vehicles["position"][0], world.vehicles["speed"][0] = world.lanes["length"][lane] - way, speed
    world.vehicles["position"][1] = conflict.foe_end + 4.5 + beyond
    assert ask(world, [1], int(conflict.foe), 0, lane)[2] == may


def _span(world: World, lane: int) -> tuple[int, int]:
    return int(world.lanes["conflict"][lane]), int(world.lanes["conflict_end"][lane])
