"""Real networks, run as they are, against what SUMO makes of them at the same step (left out where they are absent)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

import sim

NETS = Path(__file__).parents[3] / "shared" / "nets"
CONFIGURATIONS = {
    "cologne8": "cologne8.sumocfg",
    "wildau": "wildau.sumocfg",
    "bologna-acosta": "acosta.sumocfg",
}

pytestmark = pytest.mark.skipif(not NETS.is_dir(), reason="the real networks are not here")


def of_sumo(name: str) -> dict[str, float]:
    """SUMO's figures, means over its seeds."""
    with (NETS / name / "sumo" / "step-0.1.csv").open() as file:
        rows = list(csv.DictReader(file))
    return {key: sum(float(row[key]) for row in rows) / len(rows) for key in rows[0]}


def ours(name: str, seed: int) -> dict[str, Any]:
    """Our summary."""
    return sim.run(sim.load(NETS / name / CONFIGURATIONS[name]), seed=seed).summary


def compare(name: str, seed: int) -> None:
    """Everybody home who gets home in SUMO, nobody hurt, and travel times alike."""
    told, wanted = ours(name, seed), of_sumo(name)
    assert told["valid"], told["reasons"]
    assert told["safety"]["collisions"] == 0
    assert told["safety"]["emergency_brakings"] <= 1
    assert told["vehicles"]["arrived"] == pytest.approx(wanted["vehicles"], rel=0.01)
    assert told["traffic"]["mean_duration_s"] == pytest.approx(wanted["mean_duration"], rel=0.10)
    assert told["traffic"]["mean_time_loss_s"] == pytest.approx(wanted["mean_time_loss"], rel=0.20)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_network_comes_to_what_sumo_says(name: str) -> None:
    compare(name, seed=1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_network_with_other_seeds(name: str, seed: int) -> None:
    compare(name, seed)
