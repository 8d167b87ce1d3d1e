"""Incidents by the clock: an obstacle on a lane that drivers stop before and change lanes to pass."""

from __future__ import annotations

from sim.engine.simulation import Process, Simulation
from sim.errors import Fault, ScenarioError
from sim.park.network import Names
from sim.pilot import Occurrence
from sim.registry import near
from sim.services import register
from sim.state.world import World
from sim.units import ticks


@register
def serve(simulation: Simulation) -> Process:
    """Start every incident of the pilot."""
    for occurrence in simulation.pilot.occurrences:
        if occurrence.kind == "incident":
            simulation.environment.process(_block(simulation, occurrence, _lane(simulation, occurrence)))
    return
    yield


def _lane(simulation: Simulation, occurrence: Occurrence) -> int:
    """Lane that an incident names."""
    lanes = Names(simulation.pilot.park).lane
    name = str(occurrence.settings.get("lane"))
    if name not in lanes:
        raise ScenarioError(faults=[Fault("occurrences", f"no lane is called {name}", near(name, lanes))])
    return lanes[name]


def _block(simulation: Simulation, occurrence: Occurrence, lane: int) -> Process:
    """Put an obstacle on a lane for a time."""
    env, begin = simulation.environment, simulation.pilot.clock.begin
    position = float(occurrence.settings.get("position", 0.0))
    yield env.timeout(max(0, ticks(occurrence.begin - begin)))

    def happen(w: World) -> None:
        w.lane["block"][lane] = position
        env.tell("incident_begin", -1, 0.0, lane, position)

    env.command(happen)
    if occurrence.end == float("inf"):
        return
    yield env.timeout(ticks(occurrence.end - occurrence.begin))

    def clear(w: World) -> None:
        w.lane["block"][lane] = float("inf")
        env.tell("incident_end", -1, 0.0, lane, position)

    env.command(clear)
