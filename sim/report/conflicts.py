"""Encounters as the reader gets them: rows of conflicts.parquet, and how many count as conflicts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np

from sim.engine.recording import Columns
from sim.kernel.encounters import OPEN_PET, OPEN_TTC
from sim.metrics import KINDS, Encounters, measured, thresholds
from sim.models.mass import mass_of
from sim.park.geometry import Axes
from sim.pilot import Pilot
from sim.report.extremes import told as crashes_expected
from sim.traffic.departures import Departures

#: Measures whose least values tell how likely a crash is.
EXTREMES = ("ttc_s", "pet_s")
ENCOUNTERS = "encounters"  #: name of the count of all rows
_OPENED = {ENCOUNTERS: f"ttc_s < {OPEN_TTC:g} or pet_s <= {OPEN_PET:g}"}


def unmeasured() -> dict[str, Any]:
    """What `safety.conflicts` holds where nobody asked for encounters: every count null."""
    limits = {name: str(limit) for name, limit in thresholds().items()}
    counts: dict[str, Any] = dict.fromkeys((ENCOUNTERS, *limits, "missed"))
    return counts | {"by_kind": {}, "by_pair": {}, "thresholds": _OPENED | limits}


def unestimated() -> dict[str, Any]:
    """What `safety.crash_estimate` holds there: null, too."""
    return {name: crashes_expected(np.empty(0)) for name in EXTREMES}


def measured_of(summary: Mapping[str, Any]) -> dict[str, Any] | None:
    """Conflicts of a summary; None if they were not measured."""
    told: dict[str, Any] | None = summary["safety"].get("conflicts")
    return told if told and told[ENCOUNTERS] is not None else None


class Tally:
    """Turns encounters into rows of conflicts.parquet and counts them while a run goes.

    Args:
        pilot: whose encounters they are.
        departures: who drives.
    """

    def __init__(self, pilot: Pilot, departures: Departures) -> None:
        self._axes = Axes(pilot.park.lanes)
        self._edge = np.array([lane.edge for lane in pilot.park.lanes], np.int64)
        self._card = departures.card.astype(np.int64)
        self._names = [card.name for card in departures.cards]
        self._mass = np.array([mass_of(card.vehicle_class).amount for card in departures.cards])
        self._thresholds = thresholds()
        self._rules = pilot.rules
        self._least: dict[str, list[np.ndarray]] = {name: [] for name in EXTREMES}
        self.total: Counter[str] = Counter()
        self.by_kind: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
        self.by_pair: dict[str, Counter[str]] = {}

    def rows(self, told: Columns) -> Columns:
        """Columns of conflicts.parquet, counted."""
        heading = self._heading(told, "")
        angle = np.abs((heading - self._heading(told, "other_") + np.pi) % (2.0 * np.pi) - np.pi)
        card, other_card = self._card[told["subject"]], self._card[told["other"]]
        columns = measured(Encounters(told, angle, self._mass[card], self._mass[other_card]))
        place = {name: told[name] for name in ("lane", "position_m", "other_lane", "other_position_m")}
        who = {"id": told["subject"], "card": card, "other": told["other"], "other_card": other_card}
        when = {name: told[name] for name in ("kind", "begin_s", "end_s", "time_s", "speed_mps", "other_speed_mps")}
        columns |= who | when | place | {"edge": self._edge[told["lane"]]}
        self._count(columns)
        for name, kept in self._least.items():
            kept.append(np.asarray(columns[name], np.float32))
        return columns

    def crash_estimate(self) -> dict[str, Any]:
        """Crashes that the near misses let expect, by the measure they are told by."""
        return {name: crashes_expected(np.concatenate([*kept, np.empty(0)])) for name, kept in self._least.items()}

    def summary(self, missed: int) -> dict[str, Any]:
        """What `safety.conflicts` holds; `missed` sightings found no room."""
        names = [ENCOUNTERS, *self._thresholds]
        return {name: self.total[name] for name in names} | {
            "missed": missed,
            "by_kind": {kind: {name: count[name] for name in names} for kind, count in self.by_kind.items()},
            "by_pair": {pair: {name: count[name] for name in names} for pair, count in sorted(self.by_pair.items())},
            "thresholds": _OPENED | {name: str(limit) for name, limit in self._thresholds.items()},
            "exposure_s": self._rules.exposure,
            "reaction_s": self._rules.reaction,
        }

    def _heading(self, told: Columns, whose: str) -> np.ndarray:
        """Heading at the most dangerous moment (encounters,) [rad]."""
        _, _, heading = self._axes.place(told[f"{whose}lane"].astype(np.int64), told[f"{whose}position_m"])
        return np.radians(heading)

    def _count(self, columns: Columns) -> None:
        met = np.ones(len(columns["kind"]), bool)
        counted = {ENCOUNTERS: met} | {name: limit.holds(columns) for name, limit in self._thresholds.items()}
        low, high = (f(columns["card"], columns["other_card"]) for f in (np.minimum, np.maximum))
        pairs = low * len(self._names) + high
        for name, rows in counted.items():
            self.total[name] += int(rows.sum())
            for kind, count in zip(*np.unique(columns["kind"][rows], return_counts=True), strict=True):
                self.by_kind[KINDS[kind]][name] += int(count)
            for pair, count in zip(*np.unique(pairs[rows], return_counts=True), strict=True):
                self.by_pair.setdefault(self._pair(int(pair)), Counter())[name] += int(count)

    def _pair(self, pair: int) -> str:
        return "-".join(sorted(self._names[card] for card in divmod(pair, len(self._names))))
