"""One lane of people and automated vehicles: flow at capacity by share, and by the time gaps that are chosen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.traffic.card import Card
from sim.verify.automation import driven_by, hears
from sim.verify.case import Point, Setting, Settings, case, point, within
from sim.verify.circles import Course, Ring, circles, members
from sim.verify.fleet import idm
from sim.verify.trial import Watch

MILE = 1609.344  #: [m]
#: Drivers would go this much faster than they flow at capacity: what they keep is their gap.
EAGER = 1.5

_SPEED = Setting("speed", 70.0 * MILE / 3600.0, "speed", "at capacity", 8.0, 40.0)
_VEHICLES = Setting("vehicles", 300, "number", "on a ring", 20, 2000)
_SEEDS = Setting("seeds", 8, "number", "rings for each share, in other orders", 1, 100)
_DURATION = Setting("duration", 420.0, "time", "of a run, the last third is measured", 200.0, 7200.0)
_SEED = Setting("seed", 1, "number", "of all draws", 0)


def mean_headway(share: float, human: float, behind_human: float, behind_cav: float) -> float:
    """Mean headway of a lane in random order [s].

    Args:
        share: of connected automated vehicles [-].
        human: headway of people [s].
        behind_human: of automated vehicles behind people [s].
        behind_cav: of automated vehicles behind each other [s].

    Source: Ghiasi, Hussain, Qian, Li 2017, doi:10.1016/j.trb.2017.09.022.
    """
    return (1.0 - share) * human + share * ((1.0 - share) * behind_human + share * behind_cav)


def _person(headway: float, speed: float) -> Card:
    """A textbook driver who keeps a headway [s] at a speed [m/s]."""
    gap = headway * speed - 5.0
    return idm((gap * math.sqrt(1.0 - EAGER**-4) - 2.0) / speed)


def _flows(several: list[Ring], connected: Sequence[bool], told: Settings) -> np.ndarray:
    """Flow of each ring in the last third of a run (rings,) [veh/h]."""
    duration = told["duration"]
    trial, settle = circles(several, Course(duration, EAGER * told["speed"]))
    watch = Watch(period=2.0, after=2.0 * duration / 3.0)
    trial.run(told.whole("seed"), [settle, hears(connected, 2.0 * trial.step), watch])
    speed = watch.table()["speed"]
    means = [float(speed[:, group].mean()) for group in members(several)]
    return np.array([3600.0 * v * ring.vehicles / ring.length for v, ring in zip(means, several, strict=True)])


@case(
    "mixture",
    title="Flow of one lane by share of automated vehicles, in random order",
    source="Ghiasi, Hussain, Qian, Li 2017, doi:10.1016/j.trb.2017.09.022: (1-p) h_H + p [(1-p) h_A + p h_C]",
    settings=(
        Setting("human", 1.5, "time", "headway of people", 0.8, 6.0),
        Setting("behind_human", 2.4, "time", "headway of automated vehicles behind people", 0.5, 8.0),
        Setting("behind_cav", 1.11, "time", "headway of automated vehicles behind each other", 0.4, 6.0),
        Setting("share", (0.0, 0.2, 0.4, 0.5, 0.6, 0.8, 1.0), "share", "of automated vehicles, swept", 0.0, 1.0),
        _SPEED,
        _VEHICLES,
        _SEEDS,
        _DURATION,
        _SEED,
    ),
)
def random_order(told: Settings) -> Iterator[Point]:
    """Rings as long as the law would have them at the speed of capacity; how fast they go tells whether it holds."""
    v, count, seeds = told["speed"], told.whole("vehicles"), told.whole("seeds")
    headways = told["human"], told["behind_human"], told["behind_cav"]
    person = _person(headways[0], v)
    gaps = {"time_gap": headways[1] - person["length"] / v, "connected_time_gap": headways[2] - person["length"] / v}
    machine = driven_by("cacc", "cav", length=person["length"], maximum_speed=100.0, **gaps)
    draw = np.random.default_rng(told.whole("seed"))
    rings, connected = [], []
    for share in told.numbers("share"):
        for _ in range(seeds):
            automated = draw.permutation(count) < round(share * count)
            cards = tuple(machine if x else person for x in automated)
            rings.append(Ring(count * v * mean_headway(share, *headways), count, v, cards))
            connected += [bool(x and ahead) for x, ahead in zip(automated, np.roll(automated, 1), strict=True)]
    flows = _flows(rings, connected, told).reshape(-1, seeds)
    for share, got in zip(told.numbers("share"), flows, strict=True):
        wanted = 3600.0 / mean_headway(share, *headways)
        yield point(share, "flow [veh/h]", wanted, got, within(wanted, 2.0))


@case(
    "lane.platoons",
    title="Flow of one lane of cooperative vehicles with the time gaps that drivers chose",
    source="Nowakowski et al. 2010 (gaps chosen); 3600 / (mean gap + L / v), platoons of at most ten",
    settings=(
        Setting("gaps", (0.6, 0.7, 0.9, 1.1), "time", "chosen by drivers", 0.3, 5.0),
        Setting("weights", (57.0, 24.0, 7.0, 12.0), "number", "of the gaps, in percent", 0.0, 100.0),
        Setting("leader_gap", 2.0, "time", "of a platoon's leader; 0: no leaders", 0.0, 8.0),
        Setting("platoon", 10, "number", "vehicles in a platoon", 2, 100),
        _SPEED,
        Setting("length", 4.8, "length", "of a vehicle", 2.0, 25.0),
        _VEHICLES,
        _SEEDS,
        _DURATION,
        _SEED,
    ),
)
def platoons(told: Settings) -> Iterator[Point]:
    """Rings of cooperative vehicles in random order, every tenth the leader of a platoon."""
    v, length = told["speed"], told["length"]
    gaps, weights = told.numbers("gaps"), np.array(told.numbers("weights"))
    size, leaders = told.whole("platoon"), told["leader_gap"] > 0.0
    count = told.whole("vehicles") // size * size
    cards = [
        driven_by("cacc", f"gap{k}", length=length, maximum_speed=100.0, connected_time_gap=gap, time_gap=gap)
        for k, gap in enumerate(gaps)
    ]
    lead = driven_by("cacc", "leader", length=length, maximum_speed=100.0, time_gap=told["leader_gap"])
    mean = float(np.dot(gaps, weights) / weights.sum())
    if leaders:
        mean += (told["leader_gap"] - mean) / size
    wanted = 3600.0 / (mean + length / v)
    draw = np.random.default_rng(told.whole("seed"))
    rings, connected = [], []
    for _ in range(told.whole("seeds")):
        row = [cards[int(k)] for k in draw.choice(len(gaps), count, p=weights / weights.sum())]
        if leaders:
            row[::size] = [lead] * len(row[::size])
        rings.append(Ring(count * v * (mean + length / v), count, v, tuple(row)))
        connected += [one is not lead for one in row]
    flows = _flows(rings, connected, told)
    yield point("with leaders" if leaders else "without leaders", "flow [veh/h]", wanted, flows, within(wanted, 3.0))
