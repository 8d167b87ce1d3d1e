"""Encounters of small runs against those of the plain twin, to 1e-9 (verification case 40)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from small_worlds import grid, krauss, pilot, ways_in, ways_out

from metrics.twin import Twin
from sim.engine.build import build
from sim.kernel.advance import advance
from sim.metrics import KINDS
from sim.traffic.cards import CARDS

WHOLE = ("one", "other", "kind", "begin", "last", "end", "subject", "step", "lane", "other_lane")
NUMBERS = ("ttc", "pet", "drac", "mdrac", "tet", "tit", "braking", "other_braking")
NUMBERS += ("position", "speed", "other_position", "other_speed")


@pytest.mark.parametrize(
    ("control", "wanted"),
    [
        ("priority", {"following", "crossing"}),
        ("signal", {"following", "crossing"}),
        ("right_before_left", {"following", "crossing"}),
        ("roundabout", {"following", "merging"}),
    ],
)
def test_encounters_are_the_twins(control: str, wanted: set[str]) -> None:
    network = grid(2, 1, [control], [2, 1])
    starts, ends = ways_in(network), ways_out(network)
    cards = [CARDS["human_car"], krauss(), CARDS["truck"]]
    draw = np.random.default_rng(1)
    wishes = [(f"v{i}", 0.6 * i, draw.choice(starts), draw.choice(ends), cards[i % 3]) for i in range(160)]
    made = pilot(network, wishes, 150.0)
    made = replace(made, output=replace(made.output, conflicts=True))
    world = build(made, made.demand.departures(network, 1, 0.0, 150.0), 1)
    twin = Twin(world)
    for step in range(1500):
        assert advance(world, step + 1) == step + 1
        world.totals[0].records = 0
        twin.look()
    t = world.totals[0]
    assert t.collisions == 0
    assert t.missed == 0
    ours = sorted(world.past[: t.past], key=lambda e: (e["end"], e["one"], e["other"]))
    theirs = sorted(twin.past, key=lambda e: (e["end"], e["one"], e["other"]))
    assert t.past > 40
    assert [[int(e[x]) for x in WHOLE] for e in ours] == [[e[x] for x in WHOLE] for e in theirs]
    for name in NUMBERS:
        mine, its = np.array([e[name] for e in ours]), np.array([e[name] for e in theirs])
        assert np.allclose(mine, its, rtol=1e-9, atol=1e-9), name
    kinds = {KINDS[int(e["kind"])] for e in ours}
    assert kinds >= wanted
    assert t.encounters == len(twin.open)
