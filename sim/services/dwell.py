"""Halts: a vehicle that stands at its stop holds for its time, then goes on to the next."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import simpy

from sim.engine.simulation import Process, Simulation
from sim.kernel.line_up import come_back
from sim.services import register
from sim.state.world import World
from sim.units import ticks


@register
def serve(simulation: Simulation) -> Process:
    """Release every vehicle that began to hold once its time is over."""
    env = simulation.environment
    while len(simulation.departures.stop_lane):
        arrived = yield env.when("stop_begin")
        for record in arrived:
            env.process(_hold(simulation, int(record["subject"]), int(record["value"])))


def _hold(simulation: Simulation, departure: int, halt: int) -> Generator[simpy.Event, Any, None]:
    """Hold one vehicle at one halt."""
    env, d = simulation.environment, simulation.departures
    begin = simulation.pilot.clock.begin
    ready = max(env.now + ticks(float(d.stop_duration[halt])), ticks(max(0.0, float(d.stop_until[halt]) - begin)))
    yield env.timeout(ready - env.now)

    def release(w: World) -> None:
        if w.halts[halt].aside:
            come_back(w, departure, halt)
            env.tell("stop_end", departure, halt, int(w.halts[halt].lane), float(w.halts[halt].position))
            return
        v = w.vehicles[w.trips[departure].row]
        v.holding = False
        v.halt += 1
        v.halt_lane = w.halts[v.halt].lane if v.halt < v.halt_end else -1
        env.tell("stop_end", departure, halt, int(v.lane), float(v.position))

    env.command(release)
