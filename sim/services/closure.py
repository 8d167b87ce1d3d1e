"""Roads closed by the clock: nobody enters a closed lane; those on it drive out; others take another way."""

from __future__ import annotations

import numpy as np

from sim.engine.signs import lanes_named
from sim.engine.simulation import Process, Simulation
from sim.engine.ways import detour
from sim.pilot import Occurrence
from sim.services import register
from sim.state.world import World
from sim.units import ticks


@register
def serve(simulation: Simulation) -> Process:
    """Start every closure of the pilot."""
    for occurrence in simulation.pilot.occurrences:
        if occurrence.kind == "close":
            simulation.environment.process(
                _close(simulation, occurrence, np.array(lanes_named(simulation.pilot.park, occurrence)))
            )
    return
    yield


def _close(simulation: Simulation, occurrence: Occurrence, lanes: np.ndarray) -> Process:
    """Close some lanes for a time."""
    env = simulation.environment
    after, lasts = occurrence.within(simulation.pilot.clock.begin)
    if lasts <= 0.0:
        return
    yield env.timeout(ticks(after))

    def shut(w: World) -> None:
        w.lane["shut"][lanes] = True
        env.tell("close", -1, len(lanes), int(lanes[0]))

    env.command(shut)
    env.command(lambda w: detour(simulation))
    if lasts == float("inf"):
        return
    yield env.timeout(ticks(lasts))

    def reopen(w: World) -> None:
        w.lane["shut"][lanes] = False
        env.tell("open", -1, len(lanes), int(lanes[0]))

    env.command(reopen)
    env.command(lambda w: detour(simulation))
