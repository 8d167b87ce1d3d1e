"""What the terminal shows of a study: how its runs go, and what it came to."""

from __future__ import annotations

import time
from collections import Counter
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from sim.study.runs import Task

_EVERY = 5.0  #: [s] between lines
_FATES = ("done", "kept", "failed")  #: of runs that need no more waiting for
#: Sign and colour of each decision, the same as in the report.
_SIGNS = {"better": ("▲", "green"), "worse": ("▼", "red"), "no difference shown": ("=", "default")}


class Teller:
    """Tells of each option how many runs are done, kept and failed, and how long the rest takes: a live table on a
    terminal, else a line now and then; a context, callable.

    Args:
        console: where to tell; None: nowhere.
    """

    def __init__(self, console: Console | None) -> None:
        self._console = console
        self._started = self._told = time.monotonic()
        self._counts = dict[str, Counter[str]]()
        live = console is not None and console.is_terminal
        self._live = Live(console=console, auto_refresh=False, transient=True) if live else None

    def __enter__(self) -> Teller:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    @property
    def counts(self) -> Counter[str]:
        """Runs by what became of them: planned, done, kept, again, failed."""
        return sum(self._counts.values(), Counter())

    def __call__(self, task: Task, what: str) -> None:
        """Take what became of a run."""
        if self._console is None:
            return
        self._counts.setdefault(task.variant.option, Counter())[what.split(":")[0]] += 1
        if what.startswith(("failed", "again")):
            self._line(f"{task.variant.name}, seed {task.seed}: {what}")
        now = time.monotonic()
        if self._live:
            self._live.update(self.table(now), refresh=True)
        elif self.counts["done"] and now - self._told >= _EVERY:
            self._told = now
            counts = self.counts
            told = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()) if name != "planned")
            self._line(f"{told} of about {counts['planned']} runs, {self._left(now):.0f} s left")

    def table(self, now: float) -> Table:
        """What the live table shows: a row an option, and all of them."""
        counts = self.counts
        left = f"about {self._left(now):.0f} s left" if counts["done"] else "starting"
        table = Table(title=f"{now - self._started:.0f} s, {left}")
        table.add_column("option")
        for head in (*_FATES, "of"):
            table.add_column(head, justify="right")
        for name, own in [*self._counts.items(), ("all", counts)]:
            last = name == "all"
            table.add_row(escape(name), *(str(own[x]) for x in (*_FATES, "planned")), style="bold" if last else "")
        return table

    def _left(self, now: float) -> float:
        """Seconds that the runs still planned take, at the pace so far."""
        counts = self.counts
        waiting = counts["planned"] - sum(counts[x] for x in _FATES)
        return max(0, waiting) * (now - self._started) / max(1, counts["done"])

    def _line(self, text: str) -> None:
        if self._console:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)


def show(told: dict[str, Any], console: Console) -> None:
    """Print what a study came to."""
    for note in told["notes"]:
        console.print(f"[yellow]note[/] {escape(note)}", highlight=False, soft_wrap=True)
    cut = f"the first {told['warm_up_s'] / 60.0:g} min of each run are not counted (warm-up)"
    console.print(cut, highlight=False)
    console.print(_table(told))
    for option in told["options"]:
        name = f"{option['option']} {option['level']}".strip()
        sign, colour = _SIGNS.get(option["decision"], ("?", "yellow"))
        word = f"[bold {colour}]{sign} {option['decision']}[/]"
        console.print(f"{escape(name)}: {word} [dim]({escape(option['why'])})[/]", highlight=False, soft_wrap=True)
    for name, levels in told["by_level"].items():
        if len(levels["decisions"]) > 1:
            same = "the same decision at every level" if levels["same"] else "the decision changes with the level"
            console.print(f"{name}: {same}", highlight=False, markup=False)
    for option in told["options"]:
        used = option["reasons"].get("use") if option["level"] == told["options"][0]["level"] else None
        if used:
            roads = ", ".join(f"{x['road']} {x['base']:.0f} → {x['option']:.0f}" for x in used)
            text = f"{option['option']}: vehicles a run on its roads: {roads}"
            console.print(text, highlight=False, markup=False, soft_wrap=True)
    floor = told["noise_floor"]
    first = next(iter(floor["measures"].values()))
    where = f"speed limit of {floor['road']} ({floor['vehicles_on_it']} vehicles on it) by {floor['change_mps']} m/s"
    console.print(f"noise floor: {where} changes {first['title']} by {_signed(first)}", highlight=False, markup=False)
    if told["variance"]["median"] is not None:
        text = f"a paired interval of {first['title']} is {told['variance']['median']:.2g} times that of unpaired runs"
        console.print(
            f"{text} (median; {told['variance']['least']:.2g} to {told['variance']['most']:.2g})", highlight=False
        )
    for name, share in told["shares"].items():
        stop = f"; stopped by {share['stopped_by']}" if share["stopped_by"] else ""
        text = f"{name}: every guard-rail holds up to {share['largest'] or 'no point of the sweep'}{stop}"
        console.print(text, highlight=False, markup=False, soft_wrap=True)
    for rank, step in enumerate((told["order"] or {}).get("steps", []), 1):
        text = f"phase {rank}: {step['phase']} (¥ {step['cost_yuan'] / 1e6:.1f} M), {_signed(step)}"
        console.print(text, highlight=False, markup=False)


def _table(told: dict[str, Any]) -> Table:
    """A row an option and level, a column a measure."""
    head = told["options"][0]["measures"]
    title = f"{told['study']}: option less base, {len(told['seeds'])} paired seeds, mean [95 % interval]"
    table = Table(title=escape(title))
    table.add_column("option", overflow="fold")
    for x in head.values():
        unit = "" if x["unit"] == "-" else f", {x['unit']}"
        table.add_column(f"{x['title']}{unit}", overflow="fold")
    table.add_column("NPV, ¥ M")
    for option in told["options"]:
        cells = [_cell(option, name) for name in head]
        worth = option["money"]["npv_yuan"]
        money = "-" if worth is None else f"{worth / 1e6:+.1f}"
        table.add_row(escape(f"{option['option']} {option['level']}".strip()), *map(escape, cells), money)
    return table


def _cell(option: dict[str, Any], name: str) -> str:
    """A difference; of events that never happened, the upper bound."""
    rate = option["rates"].get(name)
    if rate and not rate["count"] and rate["high"] is not None:
        return f"≤ {rate['high']:.2g} per 1,000 km"
    return _signed(option["measures"][name])


def _signed(x: dict[str, Any]) -> str:
    low, high = x["interval"]
    if x["difference"] is None:
        return "-"
    if low is None:
        return f"{x['difference']:+.3g} (one seed)"
    return f"{x['difference']:+.3g} [{low:+.3g}, {high:+.3g}]"
