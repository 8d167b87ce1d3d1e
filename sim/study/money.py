"""What an option is worth: benefits by year against its investment, and the order of options under a budget."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study import variants
from sim.study.differences import Figures, differences, finite
from sim.study.schema import Prices
from sim.study.statistics import estimate

if TYPE_CHECKING:
    from sim.study.compare import Work

#: Value of a crash that sensitivity asks for beside the study's own, as a factor: ¥ 0.99 M to 10 M (domain section 6).
_CRASH_FACTORS = (1.0, 10.0)
_TIME_FACTORS = (0.5, 1.0, 2.0)
_DISCOUNTS = (0.06, 0.08, 0.10)


def worth(prices: Prices, cost: float, reference: Figures, option: Figures) -> dict[str, Any]:
    """Benefit a year by kind with its interval, net present value, and benefit over cost, with sensitivity.

    Args:
        cost: investment beyond the base's [yuan].
    """
    seeds = sorted(set(reference) & set(option))
    hours = np.array([reference[x]["_hours"] - option[x]["_hours"] for x in seeds])
    kilometres = np.array([reference[x]["_distance_km"] - option[x]["_distance_km"] for x in seeds])
    crashes = np.array([reference[x]["_crashes"] - option[x]["_crashes"] for x in seeds])
    periods = prices.runs_per_day * prices.days_per_year
    parts = {
        "time": hours * prices.persons * prices.time * periods,
        "energy": kilometres * prices.energy * periods,
        "crash": crashes * prices.crash * periods,
    }
    total = estimate(np.sum(list(parts.values()), axis=0))
    years = _annuity(prices.discount, prices.years)
    upkeep = cost * prices.upkeep
    found = {
        "investment_yuan": cost,
        "benefit_a_year_yuan": {name: finite(float(x.mean())) for name, x in parts.items()},
        "total_a_year_yuan": finite(total.mean),
        "interval": [finite(total.low), finite(total.high)],
        "npv_yuan": finite((total.mean - upkeep) * years - cost),
        "npv_interval": [finite((x - upkeep) * years - cost) for x in (total.low, total.high)],
        "bcr": finite(total.mean * years / (cost + upkeep * years)) if cost > 0 else None,
    }
    return found | {"sensitivity": _sensitivity(prices, cost, {k: float(x.mean()) for k, x in parts.items()})}


def _annuity(discount: float, years: int) -> float:
    """Present value of one yuan at the end of each year [-]."""
    return float(years) if discount == 0.0 else (1.0 - (1.0 + discount) ** -years) / discount


def _sensitivity(prices: Prices, cost: float, parts: dict[str, float]) -> list[dict[str, float | None]]:
    """Net present value and benefit over cost under other discounts and values of time and of a crash."""
    found = []
    for discount, time, crash in itertools.product(_DISCOUNTS, _TIME_FACTORS, _CRASH_FACTORS):
        years = _annuity(discount, prices.years)
        total = parts["time"] * time + parts["energy"] + parts["crash"] * crash
        upkeep = cost * prices.upkeep
        told: dict[str, float | None] = {"npv_yuan": finite((total - upkeep) * years - cost), "bcr": None}
        if cost > 0:
            told["bcr"] = finite(total * years / (cost + upkeep * years))
        said: dict[str, float | None] = {"discount": discount}
        said |= {"time_yuan_an_hour": prices.time * time, "crash_yuan": prices.crash * crash}
        found.append(said | told)
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
