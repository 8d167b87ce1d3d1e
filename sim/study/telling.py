"""What the terminal shows of a study: how its runs go, and what it came to."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from sim.study.runs import Task

_EVERY = 5.0  #: [s] between lines
#: Sign and colour of each decision, the same as in the report.
_SIGNS = {"better": ("▲", "green"), "worse": ("▼", "red"), "no difference shown": ("=", "default")}


class Teller:
    """Tells how many runs are done, kept and failed, and how long the rest takes.

    Args:
        console: where to tell; None: nowhere.
    """

    def __init__(self, console: Console | None) -> None:
        self._console, self._total = console, 0
        self._started = self._told = time.monotonic()
        self.counts: Counter[str] = Counter()

    def __call__(self, task: Task, what: str) -> None:
        """Take what became of a run."""
        if what.startswith("planned"):
            self._total += 1
            return
        self.counts[what.split(":")[0]] += 1
        if self._console is None:
            return
        now = time.monotonic()
        if what.startswith(("failed", "again")):
            self._line(f"{task.variant.name}, seed {task.seed}: {what}")
        done = self.counts["done"]
        if done and now - self._told >= _EVERY:
            self._told = now
            left = max(0, self._total - done - self.counts["kept"]) * (now - self._started) / done
            told = ", ".join(f"{count} {name}" for name, count in sorted(self.counts.items()))
            self._line(f"{told} of about {self._total} runs, {left:.0f} s left")

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
