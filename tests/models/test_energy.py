"""Power at the wheels by hand."""

from __future__ import annotations

import pytest

from sim.models.energy import specific_power


def test_by_hand() -> None:
    assert specific_power(0.0, 1.0) == 0.0
    assert specific_power(10.0, 0.0) == pytest.approx(1.32 + 0.302)
    assert specific_power(20.0, 1.0) == pytest.approx(22.0 + 2.64 + 2.416)
    assert specific_power(20.0, -2.0) == 0.0, "braking gives nothing back"
