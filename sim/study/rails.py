"""Guard-rails: limits that an option must keep, and whether that is shown, shown not to be, or neither.

Of events that never happened nothing holds but the upper bound of their rate: a guard-rail on them is shown by enough
kilometres, never by a zero.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.report.rates import poisson_interval
from sim.study.differences import Figures, finite
from sim.study.measures import measure
from sim.study.schema import RailPart, is_count
from sim.study.statistics import count_ratio, estimate, seeds_needed

_KILO = 1000.0
Verdict = tuple[bool | None, str, int | None]  #: holds; why; seeds at which it could be shown, None: not known


@dataclass(frozen=True, slots=True)
class Rail:
    """A guard-rail on an option.

    Args:
        holds: True: 95 % sure; False: broken, as sure; None: neither is shown.
        seeds: at which it could be shown; None: it is shown, or no number of seeds could.
        before: whether the base breaks it as well, which is then not the option's doing.
    """

    name: str
    holds: bool | None
    says: str
    seeds: int | None = None
    before: bool = False

    def told(self) -> dict[str, Any]:
        """As `study.json` says it."""
        return {"measure": self.name, "holds": self.holds, "says": self.says, "seeds_needed": self.seeds} | {
            "base_breaks_it": self.before
        }


def rails(reference: Figures, option: Figures, wanted: Mapping[str, RailPart]) -> list[Rail]:
    """Every guard-rail of a study on an option against the base."""
    found = [_rail(reference, option, name, part) for name, part in wanted.items()]
    before = [name for name, x in alone(wanted).items() if _rail(reference, reference, name, x).holds is False]
    risen = [name for name, x in _rises(wanted).items() if _rail(reference, option, name, x).holds is False]
    return [dataclasses.replace(x, before=x.holds is False and x.name in before and x.name not in risen) for x in found]


def alone(wanted: Mapping[str, RailPart]) -> dict[str, RailPart]:
    """Guard-rails of what nothing is compared with: those that are no rise."""
    found = {name: x.model_copy(update={"rise": None, "rise_share": None}) for name, x in wanted.items()}
    return {name: x for name, x in found.items() if x.has_limit}


def _rises(wanted: Mapping[str, RailPart]) -> dict[str, RailPart]:
    """What guard-rails say against the base."""
    found = {name: x.model_copy(update={"at_most": None, "per_1000_km": None}) for name, x in wanted.items()}
    return {name: x for name, x in found.items() if x.has_limit}


def rate(count: int, distance: float) -> dict[str, Any]:
    """Events per 1,000 km with their exact interval; of none the upper bound, the rule of three."""
    low, high = (finite(x / distance * _KILO) if distance > 0 else None for x in poisson_interval(count))
    return {"count": count, "distance_km": distance, "per_1000_km": count / distance * _KILO if count else None} | {
        "low": low if count else None,
        "high": high,
    }


def _rail(reference: Figures, option: Figures, name: str, part: RailPart) -> Rail:
    seeds = sorted(set(reference) & set(option))
    before = np.array([reference[seed][name] for seed in seeds])
    after = np.array([option[seed][name] for seed in seeds])
    if not seeds or np.isnan(before).any() or np.isnan(after).any():
        return Rail(name, None, "was not measured on every run")
    if is_count(name):
        ways = [sum(x[seed]["_distance_km"] for seed in seeds) for x in (reference, option)]
        told = _of_counts(part, (int(before.sum()), int(after.sum())), (ways[0], ways[1]), len(seeds))
    else:
        told = _of_means(part, before, after, measure(name).better)
    verdicts = [x for x, _, _ in told]
    holds = False if False in verdicts else None if None in verdicts else True
    needed = [x for verdict, _, x in told if verdict is None]
    unknown = holds is not None or any(x is None for x in needed)
    return Rail(name, holds, "; ".join(x for _, x, _ in told), None if unknown else max(x or 0 for x in needed))


# ------------------------------------------------------------------------------------------------ means


def _of_means(part: RailPart, before: np.ndarray, after: np.ndarray, better: int) -> list[Verdict]:
    found = list[Verdict]()
    if part.at_most is not None:
        found.append(_within(after, part.at_most, "at most"))
    allowed = part.rise if part.rise is not None else 0.0 if part.rise_share is None and part.at_most is None else None
    if part.rise_share is not None:
        share = part.rise_share * abs(float(before.mean()))
        allowed = share if allowed is None else min(allowed, share)
    if allowed is not None:
        found.append(_within((after - before) * -better, allowed, "worse by at most"))
    return found


def _within(values: np.ndarray, limit: float, says: str) -> Verdict:
    """Whether a mean is at most a limit."""
    mean = estimate(values)
    text = f"{says} {limit:.3g}: {mean.mean:.3g} [{mean.low:.3g}, {mean.high:.3g}]"
    if math.isnan(mean.low):
        return None, text, 2
    if mean.high <= limit or mean.low > limit:
        return mean.high <= limit, text, None
    room = limit - mean.mean
    return None, text, max(mean.count + 1, seeds_needed(mean.deviation, room)) if room > 0.0 else None


# ------------------------------------------------------------------------------------------------ counts


def _of_counts(part: RailPart, counts: tuple[int, int], ways: tuple[float, float], runs: int) -> list[Verdict]:
    """Of events on base and option, and kilometres driven there."""
    one, other = counts
    low, high = poisson_interval(other)
    found = list[Verdict]()
    if part.per_1000_km is not None:
        per = _KILO / ways[1] if ways[1] > 0.0 else math.inf
        found.append(
            _bounded(low * per, high * per, part.per_1000_km, f"{_counted(other, ways[1])} per 1,000 km", runs)
        )
    if part.at_most is not None and (other or part.per_1000_km is None or part.at_most > 0.0):
        found.append(_few(part.at_most, other, ways[1], runs))
    if part.rise_share is not None:
        least, most = count_ratio(other, ways[1], one, ways[0])
        found.append(_bounded(least, most, 1.0 + part.rise_share, "times the base's rate", None))
    if part.rise is not None or not part.has_limit:
        before = poisson_interval(one)
        says = "more events a run than on the base"
        found.append(_bounded((low - before[1]) / runs, (high - before[0]) / runs, part.rise or 0.0, says, None))
    return found


def _few(limit: float, count: int, way: float, runs: int) -> Verdict:
    """Whether there are at most so many events a run; that there never is one cannot be shown."""
    low, high = (x / runs for x in poisson_interval(count))
    if limit > 0.0 or count:
        return _bounded(low, high, limit, f"{_counted(count, way)}, events a run", runs)
    return None, f"{_counted(count, way)}; say per_1000_km: how few are few enough", None


def _bounded(low: float, high: float, limit: float, says: str, runs: int | None) -> Verdict:
    """Whether something with an interval is at most a limit; of nothing counted, when that could be shown.

    Args:
        runs: done so far, where the upper end shrinks as one over their number; None: it is not known how it does.
    """
    text = f"at most {limit:g}: {says}, [{low:.3g}, {high:.3g}]"
    if high <= limit or low > limit:
        return high <= limit, text, None
    shrinks = runs is not None and low == 0.0 and limit > 0.0
    return None, text, math.ceil((runs or 0) * high / limit) if shrinks else None


def _counted(count: int, way: float) -> str:
    """What was counted; of nothing the upper bound."""
    told = rate(count, way)
    if count or told["high"] is None:
        return f"{count} in {way:,.0f} km"
    return f"none in {way:,.0f} km (at most {told['high']:.3g} per 1,000 km, 95 % sure)"
