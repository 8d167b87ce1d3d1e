"""How bad it would have been, or was: change of speed in a wholly inelastic impact at the most dangerous moment, and
the relative speed of bodies that did touch.

Source: delta-v by conservation of momentum, as SSAM's MaxDeltaV (FHWA-HRT-08-051).
"""

from __future__ import annotations

import numpy as np

from sim.metrics import METRICS, Columns, Encounters, Metric


def measure(encounters: Encounters) -> Columns:
    """Columns of severity; no impact speed (nan) where they did not touch."""
    one, two = encounters["speed_mps"], encounters["other_speed_mps"]
    relative = np.sqrt(np.maximum(0.0, one * one + two * two - 2.0 * one * two * np.cos(encounters.angle)))
    together = encounters.mass + encounters.other_mass
    return {
        "angle_deg": np.degrees(encounters.angle),
        "delta_v_mps": relative * encounters.other_mass / together,
        "other_delta_v_mps": relative * encounters.mass / together,
        "impact_speed_mps": np.where(encounters["collided"], relative, np.nan),
    }


METRICS.named("severity")(
    Metric(
        {
            "angle_deg": "[degrees] between their headings, 0 to 180",
            "delta_v_mps": "[m/s] change of speed of who had to act",
            "other_delta_v_mps": "[m/s] change of speed of the other",
            "impact_speed_mps": "[m/s] relative speed when they touched; null if they did not",
        },
        measure,
        {},
    )
)
