"""Maps of an option against the base: where time is lost or won, roads where nothing is shown being masked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from sim.report.comparison import pairs
from sim.report.document.svg import drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SCENES = "scenes"
#: So many pairs make an interval that is worth a map.
LEAST_PAIRS = 3
#: Roads that are named beneath a map, and its width [inch].
_NAMED, _WIDE = 4, 4.6
_MASKED, _NEW = "#d5d3cb", "#009e73"


def difference_map(folder: Path, option: str, level: str, told: dict[str, Any]) -> dict[str, Any] | None:
    """A map (if a road is shown to have changed), how many have, of how many, and which most; None without pairs."""
    scenes = [_scene(folder, x) for x in (pairs.REFERENCE, option)]
    if None in scenes:
        return None
    before, after = (x or {} for x in scenes)
    names, rows = pairs.lost(folder, option, level, told.get("measured_from_s", -np.inf))
    if len(rows) < LEAST_PAIRS or not names:
        return None
    hours = (told["measured_s"] or 3600.0) / 3600.0
    mean, _, p = pairs.estimates(rows / hours)
    sure = pairs.significant(p)
    change = {name: float(x) for name, x, s in zip(names, mean, sure, strict=True) if s}
    there = set(before["edges"]["id"])
    most = sorted(change.items(), key=lambda x: (-abs(x[1]), x[0]))[:_NAMED]
    drawing = _drawing(f"map_{option}_{level}", after, change, there) if change else None
    return {"drawing": drawing, "sure": int(sure.sum()), "many": len(names), "most": most}


def _drawing(name: str, scene: dict[str, Any], change: dict[str, float], there: set[str]) -> Markup:
    points = np.concatenate(list(_lines(scene).values()))
    wide, high = np.maximum(points.max(0) - points.min(0), 1.0)
    height = float(np.clip(_WIDE * 0.75 * high / wide, 1.6, 5.0))
    return drawn(name, lambda axes: _draw(axes, scene, change, there), (_WIDE, height))


def _scene(folder: Path, option: str) -> dict[str, Any] | None:
    path = folder / SCENES / f"{option}.json"
    if not path.is_file():
        return None
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def _lines(scene: dict[str, Any]) -> dict[str, np.ndarray]:
    """Centre line of each road, by the middle one of its lanes [m]."""
    found: dict[str, list[np.ndarray]] = {}
    edges, lanes = scene["edges"], scene["lanes"]
    for edge, shape in zip(lanes["edge"], lanes["shape_cm"], strict=True):
        if not edges["internal"][edge]:
            line = np.cumsum(np.reshape(shape, (-1, 2)), axis=0) / 100.0
            found.setdefault(edges["id"][edge], []).append(line)
    return {name: several[len(several) // 2] for name, several in found.items()}


def _draw(axes: Axes, scene: dict[str, Any], change: dict[str, float], there: set[str]) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.colors import LinearSegmentedColormap, TwoSlopeNorm

    lines = _lines(scene)
    axes.add_collection(LineCollection(list(lines.values()), colors=_MASKED, linewidths=1.6))
    new = [line for name, line in lines.items() if name not in there]
    if new:
        axes.add_collection(LineCollection(new, colors=_NEW, linewidths=4.5, alpha=0.35))
    shown = sorted((x for x in change if x in lines), key=lambda x: abs(change[x]))
    most = max((abs(change[x]) for x in shown), default=1.0)
    shades = LinearSegmentedColormap.from_list("change", ["#0b4f86", "#79add2", "#efece2", "#e59a5c", "#b3440a"])
    drawing = LineCollection(
        [lines[x] for x in shown], array=np.array([change[x] for x in shown]), cmap=shades,
        norm=TwoSlopeNorm(0.0, -most, most), linewidths=4.0, capstyle="round",
    )  # fmt: skip
    axes.add_collection(drawing)
    axes.autoscale()
    axes.set_aspect("equal")
    axes.set_axis_off()
    if shown:
        axes.get_figure().colorbar(drawing, label="[[axis.change]]", shrink=0.6, pad=0.01)  # type: ignore[union-attr]
