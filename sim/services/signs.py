"""Signs by the clock: limits and the like that hold for a time, to be seen at the road or known by radio only."""

from __future__ import annotations

import math

from sim.engine.signs import Sign, signs_of
from sim.engine.simulation import Process, Simulation
from sim.services import register
from sim.state.world import World
from sim.units import ticks


@register
def serve(simulation: Simulation) -> Process:
    """Start every sign of the pilot."""
    for sign in signs_of(simulation.pilot):
        simulation.environment.process(_hold(simulation, sign))
    return
    yield


def _hold(simulation: Simulation, sign: Sign) -> Process:
    """Let a sign hold for its time."""
    env = simulation.environment
    after, lasts = simulation.pilot.occurrences[sign.number].within(simulation.pilot.clock.begin)
    if lasts <= 0.0:
        return
    told = 0.0 if sign.speed == math.inf else sign.speed

    def turn(w: World, on: bool) -> None:
        mine = w.signs["number"] == sign.number
        w.signs["on"][mine] = on
        w.totals[0].boards = (w.signs["on"] & w.signs["board"]).sum()
        env.tell("sign_begin" if on else "sign_end", -1, told, sign.lanes[0], sign.begin)

    yield env.timeout(ticks(after))
    env.command(lambda w: turn(w, True))
    if lasts == math.inf:
        return
    yield env.timeout(ticks(lasts))
    env.command(lambda w: turn(w, False))
