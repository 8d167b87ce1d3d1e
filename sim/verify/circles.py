"""Vehicles at even spacing on rings: the setting of many textbook cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sim.engine.simulation import Service, Simulation
from sim.errors import Fault
from sim.traffic.card import Card
from sim.verify.case import VerificationError
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import SEAM, rings
from sim.verify.trial import Trial, once


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring road and those on it.

    Args:
        length: [m].
        vehicles: how many, evenly spaced.
        speed: at first [m/s].
        cards: of the vehicles, taken in turn.
    """

    length: float
    vehicles: int
    speed: float
    cards: tuple[Card, ...]


def _parts(ring: Ring) -> tuple[float, float]:
    """Lengths of the two parts of a ring [m], whole numbers of spacings."""
    first = ring.length * (ring.vehicles // 2) / ring.vehicles if ring.vehicles > 1 else 0.5 * ring.length
    return first, ring.length - first


def _places(ring: Ring) -> list[tuple[int, float]]:
    """Part of the ring and place on it [m] of each vehicle, from the last to the first; all bodies lie inside."""
    spacing = ring.length / ring.vehicles
    longest = max(one["length"] for one in ring.cards)
    if spacing < longest + SEAM + 0.2:
        what = f"a spacing of {spacing:.2f} m leaves no room for bodies of {longest:g} m"
        raise VerificationError(faults=[Fault("ring", what, "wanted a longer ring or fewer vehicles")])
    shift = 0.5 * (spacing - SEAM + longest)  # as far from the seam before as from the one behind
    at = (np.arange(ring.vehicles) * spacing + shift)[::-1]
    first, _ = _parts(ring)
    return [(0, float(x)) if x < first else (1, float(x - first)) for x in at]


def circles(
    several: Sequence[Ring], duration: float, limit: float, step: float = 0.1, edges: float = 0.0
) -> tuple[Trial, Service]:
    """A trial of rings, and the service that puts everybody exactly in place at its begin.

    Vehicle k of ring i is departure number of its rank: rings one after the other, each in direction of travel from
    the last to the first.

    Args:
        duration: [s].
        limit: speed limit [m/s].
        step: [s].
        edges: period of sums [s].
    """
    network, halves = rings([_parts(ring) for ring in several], limit)
    vehicles, where = [], []
    for i, ring in enumerate(several):
        laps = int(2.0 * duration * limit / ring.length) + 4
        for k, (side, position) in enumerate(_places(ring)):
            route = tuple(halves[i][(side + n) % 2] for n in range(laps))
            one = ring.cards[k % len(ring.cards)]
            vehicles.append(Vehicle(f"ring{i}.{k}", 0.0, route, one, 0, position, 0.0))
            where.append((position, ring.speed))
    exact = np.array(where)

    def settle(run: Simulation) -> None:
        v = run.world.vehicles
        rows = np.flatnonzero(v["departure"] >= 0)
        assert len(rows) == len(exact), "everybody is on the road at once"
        who = v["departure"][rows]
        v["position"][rows], v["speed"][rows] = exact[who, 0], exact[who, 1]
        v["pace"][rows] = exact[who, 1]

    trial = Trial(network, Fleet(vehicles), duration, step, edges=edges)
    return trial, once(trial.step, settle)


def members(several: Sequence[Ring]) -> list[slice]:
    """Departures of each ring."""
    bounds = np.concatenate(([0], np.cumsum([ring.vehicles for ring in several])))
    return [slice(int(a), int(b)) for a, b in pairwise(bounds)]
