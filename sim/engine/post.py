"""Takes what is heard to the stations whose applications wait for it; no event a packet, no process a silent car."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.engine.simulation import Process, Service, Simulation
from sim.engine.station import Board, Station, Told
from sim.v2x import MESSAGES

#: A warning that no application of ours speaks is taken for one of a hazard, and holds so far before it [m]; assumed.
#: It comes as often as such warnings do [1/s].
FORGED, BEFORE, OFTEN = "hazard_warning", 60.0, 5.0

Run = Callable[[Station, Mapping[str, float]], Process]


@dataclass(frozen=True, slots=True)
class Programme:
    """What an application does when something happens.

    Args:
        run: in a vehicle, from the first event message on that it hears.
        tell: at the roadside, from the beginning.
    """

    settings: Mapping[str, float]
    run: Run | None = None
    tell: Run | None = None


def post(programmes: Mapping[str, Programme]) -> Service:
    """A service that starts applications at their stations and hands out what these hear."""

    def serve(simulation: Simulation) -> Process:
        radio, env = simulation.world.radio, simulation.environment
        if not radio.air[0].on or not any(x.run or x.tell for x in programmes.values()):
            return
        board = Board()
        for rank in range(int(radio.air[0].roadside)):
            for told in programmes.values():
                if told.tell:
                    env.process(told.tell(Station(simulation, rank, board), told.settings))
        stations: dict[int, Station] = {}
        kinds = MESSAGES.names()
        while True:
            for record in (yield env.when("heard")):
                stream = int(record["value"])
                content = content_of(simulation, stream, board.said)
                if content is None:
                    continue
                rank = int(simulation.world.radio.units["station"][record["subject"]])
                if rank not in stations:
                    stations[rank] = Station(simulation, rank, board)
                    _start(simulation, stations[rank], programmes)
                stations[rank].take(kinds[int(simulation.world.radio.streams["message"][stream])], content)

    return serve


def content_of(simulation: Simulation, stream: int, said: Mapping[int, Told]) -> Told | None:
    """What a stream of event messages tells now: of its station's applications, or of whoever forges it."""
    f, told = simulation.world.radio.streams[stream], said.get(stream)
    if f.about_lane < 0 or (told and (told.lane, told.end) == (f.about_lane, f.about_position)):
        return told
    at = float(f.about_position)
    return Told(FORGED, int(f.about_lane), max(0.0, at - BEFORE), at, float(f.about_speed))


def _start(simulation: Simulation, station: Any, programmes: Mapping[str, Programme]) -> None:
    """Let the applications of a vehicle begin."""
    for told in programmes.values():
        if told.run:
            simulation.environment.process(told.run(station, told.settings))
