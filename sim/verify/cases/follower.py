"""Simulated followers behind measured leaders: spacing error, before and after a fit, and distribution of gaps."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from scipy import optimize

from sim.chance import key
from sim.traffic.card import Card
from sim.traffic.cards import CARDS
from sim.verify.case import Point, Setting, Settings, VerificationError, case, point, within
from sim.verify.fleet import card as card_with
from sim.verify.replay import Group, Replayed, read_csv, replay

_COLUMNS = ("pair", "t", "x_f_m", "v_f_mps", "x_l_m", "v_l_mps", "gap_m")
_DATA = Setting("data", "", "file", f"CSV of pairs in steps of equal length, with columns {', '.join(_COLUMNS)}")
_CARD = Setting("card", "human_car", "text", "who follows")
_LIMIT = Setting("limit", 29.0576, "speed", "speed limit (65 mi/h)", 5.0, 70.0)
_SEED = Setting("seed", 1, "number", "of all draws", 0)

#: What a fit may change, and between which amounts.
FREE = {
    "time_gap": (0.2, 4.0),
    "reaction_time": (0.2, 3.0),
    "minimum_gap": (0.5, 6.0),
    "maximum_acceleration": (0.3, 5.0),
    "comfortable_deceleration": (0.5, 6.0),
    "maximum_speed": (8.0, 45.0),
}
#: Speeds between which gaps are compared [m/s].
BINS = ((1.0, 3.0), (3.0, 5.0), (5.0, 8.0), (8.0, 11.0), (11.0, 15.0))


def pairs(path: str) -> tuple[list[str], list[Group], list[np.ndarray], float]:
    """Names, groups, measured gaps (steps,) [m] and step [s] of a file of pairs."""
    told = read_csv(path, _COLUMNS)
    name = told["pair"].astype(str)
    bounds = np.concatenate(([0], np.flatnonzero(name[1:] != name[:-1]) + 1, [len(name)]))
    spans = [slice(int(a), int(b)) for a, b in pairwise(bounds) if b - a > 1]
    if not spans:
        raise VerificationError(f"{path}: holds no pair of two rows or more")
    groups, gaps = [], []
    for span in spans:
        gap, way = told["gap_m"][span], told["x_l_m"][span]
        groups.append(Group(way - way[0], told["v_l_mps"][span], (float(gap[0]),), (float(told["v_f_mps"][span][0]),)))
        gaps.append(gap)
    step = float(np.median(np.diff(told["t"][spans[0]])))
    return [str(name[span][0]) for span in spans], groups, gaps, round(step, 6)


def errors(done: Replayed, measured: list[np.ndarray]) -> np.ndarray:
    """Root mean square error of the gap of each pair (pairs,) [m]."""
    return np.array([math.sqrt(np.mean((done.gap[: len(gap), i, 0] - gap) ** 2)) for i, gap in enumerate(measured)])


def fitted(like: Card, groups: list[Group], measured: list[np.ndarray], told: Settings, step: float) -> Card:
    """A card like another one, its parameters such that the mean error is least (Nelder and Mead)."""
    names = [name for name in FREE if name in like.parameters]
    if "time_gap" in names and "reaction_time" in names:
        names.remove("reaction_time" if like.car_following != "krauss" else "time_gap")
    low, high = np.array([FREE[name] for name in names]).T

    def of(x: np.ndarray) -> Card:
        amounts = np.clip(np.exp(x), low, high)
        return card_with(like.name, "", **{name: float(x) for name, x in zip(names, amounts, strict=True)})

    def error(x: np.ndarray) -> float:
        outside = float(np.sum(np.maximum(0.0, np.log(low) - x) + np.maximum(0.0, x - np.log(high))))
        return float(errors(replay(groups, of(x), told["limit"], step), measured).mean()) + outside

    begin = np.log(np.clip([like[name] for name in names], low * 1.01, high * 0.99))
    corners = np.vstack([begin, begin + 0.3 * np.eye(len(begin))])
    options = {"maxfev": told.whole("fit"), "initial_simplex": corners}
    found = optimize.minimize(error, begin, method="Nelder-Mead", options=options)
    return of(found.x)


@case(
    "follower.spacing",
    title="Spacing of a simulated follower behind a measured leader",
    source="calibrated IDM, Gipps and OVM reach 3.2-3.7 m on NGSIM I-80 pairs, 4.6-4.9 m over more pairs; target 5.0 m",
    standing="read",
    settings=(
        _DATA,
        _CARD,
        _LIMIT,
        Setting("fit", 80, "number", "tries of the fit on half of the drivers; 0: the card as it is", 0, 5000),
        _SEED,
    ),
)
def spacing(told: Settings) -> Iterator[Point]:
    """Half of the drivers, by a draw on their names, fit the card; errors are told of the other half."""
    names, groups, measured, step = pairs(told.text("data"))
    held_out = np.array([key(name) % 2 == 0 for name in names])
    if held_out.all() or not held_out.any():
        held_out[:] = True
    rest = np.flatnonzero(held_out)
    like = CARDS[told.text("card")]
    as_it_is = card_with(like.name)
    others = [groups[i] for i in rest], [measured[i] for i in rest]
    before = replay(others[0], as_it_is, told["limit"], step)
    yield point("card as it is", "mean spacing error [m]", None, float(errors(before, others[1]).mean()))
    after, note = before, "not fitted"
    if told.whole("fit") and not held_out.all():
        mine = np.flatnonzero(~held_out)
        best = fitted(like, [groups[i] for i in mine], [measured[i] for i in mine], told, step)
        note = ", ".join(f"{name} {best[name]:.2f}" for name in FREE if name in best.parameters)
        after = replay(others[0], best, told["limit"], step)
    yield point("held-out drivers", "mean spacing error [m]", 3.45, errors(after, others[1]).mean(), 1.55, note)
    yield point("held-out drivers", "collisions", 0.0, float(after.collisions), 0.5)


@case(
    "follower.gaps",
    title="Distribution of time gaps behind measured leaders",
    source="the file itself (NGSIM I-80, 1-3 m/s: median 2.77 s, 15-85 % 1.78-4.26 s; … 11-15 m/s: 1.65, 1.09-2.59)",
    standing="computed from the data",
    settings=(_DATA, _CARD, _LIMIT, _SEED),
)
def gaps(told: Settings) -> Iterator[Point]:
    """Net time gaps of all pairs by speed: median, and width from the 15th to the 85th percentile."""
    path = told.text("data")
    _, groups, _, step = pairs(path)
    done = replay(groups, CARDS[told.text("card")], told["limit"], step, told.whole("seed"))
    table = read_csv(path, ("gap_m", "v_f_mps"))
    theirs = table["gap_m"], table["v_f_mps"]
    own = done.gap[:, :, 0], done.speed[:, :, 0]
    for low, high in BINS:
        want, got = (_quantiles(*x, low, high) for x in (theirs, own))
        if want is None or got is None:
            continue
        at = f"{low:g}-{high:g} m/s"
        yield point(at, "median time gap [s]", want[1], got[1], within(want[1], 20.0))
        width = want[2] - want[0]
        yield point(at, "time gap, 15-85 % [s]", width, got[2] - got[0], within(width, 35.0))


def _quantiles(gap: np.ndarray, speed: np.ndarray, low: float, high: float) -> tuple[float, float, float] | None:
    """15th, 50th and 85th percentile of the time gap at some speeds [s]; None if there are none."""
    mine = (speed >= low) & (speed < high)
    if not mine.any():
        return None
    return tuple(float(x) for x in np.percentile(gap[mine] / speed[mine], (15, 50, 85)))  # type: ignore[return-value]
