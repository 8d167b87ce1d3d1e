"""The command: exit codes, messages, and what is left when it is stopped."""

import json
import os
import signal
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sim import cli

ROOT = Path(__file__).parents[1]
MAP = ROOT / "maps" / "crossroads.geojson"
TEXT = f"""\
pilot: {{ map: {MAP} }}
traffic:
  cards: {{ human_car: 0.9, robotaxi: 0.1 }}
  flows:
    - {{ from: gate_west, to: gate_east, per_hour: 400 }}
run: {{ duration: 1 min, seed: 1 }}
output: {{ trajectories: 1 s, edges: 20 s }}
"""


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "small.yaml"
    path.write_text(TEXT)
    return path


def test_run_leaves_a_result_folder(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["run", str(scenario)]) == 0
    shown = capsys.readouterr().out
    assert "small, seed 1" in shown
    assert "at most" in shown
    assert "synthetic map" in shown
    assert shown.endswith("results/small-seed1\n")
    folder = Path("results/small-seed1")
    assert sorted(x.name for x in folder.iterdir()) == [
        "edges.parquet",
        "events.parquet",
        "manifest.json",
        "replay.html",
        "report.html",
        "scene.json",
        "summary.json",
        "trajectories.parquet",
        "trips.parquet",
    ]
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["status"] == "done"
    assert summary["vehicles"]["departed"] == pq.read_table(folder / "trips.parquet")["depart_s"].drop_null().length()


def test_same_seed_same_bytes_other_seed_other_bytes(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, seed in (("a", "5"), ("b", "5"), ("c", "6")):
        assert cli.outcome(["run", str(scenario), "--out", name, "--seed", seed, "--quiet"]) == 0
    assert capsys.readouterr().out == "a\nb\nc\n"
    for table in Path("a").glob("*.parquet"):
        assert table.read_bytes() == (Path("b") / table.name).read_bytes()
    assert Path("a/trips.parquet").read_bytes() != Path("c/trips.parquet").read_bytes()


def test_expectation_that_fails_is_told_by_exit_code(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario.write_text(TEXT + "expect: { collisions: 0, mean_speed_mps: '> 100' }\n")
    assert cli.outcome(["run", str(scenario)]) == 1
    shown = capsys.readouterr().out
    assert "expect safety.collisions 0: holds (0)" in shown
    assert "expect traffic.mean_speed_mps > 100: fails" in shown


def test_settings_reach_the_run(scenario: Path) -> None:
    arguments = [
        "run",
        str(scenario),
        "--quiet",
        "--duration",
        "10 s",
        "--set",
        "run.step=50 ms",
        "--set",
        "output.edges=0",
    ]
    assert cli.outcome(arguments) == 0
    manifest = json.loads(Path("results/small-seed1/manifest.json").read_text())
    assert manifest["step_s"] == 0.05
    assert manifest["end_s"] == 10.0
    assert manifest["overrides"] == {"run.step": "50 ms", "output.edges": "0", "run.duration": "10 s"}
    assert not Path("results/small-seed1/edges.parquet").exists()


def test_check_tells_every_fault(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["check", str(scenario)]) == 0
    assert "small.yaml: sound" in capsys.readouterr().out
    scenario.write_text(TEXT.replace("per_hour", "per_hur").replace("run:", "runn:"))
    assert cli.outcome(["check", str(scenario)]) == 2
    told = capsys.readouterr().err
    assert "small.yaml:5: traffic.flows.0.per_hur: unknown key; did you mean per_hour?" in told
    assert "small.yaml:6: runn: unknown key; did you mean run?" in told


def test_check_finds_a_place_without_a_way(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario.write_text(TEXT.replace("from: gate_west", "from: north_road"))
    assert cli.outcome(["check", str(scenario)]) == 2
    assert "no way from north_road to gate_east" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["run", "none.yaml"], 2, "there is no such file"),
        (["run", "."], 2, "is a folder"),
        (["run", "none.sumocfg"], 2, "there is no such file"),
        (["run", "small.yaml", "--out", "small.yaml"], 2, "is a file; choose another folder"),
        (["run", "small.yaml", "--out", "small.yaml/x"], 2, "cannot be written"),
        (["run", "small.yaml", "--out", "."], 2, "other things in it"),
        (["run", "small.yaml", "--set", "run.step"], 2, "run.step is not path=value"),
        (["run", "small.yaml", "--set", "run.step=30 km/h"], 2, "--set run.step=30 km/h: run.step: wrong unit"),
        (["run", "small.yaml", "--duration", "nan"], 2, "not a finite number"),
        (["run", "small.yaml", "--seed", "-4"], 2, "run.seed: -4 is too small"),
        (["run", "small.yaml", "--sed", "4"], 2, "No such option"),
        (["runn"], 2, "No such command"),
        (["export", "nowhere", "--format", "sumo-tripinfo"], 2, "holds no result"),
    ],
)
def test_bad_input(
    scenario: Path, arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.outcome(arguments) == code
    told = capsys.readouterr().err
    assert said in told
    assert "Traceback" not in told
    assert not Path("results").exists() or not any(Path("results").iterdir())


BOMB = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 9}">' for i in range(1, 12))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<configuration><input><net-file",
        "<html/>",
        f'<!DOCTYPE x [<!ENTITY e0 "x">{BOMB}]><configuration><time><begin value="&e11;"/></time></configuration>',
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><configuration><x value="&e;"/></configuration>',
        '<configuration><input><net-file value="none.net.xml"/></input></configuration>',
    ],
    ids=["empty", "truncated", "other", "bomb", "entity", "missing"],
)
def test_bad_configuration(scenario: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("bad.sumocfg").write_text(text)
    began = time.monotonic()
    for verb in ("check", "run"):
        assert cli.outcome([verb, "bad.sumocfg"]) == 2
        told = capsys.readouterr().err
        assert "bad.sumocfg" in told
        assert "internal" not in told
    assert time.monotonic() - began < 5.0


def test_internal_error_is_one_line(
    scenario: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*arguments: object) -> None:
        raise ZeroDivisionError("no\nway")

    monkeypatch.setattr("sim.scenario.loader.load", broken)
    assert cli.outcome(["check", str(scenario)]) == 5
    assert capsys.readouterr().err == "internal error: ZeroDivisionError: no; set PILOTZONE_DEBUG=1 to see where\n"
    monkeypatch.setenv("PILOTZONE_DEBUG", "1")
    assert cli.outcome(["check", str(scenario)]) == 5
    assert "Traceback" in capsys.readouterr().err


def test_full_disk_leaves_nothing(
    scenario: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object, **named: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pyarrow.parquet.ParquetWriter.write_table", full)
    assert cli.outcome(["run", str(scenario)]) == 4
    assert "the disk is full; free some space" in capsys.readouterr().err
    assert not Path("results").exists()


def test_export(scenario: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["run", str(scenario), "--out", "r", "--quiet"]) == 0
    assert cli.outcome(["export", "r", "--format", "sumo-tripinfo"]) == 0
    assert capsys.readouterr().out.splitlines() == ["r", "r/sumo-tripinfo.xml"]
    assert "<tripinfo " in Path("r/sumo-tripinfo.xml").read_text()
    assert cli.outcome(["export", "r", "--format", "sumo-tripinf"]) == 2
    assert "did you mean" in capsys.readouterr().err
    assert cli.outcome(["run", str(scenario), "--out", "r", "--quiet"]) == 0
    assert not Path("r/sumo-tripinfo.xml").exists()


def test_list_and_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.outcome(["list"]) == 0
    shown = capsys.readouterr().out
    assert "human_car: " in shown
    assert "krauss: " in shown
    assert "doi:" in shown
    assert cli.outcome(["schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert set(schema["required"]) == {"pilot", "traffic"}
    assert schema["additionalProperties"] is False


# ------------------------------------------------------------------------------------------------ stopped from outside


def start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    """A long run in a process of its own that has begun to write."""
    code = "from sim.__main__ import main; main()"
    command = [sys.executable, "-c", code, "run", "small.yaml", "--duration", "200 h", "--out", "out", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PILOTZONE_PLAIN": "1"}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    for _ in range(2400):
        if list(folder.glob("out.partial-*/trips.parquet")) or process.poll() is not None:
            break
        time.sleep(0.05)
    time.sleep(1.0)
    assert process.poll() is None, process.communicate()
    return process


#: Presses Ctrl-C when a module is looked for; within an `exec`, as libraries have it while they load.
IMPATIENT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where the tests themselves run in the background
class Impatient:
    def find_spec(self, name, path, target=None):
        if name == "{}":
            exec("signal.raise_signal(signal.SIGINT)")
sys.meta_path.insert(0, Impatient())
"""


@pytest.mark.parametrize("module", ["click", "sim.scenario.loader"], ids=["the command", "what it needs"])
def test_interrupted_while_loading(scenario: Path, module: str) -> None:
    (scenario.parent / "sitecustomize.py").write_text(IMPATIENT.format(module))
    command = [sys.executable, "-m", "sim", "check", "small.yaml"]
    environment = os.environ | {"PYTHONPATH": f"{scenario.parent}{os.pathsep}{ROOT}"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (3, "", "interrupted: nothing was written")


def test_the_command_is_guarded_from_its_first_import() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"pilotzone": "sim.__main__:main"}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_run_ends_cleanly(scenario: Path, number: signal.Signals) -> None:
    process = start(scenario.parent)
    process.send_signal(number)
    shown, told = process.communicate(timeout=60)
    assert process.returncode == 3, told
    assert "interrupted" in shown
    assert "Traceback" not in told
    assert json.loads(Path("out/summary.json").read_text())["status"] == "interrupted"
    assert pq.read_table("out/trajectories.parquet").num_rows > 0
    assert not list(scenario.parent.glob("out.partial-*"))


def test_killed_run_leaves_nothing_that_looks_whole(scenario: Path) -> None:
    process = start(scenario.parent)
    process.kill()
    process.communicate(timeout=60)
    (partial,) = scenario.parent.glob("out.partial-*")
    assert not Path("out").exists()
    assert (partial / "PARTIAL").is_file()
    assert not (partial / "summary.json").exists()
