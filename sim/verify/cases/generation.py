"""How often awareness messages are said by the rule of ETSI: at constant speeds, in a street of signals, and free."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.engine.simulation import Simulation
from sim.park.network import Network
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.services import services
from sim.traffic.departures import Demand
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.junctions import Times, flows, street
from sim.verify.roads import Layout, side_by_side
from sim.verify.trial import Diary

#: Way after which a message is due [m], and how often that is looked at [s].
_WAY, _LOOK = 4.0, 0.1
_SPEEDS = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0)
#: Means read in the source [s]: two traces in cities.
_CITY = (0.362, 0.487)


def _interval(park: Network, demand: Demand, name: str, duration: float, seed: int) -> float:
    """Mean time between two messages of a vehicle [s]."""
    clock, equip = Clock(0.0, duration, 0.0, 0.1, seed), Equipment({name: 1.0})
    radio = Radio("ideal", 50.0, {"bsm": 10.0}, trigger="etsi")
    pilot = Pilot("rhythm", park, demand, clock=clock, output=Output(0.0, 0.0), radio=radio, equip=equip)
    outcome = Simulation(pilot, seed, Diary(), services()).run()
    assert outcome["heard"] is not None
    return float(outcome["vehicle_updates"] * clock.step / outcome["heard"]["said"].sum())


def _steady(speed: float, seed: int) -> float:
    """Interval of one car that drives at a constant speed [s]."""
    layout = Layout("rhythm")
    layout.edge(layout.junction(), layout.junction(), speed * 210.0, speed)
    kind = card("human_car", "talker", maximum_speed=speed)
    one = Vehicle("car", 0.0, (0,), kind, lane=0, position=6.0, speed=speed)
    return _interval(layout.network(), Fleet([one]), "talker", 200.0, seed)


@case(
    "radio.generation",
    title="How often awareness messages are said by the rule of ETSI EN 302 637-2",
    source="the rule: 4 m, 0.5 m/s, 4 degrees, 0.1 to 1 s; means of measured traces as told in verification case 31",
    settings=(
        Setting("signals", 5, "number", "of the street", 1, 20),
        Setting("apart", 400.0, "length", "between signals", 100.0, 2000.0),
        Setting("cycle", 80.0, "time", "of the signals", 40.0, 240.0),
        Setting("green", 40.0, "time", "displayed", 10.0, 200.0),
        Setting("per_hour", 500.0, "number", "flow", 10.0, 1500.0),
        Setting("copies", 4, "number", "streets side by side", 1, 40),
        Setting("seed", 1, "number", "of the draws", 0, 1_000_000),
    ),
)
def generation(told: Settings) -> Iterator[Point]:
    """One car at each speed against the rule; then traffic, whose mean is compared with that of measured traces."""
    seed = told.whole("seed")
    for speed in _SPEEDS:
        wanted = min(1.0, max(_LOOK, math.ceil(_WAY / speed / _LOOK - 1e-9) * _LOOK))
        yield point(speed, "interval at a constant speed [ms]", 1e3 * wanted, 1e3 * _steady(speed, seed), 30.0 * wanted)
    draw = np.random.default_rng(seed)
    times = [
        Times(told["cycle"], told["green"], float(x)) for x in draw.uniform(0.0, told["cycle"], told.whole("signals"))
    ]
    copies, kind = told.whole("copies"), card("human_car")
    demand = flows(kind, [("s0", f"s{len(times)}", told["per_hour"])], copies, end=900.0)
    got = _interval(side_by_side(street(times, told["apart"]), copies), demand, "human_car", 900.0, seed)
    wanted = 1e3 * float(np.mean(_CITY))
    yield point("street of signals", "mean interval [ms]", wanted, 1e3 * got, within(wanted, 25.0), "362 and 487 ms")
    note = "335 ms measured; the speeds of those traces are not known: it means some 12 m/s"
    yield point("free motorway", "mean interval [ms]", None, 1e3 * _steady(33.3, seed), note=note)
