"""An axis that tells the time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.units import clock_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def clock_axis(axes: Axes) -> None:
    """Let the x axis tell hours and minutes, of short spans seconds too."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    span = float(np.diff(axes.get_xlim())[0])
    steps = [1, 1.5, 3, 6, 10] if span > 600 else None
    axes.xaxis.set_major_locator(MaxNLocator(6, steps=steps))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: clock_text(x)[:5] if span > 600 else clock_text(x)))
