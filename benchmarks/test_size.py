"""What a vehicle-step costs with so many vehicles on so much more road: ratios within one process."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from grid import prepare, sumo_home
from quiet import simulation

from sim.units import ticks

needs_sumo = pytest.mark.skipif(sumo_home() is None, reason="eclipse-sumo is not installed")
SMALL = 12, 1300
WARM, END, CHUNK = 10.0, 30.0, 0.5  # [s]


def cost(configuration: Path) -> float:
    """Work of the processor for a vehicle-step [s]: median of many chunks, as other processes disturb some."""
    env = simulation(configuration).environment
    env.run(until=ticks(WARM))
    found = []
    for chunk in range(1, round((END - WARM) / CHUNK) + 1):
        before, started = int(env.world.totals[0].updates), time.thread_time()
        env.run(until=ticks(WARM + chunk * CHUNK))
        found.append((time.thread_time() - started) / (int(env.world.totals[0].updates) - before))
    return float(np.median(found))


@needs_sumo
@pytest.mark.parametrize(
    ("size", "vehicles", "most"),
    [
        (23, 5000, 1.7),
        pytest.param(45, 19_500, 2.5, marks=pytest.mark.slow),
        pytest.param(102, 101_400, 4.0, marks=pytest.mark.slow),
    ],
)
def test_cost_of_a_vehicle_step_on_larger_grids(benchmark, folder: Path, size: int, vehicles: int, most: float) -> None:
    small = prepare(folder, *SMALL, END)
    large = prepare(folder, size, vehicles, END)
    before = cost(small)
    there = benchmark.pedantic(cost, (large,), rounds=1)
    ratio = there / min(before, cost(small))
    benchmark.extra_info.update(vehicles=vehicles, cost_s=there, flatness=ratio)
    print(f"\n{vehicles} vehicles: {there * 1e9:.0f} ns a vehicle-step, {ratio:.2f} x that of {SMALL[1]}")
    assert ratio < most  # wanted: 1.2, see benchmarks/README.md
