"""Who wins and who loses: the same people on both runs, by the flow they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from sim.report.comparison import pairs
from sim.report.comparison.forest import COLOURS
from sim.report.document.svg import drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_EACH_WAY = 6
#: Trips of a flow on one seed that make a mean. Source: assumed, as `sim.study.measures.LEAST_GROUP`.
_LEAST = 10


def groups(folder: Path, option: str, level: str) -> list[dict[str, Any]]:
    """Flows by how much later their people arrive, mean over seeds with its interval [s]; most sooner first."""
    rows: dict[str, list[tuple[float, int]]] = {}
    for change in pairs.changes(folder, option, level):
        own: dict[str, list[float]] = {}
        for name, later in change.items():
            own.setdefault(name.rsplit(".", 1)[0], []).append(later)
        for group, values in own.items():
            if len(values) >= _LEAST:
                rows.setdefault(group, []).append((float(np.mean(values)), len(values)))
    several = {group: x for group, x in rows.items() if len(x) > 1}
    if not several:
        return []
    found, shown = [], []
    for group, x in several.items():
        mean, half, p = pairs.estimates(np.array([[value] for value, _ in x]))
        people = round(float(np.mean([count for _, count in x])))
        found.append({"name": group, "change_s": float(mean[0]), "half_s": float(half[0]), "people": people})
        shown.append(float(p[0]))
    for each, sure in zip(found, pairs.significant(np.array(shown)), strict=True):
        each["shown"] = bool(sure)
    return sorted(found, key=lambda x: (x["change_s"], x["name"]))


def drawing(name: str, flows: list[dict[str, Any]]) -> Markup | None:
    """Flows that win most and lose most, with intervals."""
    most = flows if len(flows) <= 2 * _EACH_WAY else [*flows[:_EACH_WAY], *flows[-_EACH_WAY:]]
    if not most or not any(x["change_s"] for x in most):
        return None

    def draw(axes: Axes) -> None:
        axes.axvline(0.0, color="#23272d", lw=0.9)
        for i, x in enumerate(most):
            verdict = (-1 if x["change_s"] > 0.0 else 1) if x["shown"] else 0
            colour, face = COLOURS[verdict], COLOURS[verdict] if verdict else "#ffffff"
            axes.errorbar(x["change_s"], i, xerr=x["half_s"], color=colour, lw=1.6)
            axes.plot(x["change_s"], i, "D" if verdict < 0 else "o", color=colour, mfc=face, ms=5, mew=1.3)
        axes.set_yticks(range(len(most)), [f"{x['name']}  ×{x['people']}" for x in most])
        axes.set_ylim(len(most) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("[[axis.later]]")

    return drawn(f"people_{name}", draw, (4.6, 0.7 + 0.2 * len(most)))
