"""Human drivers on rings and in a platoon: jams that come of themselves, and deviations that grow along a row."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from sim.engine.simulation import Simulation
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import Course, Ring, circles, members
from sim.verify.fleet import idm
from sim.verify.replay import Group, replay
from sim.verify.trial import Watch, once

_CARD = Setting("card", "human_car", "text", "who drives")
_SEEDS = Setting("seeds", 10, "number", "rings side by side, each with drivers of its own", 1, 1000)
_NO_NOISE = (
    "the card in question drives without perception errors: an even ring stays even, a steady leader is followed "
)

#: A driver is stopped below this speed, and a ring jams if somebody is stopped while others drive [m/s].
STOPPED, DRIVING = 0.5, 2.0


def _drive(several: list[Ring], duration: float, limit: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Speeds [m/s] and ways along the ring [m], each (instants of 1 s, vehicles)."""
    trial, settle = circles(several, Course(duration, limit))
    watch = Watch(period=1.0, after=1.0)
    trial.run(seed, [settle, watch])
    table = watch.table()
    start = np.concatenate([-np.arange(ring.vehicles) * ring.length / ring.vehicles for ring in several])
    return table["speed"], table["distance"] + start


def jammed(speed: np.ndarray) -> bool:
    """Whether a ring is jammed in the last minute: somebody stopped while somebody drove, most of the time.

    Args:
        speed: (instants of 1 s, vehicles) [m/s].
    """
    last = speed[-60:]
    return bool(((last.min(axis=1) < STOPPED) & (last.max(axis=1) > DRIVING)).mean() > 0.5)


def wave_speed(speed: np.ndarray, way: np.ndarray, length: float) -> float:
    """How fast the slowest place moves along a ring [m/s], by the phase of the first wave of speeds.

    Args:
        speed: (instants of 1 s, vehicles) [m/s].
        way: along the ring, likewise [m].
        length: of the ring [m].
    """
    phase = np.unwrap(np.angle((speed * np.exp(2j * math.pi * way / length)).sum(axis=1)))
    return float(np.polyfit(np.arange(len(phase)), phase, 1)[0] * length / (2.0 * math.pi))


@case(
    "ring.sugiyama",
    title="Jams without a bottleneck: 22 cars on 230 m",
    source="Sugiyama et al. 2008, doi:10.1088/1367-2630/10/3/033001 (figures recalled)",
    standing="recalled",
    reports=True,
    settings=(
        _CARD,
        Setting("vehicles", 22, "number", "on the ring", 5, 60),
        Setting("length", 230.0, "length", "of the ring", 60.0, 2000.0),
        Setting("limit", 40.0 / 3.6, "speed", "speed limit", 3.0, 40.0),
        Setting("duration", 300.0, "time", "until looked at", 120.0, 7200.0),
        _SEEDS,
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def sugiyama(told: Settings) -> Iterator[Point]:
    """Cars that start evenly at the speed of equilibrium; jams and their waves in the last minute."""
    length, count = told["length"], told.whole("vehicles")
    card = CARDS[told.text("card")]
    begin = max(0.0, (length / count - card["length"] - card["minimum_gap"]) / 1.5)
    several = [Ring(length, count, min(begin, told["limit"]), (card,))] * told.whole("seeds")
    speed, way = _drive(several, told["duration"], told["limit"], told.whole("seed"))
    groups = members(several)
    jams = [group for group in groups if jammed(speed[:, group])]
    published = told.published("vehicles", "length")
    wanted = (0.95, 0.05) if published else (None, math.inf)
    yield point("after 5 min", "share of rings that jam [-]", wanted[0], len(jams) / len(groups), wanted[1])
    if jams:
        waves = [3.6 * wave_speed(speed[-60:, group], way[-60:, group], length) for group in jams]
        mean = float(np.median(waves))
        yield point("last minute", "wave speed [km/h]", -20.0 if published else None, mean, 5.0)
    spread = [float(speed[-60:, group].std(axis=0).mean()) for group in groups]
    yield point("last minute", "deviation of a driver's speed [m/s]", None, spread)


@case(
    "ring.violent",
    title="Textbook IDM is too violent on a ring, people are not",
    source="measured rings: a driver's speed varies by 0.8 to 1.0 m/s; plain IDM by about 3.9 m/s, with full stops",
    standing="read",
    reason="the measured ring is not told; on this one plain IDM comes to 3.9 m/s with full stops, and people, who err "
    "in proportion to the gap, are calmer than measured where gaps are short: 0.59 m/s at 12 m a car, 0.79 at 15.7 m "
    "(--set vehicles=20), 1.35 at 20 m (--set vehicles=40 --set length=800)",
    settings=(
        _CARD,
        Setting("vehicles", 26, "number", "on the ring", 5, 60),
        Setting("length", 314.0, "length", "of the ring", 60.0, 2000.0),
        Setting("limit", 120.0 / 3.6, "speed", "speed limit, and desired speed of IDM", 3.0, 40.0),
        Setting("time_gap", 1.0, "time", "of IDM", 0.5, 3.0),
        Setting("duration", 900.0, "time", "of a run, the last third is measured", 300.0, 7200.0),
        Setting("seeds", 30, "number", "rings of people side by side", 1, 1000),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def violent(told: Settings) -> Iterator[Point]:
    """Two sets of rings with the first car at half the speed of the others: IDM's without errors, and people's."""
    length, count = told["length"], told.whole("vehicles")
    found = {}
    for name, card in (("idm", idm(told["time_gap"])), ("people", CARDS[told.text("card")])):
        several = [Ring(length, count, 3.0, (card,))] * (1 if name == "idm" else told.whole("seeds"))
        speed = _kicked(several, told["duration"], told["limit"], told.whole("seed"))
        found[name] = [speed[-len(speed) // 3 :, group] for group in members(several)]
    known = told.published("vehicles", "length", "time_gap", "limit")
    plain = found["idm"][0]
    wanted = 3.9 if known else None
    yield point("plain IDM", "deviation of a driver's speed [m/s]", wanted, float(plain.std(axis=0).mean()), 0.4)
    stops = float((plain.min(axis=0) < STOPPED).mean())
    yield point("plain IDM", "share of drivers who come to a stop [-]", 1.0 if known else None, stops, 0.05)
    spread = [float(one.std(axis=0).mean()) for one in found["people"]]
    yield point("people", "deviation of a driver's speed [m/s]", 0.9 if known else None, spread, 0.1)
    ratio = float(np.mean(spread)) / max(1e-9, float(plain.std(axis=0).mean()))
    yield point("people", "deviation over that of plain IDM [-]", 0.9 / 3.9 if known else None, ratio, 0.1)


def _kicked(several: list[Ring], duration: float, limit: float, seed: int) -> np.ndarray:
    """Speeds [m/s] where the first car of each ring loses half of its speed at 1 s (instants of 1 s, vehicles)."""
    trial, settle = circles(several, Course(duration, limit))
    first = [group.start for group in members(several)]

    def kick(run: Simulation) -> None:
        v = run.world.vehicles
        v["speed"][np.isin(v["departure"], first)] *= 0.5

    watch = Watch(period=1.0, after=1.0)
    trial.run(seed, [settle, once(1.0, kick), watch])
    return watch.table()["speed"]


@case(
    "ring.tadaki",
    title="Number of cars from which a ring of 314 m jams",
    source="Tadaki et al. 2013, doi:10.1088/1367-2630/15/10/103034 (figures recalled)",
    standing="recalled",
    reports=True,
    settings=(
        _CARD,
        Setting("vehicles", (19.0, 21.0, 23.0, 25.0, 27.0, 29.0, 31.0, 33.0), "number", "on the ring, swept", 5, 80),
        Setting("length", 314.0, "length", "of the ring", 60.0, 2000.0),
        Setting("limit", 40.0 / 3.6, "speed", "speed limit", 3.0, 40.0),
        Setting("duration", 600.0, "time", "until looked at", 120.0, 7200.0),
        Setting("seeds", 4, "number", "rings for each number", 1, 100),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def tadaki(told: Settings) -> Iterator[Point]:
    """Share of rings that jam, by the number of cars; the critical number is where half of them do."""
    length, card = told["length"], CARDS[told.text("card")]
    numbers = sorted(int(n) for n in told.numbers("vehicles"))
    several = [Ring(length, n, 0.0, (card,)) for n in numbers for _ in range(told.whole("seeds"))]
    speed, _ = _drive(several, told["duration"], told["limit"], told.whole("seed"))
    jams = np.array([jammed(speed[:, group]) for group in members(several)]).reshape(len(numbers), -1).mean(axis=1)
    for n, share in zip(numbers, jams, strict=True):
        yield point(n, "share of rings that jam [-]", None, float(share))
    critical = next((n for n, share in zip(numbers, jams, strict=True) if share >= 0.5), None)
    if critical is None:
        yield point("none jams", "critical number of cars", 26.5, math.nan, 3.5)
    else:
        yield point("half jam", "critical number of cars", 26.5 if told.published("length") else None, critical, 3.5)


@case(
    "platoon.growth",
    title="Growth of speed deviations along 25 cars behind a steady leader",
    source="Jiang et al. 2014, doi:10.1371/journal.pone.0094351: concave growth, not exponential",
    standing="recalled",
    reason="a card without perception errors follows a steady leader steadily: nothing can grow",
    settings=(
        _CARD,
        Setting("speed", (30.0 / 3.6, 50.0 / 3.6), "speed", "of the leader, swept", 2.0, 30.0),
        Setting("vehicles", 25, "number", "in all", 6, 60),
        Setting("duration", 480.0, "time", "of a run, the first third not counted", 120.0, 7200.0),
        Setting("copies", 6, "number", "platoons for each speed", 1, 60),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def growth(told: Settings) -> Iterator[Point]:
    """Deviation of speeds by position; whether a power of the position or an exponential fits it better."""
    card, followers = CARDS[told.text("card")], told.whole("vehicles") - 1
    time = np.arange(0.0, told["duration"], 0.1)
    for v in told.numbers("speed"):
        gap = card["minimum_gap"] + 1.5 * v
        group = Group(v * time, np.full(len(time), v), (gap,) * followers, (v,) * followers)
        done = replay([group] * told.whole("copies"), card, 1.6 * v, 0.1, told.whole("seed"))
        late = done.speed[len(time) // 3 :]
        spread = np.sqrt((late.std(axis=0) ** 2).mean(axis=0))
        at = f"{3.6 * v:.0f} km/h"
        yield point(at, "deviation of the last car's speed [m/s]", None, float(spread[-1]))
        if spread[0] < 1e-4:
            yield point(at, "power of the growth [-]", 0.55, math.nan, 0.25, "nothing deviates")
            continue
        power, of_power, of_exponential = _fits(spread)
        note = f"squared error of the power {of_power:.3g}, of an exponential {of_exponential:.3g}"
        yield point(at, "power of the growth [-]", 0.55, power, 0.25, note)
        yield point(at, "a power fits better (1) than an exponential (0)", 1.0, float(of_power < of_exponential), 0.5)


def _fits(spread: np.ndarray) -> tuple[float, float, float]:
    """Power, and squared errors of c n^power and c exp(k n), both fitted to logarithms of deviations (positions,)."""
    n, y = np.arange(1, len(spread) + 1), np.log(spread)
    (power, a), (k, b) = np.polyfit(np.log(n), y, 1), np.polyfit(n, y, 1)
    of_power = float(((spread - np.exp(a) * n**power) ** 2).sum())
    return float(power), of_power, float(((spread - np.exp(b + k * n)) ** 2).sum())
