"""Shares of automated cars by driving logic on corridor, crossroads and park: what the change of throughput is.

`python benchmarks/penetration.py [FOLDER] [--seeds N] [--jobs N]` runs the three penetration studies one after another
(FOLDER keeps what is done: broken off, it goes on where it was) and prints a table of each: vehicles that got through
against none automated, mean of paired seeds and 95 % interval, in per cent; and collisions and invalid runs.
`--shares 5,20` runs some of the shares only.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import yaml

import sim

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STUDIES = ("penetration", "penetration_crossroads", "penetration_park")
LOGICS = ("rail_safe", "cautious", "normal", "all_knowing")
MEASURE = "vehicles.arrived"


def table(told: dict[str, Any]) -> str:
    """Change of throughput [%] by share (rows) and logic, as Markdown; and what went wrong."""
    by_name = {one["option"]: one for one in told["options"]}
    shares = [name.removeprefix("cautious_") for name in by_name if name.startswith("cautious_")]
    lines = ["| share | " + " | ".join(LOGICS) + " |", "|---" * (len(LOGICS) + 1) + "|"]
    for share in shares:
        cells = [_cell(by_name.get(f"{logic}_{share}", {})) for logic in LOGICS]
        lines.append(f"| {share.replace('_', '.')} % | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *_wrong(by_name)])


def _cell(option: dict[str, Any]) -> str:
    found = option.get("measures", {}).get(MEASURE)
    if not found or found.get("interval") is None:
        return "-"
    low, high = found["interval"]
    base = found["base"] / 100.0
    return f"{found['difference'] / base:+.1f} ± {(high - low) / 2.0 / base:.1f}"


def _wrong(options: dict[str, dict[str, Any]]) -> list[str]:
    invalid = [f"{name} (seeds {one['invalid_seeds']})" for name, one in options.items() if one["invalid_seeds"]]
    counts = {name: one["measures"].get("safety.collisions", {}).get("option", 0.0) for name, one in options.items()}
    crashed = [f"{name} {mean:g} a run" for name, mean in counts.items() if mean]
    return [f"Invalid runs: {', '.join(invalid) or 'none'}.", f"Collisions: {', '.join(crashed) or 'none'}."]


def part(name: str, shares: set[str], folder: Path) -> Path:
    """A study file like another one, with some of its shares; or that one itself if none are named."""
    path = SCENARIOS / f"{name}.study.yaml"
    if not shares:
        return path
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    told["base"] = str(SCENARIOS / told["base"])
    endings = tuple(f"{logic}_{share}" for logic in LOGICS for share in shares)
    told["options"] = {option: what for option, what in told["options"].items() if option in endings}
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / f"{name}.study.yaml"
    made.write_text(yaml.safe_dump(told, sort_keys=False), encoding="utf-8")
    return made


def main() -> None:
    """Run what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="results/penetration", type=Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", choices=STUDIES, action="append")
    parser.add_argument("--shares", default="", help="in per cent, with commas between; all if not told")
    asked = parser.parse_args()
    for name in asked.only or STUDIES:
        out = asked.folder / name
        study = part(name, {x.replace(".", "_") for x in asked.shares.split(",") if x}, asked.folder)
        sim.compare(study, out=out, jobs=asked.jobs, seeds=asked.seeds, resume=out.exists())
        told = json.loads((out / "study.json").read_text(encoding="utf-8"))
        print(f"\n{name}: {asked.seeds} seeds\n\n{table(told)}", flush=True)


if __name__ == "__main__":
    main()
