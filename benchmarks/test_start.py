"""From nothing to the first step: with the kernel compiled before, and without."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = """
import json, os, sys
from quiet import simulation
from pathlib import Path
run = simulation(Path(sys.argv[1]))
ready = sum(os.times()[:2])
from sim.kernel.advance import advance
advance(run.world, 1)
print(json.dumps([ready, sum(os.times()[:2]) - ready]))
"""


def start(cache: Path) -> tuple[float, float]:
    """Work of the processor [s] until a simulation of the park is ready, and for its first step."""
    paths = os.pathsep.join((str(ROOT), str(ROOT / "benchmarks")))
    told = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(ROOT / "scenarios" / "park_shift_change.yaml")],
        env=os.environ | {"PILOTZONE_CACHE": str(cache), "PYTHONPATH": paths},
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    ready, step = json.loads(told.splitlines()[-1])
    return ready, step


@pytest.mark.xfail(raises=AssertionError, reason="not yet: 28 s once, and 2 to 2.4 s warm, see benchmarks/README.md")
def test_start_cold_and_warm(benchmark, tmp_path: Path) -> None:
    _, cold = benchmark.pedantic(start, (tmp_path,), rounds=1)
    warm = min(sum(start(tmp_path)) for _ in range(3))
    benchmark.extra_info.update(cold_s=cold, warm_s=warm)
    print(f"\nfirst compile {cold:.1f} s of work, start to first step warm {warm:.2f} s of work")
    if cold >= 45.0 or warm >= 3.75:
        pytest.fail("lost by half, which is no machine's doing")
    assert cold < 30.0
    assert warm < 2.5  # wanted: 1.5 on a quiet core, see benchmarks/README.md
