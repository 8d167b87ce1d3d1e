"""What the terminal shows while a study runs: a live table where it can, else lines."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from sim.study import telling
from sim.study.gate import differing
from sim.study.runs import Task
from sim.study.telling import Teller
from sim.study.variants import Variant


def task(option: str, seed: int) -> Task:
    return Task(Variant(option, "", "x.yaml", (), ()), seed, f"{option}-{seed}")


def told(console: Console | None) -> Teller:
    with Teller(console) as watch:
        for option in ("base", "wide"):
            for seed in (1, 2, 3):
                watch(task(option, seed), "planned")
        watch(task("base", 1), "kept")
        watch(task("base", 2), "done")
        watch(task("wide", 1), "again")
        watch(task("wide", 1), "failed: RuntimeError: lost")
    return watch


def test_a_live_table_on_a_terminal() -> None:
    watch = told(Console(file=io.StringIO(), force_terminal=True, width=100))
    table = watch.table(watch._started + 10.0)
    rows = [list(x) for x in zip(*(column.cells for column in table.columns), strict=True)]
    assert [x.header for x in table.columns] == ["option", "done", "kept", "failed", "of"]
    assert rows == [["base", "1", "1", "0", "3"], ["wide", "0", "0", "1", "3"], ["all", "1", "1", "1", "6"]]
    assert table.title == "10 s, about 30 s left"  # one was done in ten seconds, three are left


def test_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "_EVERY", 0.0)
    file = io.StringIO()
    told(Console(file=file, width=100))
    assert "wide, seed 1: failed: RuntimeError: lost" in file.getvalue()
    assert "1 again, 1 done, 1 failed, 1 kept of about 6 runs" in file.getvalue()
    assert not told(None).counts


def test_the_gate_looks_at_every_table(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "trips.parquet").write_bytes(b"same")
    (tmp_path / "one" / "messages.parquet").write_bytes(b"a")
    assert differing(tmp_path / "one", tmp_path / "other") == ["messages.parquet"]
    (tmp_path / "other" / "messages.parquet").write_bytes(b"b")
    assert differing(tmp_path / "one", tmp_path / "other") == ["messages.parquet"]
