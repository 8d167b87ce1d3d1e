"""What an application sees: its station's façade, with inbox, clock and unit, never the simulator.

A station is an equipped vehicle or a unit at the roadside. What it does to the run are commands; what it knows it has
heard, or measured where it stands.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import simpy

from sim.engine.controller import Controller
from sim.engine.kinds import code
from sim.engine.listening import Heard, heard_of
from sim.engine.told import SIGNS, Board, Found, Told
from sim.engine.told_signs import Signs
from sim.state.air import FORGED
from sim.state.belief import NAMES
from sim.state.roadside import HAZARD, MOST_SLOW
from sim.state.world import World
from sim.units import ticks

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

#: Later than any run lasts [steps].
LAST_STEP = 1 << 62
#: Who is told to stand for what he does not see himself goes on at walking pace [m/s]; 5 km/h, assumed.
PACE = 1.389
#: Slower than this a road user stands in a queue [m/s]; assumed: as HCM's speed of a queued vehicle, 5 mph.
QUEUED = 2.2


class Clock:
    """Time as a station knows it."""

    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    @property
    def now(self) -> float:
        """Time of the clock [s]."""
        return self._simulation.clock()

    def wait(self, seconds: float) -> simpy.Event:
        """Event that succeeds after a time [s]."""
        return self._simulation.environment.timeout(ticks(max(0.0, seconds)))


class Unit:
    """The vehicle of a station, as an application may know and advise it."""

    def __init__(self, simulation: Simulation, station: int) -> None:
        self._simulation, self._station = simulation, station
        self._departure = int(simulation.world.radio.stations["departure"][station])
        self._advised: dict[tuple[int, float, int], Told] = {}  # by topic

    def heeds(self, app: str) -> bool:
        """Whether whoever drives does what an application advises."""
        return bool(int(self._simulation.world.radio.stations["uses"][self._station]) >> NAMES.index(app) & 1)

    @property
    def reaction(self) -> float:
        """Time from a warning to acting on it [s]; 0 of machines."""
        return (
            float(self._simulation.world.radio.stations["reaction"][self._station]) * self._simulation.pilot.clock.step
        )

    def heads_for(self, told: Told) -> bool:
        """Whether the way that it takes now leads to a place; false once it is behind."""
        w = self._simulation.world
        v = w.vehicles[int(w.radio.stations["row"][self._station])]
        edge, ahead = w.lanes["edge"][told.lane], w.stages["edge"][v.stage + 1 : v.last_stage + 1]
        return bool(edge in ahead or (w.lanes["edge"][v.lane] == edge and v.position < told.end))

    def slow_down(self, told: Told) -> None:
        """Be as slow as advised where advised, if the way leads there; the latest advice on a topic holds.

        It counts as advice once, if the way leads there when it is told.
        """
        row, departure, simulation = self._station, self._departure, self._simulation
        clock = simulation.pilot.clock
        until = LAST_STEP if told.until == math.inf else math.ceil((told.until - clock.begin) / clock.step)

        def heed(world: World) -> None:
            if world.radio.stations["row"][row] < 0:
                return  # it has arrived
            known = world.radio.slow[row * MOST_SLOW : (row + 1) * MOST_SLOW]
            same = (known["lane"] == told.lane) & (known["what"] == told.what)
            same = np.flatnonzero(same & ((told.what == HAZARD) | (known["begin"] == told.begin)))
            begin = int(same[0]) if len(same) else 0
            known[begin:-1] = known[begin + 1 :].copy()
            known[-1] = (told.lane, told.begin, told.end, max(PACE, told.speed), until, told.what, told.alone)
            if self._advised.get(told.topic) == told or not self.heads_for(told):
                return
            self._advised[told.topic] = told
            rank, v = NAMES.index(told.about), world.vehicles[int(world.radio.stations["row"][row])]
            world.radio.used[rank] += 1
            simulation.environment.tell("advice", departure, float(rank), int(v.lane), float(v.position))

        simulation.environment.command(heed)


class Station:
    """One station.

    Args:
        simulation: the run.
        rank: row of `Stations`.
        board: what is said by event messages.
    """

    def __init__(self, simulation: Simulation, rank: int, board: Board) -> None:
        self._simulation, self._rank, self._board = simulation, rank, board
        self._inbox: deque[tuple[str, Told, float]] = deque()
        self._waiting: list[tuple[str, str, simpy.Event]] = []
        self.clock = Clock(simulation)
        mobile = simulation.world.radio.stations["departure"][rank] >= 0
        self.unit = Unit(simulation, rank) if mobile else None
        self.signal = None if mobile else self._controller()
        self.signs = None if mobile else Signs(simulation, rank, board)
        self.heard_at = -math.inf  #: time of the clock at which what was handed out last came in [s]

    def _controller(self) -> Controller | None:
        """The signal at a roadside unit, if it runs a programme."""
        signal = int(self._simulation.world.radio.stations["signal"][self._rank])
        runs = signal >= 0 and self._simulation.pilot.park.signals[signal].kind in ("fixed", "actuated")
        return Controller(self._simulation, signal) if runs else None

    # ------------------------------------------------------------------------------------------------ messages

    def hear(self, message: str, about: str) -> simpy.Event:
        """Event that succeeds with the next thing told by an event message about something, each version once."""
        event = self._simulation.environment.event()
        self._waiting.append((message, about, event))
        self._hand_out()
        return event

    def take(self, message: str, told: Told) -> None:
        """Put something heard into the inbox."""
        self._inbox.append((message, told, self.clock.now))
        self._hand_out()

    def _hand_out(self) -> None:
        for wish in list(self._waiting):
            kind, about, event = wish
            found = next((x for x in self._inbox if x[0] == kind and x[1].about == about), None)
            if found:
                self._inbox.remove(found)
                self._waiting.remove(wish)
                self.heard_at = found[2]
                event.succeed(found[1])

    def say(self, message: str, told: Told, rate: float) -> bool:
        """Say something again and again until hushed; who hears it is told once, and again when it changes.

        One thing is said about a lane by an application; returns whether there was room for it.

        Args:
            message: by which.
            told: what.
            rate: how often [1/s], where the pilot's radio is not told another rate of the message.
        """
        stream = self._stream(message, (told.about, told.lane))
        if stream < 0:
            return False
        self._board.taken[stream] = told.about, told.lane
        radio = self._simulation.pilot.radio
        often = radio.rate(message, rate) if radio else rate

        def speak(world: World) -> None:
            f = world.radio.streams[stream]
            self._board.said[stream] = (told,)
            f.about_lane, f.about_position, f.about_speed = told.lane, told.end, told.speed
            f.kind = code(message, told.about)
            f.first = f.number
            if f.period == 0:
                f.next = max(int(f.next), _beat(world))
            f.period = round(1e4 / often)

        self._simulation.environment.command(speak)
        return True

    def hush(self, message: str, about: str, lane: int) -> None:
        """Say no more what one application said about a lane."""
        stream = self._stream(message, (about, lane))
        if self._board.taken.pop(stream, None):
            self._simulation.environment.command(lambda world: world.radio.streams["period"].__setitem__(stream, 0))

    def _stream(self, message: str, topic: tuple[str, int]) -> int:
        """Row of the own stream that tells of a topic, or of a free one; -1: none is; KeyError if one cannot say it."""
        from sim.v2x import MESSAGES

        r = self._simulation.world.radio
        s, code = r.stations[self._rank], MESSAGES.code(message)
        some = range(s.stream, s.stream_end)
        rows = [k for k in some if r.streams["message"][k] == code and r.streams["content"][k] != SIGNS]
        rows = [k for k in rows if r.streams["flaw"][k] != FORGED]
        if not rows:
            raise KeyError(message)
        taken = self._board.taken
        free = [k for k in rows if k not in taken]
        return next((k for k in rows if taken.get(k) == topic), free[0] if free else -1)

    def streams_of(self, vehicle_class: str) -> np.ndarray:
        """Streams of BSM that tell of vehicles of a class."""
        r, departures = self._simulation.world.radio, self._simulation.departures
        told = np.array([x.vehicle_class == vehicle_class for x in departures.cards] or [False])
        who = r.stations["departure"][int(r.air[0].roadside) : int(r.air[0].stations)]
        rows = np.flatnonzero(told[departures.card[who]]) + int(r.air[0].roadside)
        return np.sort(r.stations["stream"][rows].astype(np.int64))

    def heard_of(self, streams: np.ndarray, lifetime: float) -> list[Heard]:
        """Vehicles of whom something was heard that is no older than a lifetime [s]."""
        return heard_of(self._simulation.world, self._rank, streams, lifetime)

    def note(self, app: str, heard: Heard) -> None:
        """Count and record that an application has begun to act for a vehicle."""
        rank, simulation = NAMES.index(app), self._simulation

        def count(world: World) -> None:
            world.radio.used[rank] += 1
            simulation.environment.tell("advice", heard.departure, float(rank), heard.lane, heard.position)

        simulation.environment.command(count)

    # --------------------------------------------------------------------------------------------- the roadside

    def watch(self, kinds: tuple[str, ...], reach: float, found: Callable[[str, Found], None]) -> None:
        """Call back whenever something of some kinds happens within reach [m], such as `incident_begin`."""
        for kind in kinds:

            def heed(records: np.ndarray, kind: str = kind) -> None:
                for record in records:
                    lane, position = int(record["lane"]), float(record["position"])
                    if lane >= 0 and self._away(lane, position) <= reach:
                        found(kind, Found(lane, position))

            self._simulation.environment.listen(kind, heed)

    def _away(self, lane: int, position: float) -> float:
        """Distance of a place [m]."""
        s = self._simulation.world.radio.stations[self._rank]
        x, y, _ = self._simulation.axes.place(np.array([lane]), np.array([position]))
        return float(np.hypot(x[0] - s.x, y[0] - s.y))

    def queues(self, reach: float) -> dict[int, float]:
        """Where the queue ends on each lane that leads here [m on the lane], as cameras see up to a distance [m]."""
        simulation = self._simulation
        park, w = simulation.pilot.park, simulation.world
        here = self._junction()
        v = w.vehicles[(w.vehicles["departure"] >= 0) & (w.vehicles["speed"] < QUEUED)]
        found: dict[int, float] = {}
        for lane in np.unique(v["lane"]):
            edge = park.edges[park.lanes[lane].edge]
            if edge.internal or edge.end != here:
                continue
            mine = v[v["lane"] == lane]
            rear = mine["position"] - mine["length"]
            seen = rear[park.lanes[lane].length - rear <= reach]
            if len(seen):
                found[int(lane)] = float(seen.min())
        return found

    def _junction(self) -> int:
        """Index of the junction a unit stands at."""
        name = self._simulation.pilot.equip.junctions[self._rank]
        return next(i for i, x in enumerate(self._simulation.pilot.park.junctions) if x.id == name)

    def length_of(self, lane: int) -> float:
        """Length of a lane [m]."""
        return float(self._simulation.pilot.park.lanes[lane].length)


def _beat(world: World) -> int:
    """Begin of the present step [beats]."""
    return round(int(world.totals[0].step) * float(world.totals[0].dt) * 1e4)
