"""From drawn vehicles to the table of departures: routes, halts, tempers, in order of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from sim.errors import DemandError
from sim.park.network import Network
from sim.traffic.card import Card
from sim.traffic.departures import BASE, BEST, MAXIMUM, Departures
from sim.traffic.draw import Drawn, speed_factors
from sim.traffic.streams import Stream
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
    ranks = [np.array([names.index(n) if n in names else -1 for n in sorted(part.stream.cards)]) for part in drawn]
    card = [rank[part.card] for rank, part in zip(ranks, drawn, strict=True)]
    routed = [_routes(part, own, cards, ways) for part, own in zip(drawn, card, strict=True)]
    if ways.faults:
        raise DemandError(faults=tuple(dict.fromkeys(ways.faults)))
    return _rows(drawn, card, routed, ways.routes, cards, seed)


Routed = tuple[np.ndarray, Halts]


def _routes(part: Drawn, card: np.ndarray, cards: tuple[Card, ...], ways: Ways) -> Routed:
    """Route index of each vehicle of a stream (vehicles,), and the halts they all make."""
    stream = part.stream
    if stream.line:
        route, halts = ways.along(stream.line, cards[card[0]] if len(card) else _only(stream, cards))
        return np.full(len(card), route), halts
    origins, destinations = sorted(stream.origins), sorted(stream.destinations)
    combined = (card * len(origins) + part.origin) * len(destinations) + part.destination
    kinds, back = np.unique(combined, return_inverse=True)
    found = []
    for kind in kinds.tolist():
        rest, destination = divmod(kind, len(destinations))
        which, origin = divmod(rest, len(origins))
        found.append(ways.between(origins[origin], destinations[destination], cards[which], stream.where))
    return np.array(found, dtype=np.intp)[back], _NO_HALTS


def _only(stream: Stream, cards: tuple[Card, ...]) -> Card:
    """The one card of a bus line."""
    return next(card for card in cards if card.name in stream.cards)


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
    begin, lane, position, duration = _halts(stream, [halts for _, halts in routed])
    count = len(ids)
    return Departures(
        ids=[ids[row] for row in order.tolist()],
        key=key,
        time=time[order],
        card=card_of,
        route=_joined([route for route, _ in routed], np.int32)[order],
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
