"""No look beyond a table's end: whole scenarios as plain Python with every index checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PIECES = [
    "crossroads run.duration=60",
    "roundabout run.duration=120 output.conflicts=true",
    "narrow_road run.duration=120",
    "corridor run.duration=45",
    "merge run.duration=40",
    "blind_corner run.duration=40 radio.model=resources",
    "blind_corner run.duration=40 equip={human_car:1.0,robotaxi:1.0,junctions:[centre],sensors:[{junction:centre}]} "
    "apps=[intersection_collision,sensor_sharing]",
    "merge run.duration=30 equip={human_car:1.0,truck:1.0} apps=[cooperative_merge,cooperative_lane_change] "
    "radio={model:packet_delivery}",
    "priority_crossroads run.duration=40 equip={human_car:1.0,robotaxi:1.0,junctions:[centre]} "
    "apps=[cooperative_intersection]",
]


@pytest.mark.skipif(os.environ.get("PILOTZONE_PLAIN") == "1", reason="the same with the compiler off and on")
@pytest.mark.parametrize("piece", PIECES)
def test_every_index_lies_within_its_table(piece: str) -> None:
    scenario, *changes = piece.split()
    changes = [change.replace(":", ": ") for change in changes]
    command = [
        sys.executable,
        "-W",
        "ignore",
        str(ROOT / "tests/kernel/guarded.py"),
        f"{ROOT}/scenarios/{scenario}.yaml",
    ]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PILOTZONE_PLAIN": "1"}
    run = subprocess.run([*command, "run.warm_up=0", *changes], env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr[-2000:]
    updates = int(run.stdout.split()[0])
    assert updates > 1000, "hardly anybody drove: nothing is shown"


def test_a_look_beyond_the_end_is_seen() -> None:
    code = """
import sys; sys.path.insert(0, sys.argv[1])
import numpy as np
from guarded import Checked
table = Checked("lane", np.zeros(3))
table[2]
for wrong in (-1, 3):
    try:
        table[wrong] = 0.0
    except IndexError as error:
        print(error)
"""
    command = [sys.executable, "-c", code, str(ROOT / "tests/kernel")]
    run = subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True)
    assert run.stdout.splitlines() == ["row -1 of lane, which has 3", "row 3 of lane, which has 3"]
