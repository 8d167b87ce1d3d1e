"""A damaged result is told with its file and a cure, and exit code 2; nothing that is there is lost."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim
from sim import cli
from sim.errors import OutputError, UnknownName
from sim.report.result import Result

MAP = Path(__file__).parents[2] / "maps" / "crossroads.geojson"
TEXT = f"""\
pilot: {{ map: {MAP} }}
traffic:
  cards: {{ human_car: 1 }}
  flows: [{{ from: gate_west, to: gate_east, per_hour: 600 }}]
run: {{ duration: 20 s, seed: 1 }}
output: {{ trajectories: 1 s, edges: 20 s }}
"""


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "small.yaml").write_text(TEXT)
    sim.run(sim.load(folder / "small.yaml"), out=folder / "result")
    return folder / "result"


@pytest.fixture
def result(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "result"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def spoil(path: Path) -> None:
    """Bytes in the middle of a table's data, so that only who reads it all finds out."""
    data = bytearray(path.read_bytes())
    data[20:200] = bytes(180)
    path.write_bytes(data)


def without(name: str) -> Callable[[Path], None]:
    def drop(path: Path) -> None:
        table = pq.ParquetFile(path).read()
        pq.write_table(table.drop_columns([name]), path)

    return drop


def text(told: str) -> Callable[[Path], None]:
    return lambda path: path.write_text(told) and None


def less(name: str) -> Callable[[Path], None]:
    def drop(path: Path) -> None:
        told = json.loads(path.read_text())
        del told[name]
        path.write_text(json.dumps(told))

    return drop


DAMAGE = [
    ("summary.json", text('{"scenario": "a", '), "summary.json: is no JSON file"),
    ("summary.json", text("[]"), "summary.json: holds no group of entries"),
    ("summary.json", text("{}"), "summary.json: lacks scenario, seed, status and"),
    ("summary.json", less("traffic"), "summary.json: lacks traffic.vehicles, traffic.mean_duration_s"),
    ("manifest.json", less("begin_s"), "manifest.json: lacks begin_s"),
    ("scene.json", text("[]"), "scene.json: holds no group of entries"),
    ("scene.json", text("{}"), "scene.json: lacks junctions, edges, lanes and 3 more"),
    ("trips.parquet", cut, "trips.parquet: is no whole Parquet file"),
    ("trips.parquet", without("card"), "trips.parquet: lacks the columns card"),
    ("trajectories.parquet", cut, "trajectories.parquet: is no whole Parquet file"),
    ("trajectories.parquet", spoil, "holds a table that cannot be read"),
    ("events.parquet", Path.unlink, "events.parquet: is missing"),
]


@pytest.mark.parametrize(("file", "damage", "said"), DAMAGE)
def test_what_is_damaged_is_told(
    file: str, damage: Callable[[Path], None], said: str, result: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(result / file)
    (result / "replay.html").unlink()
    calls = [["report"], ["view", "--no-open"], ["export", "--format", "sumo-fcd"]]
    for call in calls if damage is not spoil else calls[:2]:
        assert cli.outcome([*call, str(result)]) == 2, call
        told = capsys.readouterr().err
        assert said in told
        assert "run it anew" in told


def test_a_folder_without_a_manifest_of_ours_is_no_result(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (result / "manifest.json").write_text("{")
    assert cli.outcome(["report", str(result)]) == 2
    assert "holds no result; wanted a folder that a run has written" in capsys.readouterr().err


def test_all_that_is_damaged_at_once(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (result / "scene.json").write_text("{}")
    cut(result / "trips.parquet")
    (result / "events.parquet").unlink()
    assert cli.outcome(["report", str(result)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 3


def test_a_sound_one_is_taken(result: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["report", str(result)]) == 0
    assert cli.outcome(["export", "--format", "sumo-fcd", str(result)]) == 0
    assert "report.html" in capsys.readouterr().out


def test_tables_from_python(result: Path) -> None:
    cut(result / "trips.parquet")
    (result / "events.parquet").unlink()
    with pytest.raises(OutputError, match="holds a table that cannot be read"):
        _ = Result(result).trips
    with pytest.raises(UnknownName, match="holds no table events; run it anew"):
        _ = Result(result).events
    with pytest.raises(UnknownName, match="holds no table conflicts; ask for it in the scenario's output"):
        Result(result).table("conflicts")


def test_a_damaged_study(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "study.json").write_text('{"options": ')
    assert cli.outcome(["report", str(tmp_path)]) == 2
    assert "study.json: is no JSON file" in capsys.readouterr().err
    assert [x.name for x in tmp_path.iterdir()] == ["study.json"]
