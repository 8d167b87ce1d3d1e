"""Lay how people and machines drive as arrays: profiles, one a card, or one a temper where drivers of a card differ."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from sim import chance
from sim.engine.people import class_bit
from sim.models import car_following
from sim.models.fold import WIDTH
from sim.park.network import MOVEMENTS
from sim.state import place, traffic
from sim.state.columns import allocate
from sim.traffic.card import Card
from sim.traffic.departures import Departures
from sim.traffic.walkers import yield_rate

#: Kinds of drivers of one card that differ; a row of `Profiles` each, so that these stay near the processor.
TEMPERS = 64
#: Drivers further from the median than so many deviations are none of theirs. Source: assumed.
FURTHEST = 2.0
_DIGITS = 9  #: of a drawn amount: hides the last bits, in which machines' functions differ

#: Parameters that every card has.
_ALL = (
    "length", "width", "minimum_gap", "maximum_speed", "minor_time_gap", "impatience", "time_to_impatience",
    "strategic", "cooperative", "speed_gain", "keep_right",
)  # fmt: skip
#: Parameters that a card may leave at the default of `Profiles`.
OPTIONAL = (
    "imperfection", "safety_factor", "politeness", "leaders", "reaction_delay", "start_delay", "response_time",
    "error_time", "gap_variation", "closing_rate", "compliance", "attention",
)  # fmt: skip


@cache
def _scores(name: str) -> np.ndarray:
    """Standard normal amounts of the tempers for one thing drawn (TEMPERS,): evenly likely, in an order of its own."""
    draws = np.array([chance.draw(0, chance.PARAMETER, name, i) for i in range(TEMPERS)])
    rank = np.argsort(np.argsort(draws))
    return np.asarray(np.clip(chance.quantile((rank + 0.5) / TEMPERS), -FURTHEST, FURTHEST))


def drawn(card: Card) -> list[Card]:
    """The kinds of drivers of a card: the card itself if they do not differ."""
    if not card.spreads:
        return [card]
    factors = {name: np.round(np.exp(value.amount * _scores(name)), _DIGITS) for name, value in card.spreads.items()}
    found = []
    for i in range(TEMPERS):
        own = {
            name: replace(value, amount=value.amount * float(factors[spread][i]))
            for name, value in card.parameters.items()
            if (spread := _spread_of(name, card)) is not None
        }
        found.append(replace(card, parameters=card.parameters | own, spreads={}))
    return found


def _spread_of(name: str, card: Card) -> str | None:
    """Which spread of a card holds for a parameter; critical gaps and follow-up times of all movements go together."""
    if name in card.spreads:
        return name
    return "gaps" if "gaps" in card.spreads and name.startswith(("critical_gap_", "follow_up_")) else None


def _everybody(cards: tuple[Card, ...]) -> list[Card]:
    return [one for card in cards for one in drawn(card)]


def tempers(departures: Departures, seed: int) -> np.ndarray:
    """Row of `Profiles` of each departure (departures,), drawn by its name."""
    kinds = np.array([TEMPERS if card.spreads else 1 for card in departures.cards], np.int64)
    first = np.cumsum(kinds) - kinds
    draws = chance.uniforms(seed, chance.PARAMETER, departures.key)
    card = np.asarray(departures.card, np.int64)
    return np.asarray(first[card] + (draws * kinds[card]).astype(np.int64)) if len(card) else card


def _time_gap(card: Card) -> float:
    """What a card's car-following model keeps to a leader [s]; 0 if it knows no time."""
    own = car_following.parameters(card.car_following)
    return next((card[name] for name in ("time_gap", "reaction_time") if name in own), 0.0)


def lay_profiles(cards: tuple[Card, ...]) -> Any:
    """Rows of `Profiles`, one a kind of driver."""
    everybody = _everybody(cards)
    rows = allocate(place.Profiles, max(1, len(everybody)))
    for row, card in zip(rows, everybody, strict=False):
        for name in _ALL:
            row[name] = card[name]
        row.acceleration = card["maximum_acceleration"]
        row.deceleration = card["comfortable_deceleration"]
        row.emergency = max(card["emergency_deceleration"], card["comfortable_deceleration"])
        row.time_gap = _time_gap(card)
        row.model = car_following.CAR_FOLLOWING.code(card.car_following)
        for name in OPTIONAL:
            if name in card.parameters:
                row[name] = card[name]
        for i, name in enumerate(car_following.parameters(card.car_following)[:WIDTH]):
            row[f"p{i}"] = card[name]
        row.class_bit, row.machine = class_bit(card), card.automated
        row.yield_rate = yield_rate(card).amount
        if "connected_time_gap" in car_following.parameters(card.car_following):
            row.linked = traffic.BY_MODEL if "connected_by_model" in card.parameters else traffic.BY_RADIO
    return rows


def lay_acceptance(cards: tuple[Card, ...]) -> Any:
    """Rows of `Acceptance`: those of a profile behind each other."""
    everybody = _everybody(cards)
    rows = allocate(place.Acceptance, max(1, len(everybody)) * len(MOVEMENTS))
    for i, card in enumerate(everybody):
        for rank, movement in enumerate(MOVEMENTS):
            if f"critical_gap_{movement}" in card.parameters:
                rows[i * len(MOVEMENTS) + rank].critical = card[f"critical_gap_{movement}"]
                rows[i * len(MOVEMENTS) + rank].follow_up = card[f"follow_up_{movement}"]
    return rows
