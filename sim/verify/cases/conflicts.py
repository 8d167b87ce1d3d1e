"""Measures of encounters as recorded, against the same computed plainly from what everybody did."""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import partial

import numpy as np

from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import settle
from sim.verify.fleet import Fleet, Vehicle
from sim.verify.roads import road
from sim.verify.trial import Trial, Watch, once

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
