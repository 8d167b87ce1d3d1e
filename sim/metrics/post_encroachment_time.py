"""Post-encroachment time: from the one leaving the area where paths cross (or passing the point where they have merged)
to the other one coming there.

Source: Allen, Shin, Cooper 1978, Transportation Research Record 667; thresholds of SSAM (FHWA-HRT-08-051) and of SUMO's
SSM device.
"""

from __future__ import annotations

import numpy as np

from sim.metrics import METRICS, Columns, Encounters, Metric, Threshold


def measure(encounters: Encounters) -> Columns:
    """Columns of the least post-encroachment time; nan where no area was shared."""
    pet = encounters["pet_s"]
    return {"pet_s": np.where(np.isfinite(pet), pet, np.nan)}


METRICS.named("post_encroachment_time")(
    Metric(
        {"pet_s": "[s] least post-encroachment time"},
        measure,
        {"pet_5s": Threshold("pet_s", 5.0, "SSAM"), "pet_2s": Threshold("pet_s", 2.0, "SUMO")},
    )
)
