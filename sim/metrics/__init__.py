"""What is counted of encounters, one measure a file: columns of conflicts.parquet, and thresholds they are judged by.

The kernel's probe (sim/kernel/measure.py) leaves a row an encounter; a metric turns that row into columns and says
which rows count as conflicts. No count is told without its threshold and where that comes from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from sim.registry import Registry

Columns = Mapping[str, np.ndarray]

#: Kinds of encounters; of several kinds in one encounter the last one names it.
KINDS = ("following", "lane_change", "merging", "crossing")


@dataclass(frozen=True, slots=True)
class Encounters:
    """Encounters as the engine tells them, and what of the place and the road users is needed to judge them.

    Args:
        told: columns of `sim.engine.recording.Recorder.conflicts`.
        angle: between the headings of subject and other at `time_s`, (encounters,) [rad].
        mass: of the subject, (encounters,) [kg].
        other_mass: of the other, (encounters,) [kg].
    """

    told: Columns
    angle: np.ndarray
    mass: np.ndarray
    other_mass: np.ndarray

    def __getitem__(self, name: str) -> np.ndarray:
        return self.told[name]


@dataclass(frozen=True, slots=True)
class Threshold:
    """What counts as a conflict: a column at or below (or above) a limit.

    Args:
        column: of conflicts.parquet.
        limit: in the column's unit.
        least: whether rows at or above the limit count, not those at or below.
        source: who uses this limit.
    """

    column: str
    limit: float
    source: str
    least: bool = False

    def __str__(self) -> str:
        return f"{self.column} {'>=' if self.least else '<='} {self.limit:g} ({self.source})"

    def holds(self, columns: Columns) -> np.ndarray:
        """Which rows count (encounters,)."""
        found = columns[self.column]
        return found >= self.limit if self.least else found <= self.limit  # nan never counts


@dataclass(frozen=True, slots=True)
class Metric:
    """One measure of encounters.

    Args:
        columns: name -> unit and meaning.
        measure: encounters -> those columns, each (encounters,).
        thresholds: name of a count -> what it counts.
    """

    columns: Mapping[str, str]
    measure: Callable[[Encounters], Columns]
    thresholds: Mapping[str, Threshold]


METRICS: Registry[Metric] = Registry("metric")
METRICS.discover(sys.modules[__name__])


def measured(encounters: Encounters) -> dict[str, np.ndarray]:
    """Columns of all metrics, in name order, each (encounters,)."""
    found: dict[str, np.ndarray] = {}
    for name in METRICS.names():
        found |= METRICS[name].measure(encounters)
    return found


def column_names() -> list[str]:
    """Names of the columns of all metrics, in the order of `measured`."""
    return [column for name in METRICS.names() for column in METRICS[name].columns]


def column_meanings() -> dict[str, str]:
    """Unit and meaning of the columns of all metrics, in the order of `measured`."""
    return {column: meaning for name in METRICS.names() for column, meaning in METRICS[name].columns.items()}


def thresholds() -> dict[str, Threshold]:
    """Everything that is counted, by the name of its count."""
    return {count: limit for name in METRICS.names() for count, limit in METRICS[name].thresholds.items()}
