"""Who drives in a verification case: a table of vehicles told one by one, and cards with chosen parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from sim.chance import key
from sim.park.network import Network
from sim.provenance import Value
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.cards import CARDS
from sim.traffic.departures import BASE, BEST, MAXIMUM, Departures

#: Every driver wants exactly the limit.
EXACT = SpeedFactor(1.0, 0.0, 0.2, 2.0, "verification case", "given")


def card(like: str, name: str = "", **amounts: float) -> Card:
    """A built-in card with some parameters of a case in place of its own: drivers who are alike and do not err."""
    built_in = CARDS[like]
    amounts = {"error_time": 0.0} | amounts if "error_time" in built_in.parameters else amounts
    own = {
        parameter: Value(amount, built_in.parameters[parameter].unit, "verification case", "given")
        for parameter, amount in amounts.items()
    }
    return replace(built_in, name=name or like, parameters=built_in.parameters | own, speed_factor=EXACT, spreads={})


def idm(time_gap: float, minimum_gap: float = 2.0, acceleration: float = 1.0, braking: float = 1.5) -> Card:
    """A human car that drives by the textbook Intelligent Driver Model [s], [m], [m/s2], [m/s2]."""
    return replace(
        card(
            "human_car",
            "idm_car",
            time_gap=time_gap,
            minimum_gap=minimum_gap,
            maximum_acceleration=acceleration,
            comfortable_deceleration=braking,
            maximum_speed=100.0,
            length=5.0,
            leaders=1.0,
            reaction_delay=0.0,
            start_delay=0.0,
        ),
        car_following="idm",
    )


@dataclass(frozen=True, slots=True)
class Vehicle:
    """One departure: who, when [s], along which edges, and where and how it enters."""

    name: str
    time: float
    route: tuple[int, ...]
    card: Card
    lane: int = BEST
    position: float = BASE
    speed: float = MAXIMUM
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Fleet:
    """A demand told vehicle by vehicle."""

    vehicles: Sequence[Vehicle] = field(default_factory=list)

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """The vehicles in order of time; equal ones as told."""
        rows = sorted(self.vehicles, key=lambda x: x.time)
        cards = list({x.card.name: x.card for x in rows}.values())
        rank = {one.name: i for i, one in enumerate(cards)}
        routes = list(dict.fromkeys(x.route for x in rows))
        number = {route: i for i, route in enumerate(routes)}
        n = len(rows)
        return Departures(
            ids=[x.name for x in rows],
            key=np.array([key(x.name) for x in rows], np.uint64),
            time=np.array([x.time for x in rows], float),
            card=np.array([rank[x.card.name] for x in rows], np.int32),
            route=np.array([number[x.route] for x in rows], np.int32),
            lane=np.array([x.lane for x in rows], np.int32),
            position=np.array([x.position for x in rows], float),
            speed=np.array([x.speed for x in rows], float),
            arrival_position=np.full(n, np.inf),
            speed_factor=np.array([x.factor for x in rows], float),
            stop_begin=np.zeros(n + 1, np.int64),
            stop_lane=np.empty(0, np.int32),
            stop_position=np.empty(0),
            stop_duration=np.empty(0),
            stop_until=np.empty(0),
            routes=[np.array(route, np.int32) for route in routes],
            cards=tuple(cards),
        )
