"""Automated followers: gain of small oscillations, and production cars behind a measured leader."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.traffic.cards import CARDS
from sim.verify.automation import driven_by
from sim.verify.case import Point, Setting, Settings, VerificationError, case, point, within
from sim.verify.replay import Group, read_csv, replay

#: Peak gain by model and time gap [s]. Source: Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001 (laws); gains by
#: their transfer functions at a step of 0.1 s.
GAINS = {("acc", 1.1): 1.590, ("acc", 1.6): 1.238, ("acc", 2.2): 1.044, ("cacc", 0.6): 1.016, ("cacc", 0.7): 1.0}


@case(
    "automated.gain",
    title="Gain of small oscillations behind a leader: ACC and CACC",
    source="Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001; gains of its laws at a step of 0.1 s",
    settings=(
        Setting("acc", (1.1, 1.6, 2.2), "time", "time gaps of ACC, swept", 0.5, 5.0),
        Setting("cacc", (0.6, 0.7), "time", "time gaps of CACC, swept", 0.3, 3.0),
        Setting("speed", 25.0, "speed", "about which the leader oscillates", 16.0, 40.0),
        Setting("amplitude", 0.2, "speed", "of the leader", 0.01, 2.0),
        Setting("periods", 14, "number", "tried between 6 s and 60 s", 4, 60),
    ),
)
def gain(told: Settings) -> Iterator[Point]:
    """Leaders that oscillate at several periods; the greatest ratio of the follower's amplitude to theirs."""
    v, size = told["speed"], told["amplitude"]
    periods = np.geomspace(6.0, 60.0, told.whole("periods"))
    time = np.arange(0.0, 360.0, 0.1)
    for model in ("acc", "cacc"):
        for T in told.numbers(model):
            groups = [_sine(time, v, size, period, T) for period in periods]
            card = driven_by(model, model, time_gap=T, connected_time_gap=T, maximum_speed=100.0)
            speed = replay(groups, card, 2.0 * v, 0.1).speed[:, :, 0]
            ratios = [_amplitude(time, speed[:, i], period) / size for i, period in enumerate(periods)]
            wanted = GAINS.get((model, round(T, 3)))
            best = int(np.argmax(ratios))
            note = f"at a period of {periods[best]:.1f} s"
            yield point(T, f"peak gain of {model} [-]", wanted, ratios[best], within(wanted, 2.0), note)


def _sine(time: np.ndarray, v: float, size: float, period: float, T: float) -> Group:
    """A leader that oscillates [m/s], and a follower in equilibrium behind it."""
    wave = 2.0 * np.pi / period
    way = v * time + size / wave * (1.0 - np.cos(wave * time))
    return Group(way, v + size * np.sin(wave * time), (T * v,), (v,))


def _amplitude(time: np.ndarray, speed: np.ndarray, period: float) -> float:
    """Amplitude of an oscillation over the last whole periods [m/s]."""
    last = time >= time[-1] - period * int(180.0 / period)
    turn = np.exp(-2j * np.pi * time[last] / period)
    return float(2.0 * np.abs(((speed[last] - speed[last].mean()) * turn).mean()))


@case(
    "automated.platoon",
    title="Growth of speed deviations behind a measured leader",
    source="OpenACC, AstaZero: growth 1.10-1.35 a car at the shortest setting, 0.95-1.10 of people and the longest",
    standing="computed from the data",
    settings=(
        Setting("data", "", "file", "CSV with t, v1, spacing2, v2 … of a leader and its followers"),
        Setting("card", "acc_car", "text", "who follows: acc_car for the shortest setting, human_car for people"),
        Setting("limit", 40.0, "speed", "speed limit", 10.0, 70.0),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def platoon(told: Settings) -> Iterator[Point]:
    """The leader as measured and as many simulated followers as there were; deviations by position."""
    path, card = told.text("data"), CARDS[told.text("card")]
    names = ["t", "v1", "v2", "spacing2", "v3", "spacing3", "v4", "spacing4", "v5", "spacing5"]
    table = read_csv(path, names)
    time = np.arange(float(table["t"][0]), float(table["t"][-1]), 0.1)
    if len(time) < 600:
        raise VerificationError(f"{path}: wanted a minute or more of driving")
    speeds = [np.interp(time, table["t"], table[f"v{i}"].astype(float)) for i in range(1, 6)]
    gaps = tuple(float(table[f"spacing{i}"][0]) for i in range(2, 6))
    way = np.concatenate(([0.0], np.cumsum(0.05 * (speeds[0][1:] + speeds[0][:-1]))))
    group = Group(way, speeds[0], gaps, tuple(float(one[0]) for one in speeds[1:]))
    done = replay([group], card, told["limit"], 0.1, told.whole("seed"))
    moving = speeds[0] > 1.0
    theirs = [float(one[moving].std()) for one in speeds]
    ours = [theirs[0], *(float(done.speed[: len(time), 0, j][moving].std()) for j in range(4))]
    for i, (wanted, got) in enumerate(zip(theirs, ours, strict=True)):
        yield point(i + 1, "deviation of a car's speed [m/s]", wanted, got)
    if theirs[0] > 0.05:  # else there is nothing to grow
        measured, growth = ((row[-1] / row[0]) ** 0.25 for row in (theirs, ours))
        yield point("a car", "growth [-]", measured, growth, 0.125)
    yield point("platoon", "collisions", 0.0, done.collisions, 0.5)


@case(
    "automated.gaps",
    title="Time gaps of automated cars behind others",
    source="published trajectories of automated cars at 20 m/s: median time gap 1.11 s, quartiles 0.67 and 1.14 s",
    standing="computed from data",
    settings=(
        Setting("cards", "robotaxi", "text", "who follows, several with commas between in equal shares"),
        Setting("leader", "human_car", "text", "whom they follow"),
        Setting("speed", 20.0, "speed", "about which the leaders oscillate", 3.0, 40.0),
        Setting("amplitude", 1.0, "speed", "of the leaders", 0.0, 5.0),
        Setting("period", 30.0, "time", "of the leaders", 5.0, 300.0),
        Setting("limit", 25.0, "speed", "speed limit", 3.0, 60.0),
        Setting("followers", 40, "number", "of each card", 2, 1000),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def gaps(told: Settings) -> Iterator[Point]:
    """Single followers behind leaders that oscillate slowly: gap over speed, where they go about as fast as told.

    The quartiles are told and not judged: those of the trajectories are of several makers' systems, a card is one.
    """
    v, size, turn = told["speed"], told["amplitude"], 2.0 * np.pi / told["period"]
    time = np.arange(0.0, 300.0, 0.1)
    way = v * time + size / turn * (1.0 - np.cos(turn * time))
    group = Group(way, v + size * np.sin(turn * time), (1.5 * v,), (v,))
    cards = [CARDS[name.strip()] for name in told.text("cards").split(",")]
    found = []
    for card in cards:
        done = replay([group] * told.whole("followers"), card, told["limit"], 0.1, told.whole("seed"))
        gap, speed = (x[1200 : len(time), :, 0] for x in (done.gap, done.speed))
        found.append((gap / speed)[np.abs(speed - v) <= 1.0])
    quartiles = np.percentile(np.concatenate(found), (25, 50, 75))
    known = told.published("speed")
    at = ", ".join(card.name for card in cards)
    yield point(at, "median time gap [s]", 1.11 if known else None, float(quartiles[1]), within(1.11, 20.0))
    for wanted, got, what in ((0.67, quartiles[0], "lower"), (1.14, quartiles[2], "upper")):
        yield point(at, f"{what} quartile of the time gap [s]", wanted if known else None, float(got))
