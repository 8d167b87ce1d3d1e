"""Who each vehicle of a stream is: its name, time, card, ends and temper, all keyed by its name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim import chance
from sim.traffic.arrivals import times
from sim.traffic.card import Card
from sim.traffic.streams import Stream

_DIGITS = 9  #: of a drawn speed factor: hides the last bits, in which machines' error functions differ


@dataclass(frozen=True, slots=True)
class Drawn:
    """Vehicles of one stream by time; arrays of shape (vehicles,).

    Args:
        card: rank of the card among the stream's.
        origin: rank of the origin among the stream's.
        destination: rank of the destination among the stream's.
        missing: how many of a pulse fall outside the run.
    """

    stream: Stream
    ids: list[str]
    key: np.ndarray
    time: np.ndarray
    card: np.ndarray
    origin: np.ndarray
    destination: np.ndarray
    missing: int


def draw(stream: Stream, seed: int, begin: float, end: float) -> Drawn:
    """Everybody of a stream who departs in [begin, end) [s]."""
    numbers, time, missing = times(stream.process, stream.id, seed, begin, end)
    ids = [f"{stream.id}.{number}" for number in numbers.tolist()]
    key = np.fromiter(map(chance.key, ids), dtype=np.uint64, count=len(ids))
    card = _pick(stream.cards, seed, chance.CARD, key)
    origin = _pick(stream.origins, seed, chance.DESTINATION, key)
    destination = _pick(stream.destinations, seed, chance.DESTINATION, key, count=1)
    return Drawn(stream, ids, key, time, card, origin, destination, missing)


def _pick(weights: Mapping[str, float], seed: int, purpose: int, key: np.ndarray, count: int = 0) -> np.ndarray:
    """Rank of the name that each vehicle draws by weight; one without weight is never drawn."""
    if len(weights) < 2:
        return np.zeros(len(key), dtype=np.intp)
    steps = np.cumsum(list(weights.values()))
    last = int(np.searchsorted(steps, steps[-1]))
    draws = chance.uniforms(seed, purpose, key, count)
    return np.minimum(np.searchsorted(steps / steps[-1], draws, side="right"), last)


def speed_factors(card: Card, keys: np.ndarray, seed: int) -> np.ndarray:
    """Desired speed over limit [-] of vehicles by key, (vehicles,): inverse of the card's cut normal distribution."""
    factor = card.speed_factor
    if factor.deviation == 0.0:
        return np.full(len(keys), min(max(factor.mean, factor.low), factor.high))
    low, high = (chance.below((bound - factor.mean) / factor.deviation) for bound in (factor.low, factor.high))
    draws = low + (high - low) * chance.uniforms(seed, chance.SPEED_FACTOR, keys)
    found = np.clip(factor.mean + factor.deviation * chance.quantile(draws), factor.low, factor.high)
    rounded: np.ndarray = np.round(found, _DIGITS)
    return rounded
