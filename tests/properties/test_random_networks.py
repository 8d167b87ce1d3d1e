"""Random small networks, random demand: what must hold in every step, and that everybody gets home."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invariants import Inspector
from small_worlds import CONTROLS, grid, krauss, pilot, ways_in, ways_out

from sim.engine.build import build
from sim.park.check import check
from sim.pilot import Pilot
from sim.traffic.cards import CARDS

KINDS = [*(CARDS[name] for name in CARDS.names()), krauss(), krauss("truck", 0.3)]
#: Between departures [s]: 900 vehicles an hour in all, which any junction of a grid can pass.
HEADWAY = 4.0
#: By when everybody must be home [s] after the last departure.
AMPLE = 600.0


@dataclass(frozen=True)
class Case:
    """A network and who drives there; told in full when a test fails."""

    columns: int
    rows: int
    controls: list[str]
    lanes: list[int]
    bus_lane: bool
    change: float
    trips: list[tuple[int, int, int]]
    seed: int

    def pilot(self) -> Pilot:
        """The pilot of the case."""
        network = grid(self.columns, self.rows, self.controls, self.lanes, self.bus_lane)
        starts, ends = ways_in(network), ways_out(network)
        wishes = [
            (f"v{i}", HEADWAY * i, starts[a % len(starts)], ends[b % len(ends)], KINDS[k % len(KINDS)])
            for i, (a, b, k) in enumerate(self.trips)
        ]
        return pilot(network, wishes, HEADWAY * len(wishes) + AMPLE, self.change)


cases = st.builds(
    Case,
    columns=st.integers(1, 2),
    rows=st.integers(1, 2),
    controls=st.lists(st.sampled_from(CONTROLS), min_size=4, max_size=4),
    lanes=st.lists(st.integers(1, 3), min_size=1, max_size=4),
    bus_lane=st.booleans(),
    change=st.sampled_from([0.0, 3.0]),
    trips=st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.integers(0, 9)), min_size=10, max_size=45),
    seed=st.integers(0, 99),
)


def drive(case: Case) -> None:
    """Run a case to its end, looking at every step."""
    made = case.pilot()
    assert check(made.park) == []
    departures = made.demand.departures(made.park, case.seed, 0.0, made.clock.end)
    world = build(made, departures, case.seed)
    inspector = Inspector(made.park, world)
    totals = world.totals[0]
    for _ in range(round(made.clock.end / made.clock.step)):
        assert inspector.advance() == []
        if totals.arrived == len(departures):
            break
    assert totals.collisions == 0
    assert totals.arrived == len(departures), f"{totals.on_road} on the road, {totals.waiting} outside"


@settings(max_examples=10, deadline=None, derandomize=True, database=None)
@given(cases)
def test_random_networks(case: Case) -> None:
    drive(case)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, database=None)
@given(cases)
def test_many_random_networks(case: Case) -> None:
    drive(case)
