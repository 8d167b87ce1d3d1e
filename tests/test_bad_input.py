"""What the command says of input and places that cannot be used: place, cure, exit code 2, nothing left."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import cli

ROOT = Path(__file__).parents[1]
MAP = ROOT / "maps" / "crossroads.geojson"
NET = ROOT / "tests" / "park" / "two_signals.net.xml"
TEXT = f"""\
pilot: {{ map: {MAP} }}
traffic:
  cards: {{ human_car: 0.9, robotaxi: 0.1 }}
  flows:
    - {{ from: gate_west, to: gate_east, per_hour: 400 }}
run: {{ duration: 1 min, seed: 1 }}
output: {{ trajectories: 100 ms, edges: 20 s }}
"""
ALIASES = "".join(f"a{i}: &a{i} [{','.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12))
ENTITIES = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 9}">' for i in range(1, 12))
TRIP = '<routes>\n<trip id="a" depart="{depart}" departPos="{position}" from="left0A0" to="A0B0"/>\n</routes>'
FLOW = '<routes>\n<flow id="f" begin="0" end="60" {rate} from="left0A0" to="A0B0"/>\n</routes>'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.yaml").write_text(TEXT)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What is said of input that is refused."""
    assert cli.outcome(list(arguments)) == 2
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "internal error" not in told
    assert not Path("results").exists() or not any(Path("results").iterdir())
    return told


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "per_hour: 400",
            "per_hour: 1e9",
            "small.yaml:5: traffic.flows.0.per_hour: 1e+09 is too large; wanted at most",
        ),
        ("per_hour: 400", "per_hour: 1e12", "small.yaml:5: traffic.flows.0.per_hour"),
        ("per_hour: 400", "per_hour: -3", "small.yaml:5: traffic.flows.0.per_hour"),
        ("per_hour: 400", "per_hour: .nan", "small.yaml:5: traffic.flows.0.per_hour"),
        ("duration: 1 min", "duration: 1e12 h", "small.yaml:6: run.duration"),
        ("pilot:", f"a0: &a0 [x]\n{ALIASES}pilot:", "small.yaml:1: the file unfolds to more than 100000 entries"),
        ("per_hour: 400 }", "", "small.yaml:"),
    ],
    ids=["1e9 an hour", "1e12 an hour", "negative", "nan", "endless", "YAML bomb", "truncated"],
)
def test_scenarios(old: str, new: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("small.yaml").write_text(TEXT.replace(old, new))
    assert said in refused(capsys, "run", "small.yaml")


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        (TRIP.format(depart="-1e300", position="0"), 'x.rou.xml:2: trip a: depart is "-1e300"; wanted seconds'),
        (TRIP.format(depart="1e300", position="0"), 'x.rou.xml:2: trip a: depart is "1e300"; wanted seconds'),
        (TRIP.format(depart="0", position="1e12"), 'x.rou.xml:2: trip a: departPos is "1e12"; wanted metres'),
        (TRIP.format(depart="0", position="nan"), 'x.rou.xml:2: trip a: departPos is "nan"'),
        (FLOW.format(rate='number="1000000000000"'), "x.rou.xml:2: flow f: number is"),
        (FLOW.format(rate='vehsPerHour="1e12"'), "x.rou.xml:2: flow f: it asks for more than 5000000 vehicles"),
        (FLOW.format(rate='period="1e-12"'), "x.rou.xml:2: flow f: it asks for more than 5000000 vehicles"),
        ('<routes><trip id="a" depart="0" fro', "x.rou.xml:1: the file breaks off in the middle"),
        (f'<!DOCTYPE x [<!ENTITY e0 "x">{ENTITIES}]><routes><trip id="&e11;"/></routes>', "declares XML entities"),
    ],
)
def test_routes_of_sumo(routes: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("x.rou.xml").write_text(routes)
    files = f'<net-file value="{NET}"/><route-files value="x.rou.xml"/>'
    Path("x.sumocfg").write_text(f"<configuration><input>{files}</input><time><end value='60'/></time></configuration>")
    assert said in refused(capsys, "run", "x.sumocfg", "--out", "results/of/x")
    assert not Path("results").exists()


def test_truncated_net(capsys: pytest.CaptureFixture[str]) -> None:
    Path("half.net.xml").write_text(NET.read_text()[:5000])
    Path("small.yaml").write_text(TEXT.replace(str(MAP), "half.net.xml"))
    assert "the file breaks off in the middle" in refused(capsys, "run", "small.yaml")


def test_a_map_with_a_hole(capsys: pytest.CaptureFixture[str]) -> None:
    told: dict[str, Any] = json.loads(MAP.read_text())
    x, y = told["pilotzone"]["origin"]
    line = {"type": "LineString", "coordinates": [[x + 0.02, y + 0.02], [x + 0.024, y + 0.02]]}
    road = {"kind": "road", "id": "isle", "class": "local"}
    place = {"kind": "place", "id": "isle_gate", "roads": ["isle"]}
    point = {"type": "Point", "coordinates": [x + 0.022, y + 0.0201]}
    told["features"] += [
        {"type": "Feature", "properties": said, "geometry": shape} for said, shape in ((road, line), (place, point))
    ]
    Path("hole.geojson").write_text(json.dumps(told))
    text = TEXT.replace(str(MAP), "hole.geojson").replace("to: gate_east", "to: isle_gate")
    Path("small.yaml").write_text(text)
    assert "no way from gate_west to isle_gate" in refused(capsys, "run", "small.yaml")


# ------------------------------------------------------------------------------------------------ where nothing fits


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 100 kB; skipped where disks may not be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", folder], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_full_disk(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (disk / "ballast").write_bytes(b"x" * 90_000)
    told = refused(capsys, "run", "small.yaml", "--out", str(disk / "out"), "--quiet")
    assert "the disk is full; free some space, or write elsewhere with --out" in told
    assert [x.name for x in disk.iterdir()] == ["ballast"]


def test_read_only_disk(disk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    told = refused(capsys, "run", "small.yaml", "--out", str(disk / "out"), "--quiet")
    assert f"{disk / 'out'}: cannot be written: Read-only file system" in told
    assert "write elsewhere with --out" in told
