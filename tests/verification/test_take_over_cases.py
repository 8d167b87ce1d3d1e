"""Take-over cases at small size; and with settings at which nothing is published."""

from __future__ import annotations

import pytest

from sim.verify.run import finding


def test_take_over_times_are_those_that_are_set() -> None:
    found = finding("takeover.time", {"vehicles": "60"})
    assert found.ok, [x.as_dict() for x in found.points]
    slow = finding("takeover.time", {"vehicles": "60", "response": "6", "deviation": "1"})
    assert slow.points[0].expected == 6.0
    assert slow.points[0].got == pytest.approx(6.0, abs=0.5)


def test_disengagements_are_counted_at_the_rate_that_is_set() -> None:
    found = finding("disengagement.rate", {"vehicles": "80", "length": "5000", "rate": "0.5"})
    assert found.ok, [x.as_dict() for x in found.points]
