"""Measures of encounters as recorded, against the same computed plainly from what everybody did."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.park.network import Crossing, Network
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import settle
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.junctions import flows, street
from sim.verify.roads import road, side_by_side
from sim.verify.trial import Diary, Trial, Watch, once

_OPENS = 4.0  #: time to collision below which an encounter begins [s]


@case(
    "conflicts.following",
    title="Times to collision and needed decelerations of followers",
    source="TTC = gap / closing speed; DRAC = closing speed^2 / (2 gap); computed anew from everybody's steps",
    settings=(
        Setting("card", "human_car", "text", "who drives"),
        Setting("vehicles", 40, "number", "in a row", 2, 500),
        Setting("speed", 20.0, "speed", "speed limit, and of the fastest at first", 5.0, 40.0),
        Setting("gap", 35.0, "length", "mean gap at first", 12.0, 200.0),
        Setting("duration", 60.0, "time", "of the run", 10.0, 600.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def following(told: Settings) -> Iterator[Point]:
    """A row of vehicles that begins with gaps and speeds at random: least TTC and greatest DRAC of each pair."""
    count, v, card = told.whole("vehicles"), told["speed"], CARDS[told.text("card")]
    draw = np.random.default_rng(told.whole("seed"))
    gaps = card["minimum_gap"] + 3.0 + (told["gap"] - card["minimum_gap"] - 3.0) * draw.exponential(1.0, count)
    places = (gaps + card["length"])[::-1].cumsum()[::-1] + 50.0  # the first vehicle is the one farthest ahead
    exact = np.column_stack([places, v * draw.uniform(0.3, 1.0, count)])
    park = road([float(places[0]) + v * told["duration"] + 500.0], v)
    fleet = Fleet([Vehicle(f"car{i}", 0.0, (0,), card, 0, float(x), 0.0) for i, x in enumerate(places)])
    watch = Watch(0.1, 0.2)
    trial = Trial(park, fleet, told["duration"], conflicts=True)
    diary = trial.run(told.whole("seed"), [once(trial.step, partial(settle, exact)), watch])
    seen = watch.table()
    ttc, drac = _plainly(seen["position"], seen["speed"], np.full(count, card["length"]))
    ours = _recorded(diary.met, count)
    met = ttc < _OPENS
    yield point("all pairs", "pairs that meet", float(met.sum()), float(np.isfinite(ours[0]).sum()), 0.0)
    for name, got, wanted in (("TTC [s]", ours[0], ttc), ("DRAC [m/s2]", ours[1], drac)):
        off = np.abs(got[met] - wanted[met])
        yield point("all pairs", f"greatest deviation of {name}", 0.0, float(off.max()) if met.any() else 0.0, 1e-9)


@case(
    "conflicts.crossing",
    title="Post-encroachment times where ways cross",
    source="PET: from one's rear leaving the area where paths cross to another's front coming; computed anew",
    settings=(
        Setting("card", "human_car", "text", "who drives"),
        Setting("main", 500.0, "number", "flow of the road with priority [veh/h]", 20.0, 1500.0),
        Setting("side", 250.0, "number", "flow of the road that gives way [veh/h]", 20.0, 1000.0),
        Setting("copies", 4, "number", "crossings side by side", 1, 40),
        Setting("duration", 600.0, "time", "in which vehicles arrive", 60.0, 7200.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def crossing(told: Settings) -> Iterator[Point]:
    """Two one-way roads that cross, one with priority: the least PET of each pair that crosses within five seconds."""
    copies, card = told.whole("copies"), CARDS[told.text("card")]
    park = side_by_side(street([None]), copies)
    ways = [("s0", "s1", told["main"]), ("c0", "d0", told["side"])]
    demand = flows(card, ways, copies, end=told["duration"])
    watch = Watch(0.1, 0.1)
    diary = Trial(park, demand, told["duration"] + 60.0, conflicts=True).run(told.whole("seed"), [watch])
    wanted = _crossed(watch.table(), diary, park, card["length"])
    ours: dict[tuple[int, int], float] = {}
    for columns in diary.met:
        for one, other, pet in zip(*(columns[x].tolist() for x in ("subject", "other", "pet_s")), strict=True):
            pair = min(one, other), max(one, other)
            if math.isfinite(pet):
                ours[pair] = min(pet, ours.get(pair, math.inf))
    yield point("all pairs", "pairs within 5 s", float(len(wanted)), float(len(ours)), 0.0)
    yield point("all pairs", "pairs that are not the same", 0.0, float(len(wanted.keys() ^ ours.keys())), 0.0)
    off = [abs(ours[pair] - wanted[pair]) for pair in wanted.keys() & ours.keys()]
    yield point("all pairs", "greatest deviation of PET [s]", 0.0, max(off, default=math.nan), 1e-9)
    yield point("all pairs", "least PET [s]", None, min(wanted.values(), default=math.nan))


def _crossed(table: dict[str, np.ndarray], diary: Diary, park: Network, body: float) -> dict[tuple[int, int], float]:
    """Least PET of each pair of departures, up to five seconds [s], step by step from where everybody was."""
    lanes, edges = park.lanes, diary.departures.routes
    path = {(lanes[c.source].edge, lanes[c.target].edge): (c.via[0], lanes[c.source].length) for c in park.connections}
    areas = {(x.lane, x.foe): x for x in park.conflicts if x.kind == Crossing.CROSS}
    mine = [path[int(edges[r][0]), int(edges[r][1])] for r in diary.departures.route]
    came: list[tuple[float, int, int]] = []  # when, who (~who: leaves), lane whose users are met or left
    for (lane, foe), x in areas.items():
        begin, end = float(np.float32(x.begin)), float(np.float32(x.end))
        for who, (via, before) in enumerate(mine):
            if via == lane:
                way = table["distance"][:, who] + _start(table, who)
                came.append((_when(table["time"], way, before + begin), who, foe))
                came.append((_when(table["time"], way - body, before + end), ~who, lane))
    left: dict[int, tuple[float, int]] = {}
    found: dict[tuple[int, int], float] = {}
    for time, who, lane in sorted(x for x in came if math.isfinite(x[0])):
        if who < 0:
            left[lane] = time, ~who
        elif lane in left and time - left[lane][0] <= 5.0:
            pair = min(who, left[lane][1]), max(who, left[lane][1])
            found[pair] = min(time - left[lane][0], found.get(pair, math.inf))
    return found


def _start(table: dict[str, np.ndarray], who: int) -> float:
    """Where on its first lane a front was when its way was 0 [m]."""
    first = int(np.isfinite(table["distance"][:, who]).argmax())
    return float(table["position"][first, who] - table["distance"][first, who])


def _when(time: np.ndarray, way: np.ndarray, place: float) -> float:
    """When a place was passed, evenly within the step [s]; inf: never."""
    passed = np.flatnonzero((way[:-1] <= place) & (place < way[1:]))
    if not len(passed):
        return math.inf
    i = int(passed[0])
    return float(time[i + 1] - (way[i + 1] - place) / (way[i + 1] - way[i]) * 0.1)


def _plainly(place: np.ndarray, speed: np.ndarray, length: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Least TTC [s] and greatest DRAC while it is short [m/s2] of each follower (vehicles - 1,), step by step.

    Args:
        place: of fronts (steps, vehicles), the first one ahead [m].
        speed: likewise [m/s].
        length: of bodies (vehicles,) [m].
    """
    count = place.shape[1] - 1
    ttc, drac = np.full(count, math.inf), np.zeros(count)
    for x, v in zip(place, speed, strict=True):
        for i in range(count):
            gap, closing = x[i] - length[i] - x[i + 1], v[i + 1] - v[i]
            if closing > 0.0 and gap / closing < _OPENS:
                ttc[i] = min(ttc[i], gap / closing)
                drac[i] = max(drac[i], closing * closing / (2.0 * gap))
    return ttc, drac


def _recorded(met: list[dict[str, np.ndarray]], count: int) -> tuple[np.ndarray, np.ndarray]:
    """The same of what was recorded, inf and 0 of pairs that did not meet."""
    ttc, drac = np.full(count - 1, math.inf), np.zeros(count - 1)
    for columns in met:
        for one, other, t, d in zip(*(columns[x] for x in ("subject", "other", "ttc_s", "drac_mps2")), strict=True):
            i = int(max(one, other)) - 1
            ttc[i], drac[i] = min(ttc[i], float(t)), max(drac[i], float(d))
    return ttc, drac
