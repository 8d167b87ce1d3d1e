"""Forest plots: differences with their intervals, one row an option and level, the noise floor behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sim.report.comparison.amounts import amount, interval, rate, shown
from sim.report.document.svg import drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Better, neither, worse: apart for colour-blind people, and by shape.
COLOURS = {1: "#0072b2", 0: "#8a9097", -1: "#d55e00"}
_SHAPES = {1: "o", 0: "o", -1: "D"}
_INCHES_A_ROW = 0.2


def forest(name: str, told: dict[str, Any], wide: bool = False) -> Markup | None:
    """Differences in one measure; None where nothing was counted or differs in number.

    Args:
        name: of the measure.
        told: what `study.json` holds.
        wide: with the numbers beside them.
    """
    rows = [(label(x), x["measures"][name], x["rates"].get(name)) for x in told["options"] if name in x["measures"]]
    if all(x["difference"] is None or rate(bound) for _, x, bound in rows):
        return None
    floor = told["noise_floor"]["measures"].get(name)

    def draw(axes: Axes) -> None:
        _band(axes, floor)
        axes.axvline(0.0, color="#23272d", lw=0.9)
        for i, (_, x, _) in enumerate(rows):
            _row(axes, i, x)
        axes.set_yticks(range(len(rows)), [text for text, _, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
        _ends(axes, rows[0][1]["better"] == "less")
        if wide:
            _numbers(axes, [(x, bound) for _, x, bound in rows])

    height = 0.62 + _INCHES_A_ROW * len(rows)
    return drawn(f"forest_{name}", draw, (8.6 if wide else 4.6, height))


def label(option: dict[str, Any]) -> str:
    """An option and its level."""
    level = option["level"].rsplit("=", 1)[-1] if option["level"].count("=") == 1 else option["level"]
    return f"{option['option']}  {level}".strip()


def _row(axes: Axes, i: int, x: dict[str, Any]) -> None:
    if x["difference"] is None:
        return
    verdict = shown(x)
    low, high = (x["difference"] if end is None else end for end in x["interval"])
    axes.plot((low, high), (i, i), color=COLOURS[verdict], lw=2.4 if verdict else 1.6, solid_capstyle="butt")
    face = COLOURS[verdict] if verdict else "#ffffff"
    axes.plot(x["difference"], i, _SHAPES[verdict], color=COLOURS[verdict], mfc=face, ms=5.5, mew=1.4)


def _band(axes: Axes, floor: dict[str, Any] | None) -> None:
    """How far a change that cannot matter reaches."""
    if floor is None or floor["difference"] is None:
        return
    ends = [abs(x) for x in (floor["difference"], *floor["interval"]) if x is not None]
    if max(ends) > 0.0:
        axes.axvspan(-max(ends), max(ends), color="#e9e2cf", lw=0, zorder=0)


def _ends(axes: Axes, less: bool) -> None:
    """Which side is the better one."""
    low, high = axes.get_xlim()
    axes.set_xlim(min(low, -1e-9), max(high, 1e-9))
    better, worse = (0.0, 1.0) if less else (1.0, 0.0)
    for x, key, verdict in ((better, "better", 1), (worse, "worse", -1)):
        text = f"← [[side.{key}]]" if x == 0.0 else f"[[side.{key}]] →"
        side = {"ha": "left" if x == 0.0 else "right", "va": "bottom", "fontsize": 8}
        axes.text(x, 1.01, text, color=COLOURS[verdict], transform=axes.transAxes, **side)  # type: ignore[arg-type]


def _numbers(axes: Axes, rows: list[tuple[dict[str, Any], Any]]) -> None:
    """The numbers in a column of their own at the right."""
    for i, (x, bound) in enumerate(rows):
        text = rate(bound) or f"{amount(x['difference'])}  {interval(x['interval'])}"
        axes.annotate(text, (1.0, i), (8, 0), ("axes fraction", "data"), "offset points", va="center", fontsize=8)
