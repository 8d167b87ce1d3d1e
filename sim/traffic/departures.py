"""Who drives: everybody who wants to depart during a run, drawn before it, in one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from sim.park.network import Network
from sim.traffic.card import Card

# Codes below zero in `lane`: which lane to enter by.
FIRST_ALLOWED, BEST, FREE, RANDOM = -1, -2, -3, -4
# Codes below zero in `position`: where on the lane to enter. BASE: as far back as the body just fits; FREE: there, or
# in the first gap ahead; RANDOM_FREE: anywhere, or so.
BASE, RANDOM_POSITION, FREE_POSITION, LAST, RANDOM_FREE = -1.0, -2.0, -3.0, -4.0, -5.0
# Codes below zero in `speed`: how fast to enter. MAXIMUM: as fast as is safe; DESIRED: own speed, wait if not safe.
# AVERAGE: as fast as those on the lane, as far as is safe.
MAXIMUM, DESIRED, SPEED_LIMIT, RANDOM_SPEED, AVERAGE = -1.0, -2.0, -3.0, -4.0, -5.0


@dataclass(frozen=True, slots=True)
class Departures:
    """One row a vehicle, in the order of (time, place in the user's file); all arrays of shape (vehicles,) or as told.

    Args:
        ids: unique names.
        key: `sim.chance.key(id)`, uint64.
        time: wanted departure time [s of the simulation's clock].
        card: index in `cards`.
        route: index in `routes`.
        lane: lane index on the first edge (0 at the kerb), or a code below zero.
        position: front bumper on the lane [m], or a code below zero.
        speed: [m/s], or a code below zero.
        arrival_position: where on the last edge the trip ends [m]; inf: at its end.
        speed_factor: desired speed over limit [-], drawn.
        stop_begin: (vehicles + 1,) row i's halts are stop_begin[i] .. stop_begin[i + 1].
        stop_lane: (halts,) lane index, in order of travel.
        stop_position: (halts,) where the front bumper halts [m].
        stop_duration: (halts,) least time at rest [s].
        stop_until: (halts,) do not leave before [s of the clock]; -inf if free.
        stop_aside: (halts,) bool, whether one halts beside the road, out of the way. Empty: nobody does.
        routes: edge indices of each different route, int32 (edges,).
        cards: cards used.
        warnings: told once to the user, with counts: what the file asks and the program leaves aside.
        trip: (vehicles,) index in `trips` of who chooses the way when it departs; -1: keeps the route. Empty: all do.
        trips: of each different trip the edges to be passed, int32 (edges,): the first, those on the way, the last.
    """

    ids: list[str]
    key: np.ndarray
    time: np.ndarray
    card: np.ndarray
    route: np.ndarray
    lane: np.ndarray
    position: np.ndarray
    speed: np.ndarray
    arrival_position: np.ndarray
    speed_factor: np.ndarray
    stop_begin: np.ndarray
    stop_lane: np.ndarray
    stop_position: np.ndarray
    stop_duration: np.ndarray
    stop_until: np.ndarray
    routes: list[np.ndarray]
    cards: tuple[Card, ...]
    warnings: tuple[str, ...] = field(default=())
    trip: np.ndarray = field(default_factory=lambda: np.empty(0, np.int32))
    trips: list[np.ndarray] = field(default_factory=list)
    stop_aside: np.ndarray = field(default_factory=lambda: np.empty(0, bool))

    def __len__(self) -> int:
        return len(self.ids)


class Demand(Protocol):
    """Something that says who departs."""

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """Everybody who wants to depart in [begin, end) [s]; DemandError lists every fault."""
        ...
