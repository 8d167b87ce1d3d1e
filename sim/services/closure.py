"""Roads closed by the clock: nobody enters a closed lane; those on it drive out; others take another way."""

from __future__ import annotations

import numpy as np

from sim.engine.simulation import Process, Simulation
from sim.engine.ways import detour
from sim.errors import Fault, ScenarioError
from sim.pilot import Occurrence
from sim.registry import near
from sim.services import register
from sim.state.world import World
from sim.units import ticks


@register
def serve(simulation: Simulation) -> Process:
    """Start every closure of the pilot."""
    for occurrence in simulation.pilot.occurrences:
        if occurrence.kind == "close":
            simulation.environment.process(_close(simulation, occurrence, _lanes(simulation, occurrence)))
    return
    yield


def _lanes(simulation: Simulation, occurrence: Occurrence) -> np.ndarray:
    """Lanes that a closure names, by edge or lane id."""
    park = simulation.pilot.park
    edge, lane = occurrence.settings.get("edge"), occurrence.settings.get("lane")
    found = [i for i, x in enumerate(park.lanes) if x.id == lane or park.edges[x.edge].id == edge]
    if not found:
        name = str(edge or lane)
        hint = near(name, [e.id for e in park.edges]) if edge else near(name, [x.id for x in park.lanes])
        raise ScenarioError(faults=[Fault("occurrences", f"nothing on the map is called {name}", hint)])
    return np.array(found)


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
