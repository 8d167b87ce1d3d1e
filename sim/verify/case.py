"""What a verification case is: its settings, what it measures, and whether that lies within tolerance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from sim.errors import Fault, SimError
from sim.registry import Registry, near
from sim.units import DIMENSIONS, Absurd, parse

Amount = float | int | str | tuple[float, ...]


class VerificationError(SimError):
    """A case or setting that is not there, or an impossible amount; carries every fault."""


class Unavailable(SimError):  # noqa: N818 - says what it is
    """Something that a case needs was not told, such as a file of data, or is not here; the case is left out."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that a case lets the user choose.

    Args:
        default: the published amount, in SI; its type says what is wanted: a number, a whole number, a text, or
            several numbers.
        dimension: one of `sim.units.DIMENSIONS`, or "text", or "file": one that must be there if it is told.
        low: least amount that makes sense.
        high: greatest such amount.
    """

    name: str
    default: Amount
    dimension: str
    meaning: str
    low: float = -math.inf
    high: float = math.inf

    def read(self, text: str) -> Amount:
        """Amount that a text means; ValueError says what was wanted."""
        if isinstance(self.default, str):
            if self.dimension == "file" and text and not Path(text).is_file():
                raise ValueError(f"there is no file {text}; wanted {self.meaning}")
            return text
        if isinstance(self.default, tuple):
            return tuple(self._number(part) for part in text.strip("[]() ").split(",") if part.strip())
        number = self._number(text)
        if isinstance(self.default, int):
            if number != int(number):
                raise ValueError(f'"{text}" is not a whole number')
            return int(number)
        return number

    def _number(self, text: str) -> float:
        told = text.strip()
        try:
            number = parse(told, self.dimension)
        except Absurd:
            number = math.nan
        except ValueError as error:
            raise ValueError(f"{str(error).partition('; wanted')[0]}; wanted {self.wanted}") from None
        if not self.low <= number <= self.high:
            raise ValueError(f'"{told}" is out of range; wanted {self.wanted}')
        return number

    @property
    def wanted(self) -> str:
        """Range with unit and meaning, for messages."""
        unit = "" if self.dimension in ("text", "file") else DIMENSIONS[self.dimension].unit
        low, high = math.isfinite(self.low), math.isfinite(self.high)
        limits = f"{self.low:g} to {self.high:g}" if low and high else f"at least {self.low:g}" if low else "a number"
        return f"{limits}{' ' * bool(unit)}{unit} ({self.meaning})"


class Settings:
    """Amounts of a case's settings, by name."""

    def __init__(self, amounts: Mapping[str, Amount], changed: frozenset[str] = frozenset()) -> None:
        self._amounts = dict(amounts)
        self._changed = changed

    def __getitem__(self, name: str) -> float:
        amount = self._amounts[name]
        assert isinstance(amount, (int, float))
        return float(amount)

    def whole(self, name: str) -> int:
        """A whole number."""
        amount = self._amounts[name]
        assert isinstance(amount, int)
        return amount

    def numbers(self, name: str) -> tuple[float, ...]:
        """Several numbers that are swept."""
        amount = self._amounts[name]
        assert isinstance(amount, tuple)
        return amount

    def text(self, name: str) -> str:
        """A text."""
        return str(self._amounts[name])

    def published(self, *names: str) -> bool:
        """Whether all these settings stand as published."""
        return not self._changed.intersection(names)

    def as_dict(self) -> dict[str, Amount]:
        """All amounts, for the outcome."""
        return dict(self._amounts)


@dataclass(frozen=True, slots=True)
class Point:
    """One figure and what it should be.

    Args:
        at: the amount that is swept, or what distinguishes this point.
        of: quantity with its unit in brackets.
        expected: None where nothing is published.
        half_width: of the 95 % interval of `got`; 0 if it is one number.
        tolerance: half the width of the band about `expected`; inf: told, not judged.
        note: what the reader should know, empty if nothing.
    """

    at: float | str
    of: str
    expected: float | None
    got: float
    half_width: float = 0.0
    tolerance: float = math.inf
    note: str = ""

    @property
    def ok(self) -> bool | None:
        """Whether the figure lies in its band and is precise enough; None if there is nothing to judge it by."""
        if self.expected is None or math.isinf(self.tolerance):
            return None
        near_enough = abs(self.got - self.expected) <= self.tolerance * (1.0 + 1e-9)
        return bool(near_enough and self.half_width <= 2.0 / 3.0 * self.tolerance)

    def as_dict(self) -> dict[str, Any]:
        """For JSON: None in place of what is not finite."""
        figures = {name: _plain(getattr(self, name)) for name in ("expected", "got", "half_width", "tolerance")}
        at = self.at if isinstance(self.at, str) else float(self.at)
        return {"at": at, "of": self.of, **figures, "ok": self.ok, "note": self.note}


def _plain(number: float | None) -> float | None:
    return float(f"{number:.6g}") if number is not None and math.isfinite(number) else None


def within(expected: float | None, percent: float) -> float:
    """Tolerance of so many percent of what is expected."""
    return math.inf if expected is None else abs(expected) * percent / 100.0


def point(
    at: float | str,
    of: str,
    expected: float | None,
    got: float | Sequence[float] | np.ndarray,
    tolerance: float = math.inf,
    note: str = "",
) -> Point:
    """A point from a number or from samples, one a seed, of which mean and 95 % half-width (Student) are taken."""
    samples = np.atleast_1d(np.asarray(got, float))
    half = 0.0
    if len(samples) > 1:
        half = float(stats.t.ppf(0.975, len(samples) - 1) * samples.std(ddof=1) / math.sqrt(len(samples)))
    return Point(at, of, expected, float(samples.mean()), half, tolerance, note)


@dataclass(frozen=True, slots=True)
class Case:
    """A verification case.

    Args:
        measure: runs it; yields its points.
        standing: how the expected figures are known: read, computed from a formula, recalled.
        reason: why it is known to be outside its tolerance; empty if it is not.
        reports: expected figures are not sure enough to fail on.
    """

    name: str
    title: str
    source: str
    settings: tuple[Setting, ...]
    measure: Callable[[Settings], Iterator[Point]]
    standing: str = "computed"
    reason: str = ""
    reports: bool = False

    def settings_of(self, texts: Mapping[str, str]) -> Settings:
        """Amounts of all settings, some of them as the user writes them.

        Raises:
            VerificationError: every unknown setting, with the near name, and every impossible amount.
        """
        known = {setting.name: setting for setting in self.settings}
        amounts: dict[str, Amount] = {name: setting.default for name, setting in known.items()}
        faults: list[Fault] = []
        for name, text in texts.items():
            if name not in known:
                hint = near(name, known) or f"it has {', '.join(known)}"
                faults.append(Fault(f"{self.name}: {name}", "is no setting of this case", hint))
                continue
            try:
                amounts[name] = known[name].read(text)
            except ValueError as error:
                faults.append(Fault(f"{self.name}: {name}", str(error)))
        if faults:
            raise VerificationError(faults=faults)
        return Settings(amounts, frozenset(k for k in known if amounts[k] != known[k].default))


CASES: Registry[Case] = Registry("verification case")


def case(
    name: str,
    *,
    title: str,
    source: str,
    settings: tuple[Setting, ...] = (),
    **more: Any,
) -> Callable[[Callable[[Settings], Iterator[Point]]], Callable[[Settings], Iterator[Point]]]:
    """Register a generator of points as a case; `more` as of `Case`."""

    def put(measure: Callable[[Settings], Iterator[Point]]) -> Callable[[Settings], Iterator[Point]]:
        CASES.named(name)(Case(name, title, source, settings, measure, **more))
        return measure

    return put


@dataclass(frozen=True, slots=True)
class Finding:
    """What a case came to.

    Args:
        left_out: why it could not be run; empty if it was.
        seconds: it took [s].
    """

    case: Case
    settings: Settings
    points: tuple[Point, ...]
    left_out: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool | None:
        """Whether all points that can be judged are in order; None if none can."""
        judged = [p.ok for p in self.points if p.ok is not None]
        if not judged or self.case.reports:
            return None
        return all(judged)

    @property
    def reason(self) -> str:
        """Why it is outside or left out, if that is known."""
        return self.left_out or (self.case.reason if self.ok is False else "")

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "case": self.case.name,
            "title": self.case.title,
            "settings": self.settings.as_dict(),
            "source": self.case.source,
            "standing": self.case.standing,
            "points": [p.as_dict() for p in self.points],
            "ok": self.ok,
            "reason": self.reason,
            "seconds": round(self.seconds, 2),
        }
