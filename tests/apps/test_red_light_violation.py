"""Red-light violation warning: drivers who would run a red light do not once they hear of it."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
from equipped import equal, scenario, watched

from sim.verify.trial import Diary

RADIO = "{ model: disc, range: 300 m }"


@cache
def crossing(
    share: float, radio: str = RADIO, waits: float = 0.6, app: str = "[red_light_violation]"
) -> tuple[dict[str, np.ndarray], Diary]:
    """Eight minutes at a signal; a share of drivers wait at red of themselves."""
    cards = {"rash": {"like": "human_car", "parameters": {"compliance": waits}}}
    told = {"run__duration": "8 min", "apps": app, "radio": radio, "traffic__own_cards": json.dumps(cards)}
    equip = json.dumps({"rash": share, "junctions": ["centre"]})
    return watched(scenario("crossroads", **told, traffic__cards=json.dumps({"rash": 1.0}), equip=equip), period=0.2)


def entries(told: tuple[dict[str, np.ndarray], Diary]) -> int:
    return told[1].count("red_light_entry")


def test_who_would_run_a_red_light_stops_once_warned() -> None:
    nobody, half, everybody = crossing(0.0), crossing(0.5), crossing(1.0)
    assert entries(nobody) > 20
    assert entries(everybody) < entries(half) < entries(nobody)
    assert entries(everybody) < 0.3 * entries(nobody)
    assert everybody[1].count("advice") > 20
    assert everybody[1].count("collision") == 0


def test_not_if_spat_is_hardly_heard() -> None:
    lost = crossing(1.0, "{ model: disc, range: 300 m, loss: 97 % }")
    assert entries(lost) > 2 * entries(crossing(1.0)) + 5


def test_who_waits_at_red_of_himself_needs_no_warning() -> None:
    assert equal(crossing(1.0, waits=1.0)[0], crossing(0.0, waits=1.0)[0])
    assert entries(crossing(1.0, waits=1.0)) == 0


def test_the_baseline_to_the_bit() -> None:
    deaf = crossing(1.0, app="{ red_light_violation: { compliance: 0 } }")
    assert equal(deaf[0], crossing(0.0)[0])
    assert equal(crossing(1.0, "{ model: disc, loss: 100 % }")[0], crossing(0.0)[0])
