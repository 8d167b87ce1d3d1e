"""Run steps of the whole world: the compiled doors of the kernel, one with messages and one without."""

from __future__ import annotations

from typing import Any

from sim.compiled import PLAIN, addresses, cached, inline, ready
from sim.kernel.decide import decide
from sim.kernel.insert import insert
from sim.kernel.measure import measure
from sim.kernel.move import measure_tails, move
from sim.kernel.radio import carry
from sim.kernel.shift import shift
from sim.kernel.signals import run_signals
from sim.kernel.tally import can_list
from sim.kernel.tidy import EVERY, sort_lanes, tidy
from sim.state.world import World, open_world

#: Records kept free for one step, and encounters: each vehicle can leave at most a few.
RECORDS_A_VEHICLE, ENCOUNTERS_A_VEHICLE = 4, 4


def advance(world: World, goal: int) -> int:
    """Run steps until `goal`; returns the step reached.

    Comes back early after a step that recorded something somebody waits for, when records or encounters could
    overflow, or when no row is left for a departure.
    """
    block = addresses(world)  # must live as long as the call
    return int(_door(world)(world if PLAIN else block.ctypes.data, goal))


def is_compiled(world: World) -> bool:
    """Whether the part of the kernel that a world needs is compiled already."""
    return ready(_door(world))


def _door(world: World) -> Any:
    return run_talking if world.radio.air[0].on else run_silent


@inline
def due_now(w: Any, step: int) -> int:
    """How many departures become due by a step."""
    t = w.totals[0]
    last = t.due
    while last < t.starts and w.starts[last].step <= step:
        last += 1
    return last - t.due


@inline
def can_step(w: Any) -> bool:
    """Whether records, rows and encounters suffice for one more step, whatever happens in it."""
    t = w.totals[0]
    coming = t.waiting + due_now(w, t.step)
    t.short_of_records = t.record_room - t.records < RECORDS_A_VEHICLE * (t.on_road + coming) + 4 * t.signals + 64
    t.short_of_rows = t.free < coming  # else who departs would depend on how many rows there are
    fresh = ENCOUNTERS_A_VEHICLE * (t.on_road + coming) + 64 if t.probing else 0
    t.short_of_encounters = t.probing and t.encounter_room - (t.past + t.encounters) < fresh
    return not (t.short_of_records or t.short_of_rows or t.short_of_encounters)


@inline
def prepare(w: Any, step: int) -> None:
    """The first half of a step: signals, departures, decisions."""
    if step % EVERY == 0:
        tidy(w)
    run_signals(w, step)
    insert(w, step)
    sort_lanes(w)
    decide(w)


@inline
def apply(w: Any, step: int) -> None:
    """The second half of a step: motion, lane changes, what came of it."""
    move(w, step)
    measure_tails(w)  # nobody changes lanes into a body that has just crossed the line
    shift(w, step)
    measure(w)
    w.totals[0].updates += w.totals[0].on_road
    w.totals[0].step = step + 1


@cached
def run_silent(handle: Any, goal: int) -> int:
    """Run steps of a world in which nobody says anything, behind a handle: the address of its addresses."""
    w = open_world(handle)
    t = w.totals[0]
    t.woke = False
    while t.step < goal and can_step(w):
        step = t.step
        prepare(w, step)
        apply(w, step)
        if t.woke:
            break
    return t.step


@cached
def run_talking(handle: Any, goal: int) -> int:
    """The same with messages, whose part of the kernel takes long to compile."""
    w = open_world(handle)
    t = w.totals[0]
    t.woke = False
    while t.step < goal and can_step(w) and can_list(w):
        step = t.step
        prepare(w, step)
        carry(w, step)  # after decisions: nobody decides on what is said within the step
        apply(w, step)
        if t.woke:
            break
    return t.step
