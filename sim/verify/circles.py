"""Vehicles at even spacing on rings: the setting of many textbook cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise, product

import numpy as np

from sim.chance import key
from sim.engine.simulation import Service, Simulation
from sim.errors import Fault
from sim.pilot import Rules
from sim.traffic.card import Card
from sim.verify.case import VerificationError
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import SEAM, rings
from sim.verify.trial import Trial, once

#: On rings nobody has to keep right, and a lane change takes its time.
_RULES = Rules(lane_change_duration=3.0, keep_right=False)


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring road and those on it.

    Args:
        length: [m].
        vehicles: how many on each lane, evenly spaced.
        speed: at first [m/s].
        cards: of the vehicles, taken in turn.
    """

    length: float
    vehicles: int
    speed: float
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """How rings are driven.

    Args:
        duration: [s].
        limit: speed limit [m/s].
        step: [s].
        edges: period of sums [s]; 0: none.
        lanes: of every ring.
        spread: deviation of desired speeds over the limit, drawn by name [-].
    """

    duration: float
    limit: float
    step: float = 0.1
    edges: float = 0.0
    lanes: int = 1
    spread: float = 0.0


def _parts(ring: Ring) -> tuple[float, float]:
    """Lengths of the two parts of a ring [m], whole numbers of spacings."""
    first = ring.length * (ring.vehicles // 2) / ring.vehicles if ring.vehicles > 1 else 0.5 * ring.length
    return first, ring.length - first


def _places(ring: Ring) -> list[tuple[int, float]]:
    """Part of the ring and place on it [m] of each vehicle of a lane, from the last to the first; bodies lie inside."""
    spacing = ring.length / ring.vehicles
    longest = max(one["length"] for one in ring.cards)
    if spacing < longest + SEAM + 0.2:
        what = f"a spacing of {spacing:.2f} m leaves no room for bodies of {longest:g} m"
        raise VerificationError(faults=[Fault("ring", what, "wanted a longer ring or fewer vehicles")])
    shift = 0.5 * (spacing - SEAM + longest)  # as far from the seam before as from the one behind
    at = (np.arange(ring.vehicles) * spacing + shift)[::-1]
    first, _ = _parts(ring)
    return [(0, float(x)) if x < first else (1, float(x - first)) for x in at]


def circles(several: Sequence[Ring], course: Course) -> tuple[Trial, Service]:
    """A trial of rings, and the service that puts everybody exactly in place at its begin.

    Departures are the rings one after the other; in a ring its lanes one after the other; in a lane from the first
    vehicle back.
    """
    network, halves = rings([_parts(ring) for ring in several], course.limit, course.lanes)
    vehicles, where = [], []
    for i, ring in enumerate(several):
        laps = int(2.0 * course.duration * course.limit * (1.0 + 3.0 * course.spread) / ring.length) + 4
        ways = [tuple(halves[i][(side + n) % 2] for n in range(laps)) for side in (0, 1)]
        for lane, (k, (side, position)) in product(range(course.lanes), enumerate(_places(ring))):
            name = f"ring{i}.{lane}.{k}"
            factor = 1.0 + course.spread * float(np.random.default_rng(key(name)).standard_normal())
            card = ring.cards[k % len(ring.cards)]
            vehicles.append(Vehicle(name, 0.0, ways[side], card, lane, position, 0.0, max(0.5, factor)))
            where.append((position, ring.speed))
    trial = Trial(network, Fleet(vehicles), course.duration, course.step, _RULES, course.edges)
    return trial, once(trial.step, partial(settle, np.array(where)))


def settle(exact: np.ndarray, run: Simulation) -> None:
    """Put everybody in place: positions [m] and speeds [m/s] of departures, (vehicles, 2); all are on the road."""
    v = run.world.vehicles
    rows = np.flatnonzero(v["departure"] >= 0)
    if len(rows) != len(exact):
        what = f"{len(exact) - len(rows)} of {len(exact)} drivers find no room at their minimum gaps"
        raise VerificationError(faults=[Fault("ring", what, "wanted a longer ring or fewer vehicles")])
    who = v["departure"][rows]
    v["position"][rows], v["speed"][rows] = exact[who, 0], exact[who, 1]
    v["pace"][rows] = exact[who, 1]


def members(several: Sequence[Ring]) -> list[slice]:
    """Departures of each ring."""
    bounds = np.concatenate(([0], np.cumsum([ring.vehicles for ring in several])))
    return [slice(int(a), int(b)) for a, b in pairwise(bounds)]
