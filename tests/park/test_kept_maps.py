"""A map that was read before is taken as it was then: the same network, and never a stale or broken one."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import kept
from sim.errors import NetworkError
from sim.park import importers
from sim.park.importers import read_map

ROOT = Path(__file__).parents[2]
MAPS = ROOT / "maps"
FILES = [*sorted(MAPS.glob("*.geojson")), *sorted(Path(__file__).parent.glob("*.net.xml"))]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PILOTZONE_CACHE", str(tmp_path / "cache"))
    kept._folder.cache_clear()
    yield tmp_path / "cache" / "pilotzone" / "maps"
    kept._folder.cache_clear()


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every map that is really read."""
    found: list[Path] = []
    real = importers.read_anew

    def read(form: str, path: Path, collection: Any) -> Any:
        found.append(path)
        return real(form, path, collection)

    monkeypatch.setattr(importers, "read_anew", read)
    return found


def plain(thing: Any) -> Any:
    """A network as nested lists, arrays as their bytes."""
    if dataclasses.is_dataclass(thing):
        return type(thing).__name__, [plain(getattr(thing, x.name)) for x in dataclasses.fields(thing)]
    if isinstance(thing, np.ndarray):
        return thing.dtype.str, thing.shape, thing.tobytes()
    return [plain(x) for x in thing] if isinstance(thing, tuple) else (type(thing).__name__, thing)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_same_network(path: Path, reads: list[Path]) -> None:
    fresh, again = read_map(path), read_map(path)
    assert reads == [path]
    assert plain(fresh) == plain(again)


def test_an_edited_map_is_read(tmp_path: Path, reads: list[Path]) -> None:
    path, text = tmp_path / "a.geojson", (MAPS / "crossroads.geojson").read_text()
    path.write_text(text)
    name = read_map(path).name
    path.write_text(text.replace(f'"{name}"', '"Another"', 1))
    assert read_map(path).name == "Another"
    assert read_map(path, json.loads(text)).name == name
    assert len(reads) == 3


def test_a_broken_one_is_read_anew(folder: Path, reads: list[Path]) -> None:
    fresh = read_map(MAPS / "merge.geojson")
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:-1])
    assert plain(read_map(MAPS / "merge.geojson")) == plain(fresh)
    assert len(reads) == 2


def test_faults_are_told_every_time(tmp_path: Path, folder: Path) -> None:
    collection = json.loads((MAPS / "crossroads.geojson").read_text())
    collection["features"][0]["properties"]["kind"] = "raod"
    (tmp_path / "a.geojson").write_text(json.dumps(collection))
    told = []
    for _ in range(2):
        with pytest.raises(NetworkError) as caught:
            read_map(tmp_path / "a.geojson")
        told.append(caught.value.faults)
    assert told[0] == told[1] != ()
    assert not folder.exists() or not list(folder.iterdir())


def test_a_kept_net_is_made_a_map_of_ours_in_a_fresh_process(tmp_path: Path, folder: Path) -> None:
    net = Path(__file__).with_name("two_signals.net.xml")
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    made = []
    for name in ("first.geojson", "again.geojson"):
        command = [sys.executable, "-m", "sim", "import", str(net), "--out", str(tmp_path / name)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert list(folder.iterdir()), "the source is kept for the second"
        made.append((tmp_path / name).read_bytes())
    assert made[0] == made[1]


def test_whatever_reads_maps_is_in_the_stamp() -> None:
    rooms = {room.removesuffix(".py") for room in importers._ROOMS} | {"kept"}
    used = set()
    for path in (ROOT / "sim" / "park").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
                parts = (node.module or "").split(".")
                used |= {parts[1]} if len(parts) > 1 else {x.name for x in node.names}
    assert used <= rooms
