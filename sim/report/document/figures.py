"""The figures of a run's report: each takes a result and its scene and draws, where there is something to draw."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.compute as pc
from markupsafe import Markup

from sim.report.conflicts import measured_of
from sim.report.document import messages
from sim.report.document.clock import clock_axis
from sim.report.document.svg import beside, drawn
from sim.report.rates import poisson_interval
from sim.report.replay.happenings import SERIOUS
from sim.report.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Okabe and Ito's colours, told apart by colour-blind people; markers differ too.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#555a60")
MARKERS = ("o", "D", "s", "^", "v", "P", "X")
_BINS = 16

Scene = dict[str, Any]


def figures(result: Result, scene: Scene) -> list[tuple[str, Markup]]:
    """Key of the title and drawing, of every figure that this result has data for."""
    told = []
    for name, draw in _FIGURES.items():
        svg = draw(result, scene)
        if svg is not None:
            told.append((f"figure.{name}", svg))
    return told


def _flow_density(result: Result, scene: Scene) -> Markup | None:
    """Flow over density of each edge and interval, by class of road, for one lane."""
    if "edges" not in result.tables or not len(result.edges):
        return None
    table = result.edges
    rank = {x: i for i, x in enumerate(scene["edges"]["id"])}
    edge = np.array([rank[x] for x in _names(table["edge"])])
    lanes = np.maximum(np.bincount(scene["lanes"]["edge"], minlength=len(rank)), 1)[edge]
    density, flow = table["density_vpkm"].to_numpy() / lanes, table["flow_vph"].to_numpy() / lanes
    classes = np.array(scene["edges"]["road_class"])[edge]

    def draw(axes: Axes) -> None:
        names, counts = np.unique(classes, return_counts=True)
        for i, name in enumerate(names[np.argsort(-counts, kind="stable")][: len(COLOURS)]):
            own = classes == name
            axes.plot(density[own], flow[own], MARKERS[i], color=COLOURS[i], ms=3, mew=0, alpha=0.6, label=name or "–")
        axes.set(xlabel="[[axis.density]]", ylabel="[[axis.flow]]", xlim=(0, None), ylim=(0, None))
        axes.legend(fontsize=8, markerscale=2)

    return drawn("flow_density", draw)


def _delay(result: Result, scene: Scene) -> Markup | None:
    """Time lost by trips over when they departed: mean, and between which nine of ten lie."""
    trips = result.trips
    depart, lost = (trips[x].to_numpy(zero_copy_only=False).astype(float) for x in ("depart_s", "time_loss_s"))
    home = ~np.isnan(trips["arrival_s"].to_numpy(zero_copy_only=False).astype(float))
    if not home.any():
        return None
    automated = {x["name"] for x in scene["cards"] if x["automated"]}
    machine = np.array([x in automated for x in _names(trips["card"])])
    bounds = np.linspace(depart[home].min(), depart[home].max() + 1e-6, _BINS + 1)

    def draw(axes: Axes) -> None:
        for i, (own, label) in enumerate(((~machine, "[[human]]"), (machine, "[[automated]]"))):
            rows = [lost[own & home & (depart >= a) & (depart < b)] for a, b in pairwise(bounds)]
            told = np.array([(k, *np.percentile(x, (5, 95)), x.mean()) for k, x in enumerate(rows) if len(x) >= 3])
            if not len(told):
                continue
            middle = (bounds[:-1] + bounds[1:])[told[:, 0].astype(int)] / 2
            axes.fill_between(middle, told[:, 1], told[:, 2], color=COLOURS[i], alpha=0.15, linewidth=0)
            axes.plot(middle, told[:, 3], color=COLOURS[i], marker=MARKERS[i], ms=4, label=label)
        axes.set(xlabel="[[axis.depart]]", ylabel="[[axis.delay]]", ylim=(0, None))
        clock_axis(axes)
        if axes.lines:
            axes.legend(fontsize=8)

    return drawn("delay", draw)


def _queue(result: Result, scene: Scene) -> Markup | None:
    """Vehicles that stand, on average over each interval: all, and on the worst edges."""
    if "edges" not in result.tables or not len(result.edges):
        return None
    table = result.edges
    begin, queue = table["begin_s"].to_numpy(), table["queue_veh"].to_numpy()
    edge = np.array(_names(table["edge"]))
    begins, rank = np.unique(begin, return_inverse=True)
    bounds = np.append(begins, table["end_s"].to_numpy().max())
    names, which = np.unique(edge, return_inverse=True)
    worst = np.argsort(-np.bincount(which, queue), kind="stable")[:4]

    def draw(axes: Axes) -> None:
        axes.stairs(np.bincount(rank, queue), bounds, baseline=None, color="#555a60", lw=2, label="[[all]]")
        for i, at in enumerate(worst):
            own = which == at
            values = np.bincount(rank[own], queue[own], len(begins))
            axes.stairs(values, bounds, baseline=None, color=COLOURS[i], lw=1.2, label=names[at])
        axes.set(xlabel="[[axis.time]]", ylabel="[[axis.queue]]", xlim=(bounds[0], bounds[-1]), ylim=(0, None))
        clock_axis(axes)
        beside(axes)

    return drawn("queue", draw)


def _map(result: Result, scene: Scene) -> Markup | None:
    """Where time is lost: hours on each edge over the whole run, per kilometre of road."""
    if "edges" not in result.tables or not len(result.edges):
        return None
    lost: dict[str, float] = {}
    for name, seconds in zip(_names(result.edges["edge"]), result.edges["time_loss_s"].to_pylist(), strict=True):
        lost[name] = lost.get(name, 0.0) + seconds / 3600.0
    lanes = scene["lanes"]
    shapes, values = [], []
    for edge, shape, length in zip(lanes["edge"], lanes["shape_cm"], lanes["length_m"], strict=True):
        if not scene["edges"]["internal"][edge] and length > 0:
            shapes.append(np.cumsum(np.reshape(shape, (-1, 2)), axis=0) / 100.0)
            values.append(lost.get(scene["edges"]["id"][edge], 0.0) / (length / 1000.0))

    if not shapes:
        return None

    def draw(axes: Axes) -> None:
        from matplotlib.collections import LineCollection

        lines = LineCollection(shapes, array=np.array(values), cmap=_shades(), linewidths=2.4, capstyle="round")
        axes.add_collection(lines)
        axes.autoscale()
        axes.set_aspect("equal")
        axes.set_axis_off()
        _scale(axes)
        axes.get_figure().colorbar(lines, label="[[axis.lost]]", shrink=0.7, pad=0.01)  # type: ignore[union-attr]

    return drawn("map", draw, (4.8, 4.0))


def _scale(axes: Axes) -> None:
    """A bar of a round length, in place of axes."""
    low, high = axes.get_xlim()
    ten = 10.0 ** np.floor(np.log10(max(1.0, (high - low) / 4.0)))
    metres = max(x * ten for x in (1.0, 2.0, 5.0) if x * ten <= max(1.0, (high - low) / 4.0))
    y = axes.get_ylim()[0]
    axes.plot((low, low + metres), (y, y), color="#23272d", lw=1.5, solid_capstyle="butt")
    text = f"{metres / 1000.0:g} km" if metres >= 1000.0 else f"{metres:g} m"
    axes.annotate(text, (low + metres, y), (4, 0), textcoords="offset points", fontsize=8, va="center")


def _shades() -> Any:
    """Light grey to dark purple: dark is bad, in print too."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("lost", ["#cfd3d6", "#e6a04b", "#b5367a", "#2c115f"])


def _conflicts(result: Result, scene: Scene) -> Markup | None:
    """Conflicts by pair of cards, each measure with its threshold and an exact interval of the count."""
    told = measured_of(result.summary)
    if not told:
        return None
    measures = [x for x in SERIOUS if x in told["thresholds"]]
    pairs = sorted(told["by_pair"].items(), key=lambda x: (-sum(x[1][m] for m in measures), x[0]))[:8]

    def draw(axes: Axes) -> None:
        for i, measure in enumerate(measures):
            counts = np.array([x[measure] for _, x in pairs], float)
            bounds = np.array([poisson_interval(int(x)) for x in counts]).T
            height = np.arange(len(pairs)) + (i - 1) * 0.26
            spread = np.abs(bounds - counts)
            axes.errorbar(
                counts, height, xerr=spread, fmt=MARKERS[i], color=COLOURS[i], ms=4, capsize=2, lw=1,
                label=_limit(told["thresholds"][measure]),
            )  # fmt: skip
        axes.set_yticks(np.arange(len(pairs)), [name for name, _ in pairs])
        axes.invert_yaxis()
        axes.set(xlabel="[[axis.conflicts]]", xlim=(0, None))
        beside(axes, 1)

    return drawn("conflicts", draw, (4.8, 3.4)) if pairs else None


def _limit(text: Any) -> str:
    return str(text).replace("<=", "≤").replace(">=", "≥")


def _names(column: Any) -> list[str]:
    told: list[str] = pc.cast(column, "string").to_pylist()
    return told


_FIGURES: dict[str, Callable[[Result, Scene], Markup | None]] = {
    "map": _map,
    "delay": _delay,
    "queue": _queue,
    "flow_density": _flow_density,
    "conflicts": _conflicts,
    "delivery": lambda result, _: messages.delivery(result),
    "age": lambda result, _: messages.age(result),
}
