"""What is kept from run to run: whole, of this user, not too much, and never in anybody's way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import kept


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PILOTZONE_CACHE", str(tmp_path))
    kept._folder.cache_clear()
    yield tmp_path / "pilotzone" / "things"
    kept._folder.cache_clear()


def test_found_as_it_was_kept(folder: Path) -> None:
    assert kept.find("things", "a") is None
    kept.keep("things", "a", b"some bytes")
    kept.keep("things", "b", b"")
    assert kept.find("things", "a") == b"some bytes"
    assert kept.find("things", "b") == b""
    assert sorted(x.name for x in folder.iterdir()) == ["a", "b"]


@pytest.mark.parametrize("broken", [b"", b"too short", b"0" * 32 + b"other bytes"])
def test_what_is_broken_is_not_there(folder: Path, broken: bytes) -> None:
    kept.keep("things", "a", b"some bytes")
    (folder / "a").write_bytes(broken)
    assert kept.find("things", "a") is None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="no users here")
def test_what_another_user_wrote_is_not_there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept.keep("things", "a", b"some bytes")
    real = os.fstat

    def foreign(file: int) -> os.stat_result:
        told = list(real(file))
        told[4] += 1  # its owner
        return os.stat_result(told)

    monkeypatch.setattr(os, "fstat", foreign)
    assert kept.find("things", "a") is None


def test_the_oldest_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "NUMBER", 3)
    monkeypatch.setattr(kept, "SIZE", 1000)
    for age, name in enumerate("dcba"):
        kept.keep("things", name, name.encode() * 100)
        os.utime(folder / name, (1e9 + age, 1e9 + age))
    assert kept.find("things", "c") is not None  # asked for just now
    kept.keep("things", "e", b"e" * 100)
    assert sorted(x.name for x in folder.iterdir()) == ["a", "c", "e"]
    kept.keep("things", "f", b"f" * 950)
    assert sorted(x.name for x in folder.iterdir()) == ["f"]


def test_without_a_folder_nothing_is_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(tempfile, "mkstemp", refuse)
    kept.keep("things", "a", b"some bytes")
    assert kept.find("things", "a") is None


def test_a_cache_that_is_no_folder_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("PILOTZONE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "elsewhere"))
    kept._folder.cache_clear()
    kept.keep("things", "a", b"some bytes")
    assert kept.find("things", "a") == b"some bytes"
    kept._folder.cache_clear()


def test_parts_of_a_name_do_not_run_into_each_other() -> None:
    assert kept.digest("ab", "c") != kept.digest("a", "bc")
    assert kept.stamp(("units.py",), ()) != kept.stamp(("errors.py",), ())
    assert kept.stamp(("units.py",), ("numpy",)) != kept.stamp(("units.py",), ())
