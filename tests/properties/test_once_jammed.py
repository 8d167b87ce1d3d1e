"""Junctions in which somebody once waited for ever: everybody gets home."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from invariants import Inspector
from small_worlds import grid, krauss, pilot

from sim.engine.build import build
from sim.park.names import Names
from sim.traffic.cards import CARDS

CARD = {"c": CARDS["human_car"], "k": krauss(), "t": CARDS["truck"], "b": CARDS["bus"], "r": CARDS["robotaxi"]}
CARD |= {"x": CARDS["car_carrier"], "d": CARDS["delivery_robot"]}


@dataclass(frozen=True)
class Jam:
    """A grid and its trips: `number from to card`; number i departs at 2.5 i [s]."""

    columns: int
    rows: int
    controls: tuple[str, ...]
    lanes: tuple[int, ...]
    bus_lane: bool
    change: float
    seed: int
    trips: str


JAMS = {
    "two right turns zip at a yield sign": Jam(
        2, 2, ("yield", "priority", "signal", "all_way_stop"), (1, 1, 2), True, 0.0, 59,
        "37 -r7 r3 c, 40 -r7 r3 c, 42 -r6 -r8 r, 45 -r6 -r8 b",
    ),
    "two right turns zip at a light": Jam(
        2, 2, ("signal", "all_way_stop", "signal", "signal"), (3, 1, 3), True, 3.0, 68,
        "19 r9 -r9 k, 32 r9 -r9 b",
    ),
    "three in a circle within a small junction": Jam(
        1, 1, ("yield",), (2, 2, 1), True, 3.0, 4,
        "21 r2 r1 d, 23 -r1 -r2 c, 24 -r1 r0 d, 27 -r0 -r2 t, 28 r2 r0 c, 34 -r0 -r2 b, 35 r3 r1 d, 41 -r0 -r3 r,"
        "43 -r0 -r2 k, 44 r3 r1 c, 48 -r1 -r3 c, 49 -r1 -r3 c, 54 -r0 -r2 c, 56 -r0 -r3 c, 57 -r0 -r3 c,"
        "58 -r1 -r2 c, 59 r3 -r2 k",
    ),
    "three who cross each other's ways": Jam(
        2, 1, ("priority", "yield"), (1, 3, 3), False, 3.0, 303,
        "17 r6 r3 c, 39 r4 r2 x, 40 r5 -r4 t, 44 -r1 -r5 c",
    ),
    "lane change beside a body that just crossed the line": Jam(
        2, 2, ("yield", "right_before_left", "right_before_left", "all_way_stop"), (3, 3, 2), True, 0.0, 305,
        "0 -r6 -r11 r, 4 r8 r7 d, 7 r8 r7 c, 9 -r4 r7 x, 17 -r4 r4 x, 20 r8 -r8 c, 22 -r6 -r8 d, 23 -r6 r6 c,"
        "25 -r3 r6 b, 28 -r6 -r11 k, 29 r11 -r9 x, 31 r8 r6 b, 32 r9 r7 k",
    ),
    "long lorry and two who turn left": Jam(
        2, 2, ("roundabout", "roundabout", "priority", "priority"), (1, 2, 1), False, 3.0, 2,
        "2 r10 -r9 c, 6 -r6 r6 x, 7 -r7 r3 x, 8 r9 r6 x, 9 r9 r6 c, 10 r10 -r9 k, 11 r9 -r9 k, 19 -r6 -r8 k,"
        "23 r9 r4 k, 25 -r7 r4 b, 27 -r7 r4 c, 28 -r6 -r8 x, 31 r9 r6 x, 33 -r4 r3 b, 36 -r6 r3 c, 40 r11 r3 d,"
        "41 r11 r3 d, 43 -r7 r4 t, 50 -r6 r3 d, 52 -r6 r4 c, 54 -r7 -r11 b",
    ),
}  # fmt: skip


@pytest.mark.parametrize("jam", JAMS.values(), ids=JAMS)
def test_everybody_gets_home(jam: Jam) -> None:
    network = grid(jam.columns, jam.rows, jam.controls, jam.lanes, jam.bus_lane)
    edge = Names(network).edge
    trips = [trip.split() for trip in jam.trips.split(",")]
    wishes = [(f"v{number}", 2.5 * int(number), edge[a], edge[b], CARD[card]) for number, a, b, card in trips]
    made = pilot(network, wishes, 700.0, jam.change)
    departures = made.demand.departures(network, jam.seed, 0.0, 700.0)
    inspector = Inspector(network, build(made, departures, jam.seed))
    totals = inspector.world.totals[0]
    while totals.arrived < len(departures) and inspector.step < 7000:
        assert inspector.advance() == []
    standing = [f"{departures.ids[r['departure']]} {network.lanes[r['lane']].id}" for r in inspector.on_road()]
    assert int(totals.arrived) == len(departures.ids) == len(trips), standing
