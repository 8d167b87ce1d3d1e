"""What is wrong with a study, before anything runs: names, contradictions, sweeps that undo each other, budgets."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.errors import Fault, SimError
from sim.pilot import Pilot
from sim.registry import near
from sim.scenario.document import Document, Trail
from sim.study.schema import Study

if TYPE_CHECKING:
    from sim.study.variants import Plan, Variant

#: Entries that say which time is looked at: with an option's own there would be no pairs.
_CLOCK = ("run.start", "run.duration", "run.warm_up")
_SEED = "run.seed"
_SPEAKING = ("add_rsu", "equip_share")
_OF_CONFLICTS = ("safety.conflicts.", "safety.crash_estimate.")


def of_file(study: Study, said: Document, reference: str) -> list[Fault]:
    """Faults of the file alone.

    Args:
        reference: what the base is called.
    """
    return [*_names(study, said, reference), *_conflicts(study, said), *_reserved(study, said)]


def _names(study: Study, said: Document, reference: str) -> list[Fault]:
    """Names of options that are not there, or stand in a circle; names that mean something else."""
    found, order = [], list(study.options)
    for rank, (name, option) in enumerate(study.options.items()):
        where = said.where(("options", name))
        if name == reference or name[0] in "_." or any(x in name for x in "/@="):
            found.append(Fault(where, f"an option cannot be called {name}"))
        for part in option.of:
            if part not in study.options:
                found.append(Fault(where, f"there is no option {part}; {near(part, study.options)}"))
            elif order.index(part) >= rank:
                found.append(Fault(where, f"is made of {part}, which stands after it", "wanted parts first"))
    for name in study.phases.candidates if study.phases else ():
        if name not in study.options:
            found.append(Fault(said.where(("phases",)), f"there is no option {name}; {near(name, study.options)}"))
    return found


def _conflicts(study: Study, said: Document) -> list[Fault]:
    """Entries that are set twice: by two sweeps, by a sweep and `set`, by a sweep and an option."""
    swept = [name for name, x in study.sweeps.items() if isinstance(x, list)]
    pairs = [(one, other, "sweeps") for one, other in itertools.combinations(swept, 2)]
    pairs += [(one, other, "set") for one in swept for other in study.set]
    pairs += [
        (one, other, f"option {x}") for one in swept for x, option in study.options.items() for other in option.set
    ]
    found = []
    for one, other, where in pairs:
        if one == other or one.startswith(f"{other}.") or other.startswith(f"{one}."):
            what = f"conflicts with {other} of {where}: both set the same entry"
            found.append(Fault(said.where(("sweeps", one)), what, "wanted one of them"))
    asked = [(name, (x.get("do"), x.get("card"))) for name, x in study.sweeps.items() if isinstance(x, dict)]
    for (first, kind), (second, again) in itertools.combinations(asked, 2):
        if kind == again:
            found.append(Fault(said.where(("sweeps", second)), f"conflicts with sweep {first}: both sweep {kind[0]}"))
    return found


def _reserved(study: Study, said: Document) -> list[Fault]:
    """Entries that are the study's own: the seed of a run; and what base and option must have in common."""
    found = []
    for trail, settings in _settings(study):
        for path in (_SEED, *_CLOCK):
            if not _sets(settings, path):
                continue
            if path == _SEED:
                found.append(Fault(said.where(trail), "sets run.seed, which the study does itself", "see seeds"))
            elif trail[0] == "options":
                what = f"sets {path}: base and option would not be seen over the same time"
                found.append(Fault(said.where(trail), what, "set it for all, under set"))
    return found


def _settings(study: Study) -> Iterator[tuple[Trail, Mapping[str, Any]]]:
    """Every group of entries that a study sets, and where it stands."""
    yield ("set",), study.set
    for name, option in study.options.items():
        yield ("options", name, "set"), option.set
    for name, sweep in study.sweeps.items():
        if isinstance(sweep, list):
            for value in sweep:
                yield ("sweeps", name), {name: value}


def _sets(settings: Mapping[str, Any], path: str) -> bool:
    """Whether dotted entries set one of a path: itself, or a group that holds it."""
    head, _, last = path.partition(".")
    group = settings.get(head)
    return path in settings or (isinstance(group, dict) and last in group)


def of_variants(plan: Plan, said: Document) -> list[Fault]:
    """Faults of what is to be run: every option is laid out once and the base at every level, all operations are done;
    two points of the sweeps that come to the same are a fault too."""
    found, texts, pilots = dict[str, Fault](), dict[str, str](), list[Pilot]()
    for each in (*plan.reference, *plan.options):
        unchanged = each in plan.reference
        try:
            if unchanged or each.level == plan.levels[0].name:
                pilots.append(_laid_out(each))
            text = each.operate()
        except SimError as error:
            where = said.where(("base",) if unchanged else ("options", each.option))
            for fault in error.faults or [Fault(each.name, str(error))]:
                found.setdefault(str(fault), Fault(where, str(fault)))
            continue
        if not unchanged:
            continue
        if text in texts:
            what = f"{each.level} comes to the same as {texts[text]}: one sweep undoes another"
            found.setdefault(each.level, Fault(said.where(("sweeps",)), what))
        texts.setdefault(text, each.level)
    return list(found.values()) or [*_unmeasured(plan.study, said, pilots), *_unheard(plan.study, said, pilots)]


def _laid_out(variant: Variant) -> Pilot:
    """A variant's pilot, whose people are there too; SimError if it has faults."""
    pilot = variant.pilot()
    pilot.demand.departures(pilot.park, 1, pilot.clock.begin, pilot.clock.end)
    return pilot


def _unmeasured(study: Study, said: Document, pilots: Sequence[Pilot]) -> list[Fault]:
    """Measures that no run will have."""
    found = []
    for trail, names in ((("measures",), study.measures), (("guard_rails",), study.guard_rails)):
        for name in names:
            if name.startswith(_OF_CONFLICTS) and not all(x.output.conflicts for x in pilots):
                what, cure = f"{name} wants conflicts to be looked for", "set: { output.conflicts: true }"
                found.append(Fault(said.where(trail), what, cure))
            elif name.startswith("v2x.") and not any(x.radio for x in pilots):
                found.append(Fault(said.where(trail), f"{name} wants a radio, and there is none", "set: { radio: … }"))
    return found


def _unheard(study: Study, said: Document, pilots: Sequence[Pilot]) -> list[Fault]:
    """Options that let somebody speak where there is no radio: they would cost, and nothing could come of them."""
    if any(x.radio for x in pilots):
        return []
    found = []
    for name, option in study.options.items():
        speaking = sorted({x.do for x in option.do if x.do in _SPEAKING})
        if speaking:
            what = f"{', '.join(speaking)} wants a radio, and there is none"
            found.append(Fault(said.where(("options", name)), what, "set: { radio: … }"))
    return found


def of_phases(plan: Plan, said: Document) -> list[Fault]:
    """A budget for which nothing can be built."""
    phases = plan.study.phases
    if phases is None:
        return []
    here = plan.reference[0]
    prices = {x.option: x.cost - here.cost for x in plan.options if x.option in phases.candidates}
    cheapest = min(prices, key=lambda name: (prices[name], name))
    if prices[cheapest] <= phases.budget:
        return []
    what = f"nothing can be built for ¥ {phases.budget:,.0f}: the cheapest, {cheapest}, costs ¥ {prices[cheapest]:,.0f}"
    return [Fault(said.where(("phases", "budget")), what)]
