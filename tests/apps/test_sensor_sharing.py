"""Sensor sharing: who is hidden at a corner is known from others; near misses fall, and rise with loss."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import numpy as np
from equipped import scenario
from scipy import stats

import sim

SEEDS = tuple(range(1, 9))
LOSSY = "{{ model: disc, loss: {} % }}"


@cache
def summaries(
    share: float, radio: str = "{ model: packet_delivery }", people: float = 1.0, compliance: float = 0.9
) -> list[dict[str, Any]]:
    """Of paired runs of the blind corner, in which a share of all is equipped."""
    equip = json.dumps({"human_car": share, "robotaxi": share})
    apps = json.dumps({"sensor_sharing": {"people": people, "compliance": compliance}})
    pilot = scenario("blind_corner", run__duration="15 min", equip=equip, radio=radio, apps=apps)
    return [sim.run(pilot, seed=x).summary for x in SEEDS]


def near_misses(*told: Any, **more: Any) -> np.ndarray:
    """Encounters with a post-encroachment time up to 2 s, (seeds,)."""
    return np.array([x["safety"]["conflicts"]["pet_2s"] for x in summaries(*told, **more)], float)


def interval(difference: np.ndarray) -> tuple[float, float]:
    """95 % interval of a mean of paired differences."""
    half = stats.t.ppf(0.975, len(difference) - 1) * difference.std(ddof=1) / np.sqrt(len(difference))
    return float(difference.mean() - half), float(difference.mean() + half)


def test_near_misses_fall_with_the_share_and_rise_with_loss() -> None:
    nobody, half, all_of_them = near_misses(0.0), near_misses(0.5), near_misses(1.0)
    assert nobody.mean() > half.mean()
    assert interval(all_of_them - nobody)[1] < 0.0
    assert interval(all_of_them - half)[1] < 0.0
    assert interval(near_misses(1.0, LOSSY.format(90)) - near_misses(1.0, LOSSY.format(0)))[0] > 0.0
    assert np.array_equal(near_misses(1.0, LOSSY.format(100)), nobody), "without messages all is as without a radio"


def test_who_has_no_sensors_shares_nothing() -> None:
    """Of a tenth that is automated only: they sense less, and tell of it in fewer messages."""
    every, machines = summaries(1.0)[0]["v2x"], summaries(1.0, people=0.0)[0]["v2x"]
    assert machines["said"]["SSM"] < 0.3 * every["said"]["SSM"]
    assert machines["sensing"]["seen"] < 0.3 * every["sensing"]["seen"]
    assert every["sensing"]["behind_buildings"] > 0
    assert every["apps"]["sensor_sharing"]["advised"] > machines["apps"]["sensor_sharing"]["advised"] > 0
    assert every["apps"]["sensor_sharing"]["met"] is False, "fewer than nine of ten arrive around the corner"


def test_what_nobody_acts_on_brings_no_benefit() -> None:
    """But to the tenth that is automated and always acts."""
    assert interval(near_misses(1.0, compliance=0.0) - near_misses(1.0))[0] > 0.0
