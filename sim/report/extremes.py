"""How likely a crash is, from near misses: peaks over a threshold, with an interval that says how little is known.

Negated times (time to collision, post-encroachment time) have a crash at 0. What exceeds a threshold follows a
generalised Pareto distribution, fitted by maximum likelihood; the share beyond 0 is that of crashes. Its interval comes
from the profile of the likelihood: it may reach down to nothing. Where the fitted tail ends before 0, it reaches up to
what no crash among so many encounters allows (the rule of three).

Source: Songchitruksa, Tarko 2006, doi:10.1016/j.aap.2006.02.003; Coles 2001, doi:10.1007/978-1-4471-3675-0, ch. 4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from sim.chance import quantile

LEVEL = 0.95
#: Fewest peaks that are fitted [-]; share of encounters that are peaks [-]. Source: assumed, as usual (Coles 2001).
FEWEST, PEAKS = 30, 0.1
#: Shapes beyond which no likelihood has a maximum, or means have none [-].
_STEEPEST, _HEAVIEST = -0.95, 0.95
_TINY = 1e-12
#: Quantile of chi-squared, with one degree of freedom, at which the profile is cut. Measured: cut at 0.95, 90 to 92 of
#: 100 intervals held the truth.
_CUT = 0.98


@dataclass(frozen=True, slots=True)
class Tail:
    """A tail as fitted.

    Args:
        count: of all encounters.
        peaks: that exceed the threshold.
        threshold: below which a time is a peak [s].
        scale: of the distribution [s].
        shape: of it [-]; below 0 there is a bound.
        crashes: share of encounters beyond 0 [-], with `low` and `high`.
    """

    count: int
    peaks: int
    threshold: float
    scale: float
    shape: float
    crashes: float
    low: float
    high: float


#: What is told of a measure.
FIGURES = ("rate", "low", "high", "expected_crashes", "threshold_s", "peaks", "shape")


def told(times: np.ndarray) -> dict[str, Any]:
    """Crashes in 1,000 encounters as least times of encounters let expect them [s]; null where they are too few."""
    found = tail(times[np.isfinite(times) & (times > 0.0)])
    if found is None:
        return dict.fromkeys(FIGURES, None) | {"level": LEVEL}
    rates = {name: 1000.0 * getattr(found, of) for name, of in (("rate", "crashes"), ("low", "low"), ("high", "high"))}
    rates["expected_crashes"] = found.crashes * found.count
    return rates | {"threshold_s": found.threshold, "peaks": found.peaks, "shape": found.shape, "level": LEVEL}


def beyond(excess: float, scale: float, shape: float) -> float:
    """Share of peaks that exceed by more than so much [-].

    Source: generalised Pareto distribution; Coles 2001, eq. 4.2.
    """
    if abs(shape) < 1e-9:
        return math.exp(-excess / scale)
    inner = 1.0 + shape * excess / scale
    return inner ** (-1.0 / shape) if inner > 0.0 else 0.0


def _likelihood(excesses: np.ndarray, scale: float, shape: float) -> float:
    """Logarithm of the likelihood of peaks [-]; -inf where they cannot be."""
    if scale <= 0.0 or not _STEEPEST <= shape <= _HEAVIEST:
        return -math.inf
    if abs(shape) < 1e-9:
        return float(-len(excesses) * math.log(scale) - excesses.sum() / scale)
    inner = 1.0 + shape * excesses / scale
    if inner.min() <= 0.0:
        return -math.inf
    return float(-len(excesses) * math.log(scale) - (1.0 + 1.0 / shape) * np.log(inner).sum())


def _scale_of(share: float, excess: float, shape: float) -> float:
    """Scale at which a share of peaks exceeds by more than so much [s]."""
    if abs(shape) < 1e-9:
        return excess / -math.log(share)
    return shape * excess / (share**-shape - 1.0)


def _profile(excesses: np.ndarray, excess: float, share: float) -> float:
    """Greatest likelihood of peaks of which such a share exceeds by more than so much."""
    shapes = np.linspace(_STEEPEST, _HEAVIEST, 77)
    values = [_likelihood(excesses, _scale_of(share, excess, float(x)), float(x)) for x in shapes]
    best = int(np.argmax(values))
    if not math.isfinite(values[best]):
        return -math.inf
    low, high = float(shapes[max(0, best - 1)]), float(shapes[min(len(shapes) - 1, best + 1)])

    def worse(x: float) -> float:
        value = _likelihood(excesses, _scale_of(share, excess, x), x)
        return -value if math.isfinite(value) else 1e12

    from scipy import optimize  # here and below: takes long; asked for when a run is over

    found = optimize.minimize_scalar(worse, bounds=(low, high), method="bounded")
    return max(values[best], -float(found.fun))


def _fitted(excesses: np.ndarray) -> tuple[float, float, float]:
    """Scale [s], shape [-] and likelihood of the best fit."""

    def worse(x: np.ndarray) -> float:
        value = _likelihood(excesses, math.exp(min(50.0, float(x[0]))), float(x[1]))
        return -value if math.isfinite(value) else 1e12

    from scipy import optimize

    starts = [(math.log(excesses.mean()), shape) for shape in (-0.3, 0.05, 0.3)]
    found = min((optimize.minimize(worse, x, method="Nelder-Mead") for x in starts), key=lambda x: float(x.fun))
    return math.exp(float(found.x[0])), float(found.x[1]), -float(found.fun)


def tail(times: np.ndarray, peaks: float = PEAKS) -> Tail | None:
    """The tail of times of encounters; None if too few are told.

    Args:
        times: least time of each encounter [s], above 0; those of crashes are left out by the caller.
        peaks: share of them that are taken as peaks [-].
    """
    told = np.sort(np.asarray(times, float))
    count = len(told)
    number = max(FEWEST, round(peaks * count))
    if count < 2 * FEWEST or number >= count:
        return None
    threshold = float(told[number])
    excesses = threshold - told[:number]
    excesses = excesses[excesses > 0.0]
    if len(excesses) < FEWEST:
        return None
    scale, shape, best = _fitted(excesses)
    share = beyond(threshold, scale, shape)
    part = len(excesses) / count
    low, high = _interval(excesses, threshold, share, best)
    wider = float(quantile(0.5 + LEVEL / 2.0)) / math.sqrt(len(excesses))  # of the share of peaks, relative
    low, high = (x if x < _TINY else _apart(x, share, wider) for x in (low, high))
    if share < _TINY:
        low, high = 0.0, max(high, -math.log(1.0 - LEVEL) / len(excesses))
    return Tail(count, len(excesses), threshold, scale, shape, share * part, low * part, high * part)


def _apart(bound: float, share: float, wider: float) -> float:
    """A bound moved away from the share by another error that is independent of its own, both relative."""
    if bound <= 0.0 or share <= 0.0:
        return bound * (1.0 + wider)
    way = math.log(bound / share)
    return share * math.exp(math.copysign(math.hypot(way, wider), way))


def _interval(excesses: np.ndarray, threshold: float, share: float, best: float) -> tuple[float, float]:
    """Shares beyond 0 that the peaks do not contradict: where the profile falls by half a chi-squared quantile."""
    limit = best - 0.5 * float(quantile(0.5 + _CUT / 2.0)) ** 2

    def over(exponent: float) -> float:
        value = _profile(excesses, threshold, 10.0**exponent)
        return (value if math.isfinite(value) else -1e12) - limit

    centre = math.log10(max(share, _TINY))
    low = 0.0 if over(-12.0) >= 0.0 else 10.0 ** _crossing(over, -12.0, centre)
    high = 10.0 ** _crossing(over, math.log10(0.999), centre)
    return low, max(high, share)


def _crossing(over: Any, outside: float, inside: float) -> float:
    """Exponent between one outside the interval and one inside it at which its limit lies."""
    if over(outside) >= 0.0:
        return outside
    from scipy import optimize

    steps = np.linspace(inside, outside, 60)
    for one, other in pairwise(steps):
        if over(float(other)) < 0.0 <= over(float(one)):
            return float(optimize.brentq(over, float(one), float(other), xtol=1e-3))
    return inside
