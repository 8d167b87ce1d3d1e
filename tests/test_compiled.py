"""Parts that are called from Python as they are, beside a whole that they are compiled into."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = """
from sim.compiled import cached, inline
from sim.models.car_following import CAR_FOLLOWING, acceleration

OWN = (1.0, 2.0, 1.5, 1.0, 1.0, 1.0, 1.0, 1.0)

@inline
def drive(code, v, gap):
    return acceleration(code, (v, gap, 1.0, 15.0, 1.5, 2.0, 2.0, 2.0, 0.1, False, 0.0, False, 1e9, 0.0), OWN)

@cached
def whole(code, v):
    return drive(code, v, 20.0) + drive(code, v, 30.0) + drive(code, v + 1.0, 40.0) + drive(code, v + 2.0, 50.0)

for code in range(len(CAR_FOLLOWING.names())):
    one = whole(code, 9.0)
    parts = [drive(code, v, gap) for v, gap in ((9.0, 20.0), (9.0, 30.0), (10.0, 40.0), (11.0, 50.0))]
    assert one == parts[0] + parts[1] + parts[2] + parts[3], (code, one, parts)
    print(code)
"""


@pytest.mark.skipif(os.environ.get("PILOTZONE_PLAIN") == "1", reason="nothing is compiled")
def test_a_part_runs_alone_beside_the_whole_it_is_in(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(CODE)
    told = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PILOTZONE_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert len(told.stdout.split()) > 5
