"""Figures as SVG that stand inside a page: same drawing, same bytes; no style that a strict page would refuse."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sim.report.page import both, texts

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_SETTINGS = {
    "svg.fonttype": "none",  # text stays text: small, searchable, in the reader's own font
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#555a60",
    "axes.labelcolor": "#23272d",
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e2da",
    "legend.frameon": False,
    "text.parse_math": False,  # a name with $ in it stays that name
}
_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_STYLE = re.compile(r' style="([^"]*)"')
_TOKEN = re.compile(r"\[\[([\w.]+)\]\]")


def drawn(name: str, draw: Callable[[Axes], Any], size: tuple[float, float] = (4.8, 2.9)) -> Markup:
    """A figure as SVG; `[[key]]` in its texts becomes that text in both languages.

    Args:
        name: unlike any other figure's of the page: ids are made of it.
        draw: draws on axes.
        size: width and height [inch].
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    buffer = io.StringIO()
    with mpl.rc_context(_SETTINGS | {"svg.hashsalt": name}):  # type: ignore[arg-type]
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        FigureCanvasSVG(figure)
        figure.savefig(buffer, format="svg", metadata=_METADATA)
    return Markup(_worded(_bare(buffer.getvalue())))


def beside(axes: Axes, columns: int = 3) -> None:
    """A legend below the axes, where it hides nothing."""
    labels = axes.get_legend_handles_labels()
    if labels[0]:
        axes.figure.legend(*labels, loc="outside lower center", ncols=columns, fontsize=8)


def _bare(text: str) -> str:
    """An SVG without prologue, metadata and style attributes, which become presentation attributes."""
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<style[^>]*>.*?</style>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r"<svg ", '<svg role="img" stroke-linejoin="round" stroke-linecap="butt" ', text, count=1)
    text = re.sub(r' (?:width|height)="[\d.]+pt"', "", text, count=2)
    return _STYLE.sub(lambda found: _attributes(found[1]), text)


def _attributes(style: str) -> str:
    told = []
    for declaration in style.split(";"):
        name, sign, value = (x.strip() for x in declaration.partition(":"))
        if name == "font":  # its family is the page's
            size = re.search(r"([\d.]+)px", value)
            told += [f'font-size="{size[1]}"'] if size else []
        elif sign and name != "font-family":
            told.append(f'{name}="{value}"')
    return " " + " ".join(told) if told else ""


def _worded(text: str) -> str:
    def words(found: re.Match[str]) -> str:
        return found[0] if found[1] not in texts() else str(both(found[1])).replace("span", "tspan")

    return _TOKEN.sub(words, text)
