"""Cards of automated vehicles for verification cases, and who of a row of vehicles hears the one ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from sim.engine.simulation import Service, Simulation
from sim.models.car_following import CAR_FOLLOWING, parameters
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.case import Unavailable
from sim.verify.fleet import EXACT
from sim.verify.trial import once


def driven_by(model: str, name: str, **amounts: float) -> Card:
    """A built-in card that drives by a car-following model, with some amounts of a case in place of its own.

    Raises:
        Unavailable: no such model, or no built-in card drives by it.
    """
    known = [one for one in CARDS.names() if CARDS[one].car_following == model]
    if model not in CAR_FOLLOWING or not known:
        raise Unavailable(f"no card drives by {model} in this version")
    like = CARDS[known[0]]
    allowed = {*parameters(model), *like.parameters}
    own = {key: Value(amount, "", "verification case", "given") for key, amount in amounts.items() if key in allowed}
    return replace(like, name=name, parameters=like.parameters | own, speed_factor=EXACT)


def hears(connected: Sequence[bool], time: float) -> Service:
    """A service that tells each departure whether it hears the vehicle ahead, from a time on [s]."""
    told = np.array(connected, bool)

    def tell(run: Simulation) -> None:
        v = run.world.vehicles
        if "connected" not in (v.dtype.names or ()):
            raise Unavailable("vehicles hear each other not yet in this version")
        rows = np.flatnonzero(v["departure"] >= 0)
        v["connected"][rows] = told[v["departure"][rows]]

    return once(time, tell)


def in_groups(draw: np.random.Generator, count: int, share: float, size: int) -> np.ndarray:
    """Who of a lane is automated (vehicles,): groups of a size, and people, in random order."""
    automated = round(share * count)
    groups = [min(size, automated - first) for first in range(0, automated, size)]
    units = [np.ones(n, bool) for n in groups] + [np.zeros(1, bool)] * (count - automated)
    return np.concatenate([units[i] for i in draw.permutation(len(units))])
