"""Halts beside the road: who parks is out of the way of others, and comes back onto the road when his time is over."""

from pathlib import Path

import pytest
from test_insert import NET

import sim

PLACES = '<additional><parkingArea id="p" lane="a_0" startPos="50" endPos="80"/></additional>'
ROUTES = """<routes><vType id="t" sigma="0" speedDev="0"/><route id="r" edges="a b"/>
 <vehicle id="x" type="t" depart="0" departLane="0" route="r">{stops}</vehicle>
 <vehicle id="y" type="t" depart="5" departLane="0" route="r"/>
 <vehicle id="z" type="t" depart="30" departLane="0" route="r"><stop lane="b_0" endPos="20" duration="5"/></vehicle>
</routes>"""
HALT = ("depart", "stop_begin", "stop_end", "arrive")


def trips(folder: Path, stops: str) -> dict[str, dict[str, float]]:
    """How the trips of three went, of whom x makes some stops."""
    (folder / "n.net.xml").write_text(NET)
    (folder / "r.rou.xml").write_text(ROUTES.format(stops=stops))
    (folder / "p.add.xml").write_text(PLACES)
    inputs = '<net-file value="n.net.xml"/><route-files value="r.rou.xml"/><additional-files value="p.add.xml"/>'
    (folder / "c.sumocfg").write_text(f"<configuration>{inputs}</configuration>")
    result = sim.run(sim.load(folder / "c.sumocfg"), seed=1)
    assert (result.summary["vehicles"]["arrived"], result.summary["valid"]) == (3, True)
    assert result.summary["safety"]["collisions"] == 0
    told = [event["kind"] for event in result.events.to_pylist() if event["subject"] == "x" and event["kind"] in HALT]
    assert told == ["depart", *HALT[1:3] * stops.count("<stop"), "arrive"]
    return {trip["id"]: trip for trip in result.trips.to_pylist()}


@pytest.mark.parametrize("stop", ['parkingArea="p"', 'lane="a_0" endPos="80" parking="true"'])
def test_who_parks_is_out_of_the_way(tmp_path: Path, stop: str):
    found = trips(tmp_path, f'<stop {stop} duration="120"/>')
    assert found["x"]["duration_s"] == pytest.approx(120 + 300 / 10 + 5, abs=6)  # halt, way, braking and setting off
    assert found["x"]["route_length_m"] == pytest.approx(300, abs=20)
    assert found["x"]["time_loss_s"] < 12.0  # the halt itself is none
    assert found["y"]["time_loss_s"] < 8.0  # slowed down while x brakes ahead, no more
    assert found["z"]["time_loss_s"] < 8.0


def test_stops_beside_and_on_the_road_in_turn(tmp_path: Path):
    stops = '<stop parkingArea="p" until="100"/><stop lane="a_0" endPos="150" duration="10"/>'
    found = trips(tmp_path, stops + '<stop lane="b_0" endPos="50" parking="true" duration="30"/>')
    assert found["x"]["arrival_s"] == pytest.approx(100 + 10 + 30 + 22 + 12, abs=10)
    assert found["x"]["route_length_m"] == pytest.approx(300, abs=20)
