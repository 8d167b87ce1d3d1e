"""In whose hands an automated vehicle is: profiles of the same body as the system, nobody or a driver moves it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np

from sim.engine.drivers import lay_acceptance, lay_profiles
from sim.engine.simulation import Simulation
from sim.provenance import Value
from sim.state.world import World
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.traffic.takeover import Takeover, errors

#: Of each automated card, rows of `Profiles` behind one another; the last ones by awareness.
PREPARING, STOPPING, DRIVEN, RECOVERING = 0, 1, 2, 3
#: What a vehicle keeps whoever drives it, and weights of one that stays in its lane.
_BODY = ("length", "width", "maximum_speed", "maximum_acceleration", "emergency_deceleration")
_IN_LANE = {"strategic": -1.0, "speed_gain": 0.0, "keep_right": 0.0}
_GIVEN = "given in the scenario"


class Hands:
    """Profiles of every automated card in other hands than the system's.

    Args:
        simulation: whose world takes them.
        told: how control goes over.
    """

    def __init__(self, simulation: Simulation, told: Takeover) -> None:
        cards = simulation.departures.cards
        self._cards, self._told, self._simulation = cards, told, simulation
        self._rank = np.cumsum([card.automated for card in cards]) - 1
        self.levels = told.levels()
        known = {card.name: card for card in cards}
        self.driver = known.get(told.driver) or CARDS[told.driver]
        self._first = 0

    def prepare(self, w: World) -> None:
        """Add the profiles to the world."""
        self._first = len(w.profiles)
        everybody = (x for card in self._cards if card.automated for x in self._variants(card))
        alike = tuple(dataclasses.replace(x, spreads={}) for x in everybody)
        profiles = np.concatenate([w.profiles, lay_profiles(alike)]).view(np.recarray)
        acceptance = np.concatenate([w.acceptance, lay_acceptance(alike)]).view(np.recarray)
        self._simulation.environment.world = w._replace(profiles=profiles, acceptance=acceptance)

    def give(self, w: World, row: int, variant: int) -> None:
        """Put a vehicle into some hands."""
        v = w.vehicles[row]
        card = int(self._rank[self._simulation.departures.card[v.departure]])
        v.profile = self._first + card * (RECOVERING + len(self.levels)) + variant

    def _variants(self, card: Card) -> Iterator[Card]:
        """A card in other hands, in the order of the constants above."""
        gap = {"time_gap": Value(self._told.time_gap, "s", _GIVEN, "given")}
        keep = {name: Value(x, "-", "stays in its lane", "given") for name, x in _IN_LANE.items()}
        brake = {"comfortable_deceleration": Value(self._told.deceleration, "m/s2", _GIVEN, "given")}
        yield dataclasses.replace(card, parameters=card.parameters | (gap if "time_gap" in card.parameters else {}))
        yield dataclasses.replace(card, parameters=card.parameters | keep | brake)
        body = {name: card.parameters[name] for name in _BODY}
        own = self.driver.parameters | body
        driven = dataclasses.replace(self.driver, vehicle_class=card.vehicle_class, parameters=own)
        yield driven
        for awareness in self.levels:
            yield dataclasses.replace(driven, parameters=own | _worse(driven, errors(awareness)))


def _worse(card: Card, told: dict[str, Value]) -> dict[str, Value]:
    """Errors of a driver, where they are greater than those he always makes."""
    own = card.parameters["gap_variation"].amount if "gap_variation" in card.parameters else 0.0
    return told if told["gap_variation"].amount > own else {}
