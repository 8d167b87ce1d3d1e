"""One calm automated car among people on a ring."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.engine.simulation import Simulation
from sim.traffic.card import Card
from sim.verify.automation import driven_by
from sim.verify.case import Point, Setting, Settings, case, point
from sim.verify.circles import Course, Ring, circles
from sim.verify.fleet import idm
from sim.verify.trial import Watch, once


@case(
    "calm.ring",
    title="One calm car damps the waves of a ring",
    source="Stern et al. 2018, doi:10.1016/j.trc.2018.02.005: deviation at least 40 % lower, flow not",
    standing="read",
    settings=(
        Setting("vehicles", 20, "number", "on the ring", 5, 60),
        Setting("length", 260.0, "length", "of the ring", 60.0, 2000.0),
        Setting("duration", 900.0, "time", "of a run, the last third is measured", 200.0, 7200.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def calm(told: Settings) -> Iterator[Point]:
    """The same kicked ring of textbook drivers twice: people alone; and one who holds their mean speed, calmly."""
    person = idm(1.0)
    alone = _speeds(told, (person,) * told.whole("vehicles"))
    calm_car = driven_by("follower_stopper", "calm", length=person["length"], maximum_speed=float(alone.mean()))
    damped = _speeds(told, (calm_car, *(person,) * (told.whole("vehicles") - 1)))
    spreads = [float(one[:, 1:].std()) for one in (alone, damped)]
    note = f"deviation {spreads[0]:.2f} m/s alone, {spreads[1]:.2f} with the calm car"
    at = f"holding {alone.mean():.1f} m/s"
    yield point(at, "deviation of speeds lower by [%]", 70.0, 100.0 * (1.0 - spreads[1] / spreads[0]), 30.0, note)
    yield point(at, "flow over that of people alone [-]", 1.2, float(damped.mean() / alone.mean()), 0.21)


def _speeds(told: Settings, cards: tuple[Card, ...]) -> np.ndarray:
    """Speeds in the last third of a run on a kicked ring (instants, vehicles) [m/s]."""
    length, duration = told["length"], told["duration"]
    speed = 0.8 * (length / len(cards) - cards[0]["length"] - 2.0)
    trial, settle = circles([Ring(length, len(cards), speed, cards)], Course(duration, 14.0))
    watch = Watch(period=1.0, after=2.0 * duration / 3.0)
    trial.run(told.whole("seed"), [settle, once(2.0, _kick), watch])
    return watch.table()["speed"]


def _kick(run: Simulation) -> None:
    v = run.world.vehicles
    v["speed"][v["departure"] == 5] *= 0.5
