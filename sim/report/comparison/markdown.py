"""What a study came to as a table in Markdown, for a README or an issue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.report.comparison.amounts import MINUS, amount, interval, millions, rate

TABLE = "table.md"


def markdown(told: dict[str, Any]) -> str:
    """A study's table and what stands beside it; the same `study.json` gives the same text."""
    return "\n".join([*_table(told), "", *(f"- {text}" for text in _beside(told))]) + "\n"


def _table(told: dict[str, Any]) -> Iterator[str]:
    """A row an option and level: its measures, what it is worth, and the decision."""
    measures = told["options"][0]["measures"]
    units = ("" if x["unit"] == "-" else f", {x['unit']}" for x in measures.values())
    heads = [f"{x['title']}{unit}" for x, unit in zip(measures.values(), units, strict=True)]
    head = ["option", "level", *heads, "NPV, ¥ M", "BCR", "decision"]
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for x in told["options"]:
        money, cells = x["money"], [_cell(x, name) for name in measures]
        worth = f"{millions(money['npv_yuan'])} {interval([_millions(y) for y in money['npv_interval']])}".strip()
        ratio = "–" if money["bcr"] is None else f"{money['bcr']:.2g}".replace("-", MINUS)
        row = [x["option"], _level(x["level"]), *cells, worth, ratio, x["decision"]]
        yield f"| {' | '.join(row)} |"


def _cell(option: dict[str, Any], name: str) -> str:
    """A difference with its interval; where nothing was counted, the bound of its rate."""
    told = option["measures"][name]
    return rate(option["rates"].get(name)) or f"{amount(told['difference'])} {interval(told['interval'])}".strip()


def _millions(yuan: float | None) -> float | None:
    return None if yuan is None else yuan / 1e6


def _level(level: str) -> str:
    return level.replace("_", " ").replace("=", " ") or "–"


def _beside(told: dict[str, Any]) -> Iterator[str]:
    """Sentences: what was run, the base, noise, pairs, roads, shares, phases, doubts."""
    runs = f"{len(told['seeds'])} paired seeds, {told['work']['runs']} runs"
    yield f"Option less base, mean [95 % interval]; {runs}, the first {told['warm_up_s'] / 60:g} min not counted."
    measures = told["options"][0]["measures"]
    first, title = next(iter(measures)), next(iter(measures.values()))["title"]
    levels = (f"{_level(level)}: {x[first]:.4g}" for level, x in told["base_by_level"].items() if x[first] is not None)
    yield f"Base, {title}: {'; '.join(levels)}."
    floor = told["noise_floor"]
    noise = floor["measures"][first]
    where = f"{floor['change_mps']} m/s on {floor['road']} ({floor['vehicles_on_it']} vehicles on it)"
    yield (
        f"Noise floor: {where} changes it by {amount(noise['difference'])} {interval(noise['interval'])}".rstrip() + "."
    )
    if told["variance"]["median"] is not None:
        v = told["variance"]
        yield f"Paired interval over unpaired: {v['median']:.2g} (median; {v['least']:.2g} to {v['most']:.2g})."
    yield from _uses(told)
    for name, share in told["shares"].items():
        held = f"all hold up to {_level(share['largest'])}" if share["largest"] else "not all hold at any level"
        stop = f"; at {_level(share['stopped_by'])}" if share["stopped_by"] else ""
        yield f"Guard-rails of {name}: {held}{stop}."
    if told["order"]:
        steps = (f"{x['phase']} (¥ {x['cost_yuan'] / 1e6:g} M, {_step(x)})" for x in told["order"]["steps"])
        yield f"Order under ¥ {told['order']['budget_yuan'] / 1e6:g} M: {', then '.join(steps) or 'nothing gains'}."
    yield from (f"Note: {note}." for note in told["notes"])


def _step(x: dict[str, Any]) -> str:
    return f"{amount(x['difference'])} {interval(x['interval'])}".strip()


def _uses(told: dict[str, Any]) -> Iterator[str]:
    """How many use the roads that options touch, at the first level."""
    level = told["options"][0]["level"]
    for x in told["options"]:
        used = x["reasons"].get("use") or [] if x["level"] == level else []
        if used:
            roads = (f"{y['road']} {y['base']:.0f} → {y['option']:.0f}" for y in used)
            yield f"Vehicles a run on the roads of {x['option']}: {', '.join(roads)}."
