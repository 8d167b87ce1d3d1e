"""Incidents by the clock: an obstacle on a lane that drivers stop before and change lanes to pass."""

from __future__ import annotations

from sim.engine.simulation import Process, Simulation
from sim.errors import Fault, ScenarioError
from sim.park.names import Names
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
    """Lane that an incident names, on which it must be."""
    lanes = Names(simulation.pilot.park).lane
    name = str(occurrence.settings.get("lane"))
    if name not in lanes:
        raise ScenarioError(faults=[Fault("occurrences", f"no lane is called {name}", near(name, lanes))])
    lane, position = lanes[name], float(occurrence.settings.get("position", 0.0))
    length = simulation.pilot.park.lanes[lane].length
    if not 0.0 <= position <= length:
        what = f"an incident at {position:g} m is not on lane {name}"
        raise ScenarioError(faults=[Fault("occurrences", what, f"it is {length:.1f} m long")])
    return lane


def _block(simulation: Simulation, occurrence: Occurrence, lane: int) -> Process:
    """Put an obstacle on a lane for a time."""
    env = simulation.environment
    after, lasts = occurrence.within(simulation.pilot.clock.begin)
    if lasts <= 0.0:
        return
    position = float(occurrence.settings.get("position", 0.0))
    yield env.timeout(ticks(after))

    def happen(w: World) -> None:
        w.lane["block"][lane] = position
        env.tell("incident_begin", -1, 0.0, lane, position)

    env.command(happen)
    if lasts == float("inf"):
        return
    yield env.timeout(ticks(lasts))

    def clear(w: World) -> None:
        w.lane["block"][lane] = float("inf")
        env.tell("incident_end", -1, 0.0, lane, position)

    env.command(clear)
