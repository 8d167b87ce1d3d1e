"""Step by step, on a small grid of every control: nobody is lost, doubled, touched or where they may not be."""

from __future__ import annotations

import pytest
from invariants import Inspector
from small_worlds import CONTROLS, grid, krauss, pilot, ways_in, ways_out

from sim.engine.build import build
from sim.pilot import Pilot
from sim.state.world import World
from sim.traffic.cards import CARDS


def crowd(control: str, vehicles: int = 24) -> Pilot:
    """Everybody from everywhere to everywhere over two junctions of a control."""
    network = grid(2, 1, [control], [2, 1])
    starts, ends = ways_in(network), ways_out(network)
    cards = [CARDS["human_car"], krauss(), CARDS["truck"], CARDS["robotaxi"], CARDS["bus"]]
    wishes = [
        (f"v{i}", 2.0 * i, starts[i % len(starts)], ends[(i // 2 + 1) % len(ends)], cards[i % 5])
        for i in range(vehicles)
    ]
    return pilot(network, wishes, 300.0)


def world_of(made: Pilot) -> World:
    return build(made, made.demand.departures(made.park, 1, 0.0, made.clock.end), 1)


@pytest.mark.parametrize("control", CONTROLS)
def test_first_steps(control: str) -> None:
    made = crowd(control)
    inspector = Inspector(made.park, world_of(made))
    faults = [fault for _ in range(750) for fault in inspector.advance()]
    assert faults == []
    assert inspector.world.totals[0].due == len(made.demand.departures(made.park, 1, 0.0, 300.0))
    assert inspector.world.totals[0].arrived > 0


def test_inspector_finds_what_is_wrong() -> None:
    made = crowd("signal")
    inspector = Inspector(made.park, world_of(made))
    for _ in range(150):
        inspector.advance()
    v = inspector.world.vehicles
    row = next(r for r in range(len(v)) if v[r].departure >= 0)
    kept = v[row].copy()
    v[row].speed = 99.0
    assert any("speed 99" in x for x in inspector.within_limits())
    v[row] = kept
    v[row].lane = (kept["lane"] + 1) % len(made.park.lanes)
    assert any("without slot" in x for x in inspector.ordered())
    v[row] = kept
    inspector.allowed[:] = 0
    assert any(" on " in x for x in inspector.lawful())
    inspector.world.totals[0].arrived += 1
    assert len([*inspector.conserved()]) >= 2
