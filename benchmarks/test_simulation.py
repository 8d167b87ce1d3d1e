"""Whole runs as ratios to SUMO on the same files in the same minute; memory of a vehicle."""

from __future__ import annotations

import os
import re
import subprocess
import time
from pathlib import Path

import pytest
from grid import binary, prepare, sumo_home
from quiet import simulation

from sim.units import ticks

needs_sumo = pytest.mark.skipif(sumo_home() is None, reason="eclipse-sumo is not installed")
SECONDS, DT = 30.0, 0.1


def ours(configuration: Path, conflicts: bool = False) -> float:
    """Vehicle-steps of our kernel for a second of work of the processor; waiting for other processes does not count."""
    env = simulation(configuration, conflicts=conflicts).environment
    env.run(until=ticks(DT))  # everybody has departed, and the compiler's work is done
    before, started = int(env.world.totals[0].updates), time.thread_time()
    env.run(until=ticks(SECONDS))
    return (int(env.world.totals[0].updates) - before) / (time.thread_time() - started)


def sumos(configuration: Path) -> float:
    """Vehicle-steps of SUMO for a second of work at the same step, without loading and the first step."""
    command = [*binary("sumo"), "-c", str(configuration), "--step-length", str(DT), "--no-step-log"]
    command += ["--duration-log.statistics", "--xml-validation", "never"]
    work = []
    for more in (["--end", str(DT)], []):
        before = os.times()
        told = subprocess.run([*command, *more], check=True, capture_output=True, text=True).stdout
        now = os.times()
        work.append(now.children_user + now.children_system - before.children_user - before.children_system)
    lasted, ups = re.search(r"Duration: ([\d.]+)s", told), re.search(r"UPS: ([\d.]+)", told)
    return float(lasted[1]) * float(ups[1]) / (work[1] - work[0])


@needs_sumo
@pytest.mark.xfail(raises=AssertionError, reason="not sure on every machine: 21 to 48 x lately, see README.md")
@pytest.mark.parametrize("vehicles", [1300, 5500])
def test_vehicle_steps_a_second_against_sumo(benchmark, folder: Path, vehicles: int) -> None:
    configuration = prepare(folder, 12, vehicles, SECONDS)
    ours(configuration)  # warm
    speed = benchmark.pedantic(ours, (configuration,), rounds=3)
    ratio = speed / sumos(configuration)
    benchmark.extra_info.update(vehicles=vehicles, steps_per_s=speed, ratio_to_sumo=ratio)
    print(f"\n{vehicles} vehicles: {speed / 1e6:.2f} M vehicle-steps/s, {ratio:.1f} x SUMO")
    if ratio < 8.0:
        pytest.fail(f"{ratio:.1f} x SUMO: lost by more than half, which is no machine's doing")
    assert ratio >= 20.0


@needs_sumo
def test_memory_a_vehicle_on_the_road(folder: Path) -> None:
    run = simulation(prepare(folder, 12, 5500, SECONDS))
    run.run()
    w = run.world
    tables = (w.vehicles, w.spare, w.approaches)
    bytes_a_row = sum(table.nbytes for table in tables) / len(w.vehicles) + 5 * 4
    a_departure = (w.starts.nbytes + w.trips.nbytes + w.plans.nbytes + w.stages.nbytes) / len(w.starts)
    print(f"\n{bytes_a_row:.0f} bytes a vehicle on the road, {a_departure:.0f} a departure with its plan")
    assert bytes_a_row + a_departure <= 2048


@needs_sumo
def test_cost_of_measuring_encounters(folder: Path) -> None:
    configuration = prepare(folder, 12, 1300, SECONDS)
    ours(configuration)  # warm
    ratios = sorted(ours(configuration) / ours(configuration, conflicts=True) for _ in range(9))
    print(f"\nwith encounters a step costs {ratios[4]:.2f} x as much")
    assert ratios[4] < 1.3  # wanted: 1.1, see benchmarks/README.md
