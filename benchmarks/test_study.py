"""Many runs: what a second worker gains, and what a run costs beside the simulation itself."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from sim.study import variants
from sim.study.pool import Pool, plain_threads
from sim.study.runs import Task

ROOT = Path(__file__).parents[1]
STUDY = """
base: {base}
set: {{ run.start: 07:40, run.duration: 6 min, run.warm_up: 0, run.step: 100 ms }}
options: {{ nothing: [] }}
"""
SEEDS = range(1, 13)


def worked(pool: Pool) -> float:
    """Work of the processor that a pool's workers have done so far [s]."""
    total = 0
    for worker in pool._executor._processes:
        fields = Path(f"/proc/{worker}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


def runs(folder: Path, jobs: int) -> tuple[float, float, float]:
    """Wall time and work of the processor from the first warm worker on, and what the runs say they took [s]."""
    folder.mkdir()
    path = folder / "bench.study.yaml"
    path.write_text(STUDY.format(base=ROOT / "scenarios" / "park_shift_change.yaml"))
    variant = variants.read(path).reference[0]

    def tasks(seeds: range) -> list[Task]:
        return [Task(variant, seed, str(folder / f"{jobs}-{seed}")) for seed in seeds]

    with plain_threads(), Pool(jobs) as pool:
        pool._elsewhere(tasks(range(101, 101 + jobs)))  # workers start, read the map and load the kernel
        began, before = time.perf_counter(), worked(pool)
        pool._elsewhere(tasks(SEEDS))
        wall, work = time.perf_counter() - began, worked(pool) - before
    told = [json.loads((folder / f"{jobs}-{seed}" / "summary.json").read_text()) for seed in SEEDS]
    return wall, work, sum(x["performance"]["wall_s"] for x in told)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the work of processes from /proc")
def test_two_workers_and_the_cost_of_a_run(tmp_path: Path) -> None:
    one, two = runs(tmp_path / "one", 1), runs(tmp_path / "two", 2)
    overhead = (one[0] - one[2]) / len(SEEDS)
    by_work = 2.0 * one[1] / two[1]
    print(
        f"\ntwo workers: {one[0] / two[0]:.2f} x by the clock, {by_work:.2f} x by work of the processor; "
        f"a run costs {1e3 * overhead:.0f} ms beside itself"
    )
    assert overhead <= 0.3
    assert by_work >= 1.8
