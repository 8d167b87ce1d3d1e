"""What options are worth: net present value with its interval, and how far it goes with other prices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sim.report.comparison.forest import COLOURS, label
from sim.report.document.svg import drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MILLION = 1e6


def money_figure(told: dict[str, Any]) -> Markup | None:
    """Net present value of each option: interval over seeds, and range over prices and discounts."""
    rows = [(label(x), x["money"]) for x in told["options"] if (x.get("money") or {}).get("npv_yuan") is not None]
    if not rows:
        return None

    def draw(axes: Axes) -> None:
        axes.axvline(0.0, color="#23272d", lw=0.9)
        for i, (_, x) in enumerate(rows):
            _row(axes, i, x)
        axes.set_yticks(range(len(rows)), [text for text, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="y", visible=False)
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("[[axis.npv]]")

    return drawn("money", draw, (8.6, 0.8 + 0.22 * len(rows)))


def _row(axes: Axes, i: int, x: dict[str, Any]) -> None:
    """The range over prices thin and light, the interval over seeds thick."""
    spread = [y["npv_yuan"] / _MILLION for y in x["sensitivity"] if y["npv_yuan"] is not None]
    if spread:
        axes.plot((min(spread), max(spread)), (i, i), color="#cfcabb", lw=6.0, solid_capstyle="butt")
    ends = [y for y in x["npv_interval"] if y is not None]
    verdict = 0 if len(ends) < 2 or min(ends) <= 0.0 <= max(ends) else 1 if min(ends) > 0.0 else -1
    if len(ends) == 2:
        axes.plot([y / _MILLION for y in ends], (i, i), color=COLOURS[verdict], lw=2.0)
    face = COLOURS[verdict] if verdict else "#ffffff"
    axes.plot(x["npv_yuan"] / _MILLION, i, "D" if verdict < 0 else "o", color=COLOURS[verdict], mfc=face, ms=5.5)


def sensitivity(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Net present value under other prices: a row a discount, time and crash value, a column an option and level."""
    options = [x for x in told["options"] if (x.get("money") or {}).get("sensitivity")]
    if not options:
        return []
    rows = []
    for i, first in enumerate(options[0]["money"]["sensitivity"]):
        worth = [x["money"]["sensitivity"][i]["npv_yuan"] for x in options]
        rows.append({key: y for key, y in first.items() if key not in ("npv_yuan", "bcr")} | {"worth": worth})
    return [{"head": [label(x) for x in options], "rows": rows}]
