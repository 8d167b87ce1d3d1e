"""A result folder is whole or it is not there."""

import errno
import json
from pathlib import Path
from typing import Any

import pytest

from sim.errors import OutputError
from sim.report.folder import MARK, ResultFolder, is_result, write_json, writing


def put(target: Path, status: str = "done", number: int = 0) -> Path:
    with ResultFolder(target) as partial:
        (partial.folder / "trips.parquet").write_bytes(b"x")
        return partial.finish({"pilotzone": "1"}, {"status": status, "number": number})


def entries(folder: Path) -> list[str]:
    return sorted(x.name for x in folder.iterdir())


def test_result_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "result"
    with ResultFolder(target) as partial:
        assert (partial.folder / MARK).is_file()
        assert not is_result(partial.folder)
        assert not target.exists()
        partial.finish({"pilotzone": "1"}, {"status": "done"})
    assert entries(target) == ["manifest.json", "summary.json"]
    assert is_result(target)
    assert entries(target.parent) == ["result"]


def test_failure_leaves_nothing_and_keeps_the_old_result(tmp_path: Path) -> None:
    target = put(tmp_path / "result", number=1)
    with pytest.raises(RuntimeError), ResultFolder(target):
        raise RuntimeError
    assert entries(tmp_path) == ["result"]
    assert '"number": 1' in (target / "summary.json").read_text()


def test_result_is_replaced(tmp_path: Path) -> None:
    put(tmp_path / "result", number=1)
    put(tmp_path / "result", number=2)
    assert entries(tmp_path) == ["result"]
    assert '"number": 2' in (tmp_path / "result" / "summary.json").read_text()


def test_interrupted_run_stands_beside_a_result_that_is_there(tmp_path: Path) -> None:
    assert put(tmp_path / "result", "interrupted") == tmp_path / "result"
    assert put(tmp_path / "result", "interrupted") == tmp_path / "result-interrupted"
    assert entries(tmp_path) == ["result", "result-interrupted"]


@pytest.mark.parametrize("name", ["notes.txt", "data"])
def test_other_things_are_never_replaced(tmp_path: Path, name: str) -> None:
    target = put(tmp_path / "result")
    (target / name).write_text("mine")
    with pytest.raises(OutputError, match=f"{name}, which would be lost"):
        ResultFolder(target)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("mine")
    with pytest.raises(OutputError, match="other things in it; choose another folder with --out"):
        ResultFolder(tmp_path / "full")
    with pytest.raises(OutputError, match="is a file"):
        ResultFolder(tmp_path / "full" / "x")


def test_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        ResultFolder(tmp_path / "file" / "result")


def test_full_disk_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the disk is full; free some space"), writing(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_nan_cannot_slip_into_a_summary(tmp_path: Path) -> None:
    told: dict[str, Any] = {"status": "done", "figure": float("nan")}
    with pytest.raises(ValueError, match="not JSON compliant"), ResultFolder(tmp_path / "result") as partial:
        partial.finish({"pilotzone": "1"}, told)
    assert entries(tmp_path) == []


def test_numbers_are_written_without_noise(tmp_path: Path) -> None:
    write_json(tmp_path / "x.json", {"a": [59.300000000000004, {"b": 0.1 + 0.2}], "c": 1.0 / 3.0, "d": 10**15 + 1})
    text = (tmp_path / "x.json").read_text()
    assert json.loads(text) == {"a": [59.3, {"b": 0.3}], "c": 0.333333333333, "d": 10**15 + 1}
