"""What the terminal shows: how a run goes, and what it came to."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table

from sim.engine.recording import Progress
from sim.pilot import Clock
from sim.report.conflicts import measured_of
from sim.report.result import Result
from sim.report.verdict import verdict
from sim.units import clock_text

_EVERY = 10.0  #: [s] between plain lines
_COMPILING = "compiling the kernel (first run of its kind on this machine, about 30 s)"


class Watcher:
    """Tells on stderr how a run goes: a bar on a terminal, else a line now and then; a context, callable.

    Args:
        clock: of the run.
        console: where to tell; None: nowhere.
    """

    def __init__(self, clock: Clock, console: Console | None) -> None:
        self._clock = clock
        self._console = console
        self._compiling = False
        self._started = self._told = time.monotonic()
        self._bar = _bar(console) if console and console.is_terminal else None
        self._task = self._bar.add_task("building", total=1.0) if self._bar else None

    def __enter__(self) -> Watcher:
        if self._bar:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, progress: Progress) -> None:
        """Take the state of a run."""
        if self._console is None:
            return
        now = time.monotonic()
        if self._compiling or progress["compiling"]:
            self._started = self._told = now
        self._compiling = progress["compiling"]
        if self._compiling:
            self._say(_COMPILING)
        elif self._bar and self._task is not None:
            self._bar.update(self._task, completed=self._done(progress), description=self._line(progress, now))
        elif now - self._told >= _EVERY:
            self._told = now
            self._console.print(self._line(progress, now), markup=False, highlight=False, soft_wrap=True)

    def _say(self, text: str) -> None:
        if self._bar and self._task is not None:
            self._bar.update(self._task, description=text)
        elif self._console:
            self._console.print(text, markup=False, highlight=False)

    def _done(self, progress: Progress) -> float:
        """Part of the run that is done [-]: of its time, or where it has no end of its vehicles."""
        if math.isfinite(self._clock.end):
            return (progress["time"] - self._clock.begin) / (self._clock.end - self._clock.begin)
        return progress["arrived"] / max(1, progress["scheduled"])

    def _line(self, progress: Progress, now: float) -> str:
        wall = max(1e-9, now - self._started)
        factor = (progress["time"] - self._clock.begin) / wall
        done = self._done(progress)
        left = f", {wall * (1.0 - done) / done:.0f} s left" if done > 0 and not self._bar else ""
        on_road = f"{progress['on_road']} on the road, {progress['arrived']} of {progress['scheduled']} arrived"
        return f"{clock_text(progress['time'])}  {on_road}, {factor:.0f} x real time{left}"


def _bar(console: Console) -> Bar:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.percentage:>3.0f} %"))
    return Bar(*columns, TimeRemainingColumn(), console=console, transient=True)


_VERDICTS = {"pass": "[bold white on green] PASS [/]", "fail": "[bold white on red] FAIL [/]", "open": ""}
_PAGES = ("report.html", "replay.html")


def show(result: Result, console: Console) -> None:
    """Print what a run came to: verdict, figures, expectations, worst moment, warnings, and where the result is."""
    from sim.report.document.worst import worst_moments  # these take long, and are asked for when a run is over
    from sim.report.page import texts

    summary, manifest = result.summary, result.manifest
    name = f"[bold]{escape(summary['scenario'])}[/][dim], seed {summary['seed']}[/]"
    console.print(f"\n{name}  {_VERDICTS[verdict([result])]}", highlight=False)
    if summary["synthetic"]:
        console.print("[yellow]synthetic map[/]: its roads are typed by class, not surveyed", highlight=False)
    for warning in manifest["warnings"]:
        console.print(f"[yellow]warning[/] {escape(warning)}", highlight=False, soft_wrap=True)
    console.print(_figures(summary))
    for line in _expectations(summary):
        console.print(line, highlight=False)
    if summary["status"] != "done":
        end = clock_text(manifest["begin_s"] + summary["performance"]["simulated_s"])
        console.print(f"[yellow]{summary['status']}[/] at {end}: what was computed till then is written")
    for reason in summary["reasons"]:
        console.print(f"[red]invalid[/] {escape(reason)}", highlight=False, soft_wrap=True)
    for moment in worst_moments(result)[:1]:
        told = f"{clock_text(moment.time)} {texts()[moment.kind]['en']} {moment.how_much}, {moment.who} {moment.where}"
        console.print(f"[dim]worst moment[/] {escape(told.strip())}", highlight=False, soft_wrap=True)
    for page in _PAGES:
        if (result.folder / page).is_file():
            console.print(f"[dim]{page.split('.')[0]}[/] {escape(str(result.folder / page))}", soft_wrap=True)
    console.print(str(result.folder), markup=False, highlight=False, soft_wrap=True)


def _expectations(summary: Mapping[str, Any]) -> Iterator[str]:
    """A line an expectation, with a sign that needs no colour."""
    for name, told in summary.get("expect", {}).items():
        sign, word = ("[green]✓[/]", "[green]holds[/]") if told["holds"] else ("[red]✗[/]", "[bold red]fails[/]")
        yield f"{sign} expect {name} {escape(told['wanted'])}: {word} ({_number(told['got'])})"


def _figures(summary: Mapping[str, Any]) -> Table:
    """The summary as a few lines in two columns."""
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim", no_wrap=True)
    table.add_column()
    for name, told in _rows(summary):
        table.add_row(name, told)
    return table


def _rows(summary: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    vehicles, traffic, safety = summary["vehicles"], summary["traffic"], summary["safety"]
    speed, work, messages = traffic["mean_speed_mps"], summary["performance"], summary.get("v2x")
    arrived = f"[bold]{vehicles['arrived']:,}[/] arrived of {vehicles['departed']:,} departed"
    left = f"{vehicles['running']:,} on the road, {vehicles['waiting']:,} waiting outside"
    yield "vehicles", f"{arrived} of {vehicles['scheduled']:,} scheduled; {left}"
    lost = f"{_number(traffic['mean_duration_s'])} s, of which lost {_number(traffic['mean_time_loss_s'])} s"
    yield "trip", f"{lost}; {_number(None if speed is None else speed * 3.6)} km/h"
    yield "distance", f"{traffic['distance_km']:,.1f} km"
    if summary["av"]["distance_km"]:
        yield "automated", f"{summary['av']['share_of_distance']:.1%} of the distance"
    for name in ("collisions", "emergency_brakings"):
        yield name.replace("_", " "), _counted(safety[name], safety["per_1000_km"][name])
    conflicts = measured_of(summary)
    if conflicts:
        for name in ("ttc_1_5s", "pet_2s", "drac_3_4"):
            limit = escape(conflicts["thresholds"][name]).replace("<=", "≤").replace(">=", "≥")
            yield limit, _counted(conflicts[name], safety["per_1000_km"][name])
    if messages and messages["packet_delivery_ratio"] is not None:
        age = _number(messages["age_of_information_ms"]["mean"])
        yield "messages", f"{messages['packet_delivery_ratio']:.1%} heard within range, age of information {age} ms"
    yield "valid", "[green]yes[/]" if summary["valid"] else "[red]no[/]"
    factor, updates = work["real_time_factor"], work["updates_per_s"]
    yield "speed of work", f"{_number(factor)} x real time, {_number((updates or 0) / 1e6)} M vehicle-steps/s"


def _counted(count: int, told: Mapping[str, Any]) -> str:
    return f"[bold]{count}[/] [dim]({rate(told)})[/]"


def rate(told: Mapping[str, Any]) -> str:
    """A rate with its interval; never a bare zero."""
    if told["high"] is None:
        return "no distance driven"
    if told["rate"] == 0:
        return f"at most {told['high']:.3g} per 1,000 km, {told['level']:.0%} sure"
    return f"{told['rate']:.3g} [{told['low']:.3g}, {told['high']:.3g}] per 1,000 km".replace("[", "\\[")


def _number(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
