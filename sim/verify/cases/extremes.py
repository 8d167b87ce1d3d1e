"""Crashes estimated from near misses: whether the interval holds what it says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.report.extremes import PEAKS, beyond, tail
from sim.verify.case import Point, Setting, Settings, case, point


@case(
    "extremes.coverage",
    title="Crashes estimated from near misses",
    source="encounters with a known share of crashes; a 95 % interval holds it in 90 of 100 draws or more",
    settings=(
        Setting("shape", -0.2, "number", "of the generalised Pareto distribution of peaks", -0.45, 0.45),
        Setting("scale", 0.5, "time", "of it", 0.01, 10.0),
        Setting("threshold", 1.5, "time", "below which a least time is a peak", 0.1, 10.0),
        Setting("encounters", 3000, "number", "in each draw", 600, 100_000),
        Setting("draws", 100, "number", "of encounters", 10, 10_000),
        Setting("seed", 1, "number", "of all draws", 0),
    ),
)
def coverage(told: Settings) -> Iterator[Point]:
    """Draws of encounters: a share of them peaks with a known tail, the rest above the threshold."""
    shape, scale, threshold = told["shape"], told["scale"], told["threshold"]
    rng = np.random.default_rng(told.whole("seed"))
    true = beyond(threshold, scale, shape) * PEAKS * 1.1
    inside, rates = 0, []
    for _ in range(told.whole("draws")):
        count = told.whole("encounters")
        peaks = int(rng.binomial(count, 1.1 * PEAKS))
        u = rng.random(peaks)
        excess = -scale * np.log(u) if abs(shape) < 1e-9 else scale * (u**-shape - 1.0) / shape
        found = tail(np.concatenate([threshold - excess, threshold + 3.0 * rng.random(count - peaks)]))
        if found is not None:
            inside += found.low <= true <= found.high
            rates.append(found.crashes)
    share = 100.0 * inside / told.whole("draws")
    note = f"truth {1000.0 * true:.3g} in 1,000"
    yield point("interval", "draws whose interval holds the truth [%]", 95.0, share, 5.0, note)
    note = f"{np.median(rates) / true:.2f} of the truth in the middle draw"
    yield point("estimate", "median over the truth [-]", 1.0, float(np.median(rates) / true), 0.25, note)
