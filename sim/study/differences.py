"""An option against the base on the same seeds: each measure's difference, and how sure it is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.study.measures import Measure
from sim.study.statistics import Estimate, estimate, holm, seeds_needed, unpaired_half_width

#: seed -> measure -> figure
Figures = Mapping[int, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Difference:
    """Option less base, in one measure.

    Args:
        reference: mean on the base.
        option: mean on the option.
        paired: of the differences on equal seeds.
        unpaired: half width of the interval had the runs not been paired.
        corrected: p value, corrected for the number of measures (Holm).
        wanted: half width that is wanted.
        seeds: at which the paired interval is expected to be as narrow as wanted.
    """

    measure: Measure
    reference: float
    option: float
    paired: Estimate
    unpaired: float
    corrected: float
    wanted: float
    seeds: int

    @property
    def gain(self) -> float:
        """Mean improvement: above zero if the option is better."""
        return self.paired.mean * self.measure.better

    @property
    def shown(self) -> int:
        """1: shown to be better; -1: shown to be worse; 0: neither."""
        if math.isnan(self.corrected) or self.corrected >= 0.05:
            return 0
        return 1 if self.gain > 0 else -1

    @property
    def is_precise(self) -> bool:
        """Whether the interval is as narrow as wanted."""
        return self.paired.half_width <= self.wanted

    def told(self) -> dict[str, Any]:
        """As `study.json` says it."""
        p = self.paired
        return {
            "title": self.measure.title,
            "unit": self.measure.unit,
            "better": "less" if self.measure.better < 0 else "more",
            "base": finite(self.reference),
            "option": finite(self.option),
            "difference": finite(p.mean),
            "interval": [finite(p.low), finite(p.high)],
            "bootstrap": [finite(x) for x in p.bootstrap],
            "seeds": p.count,
            "effect_size": finite(p.effect),
            "p": finite(p.p),
            "p_holm": finite(self.corrected),
            "unpaired_half_width": finite(self.unpaired),
            "paired_to_unpaired": finite(p.half_width / self.unpaired if self.unpaired else math.nan),
            "wanted_half_width": finite(self.wanted),
            "seeds_needed": self.seeds,
        }


def finite(x: float) -> float | None:
    """A number as JSON has it."""
    return x if math.isfinite(x) else None


def differences(reference: Figures, option: Figures, measures: Sequence[Measure], precision: float) -> list[Difference]:
    """Every measure's difference over the seeds that both have.

    Args:
        precision: wanted half width, as a share of the base's mean [-].
    """
    seeds = sorted(set(reference) & set(option))
    rows = []
    for each in measures:
        one = np.array([reference[seed][each.name] for seed in seeds])
        other = np.array([option[seed][each.name] for seed in seeds])
        rows.append((each, one, other, estimate(other - one)))
    corrected = holm([paired.p for *_, paired in rows])
    found = []
    for (each, one, other, paired), p in zip(rows, corrected, strict=True):
        mean = float(one.mean()) if len(one) else math.nan
        wanted = abs(mean) * precision
        needed = seeds_needed(paired.deviation, wanted) if paired.count > 1 else 0
        option_mean = float(other.mean()) if len(other) else math.nan
        unpaired = unpaired_half_width(one, other)
        found.append(Difference(each, mean, option_mean, paired, unpaired, p, wanted, needed))
    return found
