"""Nobody brakes in an emergency for what could be known earlier."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from small_worlds import grid, krauss, pilot, ways_in, ways_out

import sim
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.cards import CARDS


def brakings(control: str, card: Card, vehicles: int = 400, duration: float = 400.0) -> tuple[int, int]:
    """Emergency brakings and collisions of a crowd in six junctions of a control."""
    network, draw = grid(3, 2, [control], [2, 1]), random.Random(0)
    starts, ends = ways_in(network), ways_out(network)
    wishes = [(f"v{i}", draw.uniform(0, 300), draw.choice(starts), draw.choice(ends), card) for i in range(vehicles)]
    safety = sim.run(pilot(network, wishes, duration), seed=0).summary["safety"]
    return safety["emergency_brakings"], safety["collisions"]


@pytest.mark.parametrize("control", ["roundabout", "priority", "signal"])
def test_people_who_follow_closely_into_a_gap_open_it_again_without_panic(control: str) -> None:
    """Before, each second one who had used a gap in a roundabout after another braked as hard as he could behind it."""
    told, collisions = brakings(control, CARDS["human_car"])
    assert collisions == 0
    assert told <= 1


def test_who_gives_way_stops_where_he_meant_to_when_somebody_sets_off_in_the_junction() -> None:
    """Before: 7. Those who stood there let him pass until they moved, and the line he braked for came nearer."""
    told, collisions = brakings("all_way_stop", krauss())
    assert collisions == 0
    assert told <= 3


def test_comfortable_braking_is_no_emergency_however_hard() -> None:
    """SUMO's types may have a usual deceleration of 9 and more, which is then the hardest, too."""
    card = krauss()
    hard = Value(9.0, "m/s2", "test", "given")
    both = dict.fromkeys(("comfortable_deceleration", "emergency_deceleration"), hard)
    card = replace(card, parameters=card.parameters | both)
    assert brakings("signal", card) == (0, 0)
