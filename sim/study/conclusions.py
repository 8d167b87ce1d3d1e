"""What `study.json` says: differences, decisions, ranking, and how the study itself went."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.study import decision, differences, money, rails, reasons
from sim.study.differences import Difference, finite
from sim.study.measures import saved
from sim.study.schema import is_count
from sim.study.variants import REFERENCE, Variant

if TYPE_CHECKING:
    from sim.study.compare import Work


def between(work: Work, reference: Variant, option: Variant, seeds: Sequence[int]) -> list[Difference]:
    """Differences of two variants in the main measures."""
    one, other = work.figures(reference, seeds), work.figures(option, seeds)
    return differences.differences(one, other, work.measures, work.plan.study.precision)


def reference_of(work: Work, option: Variant) -> Variant:
    """The base at an option's level."""
    return next(x for x in work.plan.reference if x.level == option.level)


def precise(work: Work, seeds: Sequence[int]) -> bool:
    """Whether every main measure of every option is as precise as wanted; counts of events are left to guard-rails."""
    found = [x for option in work.plan.options for x in between(work, reference_of(work, option), option, seeds)]
    return all(x.is_precise for x in found if not is_count(x.measure.name))


def drawn(work: Work, seeds: Sequence[int]) -> dict[str, Any]:
    """Everything that a study says."""
    plan, clock = work.plan, work.pilot.clock
    options = [_option(work, x, seeds) for x in plan.options]
    told = {
        "study": plan.name,
        "base": plan.study.base,
        "synthetic": work.pilot.park.synthetic,
        "seeds": list(seeds),
        "levels": [x.name for x in plan.levels],
        "warm_up_s": clock.warm_up,
        "measured_from_s": clock.begin + clock.warm_up,
        "measured_s": finite(clock.end - clock.begin - clock.warm_up),
        "null_gate": {"seeds": list(seeds[:2]), "identical": True},
        "noise_floor": work.floor_told,
        "base_by_level": {x.level: _means(work, x, seeds) for x in plan.reference},
        "options": options,
        "ranking": _ranking(options),
        "by_level": by_level(options),
        "shares": shares(work, seeds),
        "variance": _variance(options),
        "failed": dict(work.pool.failed),
        "notes": _notes(work, seeds),
    }
    told["order"] = money.order(work, seeds) if plan.study.phases else None
    walls = [x["_wall_s"] for v in (*plan.reference, *plan.options) for x in work.figures(v, seeds).values()]
    return told | {"work": {"wall_s": time.perf_counter() - work.started, "runs": len(walls), "run_s": sum(walls)}}


def _variance(options: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Of the first measure: width of a paired interval over that of unpaired runs with as many seeds [-]."""
    first = next(iter(options[0]["measures"]))
    found = [x for o in options if (x := o["measures"][first]["paired_to_unpaired"]) is not None]
    if not found:
        return {"measure": first, "median": None, "least": None, "most": None}
    return {"measure": first, "median": float(np.median(found)), "least": min(found), "most": max(found)}


def _means(work: Work, variant: Variant, seeds: Sequence[int]) -> dict[str, float | None]:
    rows = list(work.figures(variant, seeds).values())
    return {x.name: finite(float(np.mean([row[x.name] for row in rows])) if rows else math.nan) for x in work.measures}


def _option(work: Work, option: Variant, seeds: Sequence[int]) -> dict[str, Any]:
    """An option at a level against the base there."""
    study, reference = work.plan.study, reference_of(work, option)
    found = between(work, reference, option, seeds)
    one, other = work.figures(reference, seeds), work.figures(option, seeds)
    distance = sum(x["_distance_km"] for x in other.values())
    pairs = [(x, y) for seed in seeds if (x := work.result(reference, seed)) and (y := work.result(option, seed))]
    guards = rails.rails(one, other, study.guard_rails)
    invalid = [seed for seed, x in other.items() if not x["_valid"]]
    spoilt = sorted({*invalid, *(seed for seed in other if seed in one and not one[seed]["_valid"])})
    word = decision.decide(found, guards, spoilt)
    counts = [x.name for x in work.asked.values() if is_count(x.name)]
    own = option.operations[: len(option.operations) - len(reference.operations)]
    return {
        "option": option.option,
        "title": study.options[option.option].title,
        "level": option.level,
        "decision": word.word,
        "why": word.why,
        "invalid_seeds": invalid,
        "measures": {x.measure.name: x.told() for x in found},
        "rates": {x: rails.rate(int(np.nansum([row[x] for row in other.values()])), distance) for x in counts},
        "guard_rails": [x.told() for x in guards],
        "money": money.worth(study.prices, money.Investment.of(own), [saved(*x) for x in pairs]),
        "reasons": reasons.reasons(pairs, own),
        "gain": finite(found[0].gain),
    }


def _ranking(options: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """Options from best to worst, by level."""
    found = dict[str, list[str]]()
    for level in dict.fromkeys(x["level"] for x in options):
        here = {x["option"]: x for x in options if x["level"] == level}
        words = {name: (decision.Decision(x["decision"], ""), x["gain"] or 0.0) for name, x in here.items()}
        found[level] = decision.ranking(words)
    return found


def by_level(options: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Decision on each option at each level, and whether it is the same at all of them.

    A sweep of `radio.model`, say, so tells whether a conclusion hangs on how the radio is modelled.
    """
    found = dict[str, dict[str, Any]]()
    for x in options:
        found.setdefault(x["option"], {})[x["level"]] = x["decision"]
    return {name: {"same": len(set(words.values())) == 1, "decisions": words} for name, words in found.items()}


def shares(work: Work, seeds: Sequence[int]) -> dict[str, Any]:
    """Of base and each option: the last point of the only sweep up to which every guard-rail holds with confidence.

    Guard-rails are against the base at the first point.
    """
    study, found = work.plan.study, dict[str, Any]()
    if len(work.plan.levels) < 2 or len(study.sweeps) != 1 or not study.guard_rails:
        return found
    first = work.figures(work.plan.reference[0], seeds)
    for name in (REFERENCE, *study.options):
        several = [x for x in (*work.plan.reference, *work.plan.options) if x.option == name]
        last, stopped = None, ""
        for x in several:
            rows = work.figures(x, seeds)
            wanted = rails.alone(study.guard_rails) if x == work.plan.reference[0] else study.guard_rails
            guards = rails.rails(first, rows, wanted)
            open_rails = [f"{g.name} ({'broken' if g.holds is False else 'not shown'})" for g in guards if not g.holds]
            if open_rails:
                stopped = f"{x.level}: {', '.join(open_rails)}"
                break
            last = x.level
        found[name] = {"largest": last, "stopped_by": stopped}
    return found


def _why(work: Work, variant: Variant, seed: int) -> str:
    """Why a run is invalid."""
    result = work.result(variant, seed)
    return "; ".join(result.summary["reasons"]) if result else "it failed"


def _notes(work: Work, seeds: Sequence[int]) -> list[str]:
    """What a reader must know."""
    notes = []
    if work.pilot.park.synthetic:
        notes.append("the map is synthetic: its roads are typed by class, not surveyed")
    if len(seeds) < 2:
        notes.append("one seed: differences are told, but nothing about chance: no interval, no decision")
    if work.pilot.clock.warm_up < 900.0:
        notes.append(f"warm-up is {work.pilot.clock.warm_up:.0f} s; 900 s or more are usual")
    for each in work.plan.reference:
        wrong = [seed for seed, x in work.figures(each, seeds).items() if not x["_valid"]]
        notes += [f"the base's run is invalid: {each.name}, seed {seed}: {_why(work, each, seed)}" for seed in wrong]
    notes += [f"run failed twice: {name}: {what}" for name, what in work.pool.failed.items()]
    return notes
