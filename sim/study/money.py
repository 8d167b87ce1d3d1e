"""What an option is worth: benefits by year against its investment, and the order of options under a budget."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study import variants
from sim.study.differences import differences, finite
from sim.study.measures import Saved
from sim.study.schema import Prices
from sim.study.statistics import estimate
from sim.upgrade import Operation

if TYPE_CHECKING:
    from sim.study.compare import Work

#: Value of a crash that sensitivity asks for beside the study's own, as a factor: ¥ 0.99 M to 10 M (domain section 6).
_CRASH_FACTORS = (1.0, 10.0)
_TIME_FACTORS = (0.5, 1.0, 2.0)
_DISCOUNTS = (0.06, 0.08, 0.10)
_YEAR = 365.25  #: [days]


@dataclass(frozen=True, slots=True)
class Investment:
    """What is built when: the benefit begins with the last of it.

    Args:
        phases: (date, yuan); what has no date is built with the first that has one.
    """

    phases: tuple[tuple[datetime.date | None, float], ...]

    @classmethod
    def of(cls, operations: Sequence[Operation]) -> Investment:
        """That of some operations."""
        dates = sorted({x.date for x in operations}, key=lambda x: x or datetime.date.min) or [None]
        return cls(tuple((date, sum(x.price for x in operations if x.date == date)) for date in dates))

    @property
    def total(self) -> float:
        """All of it, undiscounted [yuan]."""
        return sum(yuan for _, yuan in self.phases)

    @property
    def years(self) -> list[float]:
        """From the first phase to each [years]."""
        first = min((date for date, _ in self.phases if date), default=None)
        return [(date - first).days / _YEAR if date and first else 0.0 for date, _ in self.phases]

    def cost(self, prices: Prices, discount: float) -> float:
        """Its present value with upkeep until the benefit ends [yuan]."""
        done, found = max(self.years), 0.0
        for year, (_, yuan) in zip(self.years, self.phases, strict=True):
            upkeep = prices.upkeep * _annuity(discount, prices.years + done - year)
            found += yuan * (1.0 + upkeep) / (1.0 + discount) ** year
        return found

    def years_of_benefit(self, prices: Prices, discount: float) -> float:
        """Present value of one yuan each year from the last phase on [-]."""
        return _annuity(discount, prices.years) / (1.0 + discount) ** max(self.years)

    def told(self) -> dict[str, Any]:
        """As `study.json` says it."""
        phases = [{"date": date.isoformat() if date else None, "yuan": yuan} for date, yuan in self.phases]
        return {"investment_yuan": self.total, "phases": phases}


def worth(prices: Prices, investment: Investment, pairs: Sequence[Saved]) -> dict[str, Any]:
    """Benefit a year by kind with its interval, net present value, and benefit over cost, with sensitivity.

    Args:
        investment: beyond the base's.
        pairs: what each pair of runs saves.
    """
    periods = prices.runs_per_day * prices.days_per_year
    parts = {
        "time": np.array([x.hours for x in pairs], float) * prices.persons * prices.time * periods,
        "energy": np.array([x.kilometres for x in pairs], float) * prices.energy * periods,
        "crash": np.array([x.crashes for x in pairs], float) * prices.crash * periods,
    }
    total = estimate(np.sum(list(parts.values()), axis=0))
    worth = _Worth(prices, investment, prices.discount)
    found = investment.told() | {
        "benefit_a_year_yuan": {name: finite(float(x.mean())) for name, x in parts.items()},
        "total_a_year_yuan": finite(total.mean),
        "interval": [finite(total.low), finite(total.high)],
        "npv_yuan": worth.net(total.mean),
        "npv_interval": [worth.net(total.low), worth.net(total.high)],
        "bcr": worth.ratio(total.mean),
    }
    return found | {"sensitivity": _sensitivity(prices, investment, {k: float(x.mean()) for k, x in parts.items()})}


class _Worth:
    """What a benefit a year comes to against an investment, at a discount."""

    def __init__(self, prices: Prices, investment: Investment, discount: float) -> None:
        self._years = investment.years_of_benefit(prices, discount)
        self._cost = investment.cost(prices, discount)

    def net(self, yuan: float) -> float | None:
        """Net present value [yuan]."""
        return finite(yuan * self._years - self._cost)

    def ratio(self, yuan: float) -> float | None:
        """Benefit over cost [-]; None where nothing is paid."""
        return finite(yuan * self._years / self._cost) if self._cost > 0 else None


def _annuity(discount: float, years: float) -> float:
    """Present value of one yuan at the end of each year [-]."""
    return float(years) if discount == 0.0 else (1.0 - (1.0 + discount) ** -years) / discount


def _sensitivity(prices: Prices, investment: Investment, parts: dict[str, float]) -> list[dict[str, float | None]]:
    """Net present value and benefit over cost under other discounts and values of time and of a crash."""
    found = []
    for discount, time, crash in itertools.product(_DISCOUNTS, _TIME_FACTORS, _CRASH_FACTORS):
        worth = _Worth(prices, investment, discount)
        total = parts["time"] * time + parts["energy"] + parts["crash"] * crash
        said: dict[str, float | None] = {"discount": discount}
        said |= {"time_yuan_an_hour": prices.time * time, "crash_yuan": prices.crash * crash}
        found.append(said | {"npv_yuan": worth.net(total), "bcr": worth.ratio(total)})
    return found


def order(work: Work, seeds: Sequence[int]) -> dict[str, Any]:
    """In which order to build under a budget: each time the candidate with most gain a yuan, given those before.

    The gain is simulated on top of what is chosen, at the first level; it stops when nothing affordable gains.
    """
    study = work.plan.study
    assert study.phases
    level, chosen, left = work.plan.levels[0], list[str](), float(study.phases.budget)
    here, steps = work.plan.reference[0], list[dict[str, Any]]()
    while True:
        tried = []
        for name in (x for x in study.phases.candidates if x not in chosen):
            label = "+".join([*chosen, name])
            variant = variants.variant(study, here.scenario, label, (*chosen, name), level)
            price = variant.cost - here.cost
            if price <= left:
                tried.append((name, variant, price))
        work.run([x for _, x, _ in tried], seeds)
        rated = []
        for name, variant, price in tried:
            one, other = work.figures(here, seeds), work.figures(variant, seeds)
            first = differences(one, other, work.measures[:1], study.precision)[0]
            rated.append((first.gain / max(price, 1.0), name, variant, price, first))
        best = max(rated, key=lambda x: x[:2], default=None)
        if best is None or not best[0] > 0.0:
            break
        _, name, here, price, first = best
        chosen.append(name)
        left -= price
        said = {"phase": name, "cost_yuan": price, "gain": first.gain, "shown": first.shown > 0}
        steps.append(first.told() | said)
    reason = "nothing affordable is left" if not tried else "nothing affordable gains"
    return {"budget_yuan": study.phases.budget, "left_yuan": left, "steps": steps, "stopped": reason}
