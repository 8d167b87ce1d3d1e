"""Networks of SUMO's own generator, run here and in SUMO with the same demand (left out where SUMO is absent).

They hold every kind of junction, edges shorter than a car and turn lanes: rules are looked at here, not three files.
"""

from __future__ import annotations

import random
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim

sumo = pytest.importorskip("sumo", reason="eclipse-sumo is not installed")

BINARIES = Path(sumo.SUMO_HOME) / "bin"
FILES = '<input><net-file value="net.net.xml"/><route-files value="trips.rou.xml"/></input>'
LIGHTS = "--default-junction-type traffic_light"


@dataclass(frozen=True)
class World:
    """What to generate, and how many depart within ten minutes."""

    options: str
    trips: int


WORLDS = {
    "right before left": World("--grid --grid.number 4 --default-junction-type right_before_left", 420),
    "main and side roads": World("--grid --grid.number 5", 500),
    "two lanes by priority": World("--grid --grid.number 4 -L 2", 500),
    "stop at all sides": World("--grid --grid.number 4 --default-junction-type allway_stop", 300),
    "opposing left turns cross": World(f"--grid --grid.number 4 --grid.length 200 {LIGHTS}", 450),
    "edges shorter than a car": World(
        f"--grid --grid.number 3 --grid.length 200 -L 2 --turn-lanes 1 --tls.default-type actuated {LIGHTS}", 600
    ),
    "turn lanes": World(f"--grid --grid.number 3 --grid.length 250 -L 3 --turn-lanes 1 {LIGHTS}", 900),
    "spider": World("--spider --spider.arm-number 7 --spider.circle-number 4 --spider.space-radius 120", 450),
    "two-lane spider": World(f"--spider --spider.arm-number 8 --spider.space-radius 150 -L 2 {LIGHTS}", 500),
    "random": World("--rand --rand.iterations 60 --rand.random-priority --rand.random-lanenumber -L 3", 450),
}
QUICK = ("right before left", "edges shorter than a car")


def write(world: World, folder: Path) -> Path:
    """The configuration of a world; its net and its trips lie beside it."""
    made = [BINARIES / "netgenerate", "-o", folder / "net.net.xml", "--seed", "7", *world.options.split()]
    subprocess.run(made, check=True, capture_output=True)
    edges = [edge.get("id", "") for edge in ET.parse(folder / "net.net.xml").getroot().iter("edge")]
    names = [name for name in edges if not name.startswith(":")]
    draw = random.Random(world.options)
    times = sorted(draw.uniform(0.0, 600.0) for _ in range(world.trips))
    trips = ""
    for i, time in enumerate(times):
        start, end = draw.sample(names, 2)
        trips += f'<trip id="{i}" depart="{time:.1f}" from="{start}" to="{end}"/>'
    (folder / "trips.rou.xml").write_text(f"<routes>{trips}</routes>")
    path = folder / "world.sumocfg"
    path.write_text(f"<configuration>{FILES}</configuration>")
    return path


def of_sumo(path: Path) -> dict[str, float]:
    """SUMO's arrivals, mean travel time and mean time loss [s], without teleports, at our step."""
    told = path.with_name("tripinfo.xml")
    options = ["--step-length", "0.1", "--time-to-teleport", "-1", "--no-step-log", "--tripinfo-output", told]
    subprocess.run([BINARIES / "sumo", "-c", path, *options], check=True, capture_output=True)
    trips = list(ET.parse(told).getroot().iter("tripinfo"))
    mean = {name: sum(float(trip.get(name, 0)) for trip in trips) / len(trips) for name in ("duration", "timeLoss")}
    return {"arrived": len(trips), **mean}


@pytest.mark.parametrize("name", [pytest.param(x, marks=() if x in QUICK else pytest.mark.slow) for x in WORLDS])
def test_generated_network_comes_to_what_sumo_says(name: str, tmp_path: Path) -> None:
    path = write(WORLDS[name], tmp_path)
    wanted, told = of_sumo(path), sim.run(sim.load(path), seed=1).summary
    assert told["valid"], told["reasons"]
    assert told["safety"]["collisions"] == 0
    assert told["vehicles"]["arrived"] == pytest.approx(wanted["arrived"], rel=0.01)
    assert told["traffic"]["mean_duration_s"] == pytest.approx(wanted["duration"], rel=0.10)
    assert told["traffic"]["mean_time_loss_s"] == pytest.approx(wanted["timeLoss"], rel=0.20)
