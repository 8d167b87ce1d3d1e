"""What the terminal shows while a run goes."""

import io
import math

import pytest
from rich.console import Console

from sim.engine.recording import Progress
from sim.pilot import Clock
from sim.report import terminal


def progress(time: float, compiling: bool = False) -> Progress:
    return {
        "time": time,
        "on_road": 12,
        "waiting": 0,
        "arrived": 30,
        "scheduled": 60,
        "kernel_seconds": 1.0,
        "compiling": compiling,
    }


def lines(monkeypatch: pytest.MonkeyPatch, clock: Clock, compiling: bool = True, tty: bool = False) -> str:
    """What is shown of a run that compiles, or does something else, for 20 s and is half done 30 s later."""
    now = [0.0]
    monkeypatch.setattr(terminal.time, "monotonic", lambda: now[0])
    out = io.StringIO()
    with terminal.Watcher(clock, Console(file=out, force_terminal=tty, width=200)) as watch:
        watch(progress(0.0, compiling))
        now[0] = 20.0
        watch(progress(1.0))
        now[0] = 50.0
        watch(progress(1800.0))
    return out.getvalue()


def test_plain_lines_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    compiling, line = lines(monkeypatch, Clock(0.0, 3600.0)).splitlines()
    assert compiling == "compiling the kernel (first run of its kind on this machine, about 30 s)"
    assert line == "00:30:00  12 on the road, 30 of 60 arrived, 60 x real time, 30 s left"


def test_nothing_is_said_of_compiling_when_it_is_done_already(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "compiling" not in lines(monkeypatch, Clock(0.0, 3600.0), compiling=False)


def test_run_without_end_is_measured_by_arrivals(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "30 s left" in lines(monkeypatch, Clock(0.0, math.inf))


def test_bar_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = lines(monkeypatch, Clock(0.0, 3600.0), tty=True)
    assert "12 on the road" in shown
    assert "50 %" in shown


def test_quiet_shows_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.Watcher(Clock(), None) as watch:
        watch(progress(0.0, compiling=True))
        watch(progress(10.0))
    assert capsys.readouterr() == ("", "")
