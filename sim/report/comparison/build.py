"""Makes `report.html` of a study's folder: the decision first, then differences, people, roads, money, and doubts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.report.comparison import pairs, people, roads
from sim.report.comparison.amounts import amount, interval, millions, rate, shown
from sim.report.comparison.forest import forest
from sim.report.comparison.money import money_figure, sensitivity
from sim.report.comparison.sentences import notes, says
from sim.report.document.numbers import number
from sim.report.page import page, texts
from sim.report.whole import read_json
from sim.units import clock_text

STUDY, REPORT = "study.json", "report.html"
_STYLES, _SCRIPTS = ("page.css", "report.css", "study.css"), ("language.js", "report.js")
#: Decisions by key of the texts, best first.
WORDS = {"better": "better", "no difference shown": "alike", "more evidence needed": "unsure", "worse": "worse"}
_MOST_MAPS = 8


def is_study(folder: Path) -> bool:
    """Whether a folder holds what a comparison came to."""
    return (folder / STUDY).is_file()


def study_report(folder: Path, replays: dict[str, str] | None = None) -> str:
    """The report of a study as a page; the same folder gives the same bytes.

    Args:
        replays: address of a replay of base and option beside each other, by option.
    """
    pairs.forget()
    told = read_json(folder / STUDY)
    first = next(iter(told["options"][0]["measures"]))
    levels = list(dict.fromkeys(x["level"] for x in told["options"]))
    maps, still = _maps(folder, told, levels)
    inside = {
        "title": told["study"],
        "told": told,
        "first": told["options"][0]["measures"][first],
        "levels": levels,
        "level_of": _short_level,
        "options": _options(told, levels),
        "words": _by_word(told),
        "need": max((x["measures"][first]["seeds_needed"] or 0 for x in told["options"]), default=0),
        "hero": forest(first, told, wide=True),
        "forests": [(x, forest(x, told)) for x in told["options"][0]["measures"] if x != first],
        "maps": maps,
        "still": still,
        "began": [(x, x["reasons"]["first"]) for x in told["options"] if x["reasons"].get("first")],
        "notes": notes(told),
        "says": says,
        "clock": clock_text,
        "people": _people(folder, told, levels),
        "money": money_figure(told),
        "sensitivity": sensitivity(told),
        "rails": [x["measure"] for x in told["options"][0]["guard_rails"]],
        "unsure": _unsure(told),
        "replays": replays or {},
        "amount": amount,
        "number": number,
        "interval": interval,
        "millions": millions,
        "rate": rate,
        "shown": shown,
        "key_of": lambda name: f"measure.{name}" if f"measure.{name}" in texts() else "",
    }
    return page("study.html", _STYLES, _SCRIPTS, inside)


def _short_level(level: str) -> str:
    return level.replace("=", " ").replace(",", ", ").replace("_", " ")


def _options(told: dict[str, Any], levels: list[str]) -> list[dict[str, Any]]:
    """A row an option: its title, and what came of it at each level."""
    rows: dict[str, dict[str, Any]] = {}
    for x in told["options"]:
        row = rows.setdefault(x["option"], {"name": x["option"], "title": x["title"], "cells": dict.fromkeys(levels)})
        first = next(iter(x["measures"].values()))
        row["cells"][x["level"]] = {"word": WORDS.get(x["decision"], "unsure"), "first": first, **x}
    return list(rows.values())


def _by_word(told: dict[str, Any]) -> dict[str, list[str]]:
    """Options by decision, each with the levels where it holds unless it holds at all of them."""
    found: dict[str, list[str]] = {key: [] for key in WORDS.values()}
    for option in dict.fromkeys(x["option"] for x in told["options"]):
        own = [x for x in told["options"] if x["option"] == option]
        for word, key in WORDS.items():
            here = [_short_level(x["level"]) for x in own if x["decision"] == word]
            if here:
                found[key].append(option if len(here) == len(own) else f"{option} ({'; '.join(here)})")
    return found


def _maps(folder: Path, told: dict[str, Any], levels: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    """A map an option and level, of very many only the first and the last level; and where no road changes for sure."""
    options = list(dict.fromkeys(x["option"] for x in told["options"]))
    kept = levels if len(options) * len(levels) <= _MOST_MAPS else list(dict.fromkeys((levels[0], levels[-1])))
    found, still = [], []
    for option in options:
        for level in kept:
            made = roads.difference_map(folder, option, level, told)
            if made is None:
                continue
            if made["drawing"] is None:
                still.append(f"{option} {_short_level(level)}".strip())
            else:
                found.append({"option": option, "level": _short_level(level), **made})
    return found, still


def _people(folder: Path, told: dict[str, Any], levels: list[str]) -> list[dict[str, Any]]:
    """Of each option at each level: how many arrive sooner and later, which flows, and single trips."""
    found = []
    for x in told["options"]:
        own = x["reasons"].get("people")
        if not own or not (own["sooner"] or own["later"]):
            continue
        flows = people.groups(folder, x["option"], x["level"]) if x["level"] in (levels[0], levels[-1]) else []
        total = max(1, own["sooner"] + own["later"] + own["same"])
        parts = {name: round(100.0 * own[name] / total, 1) for name in ("sooner", "same", "later")}
        drawing = people.drawing(f"{x['option']}_{x['level']}", flows)
        told_here = {"option": x["option"], "level": _short_level(x["level"]), "parts": parts, "people": own}
        found.append(told_here | {"drawing": drawing, "shown": sum(y["shown"] for y in flows), "flows": len(flows)})
    return found


def _unsure(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Measures whose interval is wider than wanted, with the seeds that would do: the worst option of each."""
    found: dict[str, dict[str, Any]] = {}
    for x in told["options"]:
        for name, y in x["measures"].items():
            low, high = y["interval"]
            wide = None if low is None or high is None else (high - low) / 2.0
            if wide is None or y["wanted_half_width"] is None or wide <= y["wanted_half_width"]:
                continue
            row = {"name": name, **y, "half": wide, "option": x["option"], "level": _short_level(x["level"])}
            if name not in found or (y["seeds_needed"] or 0) > (found[name]["seeds_needed"] or 0):
                found[name] = row
    return list(found.values())
