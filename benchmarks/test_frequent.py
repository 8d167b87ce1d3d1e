"""Small pieces as ratios to numpy doing comparable work in the same process."""

from __future__ import annotations

import time

import numpy as np

from sim.chance import uniform
from sim.compiled import inline
from sim.kernel.follow import follow


@inline
def draw_many(out, seed):  # type: ignore[no-untyped-def]
    """Fill with keyed draws."""
    for i in range(out.size):
        out[i] = uniform(seed, 1, np.uint64(i), 7)


@inline
def follow_many(profiles, speed, gap, out):  # type: ignore[no-untyped-def]
    """Speeds of many followers by their own models."""
    for i in range(out.size):
        out[i] = follow(profiles[0], speed[i], gap[i], speed[i], 4.5, 14.0, 0.1)


def seconds(function, *args, repeat: int = 20) -> float:
    """Median time of a call [s]."""
    found = []
    for _ in range(repeat):
        started = time.perf_counter()
        function(*args)
        found.append(time.perf_counter() - started)
    return float(np.median(found))


def test_a_keyed_draw_costs_no_more_than_numpys(benchmark) -> None:
    out = np.empty(100_000)
    draw_many(out, 1)
    benchmark(draw_many, out, 1)
    ratio = seconds(draw_many, out, 1) / seconds(np.random.default_rng(1).random, out.size)
    benchmark.extra_info["ratio_to_numpy"] = ratio
    assert ratio < 2.0


def test_a_follower_costs_little_more_than_a_bare_idm_loop(benchmark) -> None:
    from sim.models import car_following
    from sim.state import place
    from sim.state.columns import allocate

    profiles = allocate(place.Profiles, 1)
    profiles["model"] = car_following.CAR_FOLLOWING.code("idm")
    profiles["acceleration"], profiles["deceleration"], profiles["minimum_gap"], profiles["p0"] = 1.0, 1.5, 2.0, 1.0
    rng = np.random.default_rng(1)
    speed, gap, out = rng.uniform(5, 14, 100_000), rng.uniform(5, 80, 100_000), np.empty(100_000)

    def bare() -> np.ndarray:
        wanted = 2.0 + np.maximum(0.0, speed * 1.0)
        return speed + 0.1 * (1.0 - (speed / 14.0) ** 4 - (wanted / gap) ** 2)

    follow_many(profiles, speed, gap, out)
    assert np.allclose(out, bare())
    benchmark(follow_many, profiles, speed, gap, out)
    ratio = seconds(follow_many, profiles, speed, gap, out) / seconds(bare)
    benchmark.extra_info["ratio_to_numpy"] = ratio
    assert ratio < 6.0
