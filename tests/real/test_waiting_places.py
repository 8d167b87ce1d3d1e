"""Left turns that cross inside a junction: nobody passes his waiting place before those he meets there have seen him.

In this spider of SUMO's own generator (left out where SUMO is absent) two whose light was green without yielding did
not ask for each other at their waiting places, or did not see each other before both had left them.
"""

from __future__ import annotations

import random
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

import sim

sumo = pytest.importorskip("sumo", reason="eclipse-sumo is not installed")

OPTIONS = "--spider --spider.arm-number 8 --spider.circle-number 3 --spider.space-radius 90 -L 3 --turn-lanes 1"
CONFIGURATION = """<configuration><input><net-file value="net.net.xml"/><route-files value="trips.rou.xml"/></input>
<time><end value="180"/></time><processing><ignore-route-errors value="true"/></processing></configuration>"""


@pytest.fixture(scope="module")
def spider(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spider")
    made = [Path(sumo.SUMO_HOME) / "bin" / "netgenerate", "-o", folder / "net.net.xml", "--seed", "33", "--tls.guess"]
    subprocess.run([*made, "true", *OPTIONS.split()], check=True, capture_output=True)
    (folder / "c.sumocfg").write_text(CONFIGURATION)
    return folder


@pytest.mark.parametrize("demand", ["1", "2", "8", "9", "11", "29", "30"])
def test_nobody_meets_another_behind_his_waiting_place(spider: Path, demand: str):
    edges = [edge.get("id", "") for edge in ET.parse(spider / "net.net.xml").getroot().iter("edge")]
    names = [name for name in edges if not name.startswith(":")]
    draw = random.Random(demand)
    trips = ""
    for i, time in enumerate(sorted(draw.uniform(0, 120) for _ in range(400))):
        start, end = draw.sample(names, 2)
        trips += f'<trip id="{i}" depart="{time:.1f}" from="{start}" to="{end}"/>'
    (spider / "trips.rou.xml").write_text(f"<routes>{trips}</routes>")
    told = sim.run(sim.load(spider / "c.sumocfg"), seed=1).summary
    assert told["safety"]["collisions"] == 0
    assert told["vehicles"]["arrived"] > 150
