"""Time to collision: least time in which the two would touch if both kept their speeds.

Source: Hayward 1972, Highway Research Record 384; thresholds of SSAM (FHWA-HRT-08-051) and of SUMO's SSM device.
"""

from __future__ import annotations

import numpy as np

from sim.metrics import METRICS, Columns, Encounters, Metric, Threshold


def measure(encounters: Encounters) -> Columns:
    """Columns of the least time to collision; nan where they never were on a collision course."""
    ttc = encounters["ttc_s"]
    return {"ttc_s": np.where(np.isfinite(ttc), ttc, np.nan)}


METRICS.named("time_to_collision")(
    Metric(
        {"ttc_s": "[s] least time to collision"},
        measure,
        {"ttc_1_5s": Threshold("ttc_s", 1.5, "SSAM"), "ttc_3s": Threshold("ttc_s", 3.0, "SUMO")},
    )
)
