"""What follows for an option: better, worse, no difference shown, or more evidence needed; and its guard-rails."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.report.rates import poisson_interval
from sim.study.differences import Difference, Figures, finite
from sim.study.measures import measure
from sim.study.schema import RailPart
from sim.study.statistics import estimate

BETTER, WORSE = "better", "worse"
ALIKE, UNSURE = "no difference shown", "more evidence needed"
#: Measures that count events: their rates have exact intervals, never a bare zero.
COUNTS = ("safety.collisions", "safety.emergency_brakings", "safety.red_light_entries", "safety.conflicts.")
_KILO = 1000.0


@dataclass(frozen=True, slots=True)
class Rail:
    """A guard-rail on an option: True: it holds, 95 % sure; False: it is broken, as sure; None: neither is shown."""

    name: str
    holds: bool | None
    says: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The word for an option, and why."""

    word: str
    why: str


def rails(reference: Figures, option: Figures, wanted: Mapping[str, RailPart], distance: float) -> list[Rail]:
    """Every guard-rail of a study on an option.

    Args:
        distance: driven on all seeds of the option [km], for counts of which there is none.
    """
    return [_rail(reference, option, name, part, distance) for name, part in wanted.items()]


def _rail(reference: Figures, option: Figures, name: str, part: RailPart, distance: float) -> Rail:
    seeds = sorted(set(reference) & set(option))
    before = np.array([reference[seed][name] for seed in seeds])
    after = np.array([option[seed][name] for seed in seeds])
    better = measure(name).better
    verdicts, texts = list[bool | None](), list[str]()
    if part.at_most is not None:
        verdicts.append(_within(after, part.at_most, 1))
        texts.append(f"at most {part.at_most:g}: {_counted(name, after, distance)}")
    allowed = part.rise if part.rise is not None else 0.0 if part.rise_share is None and part.at_most is None else None
    if part.rise_share is not None:
        share = part.rise_share * abs(float(before.mean())) if len(before) else math.nan
        allowed = share if allowed is None else min(allowed, share)
    if allowed is not None:
        verdicts.append(_within((after - before) * -better, allowed, 1))
        mean = estimate((after - before) * -better)
        texts.append(f"worse by at most {allowed:.3g}: {mean.mean:.3g} [{mean.low:.3g}, {mean.high:.3g}]")
    holds = False if False in verdicts else None if None in verdicts else True
    return Rail(name, holds, "; ".join(texts))


def _within(values: np.ndarray, limit: float, sign: int) -> bool | None:
    """Whether a mean is at most a limit: shown, shown not to be, or neither."""
    mean = estimate(values * sign)
    if math.isnan(mean.low):
        return None
    return True if mean.high <= limit else False if mean.low > limit else None


def _counted(name: str, values: np.ndarray, distance: float) -> str:
    """What was counted; of nothing the upper bound."""
    if not name.startswith(COUNTS):
        return f"{float(values.mean()):.4g}"
    told = rate(int(np.nansum(values)), distance)
    if told["count"]:
        return f"{told['count']} in {distance:,.0f} km"
    return f"none in {distance:,.0f} km (at most {told['high']:.3g} per 1,000 km, 95 % sure)"


def rate(count: int, distance: float) -> dict[str, Any]:
    """Events per 1,000 km with their exact interval; of none the upper bound, the rule of three."""
    low, high = (finite(x / distance * _KILO) if distance > 0 else None for x in poisson_interval(count))
    return {"count": count, "distance_km": distance, "per_1000_km": count / distance * _KILO if count else None} | {
        "low": low if count else None,
        "high": high,
    }


def decide(found: Sequence[Difference], guards: Sequence[Rail]) -> Decision:
    """The word for an option, by its first measure, the others and its guard-rails."""
    first = found[0]
    if first.paired.count < 2:
        return Decision(UNSURE, "one seed tells nothing about chance: at least 2 are needed, 10 are usual")
    broken = [x.name for x in guards if x.holds is False]
    if broken:
        return Decision(WORSE, f"breaks guard-rail {', '.join(broken)}")
    worse = [x.measure.title for x in found if x.shown < 0]
    if first.shown < 0:
        return Decision(WORSE, f"{first.measure.title}: {_amount(first)}")
    if first.shown > 0:
        open_rails = [x.name for x in guards if x.holds is None]
        if open_rails:
            return Decision(
                UNSURE, f"{_seeds(found)}: {_amount(first)}, but guard-rail {', '.join(open_rails)} is open"
            )
        return Decision(BETTER, f"{_amount(first)}" + (f"; but worse in {', '.join(worse)}" if worse else ""))
    if first.is_precise:
        return Decision(ALIKE, f"{_amount(first)}, as precise as wanted")
    return Decision(UNSURE, f"{_seeds([first])}: {_amount(first)}")


def _seeds(found: Sequence[Difference]) -> str:
    needed = max([x.seeds for x in found if not x.is_precise], default=0)
    here = found[0].paired.count
    return f"about {max(needed, here + 1)} seeds" if needed else "more seeds"


def _amount(x: Difference) -> str:
    unit = "" if x.measure.unit == "-" else f" {x.measure.unit}"
    return f"{x.paired.mean:+.3g}{unit} [{x.paired.low:+.3g}, {x.paired.high:+.3g}]"


def ranking(found: Mapping[str, tuple[Decision, float]]) -> list[str]:
    """Options from best to worst: by word, then by mean gain."""
    order = (BETTER, ALIKE, UNSURE, WORSE)
    return sorted(found, key=lambda name: (order.index(found[name][0].word), -found[name][1]))
