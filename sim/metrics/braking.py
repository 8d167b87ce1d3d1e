"""Hardest braking during an encounter, of who had to act and of the other.

Source: MaxD of SSAM (FHWA-HRT-08-051); threshold 4.5 m/s2, usual for hard braking in naturalistic driving studies
(assumed).
"""

from __future__ import annotations

from sim.metrics import METRICS, Columns, Encounters, Metric, Threshold


def measure(encounters: Encounters) -> Columns:
    """Columns of braking."""
    return {"braking_mps2": encounters["braking_mps2"], "other_braking_mps2": encounters["other_braking_mps2"]}


METRICS.named("braking")(
    Metric(
        {
            "braking_mps2": "[m/s2] hardest braking of who had to act",
            "other_braking_mps2": "[m/s2] hardest braking of the other",
        },
        measure,
        {"hard_braking": Threshold("braking_mps2", 4.5, "assumed", least=True)},
    )
)
