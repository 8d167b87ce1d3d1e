"""How automated vehicles fared: who drove how far, why and how often the system asked, and what came of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from sim.engine.recording import EVENT_KINDS, Columns
from sim.pilot import Pilot
from sim.report.rates import LEVEL, poisson_interval
from sim.traffic.departures import Departures

_KINDS = ("transition_demand", "take_over", "minimal_risk_manoeuvre", "ads_off", "ads_on", "remote_help")
_CODES = tuple(EVENT_KINDS.index(kind) for kind in _KINDS)
_KILO = 1000.0


class ControlTally:
    """Counts who is in control, from events as they come.

    Args:
        pilot: with or without a section on take-over.
        departures: whose rows are the events' subjects.
    """

    def __init__(self, pilot: Pilot, departures: Departures) -> None:
        self._told = pilot.takeover
        self._automated = np.array([x.automated for x in departures.cards], bool)[departures.card]
        walks = [x.vehicle_class in ("pedestrian", "wheelchair") for x in departures.cards]
        self._driving = ~np.array(walks, bool)[departures.card]
        self._cause: dict[int, int] = {}  # of a demand that stands
        self._off: dict[int, float] = {}  # way driven when somebody took over [m]
        self._manual = 0.0  # [m]
        self._demands: Counter[str] = Counter()
        self._disengaged: Counter[str] = Counter()
        self._responses: list[float] = []
        self._waits: list[float] = []
        self._manoeuvres = 0

    def add(self, columns: Columns) -> None:
        """Count a block of events."""
        if self._told is None:
            return
        kinds = columns["kind"].astype(np.int64)
        for row in np.flatnonzero(np.isin(kinds, _CODES)).tolist():
            self._count(EVENT_KINDS[kinds[row]], int(columns["subject"][row]), float(columns["value"][row]))

    def _count(self, kind: str, who: int, value: float) -> None:
        assert self._told is not None
        if kind == "transition_demand":
            self._cause[who] = int(value)
            self._demands[self._told.causes[int(value)]] += 1
        elif kind in ("take_over", "minimal_risk_manoeuvre"):
            if who in self._cause:
                self._disengaged[self._told.causes[self._cause.pop(who)]] += 1
            self._manoeuvres += kind == "minimal_risk_manoeuvre"
            self._responses += [value] if kind == "take_over" else []
        elif kind == "remote_help":
            self._waits.append(value)
        elif kind == "ads_off":
            self._off[who] = value
        elif who in self._off:
            self._manual += value - self._off.pop(who)

    def figures(self, metres: np.ndarray) -> dict[str, Any]:
        """The `av` figures of a summary, from the way that each departure has driven [m].

        Without a section on take-over nobody asks: zeros, and null for what a distance to each would be.
        """
        metres = np.nan_to_num(metres) * self._driving
        whole, machines = float(metres.sum()) / _KILO, float(metres[self._automated].sum()) / _KILO
        by_hand = self._manual + sum(float(metres[who]) - way for who, way in self._off.items())
        driven = machines - by_hand / _KILO
        causes = self._told.causes if self._told else ()
        return {
            "distance_km": driven,
            "share_of_distance": driven / whole if whole else None,
            "manual_distance_km": by_hand / _KILO,
            "transition_demands": {cause: self._demands[cause] for cause in causes},
            "disengagements": {cause: self._disengaged[cause] for cause in causes},
            "km_per_disengagement": self._distance_to_each(driven),
            "minimal_risk_manoeuvres": self._manoeuvres,
            "take_over_time_s": _spread(self._responses),
            "help": {"calls": len(self._waits)} | _spread(self._waits, "wait_s"),
        }

    def _distance_to_each(self, driven: float) -> dict[str, float | None]:
        """Kilometres to each disengagement with an interval; null where none can come about."""
        count = self._disengaged.total()
        bounds = poisson_interval(count) if self._told else (0.0, 0.0)
        low, high = (driven / x if x > 0.0 else None for x in reversed(bounds))
        return {"mean": driven / count if count else None, "low": low, "high": high, "level": LEVEL}


def _spread(amounts: list[float], name: str = "") -> dict[str, Any]:
    """Number, mean and deviation of some amounts."""
    told = np.array(amounts)
    prefix = f"{name}_" if name else ""
    figures = {"mean": float(told.mean()), "deviation": float(told.std()), "most": float(told.max())} if amounts else {}
    return {f"{prefix}{x}": figures.get(x) for x in ("mean", "deviation", "most")}
