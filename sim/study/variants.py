"""What is to be run: every option at every point of the sweeps, as a scenario with operations and settings."""

from __future__ import annotations

import itertools
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim import findings
from sim.errors import Fault, StudyError, UpgradeError
from sim.pilot import Pilot
from sim.registry import near
from sim.scenario import carrying, document, faults, loader
from sim.study import soundness
from sim.study.schema import Study
from sim.upgrade import OPERATIONS, Operation, operation

REFERENCE = "base"
NULL, FLOOR = "_null", "_floor"
#: What no run of a study writes, unless told to.
_LEAN = {"output.trajectories": "0", "output.pages": "false"}


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario as an option at a point of the sweeps makes it.

    Args:
        option: `base`, or one of the study's.
        level: point of the sweeps, such as `av_share=0.05`; empty if nothing is swept.
        scenario: file.
        settings: dotted path -> YAML text.
        operations: done in this order.
        options: parts of which it is made, in order, for what they cost.
    """

    option: str
    level: str
    scenario: str
    settings: tuple[tuple[str, str], ...]
    operations: tuple[Operation, ...]

    @property
    def name(self) -> str:
        """Option and level."""
        return f"{self.option}@{self.level}" if self.level else self.option

    @property
    def cost(self) -> float:
        """Investment [yuan]."""
        return sum(x.price for x in self.operations)

    def pilot(self) -> Pilot:
        """The pilot; SimError if the scenario or an operation has faults."""
        return loader.load(self.scenario, dict(self.settings), self.operations)

    def operate(self) -> str:
        """Do its operations on the files' data and nothing else; scenario and map as a text.

        Raises:
            UpgradeError: an operation cannot be done.
        """
        path = Path(self.scenario)
        said, _ = carrying.planned(document.read(path).overridden(dict(self.settings)), path.parent)
        done = carrying.due(said) | carrying.named(self.operations)
        said, collection, wrong = carrying.carried_out(said, path.parent, done)
        if wrong:
            raise UpgradeError(faults=wrong)
        return json.dumps([said.data, collection], default=str)


@dataclass(frozen=True, slots=True)
class Level:
    """A point of the sweeps."""

    name: str
    settings: Mapping[str, str]
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A study file, read: what it says, and what is to be run.

    Args:
        reference: the base at each level, in order.
        options: of each level, in the order of the file.
    """

    name: str
    path: Path
    study: Study
    levels: tuple[Level, ...]
    reference: tuple[Variant, ...]
    options: tuple[Variant, ...]


def read(path: str | Path) -> Plan:
    """A study file.

    Raises:
        StudyError: every fault of the file; of the scenario too, once the file itself is sound.
    """
    path = Path(path)
    said = document.read(path)
    try:
        study = Study.model_validate(said.data)
    except ValidationError as error:
        raise StudyError(faults=faults.told(error, Study, said)) from None
    levels, bad_sweeps = _levels(study, said)
    wrong = [*soundness.of_file(study, said, REFERENCE), *bad_sweeps]
    if wrong:
        raise StudyError(faults=wrong)
    scenario = os.fspath(path.parent / study.base)
    plan = Plan(
        study.name or path.name.removesuffix(".yaml").removesuffix(".study"),
        path,
        study,
        levels,
        tuple(variant(study, scenario, REFERENCE, (), level) for level in levels),
        tuple(variant(study, scenario, name, (name,), level) for name in study.options for level in levels),
    )
    wrong = [*soundness.of_variants(plan, said), *soundness.of_phases(plan, said)]
    if wrong:
        raise StudyError(faults=wrong)
    return plan


def variant(study: Study, scenario: str, name: str, options: tuple[str, ...], level: Level) -> Variant:
    """Some options together at a level, under one name."""
    settings = _LEAN | {key: _text(x) for key, x in study.set.items()} | dict(level.settings)
    operations = list[Operation]()
    for option in _parts(study, options):
        operations += study.options[option].do
        settings |= {key: _text(x) for key, x in study.options[option].set.items()}
    return Variant(name, level.name, scenario, tuple(sorted(settings.items())), (*operations, *level.operations))


def _parts(study: Study, options: tuple[str, ...]) -> list[str]:
    """Options with those they are made of before them, each once."""
    found: dict[str, None] = {}
    for name in options:
        found |= dict.fromkeys(_parts(study, tuple(study.options[name].of)))
        found[name] = None
    return list(found)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


# ------------------------------------------------------------------------------------------------------- sweeps


def _levels(study: Study, said: document.Document) -> tuple[tuple[Level, ...], list[Fault]]:
    """Every point of the sweeps."""
    found, wrong = list[list[Level]](), list[Fault]()
    for name, sweep in study.sweeps.items():
        where = said.where(("sweeps", name))
        if isinstance(sweep, list):
            points, bad = [Level(f"{name}={_text(x)}", {name: _text(x)}, ()) for x in sweep], list[Fault]()
        else:
            points, bad = _operation_levels(name, sweep, where)
        if not bad and len({x.name for x in points}) < max(len(points), 1):
            bad = [Fault(where, "holds no values, or one of them twice", "wanted a list of different values")]
        found.append(points)
        wrong += bad
    levels = [
        Level(",".join(x.name for x in several), _merged(several), tuple(op for x in several for op in x.operations))
        for several in itertools.product(*found)
    ]
    return tuple(levels), wrong


def _merged(levels: tuple[Level, ...]) -> dict[str, str]:
    return {key: text for level in levels for key, text in level.settings.items()}


def _operation_levels(name: str, sweep: dict[str, Any], where: str) -> tuple[list[Level], list[Fault]]:
    """One operation with each value of the entry that is a list."""
    lists = [key for key, x in sweep.items() if isinstance(x, list)]
    if "do" not in sweep or len(lists) != 1:
        wanted = "wanted path: [values], or an operation one entry of which is a list of values"
        return [], [Fault(where, "is no sweep", wanted)]
    if sweep["do"] not in OPERATIONS:
        return [], [Fault(where, f"there is no operation {sweep['do']}; {near(str(sweep['do']), OPERATIONS.names())}")]
    found, wrong = list[Level](), list[Fault]()
    for value in sweep[lists[0]]:
        try:
            found.append(Level(f"{name}={value}", {}, (operation(sweep | {lists[0]: value}),)))
        except ValidationError as error:
            model = OPERATIONS[sweep["do"]]
            for x in error.errors(include_url=False):
                x["loc"] = x["loc"][1:]  # the first is the operation's name
                what, wanted = findings.told(x, model)
                wrong.append(Fault(where, f"{value}: {'.'.join(map(str, x['loc']))}: {what}", wanted))
    return found, wrong
