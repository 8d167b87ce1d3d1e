"""Takes what is heard to the stations whose applications wait for it; no event a packet, no process a silent car."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sim.engine.simulation import Process, Service, Simulation
from sim.engine.station import Station
from sim.engine.told import SIGNAGE, SIGNS, Board, Told
from sim.state.air import FORGED
from sim.state.roadside import HAZARD, LIMIT
from sim.v2x import MESSAGES

#: A warning that no application of ours speaks is taken for one of a hazard, and holds so far before it [m]; assumed.
#: It comes as often as such warnings do [1/s].
FALSE, BEFORE, OFTEN = "hazard_warning", 60.0, 5.0
#: How often signs are told [1/s]; T/CSAE 53-2020, in-vehicle signage, from memory. Of those so near [m]; assumed.
OFTEN_SIGNS, NEAR = 1.0, 500.0

Run = Callable[[Station, Mapping[str, float]], Process]


@dataclass(frozen=True, slots=True)
class Programme:
    """What an application does when something happens.

    Args:
        run: in a vehicle, from the first event message on that it hears.
        tell: at the roadside, from the beginning; once where several applications share it.
        topic: name of the application that tells what `run` wants to hear.
    """

    settings: Mapping[str, float]
    run: Run | None = None
    tell: Run | None = None
    topic: str = ""


def post(programmes: Mapping[str, Programme]) -> Service:
    """A service that starts applications at their stations and hands out what these hear."""

    def serve(simulation: Simulation) -> Process:
        radio, env = simulation.world.radio, simulation.environment
        if not radio.air[0].on or not any(x.run or x.tell for x in programmes.values()):
            return
        board, listeners = Board(), dict[int, dict[str, Station]]()
        _tell_at_roadside(simulation, board, programmes)
        while True:
            for record in (yield env.when("heard")):
                rank = int(radio.units["station"][record["subject"]])
                _hand_out(simulation, int(record["value"]), rank, (board, listeners), programmes)

    return serve


def _tell_at_roadside(simulation: Simulation, board: Board, programmes: Mapping[str, Programme]) -> None:
    """Let the applications of roadside units begin; of several that share what they do there, the first."""
    tellers: dict[Run, Mapping[str, float]] = {}
    for told in programmes.values():
        if told.tell:
            tellers.setdefault(told.tell, told.settings)
    for rank in range(int(simulation.world.radio.air[0].roadside)):
        for tell, settings in tellers.items():
            simulation.environment.process(tell(Station(simulation, rank, board), settings))


def _hand_out(
    simulation: Simulation,
    stream: int,
    rank: int,
    known: tuple[Board, dict[int, dict[str, Station]]],
    programmes: Mapping[str, Programme],
) -> None:
    """Take what a station has heard of a stream to those of its applications that wait for it; `known` grows."""
    board, listeners = known
    message = MESSAGES.names()[int(simulation.world.radio.streams["message"][stream])]
    for content in contents_of(simulation, stream, board.said):
        if rank not in listeners:
            listeners[rank] = _start(simulation, rank, board, programmes)
        for name, station in listeners[rank].items():
            if programmes[name].topic == content.about:
                station.take(message, content)


def contents_of(simulation: Simulation, stream: int, said: Mapping[int, tuple[Told, ...]]) -> tuple[Told, ...]:
    """What a stream of event messages tells now: of its station's applications, or of whoever forges it."""
    f, told = simulation.world.radio.streams[stream], said.get(stream, ())
    if f.flaw != FORGED:
        return told
    at, sign = float(f.about_position), f.content == SIGNS
    about, what = (SIGNAGE, LIMIT) if sign else (FALSE, HAZARD)
    return (Told(about, int(f.about_lane), max(0.0, at - BEFORE), at, float(f.about_speed), what=what),)


def tell_signs(station: Station, settings: Mapping[str, float]) -> Process:
    """Tell of signs near a unit, up to 16 in one message, from when they hold until they do no more."""
    signs = station.signs
    if signs is None:
        return

    def renew(kind: str, place: object) -> None:
        signs.put_up(signs.near(settings.get("reach", NEAR)), OFTEN_SIGNS)

    station.watch(("sign_begin", "sign_end"), math.inf, renew)
    renew("", None)
    return
    yield


def _start(simulation: Simulation, rank: int, board: Board, programmes: Mapping[str, Programme]) -> dict[str, Station]:
    """Let the applications of a vehicle begin, each with an inbox of its own."""
    stations = {name: Station(simulation, rank, board) for name, x in programmes.items() if x.run}
    for name, station in stations.items():
        run = programmes[name].run
        if run:
            simulation.environment.process(run(station, programmes[name].settings))
    return stations
