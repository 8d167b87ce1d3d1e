"""An axis that tells the time of day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.units import clock_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Times from one tick to the next that are round on a clock [s], and how many fit on an axis.
_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400)
_MOST = 6


def clock_axis(axes: Axes) -> None:
    """Let the x axis tell hours and minutes, of short spans seconds too."""
    from matplotlib.ticker import FuncFormatter, MultipleLocator

    span = float(np.diff(axes.get_xlim())[0])
    step = next((x for x in _STEPS if span <= _MOST * x), span / _MOST)
    axes.xaxis.set_major_locator(MultipleLocator(step))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: clock_text(x)[:5] if step >= 60.0 else clock_text(x)))
