"""The verification page: every case with its source, settings, figures and verdict; one file that opens from disk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from sim.errors import OutputError
from sim.report.document.svg import drawn
from sim.report.identity import version
from sim.report.page import page, texts
from sim.verify.case import Finding, Point
from sim.verify.telling import figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_INSIDE, _OUTSIDE, _BAND = "#1b6e3c", "#c2410c", "#9db8d1"
_STYLES = {True: "inside", False: "outside", None: "other"}
#: How far a point may be drawn from the middle of its band, in half widths of the band.
_FARTHEST = 2.4


def write(findings: Sequence[Finding], path: Path) -> Path:
    """Write the page; its path. The same findings give the same bytes.

    Raises:
        OutputError: the file cannot be written; choose another place.
    """
    told = [_told(one, i) for i, one in enumerate(findings)]
    inside = {
        "title": texts()["verify.title"]["en"],
        "findings": told,
        "families": _families(told),
        "version": version() or "",
        "inside": sum(one.ok is True for one in findings),
        "outside": sum(one.ok is False for one in findings),
        "other": sum(one.ok is None for one in findings),
    }
    styles = ("page.css", "report.css", "study.css", "verification.css")
    text = page("verification.html", styles, ("language.js", "report.js"), inside)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    return path


def _families(told: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Cases by the first part of their names, in order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in told:
        found.setdefault(one["name"].split(".")[0], []).append(one)
    return list(found.items())


def _told(one: Finding, rank: int) -> dict[str, Any]:
    """What the page tells of a finding."""
    judged = [p for p in one.points if p.ok is not None]
    state = "out" if one.left_out else "reported" if one.case.reports else _STYLES[one.ok]
    return {
        "name": one.case.name,
        "title": one.case.title,
        "source": one.case.source,
        "standing": one.case.standing,
        "known": f"standing.is.{one.case.standing}" in texts(),
        "settings": ", ".join(f"{name} {_amount(x)}" for name, x in one.settings.as_dict().items()),
        "state": state,
        "reason": one.reason,
        "style": _STYLES[one.ok],
        "good": sum(p.ok is True for p in judged),
        "judged": len(judged),
        "offsets": [(_offset(p), p.ok) for p in judged],
        "rows": [_row(p) for p in one.points],
        "figures": _figures(one.points, rank),
    }


def _offset(p: Point) -> float:
    """Where a point lies in its band: 0 in the middle, 1 at the upper end; no farther than what is drawn."""
    off = p.got - (p.expected or 0.0)
    share = off / p.tolerance if p.tolerance > 0.0 else math.copysign(math.inf, off) if off else 0.0
    return round(min(_FARTHEST, max(-_FARTHEST, share)), 3)


def _amount(x: Any) -> str:
    if isinstance(x, tuple):
        return ", ".join(f"{number:.5g}" for number in x)
    return x if isinstance(x, str) else f"{x:.5g}"


def _row(p: Point) -> dict[str, str]:
    return {
        "at": p.at if isinstance(p.at, str) else f"{p.at:g}",
        "of": p.of,
        "note": p.note,
        "expected": figure(p.expected),
        "got": figure(p.got) + (f" ± {figure(p.half_width)}" if p.half_width else ""),
        "tolerance": f"± {figure(p.tolerance)}" if math.isfinite(p.tolerance) else "–",
        "style": _STYLES[p.ok],
    }


def _figures(points: Sequence[Point], rank: int) -> list[tuple[str, Markup]]:
    """Quantity and drawing of each that has three or more points over numbers."""
    found = list[tuple[str, Markup]]()
    for of in dict.fromkeys(p.of for p in points):
        mine = sorted((p for p in points if p.of == of and not isinstance(p.at, str)), key=lambda p: p.at)
        if len(mine) >= 3:
            found.append((of, drawn(f"case{rank}_{len(found)}", lambda axes, mine=mine: _draw(axes, mine))))  # type: ignore[misc]
    return found


def _draw(axes: Axes, points: list[Point]) -> None:
    """Expected band and what came out: round inside, diamonds outside."""
    x = np.array([float(p.at) for p in points])
    known = np.array([p.expected is not None for p in points])
    if known.any():
        wanted = np.array([p.expected if p.expected is not None else math.nan for p in points])
        band = np.array([p.tolerance if math.isfinite(p.tolerance) else 0.0 for p in points])
        axes.fill_between(x[known], (wanted - band)[known], (wanted + band)[known], color=_BAND, alpha=0.45, lw=0)
        axes.plot(x[known], wanted[known], color="#4a6b8a", lw=1.4, label="[[verify.expected]]")
    axes.errorbar(x, [p.got for p in points], [p.half_width for p in points], fmt="none", ecolor="#555a60", lw=1)
    for bad, marker, colour in ((False, "o", _INSIDE), (True, "D", _OUTSIDE)):
        own = [(float(p.at), p.got) for p in points if (p.ok is False) is bad]
        if own:
            label = "[[state.outside]]" if bad else "[[col.got]]"
            axes.plot(*zip(*own, strict=True), marker, color=colour, ms=4.5, label=label)
    axes.legend(fontsize=8)
