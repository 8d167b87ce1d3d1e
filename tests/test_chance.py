"""Keyed random numbers: a function of seed, purpose, key and count, the same everywhere."""

from __future__ import annotations

import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from sim import chance
from sim.chance import U

ROOT = Path(__file__).parents[1]
KEYS = np.array([chance.key(f"vehicle.{i}") for i in range(20_000)], U)


def test_same_question_same_answer() -> None:
    assert chance.draw(1, chance.CARD, "a", 3) == chance.draw(1, chance.CARD, "a", 3)
    others = [
        (2, chance.CARD, "a", 3),
        (1, chance.DEPART_LANE, "a", 3),
        (1, chance.CARD, "b", 3),
        (1, chance.CARD, "a", 4),
    ]
    draws = [chance.draw(1, chance.CARD, "a", 3), *(chance.draw(*x) for x in others)]
    assert len(set(draws)) == 5


def test_purposes_are_different() -> None:
    purposes = [x for name, x in vars(chance).items() if name.isupper() and isinstance(x, int)]
    assert len(purposes) > 5
    assert len(set(purposes)) == len(purposes)


@pytest.mark.parametrize("of", ["keys", "counts", "seeds"])
def test_draws_are_uniform_and_independent(of: str) -> None:
    """Kolmogorov-Smirnov, and no correlation of neighbours; thresholds met by all but one in a million sound draws."""
    if of == "keys":
        draws = chance.uniforms(7, chance.CARD, KEYS)
    elif of == "counts":
        draws = chance.uniforms(7, chance.DAWDLE, KEYS[0], np.arange(20_000))
    else:
        draws = np.array([chance.draw(seed, chance.CARD, "a") for seed in range(4_000)])
    assert ((draws >= 0.0) & (draws < 1.0)).all()
    assert stats.kstest(draws, "uniform").pvalue > 1e-6
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 5.0 / math.sqrt(len(draws))


def test_draws_for_two_purposes_do_not_go_together() -> None:
    one, other = (chance.uniforms(7, purpose, KEYS) for purpose in (chance.DAWDLE, chance.SPEED_FACTOR))
    assert abs(np.corrcoef(one, other)[0, 1]) < 5.0 / math.sqrt(len(KEYS))


def test_normal_draws_are_normal() -> None:
    draws = [chance.normal(1, chance.SPEED_FACTOR, f"v{i}") for i in range(2_000)]
    assert stats.kstest(draws, "norm").pvalue > 1e-6


def test_many_at_once_are_the_same_bits_as_one_by_one() -> None:
    many = chance.uniforms(5, chance.CARD, KEYS[:50], np.arange(50))
    with np.errstate(over="ignore"):
        assert many.tolist() == [chance.uniform(5, chance.CARD, key, i) for i, key in enumerate(KEYS[:50])]


def test_key_is_of_the_name_alone() -> None:
    assert chance.key("car.1") == chance.key("car.1") != chance.key("car.2")
    assert len(set(KEYS.tolist())) == len(KEYS)


def test_same_bits_compiled_and_plain() -> None:
    code = (
        "from sim import chance\n"
        "print([chance.draw(s, p, f'v{s}', c).hex() for s in (0, 1, 2**62) for p in (1, 2, 9) for c in (0, 1, 10**6)])"
    )

    def draws(plain: str) -> str:
        told = os.environ | {"PILOTZONE_PLAIN": plain}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=told, capture_output=True, text=True, check=True
        )
        return done.stdout

    compiled = draws("0")
    assert compiled.count("0x1.") == 27
    assert compiled == draws("1")


def test_quantiles_are_scipys() -> None:
    shares = np.concatenate((KEYS.astype(float) / 2.0**64, 10.0 ** -np.linspace(0.01, 15.0, 500), [0.5]))
    assert chance.quantile(shares) == pytest.approx(special.ndtri(shares), rel=1e-12, abs=1e-15)
    assert np.isfinite(chance.quantile(np.array([0.0, 1.0]))).all()
    assert chance.below(1.7) == pytest.approx(special.ndtr(1.7), rel=1e-15)
