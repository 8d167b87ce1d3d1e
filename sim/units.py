"""Conversions between what users write and SI, and between seconds and whole ticks; the only ones in the program.

`parse("30 km/h", "speed")` is 8.33 [m/s]. A bare number is SI already. What is not of the wanted dimension, not finite
or absurdly large is a `ValueError` whose text can be shown to the user as it stands.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real

TICK = 1_000_000  #: ticks in a second: event time is a whole number of microseconds


class Absurd(ValueError):  # noqa: N818 - says what it is
    """An amount of the right kind that nobody can mean."""


def ticks(seconds: float) -> int:
    """Event time of a number of seconds [ticks]."""
    return round(seconds * TICK)


def seconds(ticks: int) -> float:
    """Seconds of an event time [s]."""
    return ticks / TICK


@dataclass(frozen=True, slots=True)
class Dimension:
    """A kind of quantity.

    Args:
        units: unit -> its size in SI, as a fraction: conversions are right to the last bit.
        wanted: how to write one, for messages.
        low: least amount that is not absurd, in SI.
        high: greatest such amount, in SI.
        clock: whether `07:40` may be written.
        whole: whether it must be a whole number.
    """

    units: Mapping[str, Fraction]
    wanted: str
    low: float = -math.inf
    high: float = math.inf
    clock: bool = False
    whole: bool = False

    @property
    def unit(self) -> str:
        """Its SI unit; empty if it has none."""
        return next((unit for unit, size in self.units.items() if size == 1), "")


_MILLI, _KILO, _HOUR, _DEGREE = Fraction(1, 1000), Fraction(1000), Fraction(3600), Fraction(math.pi) / 180
_ONE = Fraction(1)
_TIME = {
    "us": _MILLI**2,
    "µs": _MILLI**2,
    "ms": _MILLI,
    "s": _ONE,
    "min": Fraction(60),
    "h": _HOUR,
    "d": 24 * _HOUR,
}
_YEARS = 1e8  #: [s] about three years
_LEVEL = "dBm"  #: the one logarithmic unit: of 1 mW

#: What can be parsed. Limits are far outside road traffic: they catch slips, not unusual wishes.
DIMENSIONS: dict[str, Dimension] = {
    "time": Dimension(_TIME, "a time such as 1.2 s, 15 min or 2 h", -_YEARS, _YEARS),
    "clock": Dimension(_TIME, "a time of day such as 07:40, or seconds such as 600 s", -_YEARS, _YEARS, clock=True),
    "length": Dimension(
        {"mm": _MILLI, "cm": Fraction(1, 100), "m": _ONE, "km": _KILO}, "a length such as 3.5 m or 2 km", -1e7, 1e7
    ),
    "speed": Dimension({"m/s": _ONE, "km/h": _KILO / _HOUR}, "a speed such as 30 km/h or 8.3 m/s", 0.0, 200.0),
    "acceleration": Dimension(
        {"m/s2": _ONE, "m/s²": _ONE, "m/s^2": _ONE}, "an acceleration such as 2.5 m/s2", -100.0, 100.0
    ),
    "flow": Dimension(
        {"veh/s": _ONE, "veh/min": Fraction(1, 60), "veh/h": 1 / _HOUR}, "a flow such as 600 veh/h", 0.0, 1e4
    ),
    "density": Dimension({"veh/m": _ONE, "veh/km": _MILLI}, "a density such as 20 veh/km", 0.0, 10.0),
    "frequency": Dimension(
        {"Hz": _ONE, "kHz": _KILO, "MHz": _KILO**2, "GHz": _KILO**3}, "a frequency such as 10 Hz", 0.0, 1e12
    ),
    "data_rate": Dimension(
        {"bit/s": _ONE, "kbit/s": _KILO, "Mbit/s": _KILO**2, "Gbit/s": _KILO**3},
        "a data rate such as 20 Mbit/s",
        0.0,
        1e13,
    ),
    "power": Dimension({"mW": _MILLI, "W": _ONE, _LEVEL: _MILLI}, "a power such as 20 dBm or 0.1 W", 0.0, 1e6),
    "angle": Dimension({"deg": _DEGREE, "°": _DEGREE, "rad": _ONE}, "an angle such as 90 deg", -100.0, 100.0),
    "share": Dimension({"%": Fraction(1, 100)}, "a share from 0 to 1, such as 0.3 or 30 %", 0.0, 1.0),
    "number": Dimension({}, "a number such as 600", -1e9, 1e9),
    "count": Dimension({}, "a whole number such as 6", 0.0, 1e9, whole=True),
}

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_PART = re.compile(rf"({_NUMBER})\s*([^\d\s.+-][^\s]*)?\s*")
_CLOCK = re.compile(r"(\d{1,3}):(\d\d)(?::(\d\d(?:\.\d+)?))?")


def parse(text: object, dimension: str) -> float:
    """How much of a dimension a text such as `30 km/h`, `1 h 30 min` or a bare number means, in SI.

    Args:
        text: what the user wrote: text, or a number that is SI already.
        dimension: one of `DIMENSIONS`.

    Raises:
        ValueError: wrong unit, not a number, not finite, or absurd; the message says what was wanted.
    """
    kind = DIMENSIONS[dimension]
    if isinstance(text, bool) or not isinstance(text, (str, Real)):
        raise ValueError(f"{_shown(text)} is not {_article(dimension)}; wanted {kind.wanted}")
    try:
        amount = _amount(text.strip(), dimension, kind) if isinstance(text, str) else float(text)
    except OverflowError:
        amount = math.inf
    if not math.isfinite(amount):
        raise ValueError(f"{_shown(text)} is not a finite number; wanted {kind.wanted}")
    if kind.whole and amount != round(amount):
        raise ValueError(f"{_shown(text)} is not whole; wanted {kind.wanted}")
    if not kind.low <= amount <= kind.high:
        raise Absurd(f"{_shown(text)} is out of range {kind.low:g} to {kind.high:g}; wanted {kind.wanted}")
    return amount


def clock_text(time: float) -> str:
    """How a time of day [s since midnight] is written: 07:40:00."""
    whole = math.floor(time + 0.5)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def _amount(text: str, dimension: str, kind: Dimension) -> float:
    """SI amount of a text."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        return _of_clock(clock, text, dimension, kind)
    if text.lower().lstrip("+-").lstrip(".") in ("nan", "inf", "infinity"):
        return math.nan
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text) or (len(parts) > 1 and kind.units is not _TIME):
        raise ValueError(f"{_shown(text)} is not {_article(dimension)}; wanted {kind.wanted}")
    if len(parts) > 1 and not all(unit for _, unit in parts):
        raise ValueError(f"{_shown(text)} lacks a unit; wanted {kind.wanted}")
    return math.fsum(_one(float(number), unit, text, kind) for number, unit in parts)


def _one(number: float, unit: str, text: str, kind: Dimension) -> float:
    """SI amount of one number with its unit."""
    if not unit:
        return number
    if unit not in kind.units:
        other = next((name for name, x in DIMENSIONS.items() if unit in x.units), "")
        fault = f"is {_article(other)}" if other else f"has an unknown unit {unit}"
        raise ValueError(f"wrong unit: {_shown(text)} {fault}; wanted {kind.wanted}")
    if unit == _LEVEL:
        number = 10.0 ** (number / 10.0)
    return float(Fraction(number) * kind.units[unit])


def _of_clock(match: re.Match[str], text: str, dimension: str, kind: Dimension) -> float:
    """Seconds since midnight [s]; hours above 24 are the next day's."""
    if not kind.clock:
        raise ValueError(f"{_shown(text)} is a time of day, not {_article(dimension)}; wanted {kind.wanted}")
    hours, minutes, rest = int(match[1]), int(match[2]), float(match[3] or 0.0)
    if minutes > 59 or rest >= 60.0:
        raise ValueError(f"{_shown(text)} is no time of day: minutes and seconds end at 59; wanted {kind.wanted}")
    return hours * 3600.0 + minutes * 60.0 + rest


def _article(dimension: str) -> str:
    """`a speed`, `an acceleration`."""
    word = "time of day" if dimension == "clock" else dimension
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _shown(value: object) -> str:
    """A value as it stands in a message, cut if long."""
    if isinstance(value, str):
        return f'"{value[:40]}{"…" if len(value) > 40 else ""}"'
    if value is None:
        return "nothing"
    if isinstance(value, int) and abs(value) > 1e15:
        return "an enormous number"
    return repr(value)[:40]
