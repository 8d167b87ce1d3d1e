"""How heavy road users are, by class: for energy, and for how bad a crash would be.

Source: usual laden masses, assumed.
"""

from __future__ import annotations

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
        "emergency": 3_500.0,
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
