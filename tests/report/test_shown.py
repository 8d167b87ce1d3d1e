"""What the terminal shows of a run and of what there is."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from rich.console import Console

import sim
from sim.listing.sheet import Sheet
from sim.listing.sheet import show as show_sheets
from sim.report.terminal import show

ROOT = Path(__file__).parents[2]


def test_a_run_is_told_with_verdict_worst_moment_and_pages(tmp_path: Path) -> None:
    settings = {"run.duration": "2 min", "run.warm_up": "0", "expect": "{ collisions: 0, mean_speed_mps: '> 100' }"}
    result = sim.run(sim.load(ROOT / "scenarios" / "crossroads.yaml", settings), out=tmp_path / "out")
    out = io.StringIO()
    show(result, Console(file=out, width=120))
    text = out.getvalue()
    assert "FAIL" in text
    assert "✓ expect safety.collisions 0: holds (0)" in text
    assert "✗ expect traffic.mean_speed_mps > 100: fails" in text
    assert "worst moment" in text
    assert f"report {tmp_path / 'out' / 'report.html'}" in text
    assert text.splitlines()[-1] == str(tmp_path / "out")


def test_a_list_keeps_markup_as_text(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    sheet = Sheet("cards", ("name", "what it is", "source"), (("a[red]", "a card", "where from"),))
    show_sheets([sheet])
    shown = capsys.readouterr().out
    assert "a[red]" in shown
    assert "where from" in shown
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    show_sheets([sheet])
    assert capsys.readouterr().out == "cards:\n  a[red]: a card [where from]\n"
