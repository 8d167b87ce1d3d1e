"""Every scenario, shortened, comes to what it came to before.

`PILOTZONE_GOLDEN=write pytest tests/test_golden.py` renews the files after a change that is meant.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

import sim

ROOT = Path(__file__).parents[1]
SCENARIOS = sorted(x for x in (ROOT / "scenarios").glob("*.yaml") if not x.name.endswith(".study.yaml"))
GOLDEN = Path(__file__).parent / "golden"
#: What makes a scenario short enough for a test.
SHORT = {"run.duration": "10 min", "run.warm_up": "1 min", "output.trajectories": "0"}
#: By scenario, what else it needs, or needs otherwise.
OWN = {"park_shift_change": {"run.start": "07:30"}}
#: What depends on the machine, not on the scenario.
WALL = "performance"
STEADY = ("steps", "vehicle_updates", "simulated_s")


def figures(path: Path) -> dict[str, Any]:
    """The part of a shortened scenario's summary that must not change."""
    summary = sim.run(sim.load(path, SHORT | OWN.get(path.stem, {}))).summary
    summary[WALL] = {name: summary[WALL][name] for name in STEADY}
    return {name: x for name, x in summary.items() if name != "expect"}


def differences(old: Any, new: Any, path: str = "") -> list[str]:
    """Figures that differ by more than rounding."""
    if isinstance(old, dict) and isinstance(new, dict):
        names = sorted(set(old) | set(new))
        return [x for name in names for x in differences(old.get(name), new.get(name), f"{path}.{name}")]
    same = new == pytest.approx(old, rel=1e-9) if isinstance(old, float) else new == old
    return [] if same else [f"{path[1:]}: {old} -> {new}"]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda x: x.stem)
def test_summary_is_the_golden_one(path: Path) -> None:
    golden, told = GOLDEN / f"{path.stem}.json", figures(path)
    assert told["valid"], told["reasons"]
    assert told["safety"]["collisions"] == 0
    if os.environ.get("PILOTZONE_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        golden.write_text(json.dumps(told, indent=2) + "\n")
    assert golden.exists(), "no golden summary yet: run with PILOTZONE_GOLDEN=write and look at it"
    assert differences(json.loads(golden.read_text()), told) == []


def test_no_golden_summary_without_its_scenario() -> None:
    assert {x.stem for x in GOLDEN.glob("*.json")} <= {x.stem for x in SCENARIOS}


def test_a_difference_is_found() -> None:
    assert differences({"a": {"b": 1.0, "c": 2}}, {"a": {"b": 1.0 + 1e-12, "c": 2}}) == []
    assert differences({"a": {"b": 1.0, "c": 2}}, {"a": {"b": 1.1}}) == ["a.b: 1.0 -> 1.1", "a.c: 2 -> None"]
