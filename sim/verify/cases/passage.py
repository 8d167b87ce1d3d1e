"""Strips that both directions share: how many get over them when queues stand on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from sim.engine.recording import EVENT_KINDS
from sim.models.right_of_way.turns import alternating_capacity
from sim.park.building import build
from sim.park.building.draft import Draft, Node, Road
from sim.park.network import Network
from sim.park.passing import Passing
from sim.provenance import Value
from sim.services.passage import HESITATES, LOOK, MARGIN, YELLOW
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.traffic.demand import Flow, ParkDemand
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.trial import Diary, Trial

LIMIT = 20.0 / 3.6  #: [m/s]


def narrow(how: Passing, length: float) -> Network:
    """A road from west to east, the middle of which is shared [m]."""
    ends = {"west": -400.0, "w": 0.0, "e": length, "east": length + 400.0}
    nodes = tuple(Node(name, x, 0.0, "none", u_turn=False) for name, x in ends.items())
    pairs = (("in", "west", "w"), ("mid", "w", "e"), ("out", "e", "east"))
    roads = [
        Road(
            name,
            a,
            b,
            np.array([(ends[a], 0.0), (ends[b], 0.0)]),
            1,
            1,
            LIMIT,
            3.0,
            passing=how if name == "mid" else None,
        )
        for name, a, b in pairs
    ]
    return build(Draft("narrow", nodes, tuple(roads), synthetic=True))


def driver() -> Card:
    """A car whose headways are known: Krauss without imperfection keeps its time gap of 1 s behind a steady leader."""
    none = dict.fromkeys(
        ("imperfection", "start_delay", "reaction_delay", "error_time"), Value(0.0, "-", "this case", "given")
    )
    one = {"leaders": Value(1.0, "-", "this case", "given")}
    card = CARDS["human_car"]
    alike = replace(card.speed_factor, deviation=0.0)
    parameters = dict(card.parameters) | none | one
    return replace(card, car_following="krauss", speed_factor=alike, spreads={}, parameters=parameters)


@case(
    "passage.capacity",
    title="Capacity of a strip that both directions share",
    source="HCM 7, ch. 19: saturation flow times effective green over cycle, for two equal turns; the headway of a "
    "queue is the time gap and the time for a body and its gap, clearing the length of the strip over the limit",
    settings=(
        Setting("length", 260.0, "length", "of the whole road", 180.0, 1000.0),
        Setting("batch", 6, "number", "vehicles of a turn, but for the signal", 1, 50),
        Setting("green", 30.0, "time", "of the signal", 10.0, 120.0),
        Setting("duration", 1500.0, "time", "in which vehicles come", 900.0, 20000.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def capacity(told: Settings) -> Iterator[Point]:
    """Queues without end on both sides; vehicles over whole cycles."""
    card = driver()
    for control in ("signal", "courtesy", "request"):
        how = Passing(control, batch=told.whole("batch"), green=told["green"], bays=0, sight=1e4)
        park = narrow(how, told["length"])
        wanted = expected(park, card, how)
        got, vehicles, turns = measured(park, card, told)
        note = f"{vehicles / max(turns, 1):.1f} vehicles a turn"
        yield point(control, "both directions [veh/h]", wanted, got, within(wanted, 6.0), note)


def expected(park: Network, card: Card, how: Passing) -> float:
    """By the formula [veh/h]."""
    strip = park.lanes[park.edges[park.passages[0].strips[0][0]].lanes[0]]
    joints = [
        x
        for c in park.connections
        for x in c.via
        if strip.edge in (park.lanes[c.source].edge, park.lanes[c.target].edge)
    ]
    way = strip.length + sum(park.lanes[i].length for i in joints)
    acceleration = card["maximum_acceleration"]
    start = np.sqrt(2.0 / acceleration)  # one metre to the line
    headway = 1.0 + (card["length"] + card["minimum_gap"]) / LIMIT
    if how.control == "signal":
        cycle = 2.0 * (how.green + YELLOW + way / LIMIT + MARGIN + 0.5 * LOOK)
        rise = LIMIT / (2.0 * acceleration)
        batch = 1.0 + (how.green + YELLOW - start - rise) / headway
        return 3600.0 * 2.0 * batch / cycle
    pause = 0.5 * LOOK + (np.mean(HESITATES) + LOOK if how.control == "courtesy" else 0.0)
    clearing = (way + card["length"]) / LIMIT + pause
    return alternating_capacity(how.batch, headway, float(start), float(clearing))


def measured(park: Network, card: Card, told: Settings) -> tuple[float, int, int]:
    """Vehicles an hour over whole cycles, how many, and in how many turns."""
    end = told["duration"]
    rate = 1800.0
    flows = tuple(
        Flow(name, *ways, rate, end=end, arrivals="even")
        for name, ways in (("east", ("in", "out")), ("west", ("-out", "-in")))
    )
    demand = ParkDemand({card.name: 1.0}, flows, own_cards={card.name: card})
    diary = Trial(park, demand, end).run(told.whole("seed"))
    opened = turns(diary)
    first, last = opened[4], opened[4 + 2 * ((len(opened) - 6) // 2)]
    arrived = diary.trips_told["arrival_s"]
    shift = 400.0 / LIMIT  # behind the strip they drive as freely as they came off it
    among = int(((arrived > first + shift) & (arrived <= last + shift)).sum())
    return 3600.0 * among / (last - first), among, 2 * ((len(opened) - 6) // 2)


def turns(diary: Diary) -> list[float]:
    """When each turn began [s]."""
    code = EVENT_KINDS.index("passage_open")
    return [float(x) for block in diary.told for x in block["time_s"][block["kind"] == code]]
