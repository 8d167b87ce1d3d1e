"""SUMO's CACC keeps its time gap to whoever ahead drives by it, without a radio, and that of its ACC to others."""

from dataclasses import replace
from pathlib import Path

import pytest

import sim

NET = """<net version="1.20">
 <edge id="a" from="A" to="B"><lane id="a_0" index="0" speed="30" length="4000" shape="0,0 4000,0"/></edge>
 <junction id="A" type="dead_end" x="0" y="0" incLanes="" intLanes=""/>
 <junction id="B" type="dead_end" x="4000" y="0" incLanes="a_0" intLanes=""/>
</net>"""
ROUTES = """<routes><vType id="s" maxSpeed="20" sigma="0" speedDev="0"/><route id="r" edges="a"/>
 <vType id="c" carFollowModel="CACC" tau="0.6" tauCACCToACC="1.2" speedDev="0"/>
 <vType id="a" carFollowModel="ACC" tau="1.5" speedDev="0"/>
 <vehicle id="0" type="s" depart="0" route="r" departSpeed="max"/>
 <vehicle id="1" type="c" depart="4" route="r" departSpeed="20"/>
 <vehicle id="2" type="c" depart="8" route="r" departSpeed="20"/>
 <vehicle id="3" type="a" depart="12" route="r" departSpeed="20"/>
 <vehicle id="4" type="c" depart="16" route="r" departSpeed="20"/></routes>"""


def test_time_gaps_are_those_of_the_file(tmp_path: Path):
    (tmp_path / "n.net.xml").write_text(NET)
    (tmp_path / "r.rou.xml").write_text(ROUTES)
    inputs = '<net-file value="n.net.xml"/><route-files value="r.rou.xml"/>'
    (tmp_path / "c.sumocfg").write_text(f"<configuration>{inputs}<end value='150'/></configuration>")
    pilot = sim.load(tmp_path / "c.sumocfg")
    result = sim.run(replace(pilot, output=replace(pilot.output, trajectories=10.0)), seed=1)
    rows = [row for row in result.trajectories.to_pylist() if row["time_s"] == 140.0]
    at = {row["id"]: row["position_m"] for row in rows}
    assert [row["speed_mps"] for row in rows] == pytest.approx([20.0] * 5, abs=0.01)
    gaps = [(at[str(i)] - at[str(i + 1)] - 5.0) / 20.0 for i in range(4)]
    assert gaps == pytest.approx([1.2, 0.6, 1.5, 1.2], abs=0.01)
    assert result.summary["safety"]["collisions"] == 0
