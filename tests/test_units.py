"""What users write, and what it means in SI."""

import contextlib
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import units


@pytest.mark.parametrize(
    ("text", "dimension", "wanted"),
    [
        ("30 km/h", "speed", 30 / 3.6),
        ("30km/h", "speed", 30 / 3.6),
        (" 8.3 m/s ", "speed", 8.3),
        (8.3, "speed", 8.3),
        ("8.3", "speed", 8.3),
        ("1.2 s", "time", 1.2),
        ("100 ms", "time", 0.1),
        ("15 min", "time", 900.0),
        ("2 h", "time", 7200.0),
        ("1 h 30 min", "time", 5400.0),
        ("1e2 s", "time", 100.0),
        ("07:40", "clock", 27600.0),
        ("7:40:30", "clock", 27630.0),
        ("25:00", "clock", 90000.0),
        ("600 s", "clock", 600.0),
        ("80 veh/h", "flow", 80 / 3600),
        ("3.5 m", "length", 3.5),
        ("2 km", "length", 2000.0),
        ("-0.5 m", "length", -0.5),
        ("2.5 m/s2", "acceleration", 2.5),
        ("2.5 m/s²", "acceleration", 2.5),
        ("20 dBm", "power", 0.1),
        ("200 mW", "power", 0.2),
        ("10 Hz", "frequency", 10.0),
        ("30 %", "share", 0.3),
        ("180 deg", "angle", math.pi),
        (np.float64(3.0), "length", 3.0),
        (np.int32(3), "length", 3.0),
    ],
)
def test_meaning(text: object, dimension: str, wanted: float) -> None:
    assert units.parse(text, dimension) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "dimension", "said"),
    [
        ("30 m", "speed", "is a length; wanted a speed such as 30 km/h or 8.3 m/s"),
        ("30 kmh", "speed", "unknown unit kmh; wanted a speed such as"),
        ("07:40", "time", "is a time of day, not a time; wanted a time such as"),
        ("07:61", "clock", "minutes and seconds end at 59"),
        ("1.2 3 s", "time", "lacks a unit"),
        ("3 m 4 m", "length", "is not a length"),
        ("1,5 m", "length", "wanted a length"),
        ("fast", "speed", "is not a speed"),
        ("", "speed", "is not a speed"),
        (True, "time", "is not a time"),
        (None, "time", "is not a time"),
        ([1], "time", "is not a time"),
        ("nan", "time", "not a finite number"),
        (math.nan, "time", "not a finite number"),
        (math.inf, "time", "not a finite number"),
        ("-.inf", "time", "not a finite number"),
        ("1e999 s", "time", "not a finite number"),
        pytest.param(10**5000, "number", "not a finite", id="enormous"),
        ("1e12", "number", "out of range"),
        ("-3 km/h", "speed", "out of range"),
        ("130 %", "share", "out of range"),
    ],
)
def test_fault_says_what_was_wanted(text: object, dimension: str, said: str) -> None:
    with pytest.raises(ValueError, match="wanted") as caught:
        units.parse(text, dimension)
    assert said in str(caught.value)


@given(st.floats(1e-3, 500.0))
def test_conversion_is_right_to_the_last_bit(speed: float) -> None:
    assert units.parse(f"{speed!r} km/h", "speed") == float(Fraction(speed) * 5 / 18)


@given(st.text(max_size=30) | st.from_regex(r"[-+]?[0-9.]{1,9}(e[0-9]{1,3})? ?(s|h|km/h|dBm|%)?", fullmatch=True))
def test_any_text_is_a_finite_amount_or_a_value_error(text: str) -> None:
    for dimension in units.DIMENSIONS:
        with contextlib.suppress(ValueError):
            assert math.isfinite(units.parse(text, dimension))


@given(st.integers(0, 10**12))
def test_ticks_round_trip(tick: int) -> None:
    assert units.ticks(units.seconds(tick)) == tick


def test_clock_text() -> None:
    assert units.clock_text(27600.0) == "07:40:00"
    assert units.clock_text(-60.0) == "-00:01:00"
