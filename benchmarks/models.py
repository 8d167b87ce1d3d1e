"""What all models compiled in cost against a kernel that knows the textbook model alone: `python benchmarks/models.py`.

The program and a copy of it without the other car-following models drive, in turn, the same 1,300 textbook drivers on a
signalised grid (needs the extra `bench`); told are the least processor times of a vehicle-step, and their ratio.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from grid import prepare

ROOT = Path(__file__).parents[1]
VEHICLES, ROUNDS = 1300, 4
#: Tells the models that are there, and the least processor time of a vehicle-step over some spans of 2 s [ns].
DRIVE = """
import json, sys, time
from pathlib import Path
from sim.models.car_following import CAR_FOLLOWING
from quiet import simulation
env = simulation(Path(sys.argv[1])).environment
env.run(until=2_000_000)
found = []
for k in range(14):
    before, started = int(env.world.totals[0].updates), time.process_time()
    env.run(until=2_000_000 * (k + 2))
    found.append((time.process_time() - started) / (int(env.world.totals[0].updates) - before))
print(json.dumps([list(CAR_FOLLOWING.names()), 1e9 * min(found)]))
"""


def textbook_only(folder: Path) -> Path:
    """A copy of the program whose kernel knows the Intelligent Driver Model alone."""
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (folder / "sim" / "models" / "car_following").glob("*.py"):
        if path.stem not in ("__init__", "idm"):
            path.unlink()
    return folder


def step(tree: Path, configuration: Path) -> tuple[list[str], float]:
    """Models of a tree, and the time of a vehicle-step in it [ns]."""
    where = os.environ | {"PYTHONPATH": f"{tree}{os.pathsep}{ROOT / 'benchmarks'}"}
    done = subprocess.run(
        [sys.executable, "-c", DRIVE, str(configuration)],
        cwd=tree,
        env=where,
        check=True,
        capture_output=True,
        text=True,
    )
    models, least = json.loads(done.stdout.splitlines()[-1])
    return models, float(least)


def main() -> None:
    """Measure in turn and tell."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        configuration = prepare(folder, 12, VEHICLES, 60.0)
        routes = configuration.with_suffix(".rou.xml")
        text = routes.read_text(encoding="utf-8")
        routes.write_text(text.replace('vClass="passenger"/>', 'vClass="passenger" carFollowModel="IDM"/>'))
        trees = {"all": ROOT, "textbook": textbook_only(folder / "textbook")}
        found: dict[str, list[float]] = {kind: [] for kind in trees}
        for _ in range(ROUNDS):
            for kind, tree in trees.items():
                models, least = step(tree, configuration)
                found[kind].append(least)
                print(f"{kind} ({len(models)} models): {least:.0f} ns a vehicle-step", flush=True)
        ratio = min(found["all"]) / min(found["textbook"])
        print(f"all models cost {100.0 * (ratio - 1.0):+.0f} % (wanted: at most +25 %)")


if __name__ == "__main__":
    main()
