"""Plans: dated lists of operations, in a scenario or in a file of their own, and the pilots of their stages."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from pathlib import Path

from sim.errors import ScenarioError
from sim.pilot import Pilot
from sim.scenario import document, loader
from sim.scenario.carrying import plan_of, planned, read_plan
from sim.upgrade import Operation


@dataclasses.dataclass(frozen=True, slots=True)
class Stage:
    """What the pilot is from a date on.

    Args:
        date: of its operations; None: as the scenario stands before any of them.
        operations: done on that date.
        investment: of that date [yuan].
    """

    date: datetime.date | None
    operations: tuple[Operation, ...]
    pilot: Pilot
    investment: float


def read(path: str | Path) -> list[Operation]:
    """Operations of a plan file; ScenarioError lists every fault."""
    return plan_of(read_plan(Path(path)))


def stages(path: str | Path, operations: Sequence[Operation] | None = None) -> list[Stage]:
    """The pilot of each stage of a plan, the one before it first.

    Args:
        path: of a scenario.
        operations: the plan; by default the scenario's own.

    Raises:
        ScenarioError: the scenario has faults.
        UpgradeError: an operation cannot be done at its date.
    """
    said, wrong = planned(document.read(Path(path)), Path(path).parent)
    if wrong:
        raise ScenarioError(faults=wrong)
    own = plan_of(said)
    wanted = sorted(own if operations is None else operations, key=lambda x: x.date or datetime.date.min)
    found = [Stage(None, (), loader.load(path, {"plan": "[]"}), 0.0)]
    for date in sorted({x.date for x in wanted if x.date is not None}):
        till = [x for x in wanted if x.date is None or x.date <= date]
        now = tuple(x for x in till if x.date == date)
        pilot = loader.load(path, {"plan": "[]", "pilot.date": date.isoformat()}, till)
        found.append(Stage(date, now, pilot, sum(x.price for x in now)))
    return found
