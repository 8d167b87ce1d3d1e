"""Run steps of the whole world: the one compiled door of the kernel."""

from __future__ import annotations

from typing import Any

from sim.compiled import cached
from sim.kernel.decide import decide
from sim.kernel.insert import insert
from sim.kernel.move import measure_tails, move
from sim.kernel.shift import shift
from sim.kernel.signals import run_signals

#: Records kept free for one step: each vehicle can leave at most a few.
RECORDS_A_VEHICLE = 4


@cached
def advance(w: Any, goal: int) -> int:
    """Run steps until `goal`; returns the step reached.

    Comes back early after a step that recorded something somebody waits for, when records could overflow, or when no
    row is left for a departure.

    Args:
        w: `sim.state.world.World`.
        goal: step to reach.
    """
    t = w.totals[0]
    t.woke = False
    while t.step < goal:
        room = w.records.size - t.records
        if room < RECORDS_A_VEHICLE * (t.on_road + t.waiting) + 4 * w.signals.size + 64:
            break
        if t.free < 1 and t.waiting > 0:
            break
        step = t.step
        run_signals(w, step)
        insert(w, step)
        measure_tails(w)
        decide(w)
        move(w, step)
        shift(w, step)
        t.updates += t.on_road
        t.step = step + 1
        if t.woke:
            break
    return t.step
