"""Buses: what a halt costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from sim.park.network import Network
from sim.traffic.departures import Demand, Departures
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.roads import road
from sim.verify.trial import Trial


@dataclass(frozen=True, slots=True)
class _Halting:
    """A demand of which every second vehicle halts on the first lane [m], [s]."""

    fleet: Demand
    place: float
    dwells: tuple[float, ...]

    def departures(self, network: Network, seed: int, begin: float, end: float) -> Departures:
        """The fleet's, with halts."""
        plain, n = self.fleet.departures(network, seed, begin, end), len(self.dwells)
        return replace(
            plain,
            stop_begin=(np.arange(2 * n + 1) // 2).astype(np.int64),
            stop_lane=np.zeros(n, np.int32),
            stop_position=np.full(n, self.place),
            stop_duration=np.array(self.dwells),
            stop_until=np.zeros(n),
        )


@case(
    "bus.dwell",
    title="Time that a halt costs a bus",
    source="dwell time, braking v / 2b, and speeding up by the Intelligent Driver Model's free road, "
    "v / a (ln 2 / 4 + pi / 8) by integration",
    settings=(
        Setting("dwell", (0.0, 10.0, 30.0, 60.0), "time", "at the halt, swept", 0.0, 3600.0),
        Setting("limit", 13.9, "speed", "on the road", 3.0, 25.0),
        Setting("acceleration", 0.9, "acceleration", "of the bus", 0.3, 3.0),
        Setting("deceleration", 1.5, "acceleration", "comfortable, of the bus", 0.5, 4.0),
    ),
)
def dwell(told: Settings) -> Iterator[Point]:
    """Pairs of buses far from each other on an empty road: one drives through, one halts."""
    v, a, b = told["limit"], told["acceleration"], told["deceleration"]
    dwells = told.numbers("dwell")
    like = card("bus", "bus", maximum_acceleration=a, comfortable_deceleration=b, maximum_speed=60.0)
    length = 2.0 * (500.0 + 8.0 * v * v / a)
    apart = 200.0 + 2.0 * max(dwells)
    fleet = Fleet([Vehicle(f"bus{i}", apart * i, (0,), like) for i in range(2 * len(dwells))])
    trips = Trial(road((length,), v), _Halting(fleet, 0.5 * length, dwells)).run().trips_told
    time = (trips["arrival_s"] - trips["depart_s"]).reshape(-1, 2)
    lost = float(v / a * (np.log(2.0) / 4.0 + np.pi / 8.0) + 0.5 * v / b)
    found = [float(halting - through) for through, halting in time]
    for seconds, got in zip(dwells[1:], found[1:], strict=True):
        at = f"{seconds:g} s instead of {dwells[0]:g} s"
        yield point(at, "more time lost [s]", seconds - dwells[0], got - found[0], 0.2)
    note = "told, not judged: drivers come up to a halt more softly than by even braking"
    yield point(dwells[0], "time lost besides the dwell [s]", lost, found[0] - dwells[0], note=note)
