"""Half-width roads with room for one vehicle: who drives along them, and who waits at their ends and bays.

Each strip has a stop line at both ends that is shut until the strip is empty and its direction has the turn
(`sim.models.right_of_way.turns`); whoever cannot stop any more counts as in. A vehicle is let onto a strip that ends in
a bay only if the bay has room for all who are on their way there: so every strip empties, and nobody waits for ever.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from sim import chance
from sim.engine.near import Car, cars, plain
from sim.engine.requests import Requests
from sim.engine.simulation import Process, Simulation
from sim.errors import Fault, ScenarioError
from sim.models.right_of_way.turns import Side, begins, stays
from sim.park.network import Network
from sim.park.passing import Passage
from sim.services import register
from sim.state.world import World
from sim.units import ticks

#: From one look at a passage to the next, and where nobody is near [s]; how long a line that is being shut shows it
#: before [s]. Source: assumed: half a reaction time; 2 s of yellow are enough to stop from 20 km/h.
LOOK, SELDOM, YELLOW = 0.5, 1.0, 2.0
#: Least and greatest hesitation of a driver who was kept waiting and relies on courtesy [s]. Source: assumed.
HESITATES = (0.5, 3.0)
#: Time beyond driving through that an alternating signal stays red both ways [s]; gap kept between those who wait in a
#: bay [m]; deceleration beyond which nobody stops for a line that is being shut [m/s2]. Source: assumed; the kernel's.
MARGIN, BETWEEN, HARD = 2.0, 2.5, 3.0
GREEN, YELLOW_LIGHT, RED = ord("G"), ord("y"), ord("r")


@register
def serve(simulation: Simulation) -> Process:
    """Give the way on every strip of every passage."""
    passages = simulation.pilot.park.passages
    _no_departures(simulation, passages)
    requests = Requests(simulation, LOOK) if simulation.pilot.radio else None
    strips = [_Strip(simulation, x, number, requests) for x in passages for number in range(len(x.strips))]
    while strips:
        for strip in strips:
            simulation.environment.command(strip.act)
        yield simulation.environment.timeout(ticks(LOOK if any(strip.busy for strip in strips) else SELDOM))


def _no_departures(simulation: Simulation, passages: tuple[Passage, ...]) -> None:
    """ScenarioError if somebody is to set off on a strip, or is longer than a bay."""
    park, world, cards = simulation.pilot.park, simulation.world, simulation.departures.cards
    first = set(world.stages["edge"][world.starts["stage"]].tolist())
    longest = max((x["length"] for x in cards), default=0.0)
    faults = []
    for passage in passages:
        faults += [
            Fault("traffic", f"somebody sets off on {park.edges[x].id}, which both directions share", "wanted its ends")
            for pair in passage.strips
            for x in pair
            if x in first
        ]
        if len(passage.strips) > 1 and longest + BETWEEN > passage.passing.bay:
            what = f"its bays of {passage.passing.bay:g} m are too short for vehicles of {longest:g} m"
            faults.append(Fault(f"road {passage.id}", what, f"wanted bay: {longest + BETWEEN:.0f} m or more"))
    if faults:
        raise ScenarioError(faults=faults)


class _Cars(NamedTuple):
    """Who is about one direction of a strip.

    Args:
        before: wait or come on the lane before the line, nearest first; nobody behind one who halts there.
        on: are on the strip; whoever hangs back onto it is.
        after: are in the bay or mouth behind.
        bound: of those before, who do not stop any more if the line begins to shut.
    """

    before: list[Car]
    on: list[Car]
    after: list[Car]
    bound: list[Car]

    def taken(self) -> float:
        """Room that those in the bay behind, on the strip and bound for it need [m]."""
        several = {x.who: x.length + BETWEEN for x in (*self.on, *self.after, *self.bound)}
        return sum(several.values())


@dataclass(slots=True)
class _Way:
    """One direction of a strip: where one waits, drives and gets out.

    Args:
        before: lane on which one waits.
        edge: its edge.
        link: link at its end, onto the strip.
        inside: lanes on which one is on the strip, those over the joints among them.
        after: lane behind.
        room: of the bay behind [m]; inf behind the last strip.
        light: place of its stop line in `Loose.light`.
        clearing: time from the stop line until off the strip at the speed limit [s].
        came: departure -> when it was first known to want in [s].
        on: departures on the strip at the last look.
        cars: what is seen now.
    """

    before: int
    edge: int
    link: int
    inside: tuple[int, ...]
    after: int
    room: float
    light: int
    clearing: float
    came: dict[int, float] = field(default_factory=dict)
    on: set[int] = field(default_factory=set)
    cars: _Cars = field(default_factory=lambda: _Cars([], [], [], []))


def _ways(network: Network, world: World, passage: Passage, number: int) -> tuple[_Way, _Way]:
    """Both directions of a strip, the one along the drawing first."""
    found = []
    links = world.links
    for direction, edge in enumerate(passage.strips[number]):
        lane = network.edges[edge].lanes[0]
        before = next(c for c in network.connections if c.target == lane)
        behind = next(c for c in network.connections if c.source == lane)
        link = int(np.flatnonzero(links["entry"] & (links["target"] == lane))[0])
        inside = (*before.via, lane, *behind.via)
        last = number == (len(passage.strips) - 1 if direction == 0 else 0)
        found.append(
            _Way(
                before=before.source,
                edge=network.lanes[before.source].edge,
                link=link,
                inside=inside,
                after=behind.target,
                room=math.inf if last else network.lanes[behind.target].length,
                light=int(links["light"][link]),
                clearing=sum(network.lanes[i].length / network.lanes[i].speed for i in inside),
            )
        )
    return found[0], found[1]


class _Strip:
    """A strip of a passage: what is seen of it, and whose turn it is.

    `turn` is the direction that has, or had, the last turn; `open` whether it may enter.
    """

    def __init__(self, simulation: Simulation, passage: Passage, number: int, requests: Requests | None) -> None:
        self._simulation, self._how = simulation, passage.passing
        self._ways = _ways(simulation.pilot.park, simulation.world, passage, number)
        self._id = simulation.pilot.park.edges[passage.strips[number][0]].id
        self._lane = simulation.pilot.park.edges[passage.strips[number][0]].lanes[0]
        self._lanes = [i for way in self._ways for i in (way.before, *way.inside, way.after)]
        self._slots = simulation.world.lanes["slot"][self._lanes].tolist()
        self._lengths = simulation.world.lanes["length"][self._lanes].tolist()
        self._slow = 0.5 * float(simulation.world.lane["limit"][self._lane])
        self._requests = requests if self._how.control == "request" else None
        self._turn, self._open, self._since, self._passed, self._grants = -1, False, 0.0, 0, 0
        self._shut_at = self._ready_at = -math.inf
        self._hesitates = False
        self.busy = False

    def act(self, w: World) -> None:
        """Look, and give or end a turn."""
        counts = plain(w.lane)["count"][self._lanes]
        self.busy = bool(counts.any()) or any(x.on or x.came for x in self._ways)
        if not (self.busy or self._requests):
            return  # nobody is there, nor was at the last look
        now = float(w.totals[0].step) * float(w.totals[0].dt)
        self._look(w, counts.tolist())
        sides = self._side(w, self._ways[0], now), self._side(w, self._ways[1], now)
        if self._open:
            self._go_on(w, sides, now)
        if not self._open:
            self._change(w, sides, now)

    def _look(self, w: World, counts: list[int]) -> None:
        """See who is where, and count who entered; two directions at once are a fault of the program, and told."""
        lanes = dict(zip(self._lanes, cars(w, counts, self._slots, self._lengths), strict=True))
        for direction, way in enumerate(self._ways):
            halts = next((i for i, x in enumerate(lanes[way.before]) if x.holding), None)
            before = [x for x in lanes[way.before][:halts] if x.link == way.link]
            on = [x for lane in way.inside for x in lanes[lane]]
            on += [x for x in lanes[way.after] if x.position < x.length]
            way.cars = _Cars(before, on, lanes[way.after], [x for x in before if x.is_bound(HARD, LOOK)])
            those = {x.who for x in on}
            self._passed += len(those - way.on) if direction == self._turn else 0
            way.on = those
        if self._ways[0].on and self._ways[1].on:
            self._simulation.reasons.append(f"head-on meeting on {self._id} at {self._simulation.clock():.0f} s")

    def _side(self, w: World, way: _Way, now: float) -> Side:
        """What a turn is decided by."""
        wanting = {x.who: (x.comes(self._slow), x.length) for x in way.cars.before}
        if self._requests:
            wanting |= self._requests.asking(w, way.edge, way.before, set(way.came), now)
        way.came = {who: way.came.get(who, now) for who in wanting}
        order = sorted(wanting, key=lambda who: (wanting[who][0], who))
        waited, arrives = (now - way.came[order[0]], wanting[order[0]][0]) if order else (0.0, math.inf)
        if way.room == math.inf:
            return Side(len(order), waited, arrives, True)
        bound = {x.who for x in way.cars.bound}
        more = next((wanting[who][1] + BETWEEN for who in order if who not in bound), 0.0)
        return Side(len(order), waited, arrives, way.cars.taken() + more <= way.room)

    def _go_on(self, w: World, sides: tuple[Side, Side], now: float) -> None:
        """End a turn, or keep its line open while there is room behind."""
        way = self._ways[self._turn]
        if stays(self._how, self._turn, now - self._since, self._passed, sides):
            shut = YELLOW_LIGHT if way.cars.bound else RED
            self._show(w, way, GREEN if sides[self._turn].able else shut)
            return
        self._open = False
        nobody = not way.cars.before  # nobody sees a yellow
        self._shut_at = now if nobody else now + YELLOW
        self._show(w, way, RED if nobody else YELLOW_LIGHT)
        self._tell("passage_shut", self._turn)
        self._ready_at = self._shut_at + (way.clearing + MARGIN if self._how.control == "signal" else 0.0)
        self._hesitates = self._how.control == "courtesy" and bool(way.on) and bool(self._ways[1 - self._turn].came)

    def _change(self, w: World, sides: tuple[Side, Side], now: float) -> None:
        """Begin the next turn once the strip is empty and nobody is about to enter it."""
        if now < self._shut_at:
            return
        for way in self._ways:
            self._show(w, way, RED)
        if now < self._ready_at or not self._is_empty(float(w.totals[0].dt)):
            return
        if self._hesitates:  # from when he sees that it is empty
            draw = chance.draw(self._simulation.seed, chance.HESITATION, self._id, self._grants)
            self._ready_at = now + HESITATES[0] + draw * (HESITATES[1] - HESITATES[0])
            self._hesitates = False
            return
        turn = begins(self._how, self._turn, sides)
        if turn < 0:
            return
        self._turn, self._open, self._since, self._passed = turn, True, now, 0
        self._grants += 1
        self._show(w, self._ways[turn], GREEN if sides[turn].able else RED)
        self._tell("passage_open", turn)

    def _is_empty(self, dt: float) -> bool:
        """Whether nobody is on the strip, nor about to enter it over a shut line."""
        return not any(way.on or any(x.cannot_stop(dt) for x in way.cars.before) for way in self._ways)

    def _show(self, w: World, way: _Way, letter: int) -> None:
        """Open or shut a stop line."""
        if letter == YELLOW_LIGHT and w.loose.light[way.light] != YELLOW_LIGHT:
            w.loose.light_end[way.light] = w.totals[0].step + round(YELLOW / float(w.totals[0].dt))
        w.loose.light[way.light] = letter

    def _tell(self, kind: str, direction: int) -> None:
        """Leave a record; its value is the direction: 0 along the drawing, 1 against it."""
        self._simulation.environment.tell(kind, -1, float(direction), self._lane)
