"""Flows in all their rate forms; and, where SUMO is installed, the same departures as SUMO gives."""

import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest

from sim.errors import DemandError
from sim.park.classes import CLASSES
from sim.park.importers.sumo_net import read
from sim.park.xml import Document, Node
from sim.traffic.sumo import SumoDemand, defaults
from sim.traffic.sumo.times import Order, Rate, rate_of


def rate(**attributes: str) -> Rate:
    document = Document(Path("x.xml"), DemandError)
    found = rate_of(document, Node("flow", {"id": "f"} | attributes, 1), 0.0, float("inf"))
    document.close()
    return found


def times(first: float, last: float, seed: int = 1, **attributes: str) -> list[float]:
    return list(rate(**attributes).times("f", seed, first, last))


def test_a_number_is_spread_evenly():
    assert times(0, 200, begin="10", end="100", number="4") == [10, 32.5, 55, 77.5]
    assert times(20, 200, begin="10", end="100", number="4") == [32.5, 55, 77.5]
    assert times(0, 200, begin="10", number="4") == [10, 57.5, 105, 152.5]
    assert times(0, 200, number="0", begin="0", end="9") == []


def test_periods_and_hourly_rates():
    assert times(20, 200, begin="10", end="100", period="30") == [40, 70]
    assert times(0, 200, begin="10", number="3", period="7") == [10, 17, 24]
    assert times(0, 30, begin="10", end="100", vehsPerHour="720") == [10, 15, 20, 25]
    assert times(0, 30, begin="0:00:10", end="100", perHour="720") == [10, 15, 20, 25]


@pytest.mark.parametrize("name", ["vehsPerHour", "perHour", "period", "probability"])
@pytest.mark.parametrize("amount", ["0", "-2"])
def test_a_rate_of_nothing_is_a_fault_as_in_sumo(name: str, amount: str):
    with pytest.raises(DemandError) as caught:
        rate(begin="0", end="100", **{name: amount})
    assert any(f'{name} is "{amount}"' in str(fault) and "x.xml:1" in str(fault) for fault in caught.value.faults)


def test_exponential_gaps_have_their_mean_and_do_not_depend_on_the_run():
    whole = np.array(times(0, 50_000, begin="0", end="50000", period="exp(0.1)"))
    assert len(whole) == pytest.approx(5000, rel=0.05)
    gaps = np.diff(whole)
    assert gaps.mean() == pytest.approx(10.0, rel=0.05)
    assert gaps.std() == pytest.approx(10.0, rel=0.08)
    part = times(1000, 2000, begin="0", end="50000", period="exp(0.1)")
    assert part == [time for time in whole if 1000 <= time < 2000]
    assert times(0, 50_000, seed=2, begin="0", end="50000", period="exp(0.1)") != list(whole)


def late(*elements: tuple[str, str], kept: bool = True) -> list[int]:
    """Ranks of those who come too late in a file, each a tag and its time."""
    order = Order(kept)
    nodes = [
        Node(tag.rstrip("*"), {"begin" if "low" in tag else "depart": time, "line": "7" if "*" in tag else ""}, 1)
        for tag, time in elements
    ]
    return [rank for rank, node in enumerate(nodes) if order.late(node)]


def test_order_of_departures_is_sumos():
    """Each as SUMO 1.28 leaves out in a file of these elements (star: with a line)."""
    assert late(("flow", "20"), ("trip", "10")) == [1]
    assert late(("vehicle", "10"), ("flow", "0"), ("flow", ""), ("trip", "10")) == [1, 2]
    assert late(("trip", "20"), ("trip", "10"), ("trip", "15"), ("trip", "20")) == [1, 2]
    assert late(("trip*", "20"), ("trip", "10")) == []
    assert late(("trip", "20"), ("trip*", "10")) == [1]
    assert late(("person", "20"), ("trip", "10")) == [1]
    assert late(("trip", "20"), ("personFlow", "10"), ("trip", "15")) == [1, 2]
    assert late(("trip", "triggered"), ("trip", "begin"), ("trip", "10"), ("trip", "begin"), ("trip", "now")) == []
    assert late(("trip", "0:00:20"), ("trip", "10"), kept=False) == []


def test_probability_decides_each_tenth_of_a_second_as_in_a_sumo_of_that_step():
    found = np.array(times(0, 20_000, begin="0.05", end="20000", probability="0.2"))
    assert len(found) == pytest.approx(4000, rel=0.06)
    assert set(np.round(found % 0.1, 9)) == {0.05}
    assert len(times(0, 20_000, begin="0", number="7", probability="0.2")) == 7
    assert len(times(0, 2_000, begin="0", end="2000", probability="1")) == pytest.approx(2000, rel=0.08)


FLOWS = """<flow id="even" begin="3" end="95" number="7" route="r"/>
<flow id="late" begin="10" end="100" period="30" route="r"/>
<flow id="hour" begin="10" end="100" vehsPerHour="700" route="r"/>
<flow id="open" begin="10" number="4" route="r"/>
<interval begin="20" end="40"><flow id="inside" number="2" route="r"/></interval>"""


@pytest.mark.parametrize("begin", [0, 20])
def test_flows_depart_as_in_sumo(tmp_path: Path, begin: int):
    sumo = pytest.importorskip("sumo")
    programs = Path(sumo.SUMO_HOME) / "bin"
    grid = tmp_path / "grid.net.xml"
    command = [str(programs / "netgenerate"), "-g", "--grid.number", "2", "-L", "2", "-o", str(grid)]
    subprocess.run(command, check=True, capture_output=True)
    routes, out = tmp_path / "f.rou.xml", tmp_path / "out.xml"
    routes.write_text(f'<routes><route id="r" edges="A0B0 B0B1"/>{FLOWS}</routes>')
    options = f"-n {grid} -r {routes} -b {begin} -e 200 --vehroute-output {out} --vehroute-output.intended-depart"
    options += " --vehroute-output.write-unfinished --no-step-log --step-length 0.1 --xml-validation never"
    subprocess.run([str(programs / "sumo"), *options.split()], check=True, capture_output=True)
    theirs = {x.get("id"): float(x.get("depart", "nan")) for x in ElementTree.parse(out).iter("vehicle")}
    found = SumoDemand((routes,)).departures(read(grid), 1, begin, 200.0)
    ours = dict(zip(found.ids, found.time.tolist(), strict=True))
    assert ours.keys() == theirs.keys()
    assert all(ours[name] == pytest.approx(theirs[name], abs=0.1) for name in ours)


def test_class_defaults_are_sumos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    sumo = pytest.importorskip("sumo")
    monkeypatch.syspath_prepend(Path(sumo.SUMO_HOME) / "tools")
    traci = pytest.importorskip("traci")
    programs = Path(sumo.SUMO_HOME) / "bin"
    grid, routes = tmp_path / "grid.net.xml", tmp_path / "t.rou.xml"
    command = [str(programs / "netgenerate"), "-g", "--grid.number", "2", "-o", str(grid)]
    subprocess.run(command, check=True, capture_output=True)
    routes.write_text("<routes>" + "".join(f'<vType id="{x}" vClass="{x}"/>' for x in CLASSES) + "</routes>")
    traci.start(
        [str(programs / "sumo"), "-n", str(grid), "-r", str(routes), "--no-step-log"], stdout=subprocess.DEVNULL
    )
    try:
        asked = traci.vehicletype
        for name in CLASSES:
            ours = defaults.of(name)
            size = (asked.getLength(name), asked.getWidth(name), asked.getMinGap(name))
            assert (ours.length, ours.width, ours.minimum_gap) == pytest.approx(size), name
            pull = (asked.getAccel(name), asked.getDecel(name), asked.getEmergencyDecel(name))
            own = (ours.maximum_acceleration, ours.comfortable_deceleration, ours.emergency_deceleration)
            assert own == pytest.approx(pull), name
            temper = (asked.getImperfection(name), asked.getSpeedDeviation(name))
            assert (ours.imperfection, ours.deviation) == pytest.approx(temper), name
            assert ours.maximum_speed <= asked.getMaxSpeed(name) + 1e-3, name
    finally:
        traci.close()
