"""A roundabout into which long lorries push from all sides does not lock itself."""

from __future__ import annotations

import pytest
from invariants import Inspector
from small_worlds import grid, pilot, ways_in, ways_out

from sim.engine.build import build
from sim.engine.jams import find_jam, find_stuck
from sim.kernel.advance import advance
from sim.traffic.cards import CARDS

#: Four minutes of a lorry every 5 s from each side: more than the ring takes, so that queues stand at all of them.
EACH, HEADWAY, HORIZON = 48, 5.0, 2400.0


@pytest.mark.parametrize("turns", [(1,), (2,), (3,), (1, 3, 2)], ids=["next exit", "across", "last exit", "all"])
@pytest.mark.parametrize("lanes", [1, 2])
def test_a_ring_full_of_car_carriers_empties(lanes: int, turns: tuple[int, ...]) -> None:
    network = grid(1, 1, ("roundabout",), (lanes,))
    around = {"out-10": 0, "out01": 1, "out10": 2, "out0-1": 3}  # clockwise
    starts = {around[network.junctions[network.edges[e].start].id]: e for e in ways_in(network)}
    ends = {around[network.junctions[network.edges[e].end].id]: e for e in ways_out(network)}
    wishes = [
        (
            f"v{i}.{side}",
            HEADWAY * i,
            starts[side],
            ends[(side - turns[(i + side) % len(turns)]) % 4],
            CARDS["car_carrier"],
        )
        for i in range(EACH)
        for side in range(4)
    ]
    made = pilot(network, wishes, HORIZON)
    departures = made.demand.departures(network, 1, 0.0, HORIZON)
    inspector = Inspector(network, build(made, departures, 1))
    totals = inspector.world.totals[0]
    while totals.arrived < len(departures) and inspector.step < 10 * HORIZON:
        inspector.step += 49  # looks at every fiftieth step
        inspector.world.totals[0].records = 0
        assert advance(inspector.world, inspector.step) == inspector.step
        inspector.was = {}
        assert inspector.advance() == []
    w = inspector.world
    jam = [departures.ids[w.vehicles["departure"][r]] for r in find_jam(w, 60.0) + find_stuck(w, 60.0)]
    assert int(totals.arrived) == len(departures), f"{totals.on_road} on the road; {jam}"
