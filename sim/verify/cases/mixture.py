"""One lane of people and automated vehicles: flow at capacity by share, and by the time gaps that are chosen."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from sim.traffic.card import Card
from sim.verify.automation import driven_by, hears, in_groups
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


@case(
    "mixture.grouped",
    title="Capacity of one lane by share of automated vehicles that drive in groups",
    source="HCM 7, capacity adjustment for connected automated vehicles: 1, 1.02, 1.07, 1.13, 1.22, 1.33 of 2400 veh/h",
    standing="read",
    settings=(
        Setting("human", 1.5, "time", "headway of people", 0.8, 6.0),
        Setting("behind_human", 2.4, "time", "headway of automated vehicles behind people", 0.5, 8.0),
        Setting("behind_cav", 1.11, "time", "headway of automated vehicles behind each other", 0.4, 6.0),
        Setting("group", 10, "number", "vehicles in a group", 1, 100),
        Setting("share", (0.0, 0.2, 0.4, 0.6, 0.8, 1.0), "share", "of automated vehicles, swept", 0.0, 1.0),
        _SPEED,
        _VEHICLES,
        _SEEDS,
        _DURATION,
        _SEED,
    ),
)
def grouped(told: Settings) -> Iterator[Point]:
    """As in random order, but who is automated drives behind others who are, until the group ends."""
    v, count, seeds = told["speed"], told.whole("vehicles"), told.whole("seeds")
    headways = told["human"], told["behind_human"], told["behind_cav"]
    person = _person(headways[0], v)
    gaps = {"time_gap": headways[1] - person["length"] / v, "connected_time_gap": headways[2] - person["length"] / v}
    machine = driven_by("cacc", "cav", length=person["length"], maximum_speed=100.0, **gaps)
    draw = np.random.default_rng(told.whole("seed"))
    rings, connected = [], []
    for share in told.numbers("share"):
        for _ in range(seeds):
            automated = in_groups(draw, count, share, told.whole("group"))
            ahead = np.roll(automated, 1)
            alone = int((automated & ~ahead).sum())
            length = v * ((count - automated.sum()) * headways[0] + alone * headways[1])
            length += v * (automated.sum() - alone) * headways[2]
            rings.append(Ring(float(length), count, v, tuple(machine if x else person for x in automated)))
            connected += (automated & ahead).tolist()
    flows = _flows(rings, connected, told).reshape(-1, seeds)
    published = {0.0: 1.0, 0.2: 1.02, 0.4: 1.07, 0.6: 1.13, 0.8: 1.22, 1.0: 1.33}
    as_published = told.published("human", "behind_human", "behind_cav", "group")
    for share, got in zip(told.numbers("share"), flows, strict=True):
        wanted = 2400.0 * published[share] if as_published and share in published else None
        yield point(share, "flow [veh/h]", wanted, got, within(wanted, 8.0))


#: Time gaps that drivers chose [s] and how often. Source: Nowakowski et al. 2010, field test of ACC and CACC.
_ACC_GAPS, _ACC_WEIGHTS = (2.2, 1.6, 1.1), (31.1, 18.5, 50.4)
_CACC_GAPS, _CACC_WEIGHTS = (0.6, 0.7, 0.9, 1.1), (57.0, 24.0, 7.0, 12.0)
_SHARES = tuple(k / 10.0 for k in range(11))


def _chosen(draw: np.random.Generator, gaps: Sequence[float], weights: Sequence[float], count: int) -> np.ndarray:
    """Gaps of some drivers (count,) [s]: as often as they were chosen, in random order."""
    bounds = np.cumsum(weights) / np.sum(weights)
    return np.asarray(gaps)[draw.permutation(np.searchsorted(bounds, (np.arange(count) + 0.5) / max(count, 1)))]


def _by_share(told: Settings, shares: Sequence[float], connected: bool, platoon: int) -> np.ndarray:
    """Flows at shares of vehicles with chosen gaps, in random order (shares, seeds) [veh/h].

    Behind each other, if connected, they keep their short gaps, but for the leader of each platoon.
    """
    v, count, seeds = told["speed"], told.whole("vehicles"), told.whole("seeds")
    person = _person(3600.0 / told["human"], v)
    draw = np.random.default_rng(told.whole("seed"))
    rings, hearing = [], []
    for share in shares:
        for _ in range(seeds):
            automated = draw.permutation(count) < round(share * count)
            long = _chosen(draw, _ACC_GAPS, _ACC_WEIGHTS, count)
            short = _chosen(draw, _CACC_GAPS, _CACC_WEIGHTS, count)
            near = _near(automated, platoon) if connected else np.zeros(count, bool)
            leads = automated & np.roll(automated, 1) & ~near & connected
            gap = np.where(near, short, np.where(leads, told["leader_gap"], long))
            cards = tuple(_machine(g) if x else person for x, g in zip(automated, gap.tolist(), strict=True))
            headways = np.where(automated, gap + person["length"] / v, 3600.0 / told["human"])
            rings.append(Ring(float(v * headways.sum()), count, v, cards))
            hearing += near.tolist()
    return _flows(rings, hearing, told).reshape(len(shares), seeds)


def _near(automated: np.ndarray, platoon: int) -> np.ndarray:
    """Who follows another of his platoon (vehicles,), all in a ring: platoons are cut at their greatest size."""
    count, place = len(automated), 0
    first = int(np.argmin(automated))  # somebody who drives himself, if there is one
    found = np.zeros(count, bool)
    for k in range(count):
        i = (first + k) % count
        place = place + 1 if automated[i] else 0
        found[i] = bool(automated[i] and automated[i - 1]) and place % platoon != 1
    return found


def _machine(gap: float) -> Card:
    return driven_by("cacc", f"gap{gap}", length=5.0, maximum_speed=100.0, connected_time_gap=gap, time_gap=gap)


def _settings(human: float, speed: float) -> tuple[Setting, ...]:
    return (
        Setting("human", human, "number", "flow of people alone [veh/h]", 500.0, 3000.0),
        Setting("share", _SHARES, "share", "of vehicles with CACC, swept", 0.0, 1.0),
        Setting("leader_gap", 1.5, "time", "of the leader of a platoon behind another platoon", 0.5, 8.0),
        Setting("platoon", 10, "number", "vehicles in a platoon at most", 2, 1000),
        Setting("speed", speed, "speed", "at capacity", 8.0, 40.0),
        _VEHICLES,
        Setting("seeds", 5, "number", "rings for each share, in other orders", 1, 100),
        _DURATION,
        _SEED,
    )


#: Capacity at shares of CACC [veh/h a lane]. Source: Liu et al. 2018, doi:10.1016/j.trc.2018.07.007 (four lanes).
_SEVERAL = (1949.0, 1989.0, 2027.0, 2075.0, 2147.0, 2255.0, 2412.0, 2632.0, 2927.0, 3309.0, 3793.0)
#: The same of one lane. Source: Shladover, Su, Lu 2012, doi:10.3141/2324-08, recalled.
_ONE = (2018.0, 2065.0, 2090.0, 2170.0, 2265.0, 2389.0, 2458.0, 2662.0, 2963.0, 3389.0, 3970.0)


def _against(told: Settings, published: Sequence[float], tolerance: float) -> Iterator[Point]:
    table = dict(zip(_SHARES, published, strict=True))
    flows = _by_share(told, told.numbers("share"), True, told.whole("platoon"))
    known = told.published("human", "leader_gap", "platoon", "speed")
    for share, got in zip(told.numbers("share"), flows, strict=True):
        wanted = table.get(round(share, 3)) if known else None
        yield point(share, "flow with CACC [veh/h]", wanted, got, within(wanted, tolerance))


@case(
    "cacc.several_lanes",
    title="Capacity of a lane of a motorway by share of CACC",
    source="Liu et al. 2018, doi:10.1016/j.trc.2018.07.007: 1949 to 3793 veh/h a lane; gaps of Nowakowski et al. 2010",
    standing="read",
    settings=_settings(1949.0, 65.0 * MILE / 3600.0),
)
def several_lanes(told: Settings) -> Iterator[Point]:
    """One lane stands for all: nobody changes lanes, whose mixing would leave the order random."""
    yield from _against(told, _SEVERAL, 8.0)


@case(
    "cacc.one_lane",
    title="Capacity of a single lane by share of CACC, and of ACC alone",
    source="Shladover, Su, Lu 2012, doi:10.3141/2324-08: 2018 to 3970 veh/h; with ACC alone flat within 5 %",
    standing="recalled",
    reports=True,
    settings=_settings(2018.0, 65.0 * MILE / 3600.0),
)
def one_lane(told: Settings) -> Iterator[Point]:
    """Random order; who is not behind another with CACC drives by ACC with a gap that drivers chose for it."""
    yield from _against(told, _ONE, 5.0)
    shares = [share for share in told.numbers("share") if round(10.0 * share) % 5 == 0]
    for share, got in zip(shares, _by_share(told, shares, False, told.whole("platoon")), strict=True):
        yield point(share, "flow with ACC alone [veh/h]", told["human"], got, within(told["human"], 5.0))
