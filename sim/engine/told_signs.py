"""The signs that a roadside unit tells of: which hold near it, as RSI carries them, and how long that message is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.signs import Sign, signs_of
from sim.engine.stations import set_size
from sim.engine.told import SIGNAGE, SIGNS, Board, Told
from sim.engine.told_map import offsets
from sim.state.air import BEAT, FORGED
from sim.state.roadside import KEEP_LANE, LIMIT
from sim.state.world import World
from sim.v2x import EVENTS_TOLD, MESSAGES, OFFSETS, offset
from sim.v2x import Sign as Said

if TYPE_CHECKING:
    from sim.engine.simulation import Simulation

#: Most signs of a message; T/CSAE 53-2020.
MOST_SIGNS = 16
#: A limit's number among the signs of GB 5768.2, from memory; the text says what else there is.
SPEED_LIMIT, AS_TEXT, KEEP = 85, 0, "KEEP LANE"
#: Times are told in whole minutes.
MINUTE = 60.0
#: Of an RSI: how many signs it holds; a list that is empty is not there.
_SIGNS_TOLD = 4
#: Of a sign: marks 7, number 8, kind 16, priority 8; its text but for the letters; its times but for the end; its path
#: but for the places; a place but for its offset.
_SIGN, _TEXT, _START, _PATH, _PLACE_OFF = 7 + 8 + 16 + 8, 1 + 9, 3 + 20, 3 + 5 + 16, 1 + 3


class Signs:
    """What a unit tells of signs.

    Args:
        rank: its row of `Stations`.
        board: what is said by event messages.
    """

    def __init__(self, simulation: Simulation, rank: int, board: Board) -> None:
        self._simulation, self._rank, self._board = simulation, rank, board
        r = simulation.world.radio
        own = range(int(r.stations["stream"][rank]), int(r.stations["stream_end"][rank]))
        self._stream = next((k for k in own if r.streams["content"][k] == SIGNS and r.streams["flaw"][k] != FORGED), -1)

    def near(self, reach: float) -> tuple[Told, ...]:
        """Signs that hold now within reach [m], the nearest first, up to what a message holds; as RSI carries them."""
        w, found = self._simulation.world, list[tuple[float, int, Told]]()
        for sign in signs_of(self._simulation.pilot):
            away = float(np.hypot(*self._off(sign).T).min())
            if away <= reach and w.signs["on"][w.signs["number"] == sign.number].any():
                found.append((away, sign.number, carried(sign)))
        return tuple(x for _, _, x in sorted(found, key=lambda x: x[:2])[:MOST_SIGNS])

    def put_up(self, signs: tuple[Told, ...], rate: float) -> None:
        """Say signs again and again in one message, until others; none: say nothing.

        Args:
            rate: how often [1/s], where the pilot's radio is not told another rate of the message.
        """
        radio, stream = self._simulation.pilot.radio, self._stream
        if stream < 0 or radio is None:
            return
        size, often = size_of_signs([self.said(x) for x in signs]), radio.rate("rsi", rate)

        def speak(world: World) -> None:
            f = world.radio.streams[stream]
            self._board.said[stream] = signs
            set_size(f, "rsi", size, radio)
            f.first = f.number
            if f.period == 0:
                f.next = max(int(f.next), round(int(world.totals[0].step) * float(world.totals[0].dt) * BEAT))
            f.period = round(BEAT / often) if signs else 0

        self._simulation.environment.command(speak)

    def said(self, told: Told) -> Said:
        """A sign as the standard's fields hold it."""
        park = self._simulation.pilot.park
        begin, end = offsets(park, self._off(told))
        lanes = (told.lane,) if told.alone else park.edges[park.lanes[told.lane].edge].lanes
        limit = told.what == LIMIT
        return Said(
            kind=SPEED_LIMIT if limit else AS_TEXT,
            text=f"{round(told.speed * 3.6):03d}" if limit else KEEP,
            points=(begin, end),
            radius=sum(park.lanes[x].width for x in lanes) / 2.0,
            end=None if told.until == math.inf else round(told.until / MINUTE) % 527_040,
        )

    def _off(self, sign: Sign | Told) -> np.ndarray:
        """Where a sign begins and ends to hold, off the unit, to the east and north (2, 2) [m]."""
        lane = sign.lanes[0] if isinstance(sign, Sign) else sign.lane
        s = self._simulation.world.radio.stations[self._rank]
        x, y, _ = self._simulation.axes.place(np.array([lane, lane]), np.array([sign.begin, sign.end]))
        return np.stack([x - s.x, y - s.y], axis=1)


def size_of_signs(signs: Sequence[Said]) -> int:
    """Size of an RSI that tells of these signs and no event, without security header [byte]."""
    bits = MESSAGES["rsi"].bits - EVENTS_TOLD + _SIGNS_TOLD
    for sign in signs:
        places = [_PLACE_OFF + OFFSETS[offset(x)][1] for x in (sign.points[0], *sign.points)]
        bits += _SIGN + _TEXT + 7 * len(sign.text) + _START + 20 * (sign.end is not None) + _PATH + sum(places)
    return -(-bits // 8)


def carried(sign: Sign) -> Told:
    """What a receiver reads of a sign: limits in whole km/h, and its end, if it has one, by the next whole minute."""
    limit = sign.speed < math.inf
    speed = MESSAGES["rsi"].field("speed").carried(sign.speed) if limit else math.inf
    until = math.ceil(sign.until / MINUTE) * MINUTE if sign.until < math.inf else math.inf
    what = LIMIT if limit else KEEP_LANE
    return Told(SIGNAGE, sign.lanes[0], sign.begin, sign.end, speed, until, what, sign.alone)
