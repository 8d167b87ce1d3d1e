"""How bad it would have been, or was: change of speed in a wholly inelastic impact at the most dangerous moment, and
the relative speed of bodies that did touch.

Source: delta-v by conservation of momentum, as SSAM's MaxDeltaV (FHWA-HRT-08-051).
"""

from __future__ import annotations

import numpy as np

from sim.metrics import METRICS, Columns, Encounters, Metric
from sim.provenance import Value

_ASSUMED = "usual laden mass of the class"
#: Mass of a road user by its class; of every other class as of a passenger car.
MASSES = {
    name: Value(mass, "kg", _ASSUMED, "assumed")
    for name, mass in {
        "passenger": 1500.0,
        "bus": 15_000.0,
        "coach": 15_000.0,
        "truck": 15_000.0,
        "trailer": 30_000.0,
        "delivery": 3_000.0,
        "motorcycle": 300.0,
        "moped": 180.0,
        "scooter": 100.0,
        "bicycle": 100.0,
        "pedestrian": 80.0,
        "wheelchair": 120.0,
        "tram": 50_000.0,
        "rail_urban": 100_000.0,
        "rail": 300_000.0,
        "rail_electric": 300_000.0,
        "rail_fast": 400_000.0,
        "subway": 200_000.0,
    }.items()
}


def mass_of(vehicle_class: str) -> Value:
    """Mass of a road user of a class [kg]."""
    return MASSES.get(vehicle_class, MASSES["passenger"])


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
