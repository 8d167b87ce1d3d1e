"""The verification page: every case with its source, settings, figures and verdict; one file that opens from disk."""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jinja2
import numpy as np
from markupsafe import Markup

from sim.errors import OutputError
from sim.report.identity import version
from sim.verify.case import Finding, Point
from sim.verify.telling import figure, verdict

_INSIDE, _OUTSIDE, _BAND = "#2a7f62", "#b3382c", "#9db8d1"


def write(findings: Sequence[Finding], path: Path) -> Path:
    """Write the page; its path.

    Raises:
        OutputError: the file cannot be written; choose another place.
    """
    layout = Path(__file__).with_name("page.html").read_text(encoding="utf-8")
    template = jinja2.Environment(autoescape=True).from_string(layout)
    told = [_told(one) for one in findings]
    text = template.render(
        findings=told,
        version=version() or "unknown",
        day=datetime.datetime.now(datetime.UTC).date().isoformat(),
        inside=sum(one.ok is True for one in findings),
        outside=sum(one.ok is False for one in findings),
        other=sum(one.ok is None for one in findings),
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    return path


_STYLES = {True: "inside", False: "outside", None: "other"}


def _told(one: Finding) -> dict[str, Any]:
    """What the page tells of a finding."""
    judged = [p for p in one.points if p.ok is not None]
    settings = ", ".join(f"{name} {_amount(x)}" for name, x in one.settings.as_dict().items())
    return {
        "name": one.case.name,
        "title": one.case.title,
        "source": one.case.source,
        "standing": one.case.standing,
        "settings": settings or "none",
        "verdict": verdict(one),
        "reason": one.reason,
        "style": _STYLES[one.ok],
        "good": sum(p.ok is True for p in judged),
        "judged": len(judged),
        "rows": [_row(p) for p in one.points],
        "figures": [Markup(svg) for svg in _figures(one.points)],
    }


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
        "tolerance": figure(p.tolerance),
        "verdict": {True: "inside", False: "outside", None: ""}[p.ok],
        "style": _STYLES[p.ok],
    }


def _figures(points: Sequence[Point]) -> list[str]:
    """One drawing (SVG) a quantity that has three or more points over numbers."""
    drawn = []
    for of in dict.fromkeys(p.of for p in points):
        mine = sorted((p for p in points if p.of == of and not isinstance(p.at, str)), key=lambda p: p.at)
        if len(mine) >= 3:
            drawn.append(_drawing(of, mine))
    return drawn


def _drawing(of: str, points: list[Point]) -> str:
    """Expected band and what came out."""
    from matplotlib.figure import Figure

    drawing = Figure(figsize=(5.2, 3.1), layout="constrained")
    axes = drawing.add_subplot()
    x = np.array([float(p.at) for p in points])
    known = np.array([p.expected is not None for p in points])
    if known.any():
        wanted = np.array([p.expected if p.expected is not None else math.nan for p in points])
        band = np.array([p.tolerance if math.isfinite(p.tolerance) else 0.0 for p in points])
        axes.fill_between(x[known], (wanted - band)[known], (wanted + band)[known], color=_BAND, alpha=0.5, lw=0)
        axes.plot(x[known], wanted[known], color="#4a6b8a", lw=1.2, label="expected")
    colours = [_OUTSIDE if p.ok is False else _INSIDE for p in points]
    axes.errorbar(x, [p.got for p in points], [p.half_width for p in points], fmt="none", ecolor="#555", lw=1)
    axes.scatter(x, [p.got for p in points], c=colours, s=22, zorder=3, label="got")
    axes.set_ylabel(of, fontsize=8)
    axes.tick_params(labelsize=8)
    axes.grid(alpha=0.25)
    axes.legend(fontsize=8, frameon=False)
    text = io.StringIO()
    drawing.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()[text.getvalue().index("<svg") :]
