"""How a finding is told on a terminal."""

from __future__ import annotations

import math

import click

from sim.verify.case import Finding, Point

_COLOURS = {True: "green", False: "red", None: None}
WORDS = {True: "inside", False: "OUTSIDE", None: "not judged"}


def verdict(finding: Finding) -> str:
    """A finding in a word or two."""
    if finding.left_out:
        return "left out"
    if finding.case.reports:
        return "reported"
    return WORDS[finding.ok]


def figure(number: float | None) -> str:
    """A number as it is told: five digits."""
    return "-" if number is None or not math.isfinite(number) else f"{number:.5g}"


def table(finding: Finding) -> str:
    """A finding as text: its verdict and source, and a line a point; `click.echo` drops colours off terminals."""
    word = click.style(verdict(finding), fg=_COLOURS[finding.ok], bold=finding.ok is not None)
    lines = [f"{finding.case.name}: {word} ({finding.seconds:.1f} s) - {finding.case.title}"]
    lines.append(f"  source: {finding.case.source} [{finding.case.standing}]")
    lines += [_line(one) for one in finding.points]
    if finding.reason:
        lines.append(f"  reason: {finding.reason}")
    return "\n".join(lines)


def _line(one: Point) -> str:
    at = one.at if isinstance(one.at, str) else f"{one.at:g}"
    mark = click.style({True: "ok ", False: "OUT", None: "   "}[one.ok], fg=_COLOURS[one.ok])
    spread = f" ± {figure(one.half_width)}" if one.half_width else ""
    wanted = "" if one.expected is None else f", expected {figure(one.expected)}"
    wanted += f" ± {figure(one.tolerance)}" if math.isfinite(one.tolerance) and one.expected is not None else ""
    note = f" ({one.note})" if one.note else ""
    return f"  {mark} {at}: {one.of} {figure(one.got)}{spread}{wanted}{note}"
