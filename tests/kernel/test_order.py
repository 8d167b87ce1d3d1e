"""Who is on a lane, in which order: against ordinary lists."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from naive import Queues
from small_worlds import grid, pilot

from sim.compiled import PLAIN, addresses, inline
from sim.engine.build import build
from sim.kernel.order import find, place_for, put, take
from sim.state.world import World, open_world

LANES, ROWS = 3, 8


@inline
def replay(handle: Any, steps: Any, found: Any) -> None:
    """Put (1) or take (0) slots as `steps` say, rows of (what, lane, slot); `found` is where each is afterwards."""
    w = open_world(handle)
    for i in range(steps.shape[0]):
        lane, slot = steps[i, 1], steps[i, 2]
        row = slot if slot >= 0 else ~slot
        if steps[i, 0] == 1:
            put(w, lane, place_for(w, lane, w.vehicles[row].position, w.vehicles[row].key), slot)
        else:
            take(w, lane, slot)
        found[i] = find(w, lane, slot)


EMPTY = pilot(grid(1, 1, ["priority"], [1]), [], 10.0)


def empty_world() -> World:
    """A world without anybody."""
    return build(EMPTY, EMPTY.demand.departures(EMPTY.park, 1, 0.0, 10.0), 1)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(
    wishes=st.lists(st.tuples(st.integers(0, LANES - 1), st.integers(0, ROWS - 1), st.booleans()), max_size=40),
    positions=st.lists(st.sampled_from([0.0, 5.0, 5.0, 9.5, 20.0]), min_size=ROWS, max_size=ROWS),
)
def test_lanes_are_as_ordinary_lists(wishes: list[tuple[int, int, bool]], positions: list[float]) -> None:
    world, twin = empty_world(), Queues()
    places = {row: (positions[row], 1000 + 7 * row % 5 * 100 + row) for row in range(ROWS)}
    for row, (position, key) in places.items():
        world.vehicles[row].position, world.vehicles[row].key = position, key
    steps, expected = [], []
    for lane, row, shadow in wishes:
        slot = ~row if shadow else row
        there = slot in twin.lanes.get(lane, [])
        other = ~slot in twin.lanes.get(lane, [])
        if other:  # a vehicle is never beside its own shadow
            continue
        steps.append((0 if there else 1, lane, slot))
        (twin.take if there else lambda at, what: twin.put(at, what, places))(lane, slot)
        expected.append(-1 if there else twin.lanes[lane].index(slot))
    found = np.full(len(steps), -9)
    block = addresses(world)
    replay(world if PLAIN else block.ctypes.data, np.array(steps, np.int64).reshape(-1, 3), found)
    assert found.tolist() == expected
    for lane in range(LANES):
        first, count = int(world.lanes[lane].slot), int(world.lane[lane].count)
        assert world.loose.slots[first : first + count].tolist() == twin.lanes.get(lane, [])
    busy = world.loose.busy[: world.totals[0].busy].tolist()
    assert set(busy) == twin.busy()
    assert len(busy) == len(twin.busy())
    assert all(world.loose.busy_at[lane] == i for i, lane in enumerate(busy))


def test_taking_what_is_not_there_changes_nothing() -> None:
    world = empty_world()
    found = np.full(1, -9)
    block = addresses(world)
    replay(world if PLAIN else block.ctypes.data, np.array([(0, 1, 3)], np.int64), found)
    assert found.tolist() == [-1]
    assert world.totals[0].busy == 0
