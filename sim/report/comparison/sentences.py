"""Sentences of `study.json` in both languages; those of another form are told as they stand."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup

from sim.report.page import both

#: Key of the text and what its sentence looks like in `study.json`.
_RAILS = (
    ("rail.never", re.compile(r"at most (\S+): none in (\S+) km \(at most (\S+) per 1,000 km, 95 % sure\)")),
    ("rail.counted", re.compile(r"at most (\S+): (\S+) in (\S+) km")),
    ("rail.value", re.compile(r"at most (\S+): (\S+)")),
    ("rail.rise", re.compile(r"worse by at most (\S+): (\S+) \[(\S+), (\S+)\]")),
)
_USUAL_WARM_UP = 900.0  #: [s]; as `sim.study.conclusions`


def says(text: str) -> Markup | str:
    """What a guard-rail says."""
    parts = [_said(part) for part in text.split("; ")]
    return Markup("; ").join(parts)


def _said(part: str) -> Markup | str:
    for key, form in _RAILS:
        found = form.fullmatch(part)
        if found:
            return both(key, *(x.replace("-", "−") for x in found.groups()))
    return part


def notes(told: dict[str, Any]) -> list[tuple[str, Any]]:
    """What a reader must know: key of a text and its values, or no key and a sentence."""
    found: list[tuple[str, Any]] = []
    if len(told["seeds"]) < 2:
        found.append(("study.one.seed", ()))
    if told["warm_up_s"] < _USUAL_WARM_UP:
        found.append(("study.short.warm.up", (f"{told['warm_up_s']:.0f}",)))
    known = ("the map is synthetic", "one seed", "warm-up is", "run failed twice")
    return found + [("", note) for note in told["notes"] if not note.startswith(known)]
