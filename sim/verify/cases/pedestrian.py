"""People on foot: how long they wait at a light, and for a gap."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.park.building.draft import Draft, Node, Programme, Road
from sim.park.building.walkways import EASE
from sim.park.network import Network
from sim.provenance import Value
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.cards import CARDS
from sim.traffic.demand import Flow, ParkDemand
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.junctions import LIMIT, copy_of
from sim.verify.roads import side_by_side
from sim.verify.trial import Trial

_WARM_UP, _ARM = 120.0, 300.0  #: [s], [m]
#: Of the time to set out and be clear, what people need to set out is simulated, about [s]. Measured by us.
_SETTING_OUT = 1.0
_SETTINGS = (
    Setting("per_hour", 40.0, "number", "people an hour", 1.0, 5000.0),
    Setting("duration", 14400.0, "time", "of a run", 600.0, 100_000.0),
    Setting("copies", 16, "number", "crossings for each point", 1, 50),
    Setting("seed", 1, "number", "of all draws", 0),
)


def _crossing(control: str, lanes: int, programme: Programme | None = None) -> Draft:
    """A one-way road with a crossing half-way."""
    node = Node("x", 0.0, 0.0, control, u_turn=False, crossings=("a",), programme=programme or Programme())
    ends = Node("west", -_ARM, 0.0, "none", u_turn=False), Node("east", _ARM, 0.0, "none", u_turn=False)
    shapes = np.array([[-_ARM, 0.0], [0.0, 0.0]]), np.array([[0.0, 0.0], [_ARM, 0.0]])
    roads = (
        Road("a", "west", "x", shapes[0], lanes, 0, LIMIT, 3.5, road_class="collector"),
        Road("b", "x", "east", shapes[1], lanes, 0, LIMIT, 3.5, road_class="collector"),
    )
    return Draft("crossing", (node, *ends), roads, synthetic=True)


def _walker(**told: float) -> Card:
    """People who all walk at ease, with some parameters of a case."""
    card = CARDS["pedestrian"]
    own = {name: Value(x, card.parameters[name].unit, "verification case", "given") for name, x in told.items()}
    exact = SpeedFactor(1.0, 0.0, 0.2, 2.0, "verification case", "given")
    return replace(card, parameters=card.parameters | own, speed_factor=exact)


def _driver(rate: float) -> Card:
    """Drivers of whom so many let people cross [-]."""
    card = CARDS["human_car"]
    return replace(card, parameters=card.parameters | {"yield_rate": Value(rate, "-", "verification case", "given")})


def _delays(park: Network, flows: list[Flow], cards: tuple[Card, ...], told: Settings) -> np.ndarray:
    """Mean time lost by people on foot, of each copy of a map (copies,) [s]."""
    demand = ParkDemand({"human_car": 1.0}, tuple(flows), own_cards={card.name: card for card in cards})
    diary = Trial(park, demand, told["duration"]).run(told.whole("seed"))
    trips, ids = diary.trips_told, diary.departures.ids
    on_foot = np.array([name.startswith("walk") for name in ids])
    counted = on_foot & ~np.isnan(trips["arrival_s"]) & (trips["depart_s"] > _WARM_UP)
    copy = copy_of(ids)[counted]
    total = np.bincount(copy, trips["time_loss_s"][counted] + trips["depart_delay_s"][counted])
    return np.asarray(total / np.bincount(copy))


def _walks(c: int, rate: float) -> list[Flow]:
    """Half of the people from either side of the crossing on a copy."""
    ends = ("left", "right"), ("right", "left")
    cards = {"pedestrian": 1.0}
    return [
        Flow(f"walk{one}@{c}", f"x@{c}.a@{c}.{one}", f"-x@{c}.a@{c}.{other}", 0.5 * rate, cards=cards)
        for one, other in ends
    ]


@case(
    "pedestrian.signal",
    title="People wait at a light",
    source="HCM 7 eq. 19-97: (C - g)^2 / (2 C)",
    settings=(
        Setting("cycle", (60.0, 90.0, 120.0), "time", "of the signal, swept", 30.0, 300.0),
        Setting("lanes", 2, "number", "of the road", 1, 8),
        *_SETTINGS,
    ),
)
def signal(told: Settings) -> Iterator[Point]:
    """People who come at random to a light that lets them walk once a cycle, and obey it; g is what it shows them."""
    card = _walker(compliance=1.0)
    for cycle in told.numbers("cycle"):
        park = side_by_side(_crossing("signal", told.whole("lanes"), Programme(cycle=cycle)), told.whole("copies"))
        group = next(c.group for c in park.connections if park.lanes[c.source].edge == park.walkways[0].from_left)
        green = math.fsum(x.duration for x in park.signals[0].phases if x.state[group] == "G")
        flows = [x for c in range(told.whole("copies")) for x in _walks(c, told["per_hour"])]
        found = _delays(park, flows, (card,), told)
        wanted = (cycle - green) ** 2 / (2.0 * cycle)
        yield point(cycle, "delay on foot [s]", wanted, found, 0.12 * wanted, f"green {green:g} s")


@case(
    "pedestrian.gap",
    title="People wait for a gap",
    source="HCM 7 eq. 20-77, 20-79 for people who cross alone: (exp(v t_c) - v t_c - 1) / v, t_c = L / S_p + t_s",
    settings=(
        Setting("flow", (200.0, 400.0, 600.0), "number", "vehicles [veh/h], swept", 10.0, 2000.0),
        Setting("lanes", 2, "number", "of the road", 1, 8),
        Setting("yield_rate", 0.0, "share", "of drivers who let people cross", 0.0, 1.0),
        Setting("start", 3.0, "time", "to set out and be clear", 0.0, 10.0),
        *_SETTINGS,
    ),
)
def gap(told: Settings) -> Iterator[Point]:
    """People who come at random to a road whose drivers do not let them cross, nor see them before they set out."""
    walker, driver = _walker(minor_time_gap=max(0.0, told["start"] - _SETTING_OUT)), _driver(told["yield_rate"])
    copies = told.whole("copies")
    park = side_by_side(_crossing("priority", told.whole("lanes")), copies)
    critical = park.walkways[0].length / EASE + told["start"]
    for rate in told.numbers("flow"):
        flows = [x for c in range(copies) for x in _walks(c, told["per_hour"])]
        flows += [Flow(f"drive@{c}", f"a@{c}", f"b@{c}", rate) for c in range(copies)]
        found = _delays(park, flows, (walker, driver), told)
        v = rate / 3600.0
        wanted = (math.exp(v * critical) - v * critical - 1.0) / v if told["yield_rate"] == 0.0 else None
        note = f"critical headway {critical:.1f} s"
        yield point(rate, "delay on foot [s]", wanted, found, 0.25 * wanted if wanted else math.inf, note)
