"""Cellular network (4G/5G Uu): everybody in range hears, after a delay that outages of either end stretch.

While an end is cut off, for a handover or a failed grant, its messages wait until it is back, all together; a long
outage loses them. So delays and losses come in bursts. Cells (`radio.cells`) may have delays, losses, outages and a
capacity of their own; ways up and down are told apart there.

Source: CICV5G, doi:10.5281/zenodo.17475688: round trips on urban roads at 0 to 40 km/h, derived: 67 outages in 4,935 s;
three quarters last 265 to 320 ms, the others 60 to 200 ms; one in 68 lasted a second and lost its messages.
"""

from __future__ import annotations

import math

from sim.chance import CELL, uniform
from sim.compiled import inline
from sim.models.radio import RADIO, Air, Rung, flat, never_busy

#: Median of the way there and back without outage [s], and spread of its logarithm [-].
MEDIAN, SPREAD = 17.4e-3, 0.17
#: An outage may begin once in so long [s], with this chance [-]; one every 74 s.
BLOCK, CHANCE = 4.0, 4.0 / 74.0
#: Lengths [s] of most outages and of the others, and share of most [-]; of the lost ones, and their share [-].
MOST, OTHERS, SHARE, LONG, LONG_SHARE = (0.265, 0.320), (0.060, 0.200), 0.75, 1.0, 1.0 / 68.0


@inline
def outage(seed, key, time, chance=CHANCE):  # type: ignore[no-untyped-def]
    """How long an end that asks at a time [s] must wait until it is connected [s]; below zero: its message is lost."""
    block = int(time // BLOCK)
    if uniform(seed, CELL, key, 4 * block) >= chance:
        return 0.0
    begin = block * BLOCK + uniform(seed, CELL, key, 4 * block + 1) * (BLOCK - LONG)
    kind, length = uniform(seed, CELL, key, 4 * block + 2), uniform(seed, CELL, key, 4 * block + 3)
    if kind < LONG_SHARE:
        return -1.0 if begin <= time < begin + LONG else 0.0
    low, high = MOST if kind < LONG_SHARE + SHARE * (1.0 - LONG_SHARE) else OTHERS
    end = begin + low + length * (high - low)
    return end - time if begin <= time < end else 0.0


@inline
def travel(first, second, median=MEDIAN, spread=SPREAD):  # type: ignore[no-untyped-def]
    """Delay of a connected message by two draws [s]: log-normal."""
    normal = math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * second)
    return median * math.exp(spread * normal)


def _delay(air: Air) -> tuple[float, float]:
    return 0.0, 0.0


RADIO.named("cellular")(Rung(flat, never_busy, _delay, "cellular", cells=True))
