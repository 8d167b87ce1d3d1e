"""Junctions with a major road: capacity of those who wait against the flow of those who have the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.park.building.draft import Node
from sim.provenance import Value
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.crossings import Way, fitted_gaps, four_legs, harders, passed

#: Who waits for whom; right-hand traffic.
MOVEMENTS = {
    "major left": Way(("w", "-n"), (("e", "-w", 1.0),)),
    "minor right": Way(("s", "-e"), (("w", "-e", 1.0),)),
    "minor through": Way(("s", "-n"), (("w", "-e", 0.5), ("e", "-w", 0.5))),
    "minor left": Way(("s", "-w"), (("w", "-e", 0.5), ("e", "-w", 0.5))),
}
#: Critical gap and follow-up time [s]. Source: HCM 7 exhibits 20-12, 20-13 (two-lane major street, passenger cars).
GAPS = {
    "major left": (4.1, 2.2),
    "minor right": (6.2, 3.3),
    "minor through": (6.5, 4.0),
    "minor left": (7.1, 3.5),
}


@case(
    "priority.capacity",
    title="Capacity of movements at a two-way stop",
    source="HCM 7 eq. 20-36 with critical gaps and follow-up times of exhibits 20-12 and 20-13",
    reason="left turns from the major road against 1000 veh/h: the opposing stream is bunched (nobody follows nearer "
    "than his time gap), where HCM takes arrivals at random. In the gaps as they came, HCM's critical gap and "
    "follow-up time let 15 % less pass than at random; that drivers differ takes 3 %, and that the second of a "
    "queue, who still moves up when the gap comes, follows after 3 s instead of 2.2 s takes the rest",
    settings=(
        Setting("card", "human_car", "text", "who waits"),
        Setting("major_card", "human_car", "text", "who has priority"),
        Setting("control", "stop", "text", "of the junction: stop, yield or priority"),
        Setting("flow", (200.0, 400.0, 600.0, 800.0, 1000.0), "number", "conflicting [veh/h], swept", 0.0, 2000.0),
        Setting("critical_gap", 0.0, "time", "of those who wait, in all movements; 0: HCM's", 0.0, 20.0),
        Setting("follow_up", 0.0, "time", "of those who wait, in all movements; 0: HCM's", 0.0, 20.0),
        Setting("duration", 3600.0, "time", "measured after 300 s", 300.0, 40000.0),
        Setting("copies", 3, "number", "junctions for each point", 1, 50),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def capacity(told: Settings) -> Iterator[Point]:
    """Queues without end at the minor road, or to turn left from the major one."""
    copies, rates = told.whole("copies"), told.numbers("flow")
    plans = [(way, rate) for way in MOVEMENTS.values() for rate in rates for _ in range(copies)]
    draft = four_legs(Node("x", 0.0, 0.0, told.text("control"), u_turn=False, main=("w", "e")))
    cards = choosing(CARDS[told.text("card")], told["critical_gap"], told["follow_up"]), CARDS[told.text("major_card")]
    counts = passed(draft, plans, cards, told["duration"], told.whole("seed"))
    found = counts.reshape(len(MOVEMENTS), len(rates), copies).mean(axis=2)
    for (name, gaps), row in zip(GAPS.items(), found, strict=True):
        wanted = tuple(told[x] or gap for x, gap in zip(("critical_gap", "follow_up"), gaps, strict=True))
        note = ""
        if len(rates) > 1:
            own = fitted_gaps(rates, row)
            note = f"as if critical gap {own[0]:.1f} s (HCM {gaps[0]}), follow-up {own[1]:.1f} s (HCM {gaps[1]})"
        for rate, got in zip(rates, row, strict=True):
            expected = harders(rate, *wanted)
            yield point(rate, f"capacity, {name} [veh/h]", expected, float(got), within(expected, 15.0), note)


def choosing(card: Card, critical_gap: float, follow_up: float) -> Card:
    """A card with other critical gaps and follow-up times in all movements [s]; 0: its own."""
    told = {"critical_gap": critical_gap, "follow_up": follow_up}
    own = {
        name: Value(amount, "s", "verification case", "given")
        for name in card.parameters
        for what, amount in told.items()
        if name.startswith(f"{what}_") and amount > 0.0
    }
    return replace(card, name=f"{card.name}, told" if own else card.name, parameters=card.parameters | own)


#: Capacity of an entry lane: at no circulating flow [veh/h], and decay [h/veh], by lanes of entry and ring.
#: Two lanes onto two: those of its right and its left lane.
#: Source: HCM 7 eqs. 22-1 to 22-5.
ENTRIES = {
    (1, 1): ((1380.0, 0.00102),),
    (2, 1): ((1420.0, 0.00091),),
    (1, 2): ((1420.0, 0.00085),),
    (2, 2): ((1420.0, 0.00085), (1350.0, 0.00092)),
}


def entry_capacity(flow: float, entry: int, ring: int) -> float:
    """Capacity of an entry lane [veh/h] against a circulating flow [veh/h]; the mean of lanes that differ.

    Source: HCM 7 eqs. 22-1 to 22-5.
    """
    return float(np.mean([most * np.exp(-decay * flow) for most, decay in ENTRIES[entry, ring]]))


@case(
    "roundabout.entry",
    title="Capacity of a roundabout's entry",
    source="HCM 7 eqs. 22-1 to 22-5: 1380 exp(-0.00102 v) for one lane onto one",
    standing="read",
    reason="against 800 to 1000 veh/h in one ring lane: vehicles in it follow each other at 1.9 s or more at 6 m/s, "
    "half of them within 2.8 s, so that long gaps are rarer than at random: against 1000 veh/h the drivers' own "
    "critical gap (4.1 s) and follow-up time would let 609 pass at random, 357 in the gaps as they came, and 323 "
    "did. That those in the ring make room there for who enters (priority sharing) is not modelled. Of two lanes "
    "onto two: who enters by the right lane gives way to the outer ring lane only, and then keeps those in the "
    "inner one from leaving over his, so that they queue in the ring",
    settings=(
        Setting("card", "human_car", "text", "who enters"),
        Setting("ring_card", "human_car", "text", "who circulates"),
        Setting("flow", (0.0, 200.0, 400.0, 600.0, 800.0, 1000.0), "number", "circulating [veh/h], swept", 0.0, 2000.0),
        Setting("entry", 1, "number", "lanes of the entry", 1, 2),
        Setting("ring", 1, "number", "lanes of the ring on which the conflicting flow circulates", 1, 2),
        Setting("radius", 20.0, "length", "of the ring", 10.0, 60.0),
        Setting("duration", 1800.0, "time", "measured after 300 s", 300.0, 40000.0),
        Setting("copies", 2, "number", "roundabouts for each point", 1, 50),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def entry(told: Settings) -> Iterator[Point]:
    """A queue without end at the southern entry; the circulating flow comes from the west and leaves to the east.

    Who enters by two lanes has two to go on by, in the ring and out of it, whichever of them others come by.
    """
    copies, rates = told.whole("copies"), told.numbers("flow")
    lanes, ring = told.whole("entry"), told.whole("ring")
    way = Way(("s", "-n"), (("w", "-e", 1.0),))
    node = Node("x", 0.0, 0.0, "roundabout", u_turn=False, radius=told["radius"], ring_lanes=max(lanes, ring))
    draft = four_legs(node, {"s": lanes, "n": lanes, "w": ring, "e": ring})
    cards = CARDS[told.text("card")], CARDS[told.text("ring_card")]
    plans = [(way, rate) for rate in rates for _ in range(copies)]
    counts = passed(draft, plans, cards, told["duration"], told.whole("seed"), lanes) / lanes
    found = counts.reshape(len(rates), copies).mean(axis=1)
    note = ""
    if len(rates) > 1:
        own = fitted_gaps(rates, list(found))
        note = f"as if critical gap {own[0]:.2f} s, follow-up {own[1]:.2f} s"
    for rate, got in zip(rates, found, strict=True):
        expected = entry_capacity(rate, lanes, ring)
        yield point(rate, "capacity of an entry lane [veh/h]", expected, float(got), within(expected, 12.0), note)
