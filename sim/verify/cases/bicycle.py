"""Bicycles on a street with cars: in the lane between them, and beside them on a strip of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.park.building.carriageways import CLEARANCE, STRIP
from sim.traffic.cards import CARDS
from sim.traffic.demand import Flow, ParkDemand
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.junctions import Times, copy_of, street
from sim.verify.roads import side_by_side
from sim.verify.trial import Trial


@case(
    "bicycle.beside",
    title="Bicycles beside cars: who can pass, and who need not queue",
    source="where a lane has room for both, each kind drives as if it were alone: the runs without the other one",
    settings=(
        Setting("card", "human_car", "text", "who drives"),
        Setting("rider", "bicycle", "text", "who rides"),
        Setting("width", (3.5, 4.0), "length", "of the lane, swept", 3.0, 8.0),
        Setting("per_hour", 400.0, "number", "cars", 10.0, 1500.0),
        Setting("riders", 150.0, "number", "riders in an hour", 1.0, 1500.0),
        Setting("cycle", 80.0, "time", "of the signal", 30.0, 240.0),
        Setting("green", 40.0, "time", "displayed", 8.0, 200.0),
        Setting("duration", 1200.0, "time", "in which they come", 300.0, 20000.0),
        Setting("copies", 4, "number", "streets side by side", 1, 100),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def beside(told: Settings) -> Iterator[Point]:
    """The same people on a street of one lane with a signal: each kind alone, and both, in the lane and beside."""
    for width in told.numbers("width"):
        alone = [_times(told, width, True, both)[i] for i, both in enumerate(((True, False), (False, True)))]
        room = CARDS[told.text("card")]["width"] <= width - STRIP - CLEARANCE
        for where, is_beside in (("in the lane", False), ("beside", True)):
            cars, riders = _times(told, width, is_beside, (True, True))
            at = f"{width:g} m, {where}"
            for who, got, free, known, percent in (
                ("cars", cars, alone[0], is_beside and room, 3.0),
                ("riders", riders, alone[1], is_beside, 5.0),
            ):
                wanted = float(free.mean()) if known else None
                note = f"{free.mean():.1f} s alone"
                yield point(at, f"travel time of {who} [s]", wanted, float(got.mean()), within(wanted, percent), note)


def _times(told: Settings, width: float, is_beside: bool, there: tuple[bool, bool]) -> tuple[np.ndarray, np.ndarray]:
    """Mean travel times of cars and of riders on each copy (copies,) [s]; nan of who is not there."""
    copies, end = told.whole("copies"), told["duration"]
    draft = street([Times(told["cycle"], told["green"])])
    roads = [replace(one, width=width, beside=is_beside) if one.id[0] == "s" else one for one in draft.roads]
    park = side_by_side(replace(draft, roads=tuple(roads)), copies)
    cards = CARDS[told.text("card")], CARDS[told.text("rider")]
    rates = told["per_hour"], told["riders"]
    flows = [
        Flow(f"{card.name}@{c}", f"s0@{c}", f"s1@{c}", rate, end=end, cards={card.name: 1.0})
        for c in range(copies)
        for card, rate, comes in zip(cards, rates, there, strict=True)
        if comes
    ]
    demand = ParkDemand({cards[0].name: 1.0}, tuple(flows), own_cards={card.name: card for card in cards})
    diary = Trial(park, demand).run(told.whole("seed"))
    ids = diary.departures.ids
    time = diary.trips_told["arrival_s"] - diary.departures.time
    copy = copy_of(ids)
    kinds = [np.array([name.startswith(f"{card.name}@") for name in ids]) for card in cards]
    cars, riders = (
        np.array([time[kind & (copy == c)].mean() if kind.any() else np.nan for c in range(copies)]) for kind in kinds
    )
    return cars, riders
