"""From wishes to rows: expand flows, draw types, routes and tempers, put everybody in order of departure."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from sim import chance
from sim.traffic.card import Card
from sim.traffic.departures import Departures
from sim.traffic.draw import speed_factors
from sim.traffic.sumo.reading import Read
from sim.traffic.sumo.times import MOST, Rate
from sim.traffic.sumo.ways import Resolved, Ways
from sim.traffic.sumo.wishes import Wish


class Rows:
    """Vehicles of all wishes that depart in [begin, end) [s], in order of (time, place in the files).

    Args:
        read: what the files hold.
        seed: of all draws.
        begin: of the run [s].
        end: of the run [s].
    """

    def __init__(self, read: Read, seed: int, begin: float, end: float) -> None:
        """Expand flows and put everybody in order."""
        self._read = read
        self._seed = seed
        self.ids: list[str] = []
        times: list[float] = []
        wishes: list[int] = []
        for rank, wish in enumerate(read.wishes):
            for name, time in self._departing(wish, begin, end):
                self.ids.append(name)
                times.append(time)
                wishes.append(rank)
        order = np.argsort(np.array(times, dtype=np.float64), kind="stable")
        self.ids = [self.ids[row] for row in order.tolist()]
        self.time = np.array(times, dtype=np.float64)[order]
        self.wish = np.array(wishes, dtype=np.int64)[order]
        self.key = np.fromiter(map(chance.key, self.ids), dtype=np.uint64, count=len(self.ids))

    def _departing(self, wish: Wish, begin: float, end: float) -> list[tuple[str, float]]:
        """Names and times of a wish's vehicles; SUMO numbers those of a flow from the first that departs."""
        if isinstance(wish.time, Rate):
            rate = wish.time
            if not math.isfinite(min(rate.end, end)) and not (math.isfinite(rate.number) and rate.period > 0.0):
                wish.fault("neither it nor the run has an end", "wanted end here, or an end of the run")
                return []
            if rate.too_many(end):
                wish.fault(f"it asks for more than {MOST} vehicles", "wanted fewer, or an earlier end")
                return []
            times = rate.times(wish.id, self._seed, begin, end).tolist()
            return [(f"{wish.id}.{number}", time) for number, time in enumerate(times)]
        time = max(wish.time, begin) if wish.time == -math.inf else wish.time
        if begin <= time < end:
            return [(wish.id, time)]
        when = "before the run begins" if time < begin else "after the run ends"
        wish.left_aside(f"<{wish.spot.tag}> {when} (does not depart)")
        return []

    def _twice(self) -> None:
        """Faults for names that two have, once for the later of two elements."""
        if len(set(self.ids)) == len(self.ids):
            return
        first: dict[str, int] = {}
        told: set[int] = set()
        for row in np.argsort(self.wish, kind="stable").tolist():
            rank = int(self.wish[row])
            other = first.setdefault(self.ids[row], rank)
            if other != rank and rank not in told:
                told.add(rank)
                spot = self._read.wishes[other].spot
                what = f"there is another vehicle called {self.ids[row]}, of <{spot.tag}> {spot.id} at {spot}"
                self._read.wishes[rank].fault(what, "give each its own id")

    def _unknown(self) -> set[str]:
        """Types that nobody has defined, with a fault for each who asks for one; others stand in for them."""
        types = self._read.types
        unknown = {kind for kind in dict.fromkeys(wish.kind for wish in self._read.wishes) if not types.has(kind)}
        for wish in self._read.wishes if unknown else ():
            if wish.kind in unknown:
                wish.fault(f'its type "{wish.kind}" is not defined', types.near(wish.kind))
        types.stand_in(unknown)
        return unknown

    def departures(self, ways: Ways) -> Departures:
        """The table; faults, all of them, go to the files."""
        self._twice()
        unknown = self._unknown()
        cards, card = self._cards()
        users = [None if one.name in unknown else one for one in cards]
        found, kept = self._resolved(ways, users, card)
        self._look_at_others(ways, unknown)
        rows = np.flatnonzero(kept)
        wishes = [self._read.wishes[rank] for rank in self.wish[rows].tolist()]
        picked = [found[row] for row in rows.tolist()]
        key, card = self.key[rows], card[rows]
        stops = [stop for one in picked for stop in one.stops]
        kinds = ("i4", "f8", "f8", "f8", "?")
        lane, position, duration, until, aside = (
            np.array([stop[part] for stop in stops], dtype=np.dtype(kind)) for part, kind in enumerate(kinds)
        )
        return Departures(
            ids=[self.ids[row] for row in rows.tolist()],
            key=key,
            time=self.time[rows],
            card=card.astype(np.int32),
            route=np.array([one.route for one in picked], dtype=np.int32),
            lane=np.array([wish.lane for wish in wishes], dtype=np.int32),
            position=np.array([one.position for one in picked], dtype=np.float64),
            speed=np.array([wish.speed for wish in wishes], dtype=np.float64),
            arrival_position=self._arrivals(wishes, picked, key),
            speed_factor=self._tempers(wishes, cards, card, key),
            stop_begin=np.concatenate(([0], np.cumsum([len(one.stops) for one in picked]))).astype(np.int64),
            stop_lane=lane,
            stop_position=position,
            stop_duration=duration,
            stop_until=until,
            stop_aside=aside,
            routes=ways.routes,
            cards=cards,
            warnings=self._read.warnings(),
            trip=np.array([one.trip for one in picked], dtype=np.int32),
            trips=ways.trips,
        )

    def _cards(self) -> tuple[tuple[Card, ...], np.ndarray]:
        """Cards used, and the rank of each vehicle's, (vehicles,); those of distributions are drawn."""
        types = self._read.types
        kinds = [wish.kind for wish in self._read.wishes]
        names: dict[str, int] = {}
        card = np.zeros(len(self.ids), dtype=np.int64)
        codes = {kind: code for code, kind in enumerate(dict.fromkeys(kinds))}
        kind_of = np.array([codes[kind] for kind in kinds], dtype=np.int64)[self.wish] if kinds else self.wish
        for kind, code in codes.items():
            rows = np.flatnonzero(kind_of == code)
            if kind in types.distributions:
                spread = types.distributions[kind]
                drawn = _pick(spread.weights, chance.uniforms(self._seed, chance.CARD, self.key[rows]))
                ranks = np.array([names.setdefault(name, len(names)) for name in spread.types], dtype=np.int64)
                card[rows] = ranks[drawn]
            else:
                card[rows] = names.setdefault(kind, len(names))
        return tuple(types.cards[name] for name in names), card

    def _look_at_others(self, ways: Ways, unknown: set[str]) -> None:
        """Find what else is wrong with those of whom nobody departs, for something they say is."""
        departing = set(self.wish.tolist())
        types = self._read.types
        for rank, wish in enumerate(self._read.wishes):
            if wish.faulty and rank not in departing:
                names = types.distributions[wish.kind].types if wish.kind in types.distributions else (wish.kind,)
                for way in ways.options(wish)[0]:
                    ways.resolve(wish, way, None if names[0] in unknown else types.cards[names[0]])

    def _resolved(
        self, ways: Ways, cards: Sequence[Card | None], card: np.ndarray
    ) -> tuple[list[Resolved], np.ndarray]:
        """How each vehicle goes, and which of them can, (vehicles,) bool; None: a card that is not known."""
        nowhere = Resolved(0, (), 0.0, 0.0, 0.0)
        found: list[Resolved] = []
        kept = np.zeros(len(self.ids), dtype=bool)
        cache: dict[tuple[int, int, str, float], Resolved | None] = {}
        options = {rank: ways.options(self._read.wishes[rank]) for rank in dict.fromkeys(self.wish.tolist())}
        draws = chance.uniforms(self._seed, chance.DESTINATION, self.key)
        for row, (rank, one) in enumerate(zip(self.wish.tolist(), card.tolist(), strict=True)):
            choices, weights = options[rank]
            if not choices:
                found.append(nowhere)
                continue
            pick = 0 if len(choices) == 1 else int(_pick(weights, draws[row : row + 1])[0])
            user = cards[one]
            place = (rank, pick, user.vehicle_class, user["maximum_speed"]) if user else (rank, pick, "", 0.0)
            if place not in cache:
                cache[place] = ways.resolve(self._read.wishes[rank], choices[pick], user)
            way = cache[place]
            kept[row] = way is not None
            found.append(way or nowhere)
        return found, kept

    def _arrivals(self, wishes: Sequence[Wish], found: Sequence[Resolved], key: np.ndarray) -> np.ndarray:
        """Where trips end on the last edge, (vehicles,) [m]; random ones are drawn."""
        arrival = np.array([one.arrival for one in found], dtype=np.float64)
        rows = np.array([row for row, wish in enumerate(wishes) if wish.arrival == "random"], dtype=np.int64)
        length = np.array([one.last_length for one in found], dtype=np.float64)
        arrival[rows] = length[rows] * chance.uniforms(self._seed, chance.DESTINATION, key[rows], 1)
        return arrival

    def _tempers(self, wishes: Sequence[Wish], cards: Sequence[Card], card: np.ndarray, key: np.ndarray) -> np.ndarray:
        """Speed factor of each vehicle, (vehicles,) [-]: its own if the file gives one."""
        factor = np.ones(len(key))
        for rank, one in enumerate(cards):
            rows = np.flatnonzero(card == rank)
            factor[rows] = speed_factors(one, key[rows], self._seed)
        own = np.array([wish.speed_factor for wish in wishes], dtype=np.float64)
        return np.where(np.isnan(own), factor, own)


def _pick(weights: Sequence[float], draws: np.ndarray) -> np.ndarray:
    """Rank drawn by weight for each draw in [0, 1); one without weight is never drawn."""
    steps = np.cumsum(weights)
    last = int(np.searchsorted(steps, steps[-1]))
    return np.minimum(np.searchsorted(steps / steps[-1], draws, side="right"), last)
