"""The compiled kernel against the same source run as plain Python: every bit of every step."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAIVE = ROOT / "tests" / "naive.py"

#: Drivers with imperfection, whose draws must be the same bits too.
DAWDLERS = """
pilot: {{ map: {map} }}
traffic:
  cards: {{ sleepy: 0.7, robotaxi: 0.3 }}
  own_cards: {{ sleepy: {{ like: human_car, car_following: krauss, parameters: {{ imperfection: 0.5 }} }} }}
  flows:
    - {{ from: gate_west, to: gate_north, per_hour: 700 }}
    - {{ from: gate_east, to: gate_west, per_hour: 900 }}
run: {{ start: 07:00, duration: 10 min }}
rules: {{ lane_change_duration: 0 s }}
"""


#: Everybody talks past buildings, a sensor looks, and who finds the channel busy says less.
TALKING = {
    "equip": "{ human_car: 1.0, robotaxi: 1.0, junctions: [centre], sensors: [{ junction: centre, ghosts: 2 }] }",
    "traffic.flows.0.per_hour": "1500",
    "traffic.flows.1.per_hour": "1500",
}


def states(scenario: Path, steps: int, plain: bool, overrides: tuple[str, ...] = ()) -> list[str]:
    """Digest of each step's state in a process of its own."""
    told = os.environ | {"PILOTZONE_PLAIN": "1" if plain else "0", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(NAIVE), str(scenario), str(steps), "1", *overrides]
    done = subprocess.run(command, cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def agree(scenario: Path, steps: int, overrides: tuple[str, ...] = ()) -> None:
    """Both ways are the same in every step, and there was traffic to compare."""
    compiled, plain = (states(scenario, steps, x, overrides) for x in (False, True))
    assert len(compiled) == steps
    assert max(int(line.split()[0]) for line in compiled) >= 5
    differing = [i for i, (one, other) in enumerate(zip(compiled, plain, strict=True)) if one != other]
    assert not differing, f"first at step {differing[0]}: {compiled[differing[0]]} and {plain[differing[0]]}"


@pytest.mark.parametrize("name", ["crossroads", "roundabout"])
def test_minute_of_a_scenario(name: str) -> None:
    agree(ROOT / "scenarios" / f"{name}.yaml", 600)


def test_dawdling_drivers_and_sudden_lane_changes(tmp_path: Path) -> None:
    scenario = tmp_path / "dawdlers.yaml"
    scenario.write_text(DAWDLERS.format(map=ROOT / "maps" / "crossroads.geojson"))
    agree(scenario, 450)


@pytest.mark.parametrize("model", ["packet_delivery", "resources", "cellular"])
def test_messages(model: str) -> None:
    radio = f"radio={{ model: {model}, trigger: etsi, rate_control: true, range: 200 m }}"
    told = (radio, *(f"{name}={text}" for name, text in TALKING.items()))
    agree(ROOT / "scenarios" / "priority_crossroads.yaml", 80 if model == "resources" else 120, told)


@pytest.mark.parametrize("model", ["disc", "cellular"])
def test_messages_through_cells(model: str) -> None:
    """With delays, losses, a dead spot, and more offered than a cell bears."""
    ends = "delay: 20 ms, most_delay: 60 ms, loss: 10 %, up: { capacity: 9e4 }"
    hall = f"{{ name: hall, junction: centre, radius: 120 m, {ends} }}"
    spot = "{ name: spot, junction: centre, radius: 20 m, loss: 1, down: { delay: 30 ms, capacity: 2e5 } }"
    told = (
        f"radio={{ model: {model}, cells: [{hall}, {spot}] }}",
        *(f"{name}={text}" for name, text in TALKING.items()),
    )
    agree(ROOT / "scenarios" / "priority_crossroads.yaml", 120, told)


def test_what_is_believed_past_the_houses() -> None:
    """Of ghosts, of others by a wrong position; the rules of junctions decide on all of them."""
    told = (
        "equip={ human_car: 1.0, robotaxi: 1.0, junctions: [centre], sensors: [{ junction: centre, ghosts: 10 }] }",
        "radio={ model: disc }",
        "occurrences=[{ kind: gnss_error, error: 20 m, card: human_car, begin: 07:00 }]",
        *(f"traffic.flows.{i}.per_hour={rate}" for i, rate in enumerate((500, 500, 500, 500))),
    )
    agree(ROOT / "scenarios" / "blind_corner.yaml", 300, told)
