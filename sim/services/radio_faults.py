"""Faults of the radio by the clock: units down, areas jammed, clocks and positions wrong, messages stale or forged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.engine.events import FAULTS
from sim.engine.post import OFTEN, OFTEN_SIGNS
from sim.engine.simulation import Process, Simulation
from sim.engine.stations import forgeries, of_a_sign
from sim.errors import Fault, ScenarioError
from sim.park.network import Network
from sim.pilot import Occurrence
from sim.services import register
from sim.state.air import BEAT, FORGED, STALE
from sim.state.roadside import MOST_JAMS
from sim.state.world import World
from sim.units import ticks
from sim.v2x import MESSAGES

#: Rank of the cellular way in `sim.engine.air.WAYS`: a roadside unit's way out is its back-haul.
CELLULAR = 1

#: Changes the world; `on` tells whether the fault holds (again) or ends.
Change = Callable[[World, bool], None]


@register
def serve(simulation: Simulation) -> Process:
    """Start every fault of the pilot's radio."""
    pilot = simulation.pilot
    jams = 0
    standing: list[Change] = []
    for rank, occurrence in enumerate(pilot.occurrences):
        if occurrence.kind not in _CHANGES or not simulation.world.radio.air[0].on:
            continue
        if occurrence.kind == "jamming":
            jams += 1
        change = _CHANGES[occurrence.kind](simulation, occurrence, jams - 1)
        simulation.environment.process(_strike(simulation, rank, change, standing))
    return
    yield


def _strike(simulation: Simulation, rank: int, change: Change, standing: list[Change]) -> Process:
    """Let a fault begin and end; of several that befall the same, the one that began last holds while it lasts.

    Args:
        rank: its place among the occurrences.
        standing: those that hold, as they began.
    """
    env, occurrence = simulation.environment, simulation.pilot.occurrences[rank]
    kind, lane = float(FAULTS.index(occurrence.kind)), lane_told(simulation.pilot.park, occurrence)
    where = lane, float(occurrence.settings.get("position", 0.0))
    after, lasts = occurrence.within(simulation.pilot.clock.begin)
    if lasts <= 0.0:
        return
    yield env.timeout(ticks(after))

    def begin(w: World) -> None:
        standing.append(change)
        change(w, True)

    def end(w: World) -> None:
        standing.remove(change)
        change(w, False)
        for other in standing:
            other(w, True)

    env.command(begin)
    env.command(lambda w: env.tell("fault_begin", rank, kind, *where))
    if lasts == float("inf"):
        return
    yield env.timeout(ticks(lasts))
    env.command(end)
    env.command(lambda w: env.tell("fault_end", rank, kind, *where))


def lane_told(park: Network, occurrence: Occurrence) -> int:
    """Index of the lane that a fault is about; -1: none."""
    name = occurrence.settings.get("lane")
    return -1 if name is None else next(i for i, x in enumerate(park.lanes) if x.id == name)


def _now(w: World) -> int:
    """Time [beats]."""
    return round(int(w.totals[0].step) * float(w.totals[0].dt) * BEAT)


def _unit(simulation: Simulation, occurrence: Occurrence) -> int:
    """Station of the roadside unit that a fault befalls."""
    name = str(occurrence.settings["junction"])
    if name not in simulation.pilot.equip.junctions:
        what = f"there is no roadside unit at {name}"
        raise ScenarioError(faults=[Fault("occurrences", what, f"add {name} to equip.junctions")])
    return simulation.pilot.equip.junctions.index(name)


def _stream(w: World, station: int, message: str) -> int:
    """Row of `Streams` by which a station says a message."""
    s, code = w.radio.stations[station], MESSAGES.code(message)
    return next(k for k in range(s.stream, s.stream_end) if w.radio.streams[k].message == code)


def _catch_up(w: World, station: int) -> None:
    """Go on with messages that were not said meanwhile where their rhythm is now."""
    s, now = w.radio.stations[station], _now(w)
    for k in range(s.stream, s.stream_end):
        f = w.radio.streams[k]
        if f.period > 0 and f.next < now:
            f.next += -(-(now - f.next) // f.period) * f.period


def _rsu_down(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    station = _unit(simulation, occurrence)

    def change(w: World, on: bool) -> None:
        w.radio.stations[station].silent = on
        _catch_up(w, station)

    return change


def _backhaul_out(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    """What comes from the centre is not said; through a mobile network the unit says nothing at all."""
    station = _unit(simulation, occurrence)

    def change(w: World, on: bool) -> None:
        if w.radio.air[0].way == CELLULAR:
            w.radio.stations[station].silent = on
            _catch_up(w, station)
        else:
            first, end = w.radio.stations["stream"][station], w.radio.stations["stream_end"][station]
            told = w.radio.streams["message"][first:end] == MESSAGES.code("rsi")
            w.radio.streams["muted"][first:end][told] = on

    return change


def _stale_map(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    """MAP tells one limit for all lanes and numbers signal groups as before a road change, or knows neither."""
    station, told = _unit(simulation, occurrence), occurrence.settings

    def change(w: World, on: bool) -> None:
        f = w.radio.streams[_stream(w, station, "map")]
        f.flaw = STALE if on else 0
        f.about_speed, f.about_position = float(told.get("speed", -1.0)), float(told.get("groups", -1.0))

    return change


def _forged_rsi(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    """Somebody at the junction warns, in the unit's name, of what is not there, or tells of a limit that is none."""
    station, told, radio = _unit(simulation, occurrence), occurrence.settings, simulation.pilot.radio
    often = OFTEN_SIGNS if of_a_sign(occurrence) else OFTEN
    lane = lane_told(simulation.pilot.park, occurrence)
    own = next(i for i, x in enumerate(forgeries(simulation.pilot, str(told["junction"]))) if x is occurrence)

    def change(w: World, on: bool) -> None:
        s = w.radio.stations[station]
        false = [k for k in range(s.stream, s.stream_end) if w.radio.streams[k].flaw == FORGED]
        f = w.radio.streams[false[own]]
        if on and f.period > 0:  # it holds already
            return
        f.period = round(BEAT / (radio.rate("rsi", often) if radio else often)) if on else 0
        f.about_lane, f.about_position = (lane if on else -1), float(told["position"])
        f.about_speed, f.first, f.next = float(told.get("speed", 0.0)), f.number, _now(w)

    return change


def _jamming(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    """Nobody within a radius of a junction hears anything."""
    if rank >= MOST_JAMS:
        raise ScenarioError(faults=[Fault("occurrences", f"more than {MOST_JAMS} jammed areas")])
    park = simulation.pilot.park
    place = next(x for x in park.junctions if x.id == occurrence.settings["junction"])

    def change(w: World, on: bool) -> None:
        j = w.radio.jams[rank]
        j.on, j.x, j.y, j.radius = on, place.x, place.y, float(occurrence.settings["radius"])
        w.radio.air[0].jammed = max(int(w.radio.air[0].jammed), rank + 1)

    return change


def _who(simulation: Simulation, card: Any) -> np.ndarray:
    """Stations of vehicles, all or those of a card."""
    stations, departures = simulation.world.radio.stations, simulation.departures
    own = np.flatnonzero(stations["departure"] >= 0)
    if card is None:
        return own
    ranks = [i for i, x in enumerate(departures.cards) if x.name == card]
    return own[np.isin(departures.card[stations["departure"][own]], ranks)]


def _clock_drift(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    told = occurrence.settings
    if "junction" in told:
        rows = np.array([_unit(simulation, occurrence)])
    else:
        rows = _who(simulation, told["card"])

    since: list[int] = []

    def change(w: World, on: bool) -> None:
        s = w.radio.stations
        since.append(_now(w))
        s["ahead"][rows] = float(told.get("ahead", 0.0)) * BEAT if on else 0.0
        s["drift"][rows] = float(told.get("drift", 0.0)) if on else 0.0
        s["since"][rows] = since[0]

    return change


def _gnss_error(simulation: Simulation, occurrence: Occurrence, rank: int) -> Change:
    rows = _who(simulation, occurrence.settings.get("card"))

    def change(w: World, on: bool) -> None:
        w.radio.stations["astray"][rows] = float(occurrence.settings["error"]) if on else 0.0

    return change


_CHANGES: dict[str, Callable[[Simulation, Occurrence, int], Change]] = {
    "rsu_down": _rsu_down,
    "backhaul_out": _backhaul_out,
    "stale_map": _stale_map,
    "forged_rsi": _forged_rsi,
    "jamming": _jamming,
    "clock_drift": _clock_drift,
    "gnss_error": _gnss_error,
}
