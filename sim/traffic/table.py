"""From drawn vehicles to the table of departures: routes, halts, tempers, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from sim.errors import DemandError
from sim.park.network import Network
from sim.traffic.card import Card
from sim.traffic.departures import BASE, BEST, MAXIMUM, Departures
from sim.traffic.draw import Drawn, speed_factors
from sim.traffic.ways import Halts, Ways

_NO_HALTS = Halts(np.empty(0, dtype=np.int32), np.empty(0), np.empty(0))


def table(drawn: Sequence[Drawn], network: Network, catalogue: Mapping[str, Card], seed: int) -> Departures:
    """Departures of all streams in order of (time, place in the file).

    Raises:
        DemandError: every pair of places without a way, every stop that cannot be served.
    """
    ways = Ways(network)
    names = sorted({name for part in drawn for name, share in part.stream.cards.items() if share > 0.0})
    cards = tuple(catalogue[name] for name in names)
    rank = {name: names.index(name) if name in names else -1 for part in drawn for name in part.stream.cards}
    card = [np.array([rank[name] for name in part.stream.cards])[part.card] for part in drawn]
    routed = [_routes(part, catalogue, ways) for part in drawn]
    if ways.faults:
        raise DemandError(faults=tuple(dict.fromkeys(ways.faults)))
    return _rows(drawn, card, routed, ways.routes, cards, seed)


Routed = tuple[np.ndarray, Halts]


def _routes(part: Drawn, catalogue: Mapping[str, Card], ways: Ways) -> Routed:
    """Route index of each vehicle of a stream (vehicles,), and the halts they all make.

    Whatever could be drawn needs a way, drawn or not: whether a demand is sound must not depend on the seed.
    """
    stream = part.stream
    if stream.line:
        route, halts = ways.along(stream.line, catalogue[stream.line.card])
        return np.full(len(part.ids), route), halts
    shape = len(stream.cards), len(stream.origins), len(stream.destinations)
    choices = product(stream.cards.items(), stream.origins.items(), stream.destinations.items())
    found = [
        ways.between(origin, destination, catalogue[name], stream.where) if min(share, weight, other) > 0.0 else -1
        for (name, share), (origin, weight), (destination, other) in choices
    ]
    return np.array(found).reshape(shape)[part.card, part.origin, part.destination], _NO_HALTS


def _rows(
    drawn: Sequence[Drawn],
    card: list[np.ndarray],
    routed: list[Routed],
    routes: list[np.ndarray],
    cards: tuple[Card, ...],
    seed: int,
) -> Departures:
    time = _joined([part.time for part in drawn], np.float64)
    order = np.argsort(time, kind="stable")
    key = _joined([part.key for part in drawn], np.uint64)[order]
    card_of = _joined(card, np.int32)[order]
    stream = np.repeat(np.arange(len(drawn)), [len(part.ids) for part in drawn])[order]
    ids = [name for part in drawn for name in part.ids]
    route_of = _joined([route for route, _ in routed], np.int32)[order]
    chooses = np.array([part.stream.line is None for part in drawn], dtype=bool)[stream]
    begin, lane, position, duration = _halts(stream, [halts for _, halts in routed])
    count = len(ids)
    return Departures(
        ids=[ids[row] for row in order.tolist()],
        key=key,
        time=time[order],
        card=card_of,
        route=route_of,
        lane=np.full(count, BEST, dtype=np.int32),
        position=np.full(count, BASE),
        speed=np.full(count, MAXIMUM),
        arrival_position=np.full(count, np.inf),
        speed_factor=_tempers(cards, card_of, key, seed),
        stop_begin=begin,
        stop_lane=lane,
        stop_position=position,
        stop_duration=duration,
        stop_until=np.full(len(lane), -np.inf),
        routes=routes,
        cards=cards,
        warnings=tuple(
            f"{part.stream.where}: {part.missing} of {part.missing + len(part.ids)} vehicles fall outside the run"
            for part in drawn
            if part.missing
        ),
        trip=np.where(chooses, route_of, -1),
        trips=[route[[0, -1]] for route in routes],
    )


def _tempers(cards: tuple[Card, ...], card: np.ndarray, key: np.ndarray, seed: int) -> np.ndarray:
    """Speed factor of each vehicle (vehicles,) [-]."""
    found = np.ones(len(key))
    for rank, one in enumerate(cards):
        rows = np.flatnonzero(card == rank)
        found[rows] = speed_factors(one, key[rows], seed)
    return found


def _halts(stream: np.ndarray, halts: list[Halts]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Begin of each row's halts (vehicles + 1,), and their lanes, positions [m] and durations [s], (halts,)."""
    sizes = np.array([len(one.lane) for one in halts], dtype=np.int64)
    begin = np.concatenate(([0], np.cumsum(sizes[stream]))).astype(np.int64)
    halting = [halts[i] for i in stream[sizes[stream] > 0].tolist()]
    lane = _joined([one.lane for one in halting], np.int32)
    position = _joined([one.position for one in halting], np.float64)
    duration = _joined([one.duration for one in halting], np.float64)
    return begin, lane, position, duration


def _joined(parts: list[np.ndarray], kind: type) -> np.ndarray:
    """Parts in one array of a kind; empty if there are none."""
    return np.concatenate(parts).astype(kind) if parts else np.empty(0, dtype=kind)
