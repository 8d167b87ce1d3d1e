"""Mixed nominal traffic in pieces: how many vehicle-steps without a collision.

`python benchmarks/nominal.py FILE [STEPS] [--errors[=TIMES]]` runs the park's shift change on seed after seed, all
cards mixed, and keeps the sums in FILE (JSON), so that it can be broken off and taken up again. With --errors people
misjudge gaps and speeds, so many times as much as half attentive drivers; every collision is kept with its seed, time,
place, both users and their cards, so that it can be looked at again: the same seed gives it again, without errors it
does not come.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import sim

ROOT = Path(__file__).parents[1]
MIX = {
    "human_car": 0.5, "truck": 0.08, "bus": 0.02, "shuttle": 0.03, "robotaxi": 0.1, "av_cautious": 0.05,
    "av_normal": 0.05, "av_all_knowing": 0.05, "av_rail_safe": 0.02, "acc_car": 0.04, "delivery_robot": 0.03,
    "e_bike": 0.02, "sweeper": 0.01,
}  # fmt: skip
#: Errors of a driver, as `sim.traffic.takeover.errors` has them at an awareness of a half.
ERRORS = {"error_time": 50.0, "gap_variation": 0.075, "closing_rate": 0.015}
WHERE = {"run.start": "07:20", "run.duration": "50 min", "run.warm_up": "0", "output.pages": "false"}
WHERE |= {"output.trajectories": "0", "output.edges": "0"}


def piece(seed: int, errors: float) -> dict[str, Any]:
    """One seed: vehicle-steps, and every collision; errors of people as multiples of `ERRORS`."""
    settings = WHERE | {"traffic.cards": json.dumps(MIX)}
    if errors:
        more = {name: ERRORS[name] * errors for name in ("gap_variation", "closing_rate")}
        own = {"human_car": {"like": "human_car", "parameters": ERRORS | more}}
        settings["traffic.own_cards"] = json.dumps(own)
    result = sim.run(sim.load(ROOT / "scenarios" / "park_shift_change.yaml", settings), seed=seed)
    told = [x | {"seed": seed} for x in result.events.to_pylist() if x["kind"] == "collision"]
    cards = {x["id"]: x["card"] for x in result.trips.select(["id", "card"]).to_pylist()} if told else {}
    told = [x | {"card": cards.get(x["subject"]), "other_card": cards.get(x["other"])} for x in told]
    summary = result.summary
    return {
        "steps": summary["performance"]["vehicle_updates"],
        "valid": summary["valid"],
        "km": summary["safety"]["distance_km"],
        "collisions": told,
    }


def main(path: Path, goal: float, errors: float) -> None:
    """Run pieces until so many vehicle-steps are done."""
    known: dict[str, Any] = {"seeds": 0, "steps": 0, "km": 0.0, "invalid": 0, "seconds": 0.0, "collisions": []}
    known |= json.loads(path.read_text()) if path.exists() else {}
    while known["steps"] < goal:
        started = time.perf_counter()
        done = piece(known["seeds"] + 1, errors)
        known["seeds"] += 1
        known["steps"] += done["steps"]
        known["km"] += done["km"]
        known["invalid"] += not done["valid"]
        known["seconds"] += time.perf_counter() - started
        known["collisions"] += done["collisions"]
        path.write_text(json.dumps(known, indent=1))
        print(
            f"{known['seeds']} seeds, {known['steps']:.3g} vehicle-steps, {len(known['collisions'])} collisions",
            flush=True,
        )


if __name__ == "__main__":
    numbers = [x for x in sys.argv[2:] if not x.startswith("--")]
    errors = next((float(x.partition("=")[2] or 1.0) for x in sys.argv if x.startswith("--errors")), 0.0)
    main(Path(sys.argv[1]), float(numbers[0]) if numbers else 1e9, errors)
