"""Take-over: how long it takes, how often it comes, and what it costs a road when it comes to all at one place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.chance import CARD, draw
from sim.pilot import Rules
from sim.traffic.cards import CARDS
from sim.traffic.takeover import Takeover
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import settle
from sim.verify.edges import PERIOD, sums
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import road
from sim.verify.trial import Diary, Trial, once

_SEED = Setting("seed", 1, "number", "of all draws", 0)
_CARD = Setting("card", "av_normal", "text", "automated card")
_BEFORE, _BEHIND = 2000.0, 1500.0  #: [m] of road before and behind the edge of the domain
_SPEED = 0.85  #: of the limit, with which all begin


def _alone(card: str, vehicles: int, length: float, told: Takeover, seed: int) -> Diary:
    """Vehicles that drive along a road one by one, far from each other."""
    park = road((length, 1000.0), 13.9)
    fleet = [Vehicle(f"v{i}", 5.0 * i, (0, 1), CARDS[card]) for i in range(vehicles)]
    return Trial(park, Fleet(fleet), takeover=told).run(seed)


@case(
    "takeover.time",
    title="Time until somebody has taken over",
    source="mean 2-3.5 s, deviation 0.4-0.7 of it; meta-analysis of 129 studies",
    standing="recalled",
    settings=(
        Setting("response", 2.7, "time", "mean of the log-normal", 0.1, 60.0),
        Setting("deviation", 1.5, "time", "of it", 0.0, 60.0),
        Setting("vehicles", 400, "number", "that are asked once each", 10, 100_000),
        _CARD,
        _SEED,
    ),
)
def time(told: Settings) -> Iterator[Point]:
    """Vehicles that all come to the edge of the domain: from the demand to somebody at the wheel, by the events."""
    how = Takeover(outside=("e1",), response=told["response"], deviation=told["deviation"], unanswered=0.0)
    diary = _alone(told.text("card"), told.whole("vehicles"), 1000.0, how, told.whole("seed"))
    asked, taken = diary.of_kind("transition_demand"), diary.of_kind("take_over")
    since = dict(zip(asked["subject"].tolist(), asked["time_s"].tolist(), strict=True))
    times = np.array([t - since[who] for who, t in zip(taken["subject"].tolist(), taken["time_s"], strict=True)])
    published = told.published("response", "deviation")
    note = f"{len(times)} of {len(asked['time_s'])} demands answered"
    yield point("mean", "take-over time [s]", 2.75 if published else told["response"], float(times.mean()), 0.75, note)
    ratio = 0.55 if published else told["deviation"] / told["response"]
    yield point("deviation", "over the mean [-]", ratio, float(times.std() / times.mean()), 0.15)


@case(
    "disengagement.rate",
    title="Rate of disengagements",
    source="the rate that is set; counts of a Poisson process have their mean as variance",
    settings=(
        Setting("rate", 0.2, "number", "demands a kilometre", 0.001, 10.0),
        Setting("vehicles", 300, "number", "on the road one by one", 20, 100_000),
        Setting("length", 20_000.0, "length", "of the road", 1000.0, 1e6),
        _CARD,
        _SEED,
    ),
)
def rate(told: Settings) -> Iterator[Point]:
    """Demands counted over the way driven by the system; who is asked answers soon and hands back at once."""
    how = Takeover(
        per_km={"fault": told["rate"]}, response=0.5, deviation=0.1, unanswered=0.0, awareness=1.0, manual=0.0
    )
    diary = _alone(told.text("card"), told.whole("vehicles"), told["length"], how, told.whole("seed"))
    counts = np.bincount(diary.of_kind("take_over")["subject"].astype(int), minlength=told.whole("vehicles"))
    way = diary.trips_told["route_length_m"] / 1000.0
    off = diary.of_kind("ads_off")["value"].sum()
    on = diary.of_kind("ads_on")["value"].sum()
    driven = float(way.sum()) - max(0.0, on - off) / 1000.0
    mean = told["rate"]
    error = 3.0 * np.sqrt(mean / driven)
    note = f"{counts.sum()} in {driven:.0f} km; tolerance is three standard errors of the count"
    yield point("all", "disengagements a kilometre [1/km]", mean, float(counts.sum() / driven), float(error), note)
    spread = 3.0 * np.sqrt(2.0 / (len(counts) - 1))
    yield point(
        "by vehicle", "variance of counts over their mean [-]", 1.0, float(counts.var() / counts.mean()), spread
    )


def _flow(told: Settings, share: float, how: Takeover | None) -> float:
    """Flow behind the edge of the domain on both lanes, when more want to pass than can [veh/h].

    All are on the road from the begin on: the way onto it is no bottleneck.
    """
    duration, limit, seed = told["duration"], told["free_speed"], told.whole("seed")
    apart = 2.0 * 3600.0 * _SPEED * limit / told["demand"]
    count = int(duration * _SPEED * limit / apart)
    length = count * apart + _BEFORE
    vehicles = []
    for number in range(2 * count):
        name = f"v{number}"
        card = told.text("card") if draw(seed, CARD, name) < share else "human_car"
        place = length - _BEFORE - apart * (number // 2 + 0.5 * (number % 2))
        vehicles.append(Vehicle(name, 0.0, (0, 1), CARDS[card], number % 2, place, 0.0))
    exact = np.array([(x.position, _SPEED * limit) for x in vehicles])
    park = road((length, _BEHIND), limit, (2,))
    trial = Trial(park, Fleet(vehicles), duration, rules=Rules(keep_right=False), edges=PERIOD, takeover=how)
    diary = trial.run(seed, [once(trial.step, partial(settle, exact))])
    return float(sums(diary, 1, duration / 3.0).flow.mean())


@case(
    "takeover.capacity",
    title="Take-over costs capacity",
    source="Alms, Wagner 2025, doi:10.3389/ffutr.2025.1600739: two lanes, all are asked at one place; 2000 veh/h or "
    "about 60 % lost at almost full share; felt from 10-20 % on",
    standing="read",
    settings=(
        Setting("share", (0.1, 0.95), "share", "of automated vehicles, swept", 0.0, 1.0),
        Setting("time_gap", 3.0, "time", "kept while a demand stands; the source's own is not known here", 0.0, 20.0),
        Setting("unanswered", 0.0, "share", "demands that nobody answers", 0.0, 1.0),
        Setting("demand", 4800.0, "number", "on both lanes [veh/h]", 100.0, 10_000.0),
        Setting("free_speed", 30.0, "speed", "limit", 5.0, 60.0),
        Setting("duration", 1200.0, "time", "of a run; the first third is warm-up", 300.0, 20_000.0),
        _CARD,
        _SEED,
    ),
)
def capacity(told: Settings) -> Iterator[Point]:
    """The same road with more demand than it carries, with and without an edge of the domain on it."""
    how = Takeover(outside=("e1",), unanswered=told["unanswered"], time_gap=told["time_gap"])
    published = {0.1: (5.0, 5.0), 0.95: (55.0, 15.0)}
    for share in told.numbers("share"):
        free, asked = _flow(told, share, None), _flow(told, share, how)
        expected, tolerance = published.get(share, (None, np.inf))
        note = f"{free:.0f} veh/h without, {asked:.0f} with"
        yield point(share, "flow lost [%]", expected, 100.0 * (1.0 - asked / free), float(tolerance), note)
