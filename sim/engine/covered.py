"""What became of messages in each cell of the network, and how full it was: read off the kernel's counts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.engine.recording import CellEnd, CellHeard
from sim.engine.zones import OUTSIDE, cells_of
from sim.pilot import Radio
from sim.state import air as tables
from sim.state.air import BEAT, COUNTED, DELAYS, RECEIVERS, SAID_IN_ALL, THROUGH, WITHIN

#: Fates on the way up, and the columns of `Ends` that count them.
LOST_UP = {"busy": "left", "loss": "lost", "outage": "cut"}


def by_cell(radio: tables.Radio, rules: Radio) -> dict[str, CellHeard]:
    """Figures of each cell, and of what lies in none, in the order of the file."""
    names = [OUTSIDE, *(x.name for x in cells_of(rules))]
    through = radio.through.reshape(len(names), len(RECEIVERS), THROUGH)
    delays = radio.zone_delays.reshape(len(names), DELAYS)
    weighed = bool(radio.air[0].weighed)
    return {
        name: CellHeard(
            said=int(radio.ends[2 * i].said),
            lost_up={fate: int(radio.ends[2 * i][column]) for fate, column in LOST_UP.items()},
            fates=_fates(through[i]),
            delays=np.array(delays[i]),
            mean_delay=_mean(through[i, :, -1].sum(), delays[i].sum()),
            up=_end(radio.ends[2 * i], True),
            down=_end(radio.ends[2 * i + 1], weighed),
        )
        for i, name in enumerate(names)
    }


def _fates(through: np.ndarray) -> np.ndarray:
    """Receptions by fate, (fates,), those that were counted taken for all of their kind of receiver.

    Args:
        through: (receivers, THROUGH).
    """
    some, told = through[:, :SAID_IN_ALL], through[:, SAID_IN_ALL : 2 * SAID_IN_ALL]
    within, counted = through[:, 2 * SAID_IN_ALL + WITHIN], through[:, 2 * SAID_IN_ALL + COUNTED]
    ratios = np.where(counted > 0, within / np.maximum(counted, 1), 1.0)
    return np.asarray((np.rint(some * ratios[:, None]).astype(np.int64) + told).sum(0))


def _end(row: Any, measured: bool) -> CellEnd:
    """How full an end was."""
    steps = max(1, int(row.steps))
    return CellEnd(
        rate=8.0 * float(row.rate_sum) / steps if measured else math.nan,
        rate_most=8.0 * float(row.rate_most) if measured else math.nan,
        capacity=8.0 * float(row.capacity) if row.capacity > 0.0 else math.inf,
        wait_most=int(row.wait_most) / BEAT,
        full=int(row.full) / steps,
    )


def _mean(total: Any, count: Any) -> float:
    """Mean of so many times whose sum is told in beats [s]; nan of none."""
    return float(total / count / BEAT) if count else math.nan
