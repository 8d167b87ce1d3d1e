"""What a vehicle type of SUMO is when its file does not say: by vehicle class.

Source: SUMO documentation, Vehicle_Type_Parameter_Defaults and
Definition_of_Vehicles,_Vehicle_Types,_and_Routes; read back from SUMO 1.28 over its own interface.
"""

from __future__ import annotations

from dataclasses import dataclass

SOURCE = "SUMO vehicle type parameter defaults"


@dataclass(frozen=True, slots=True)
class Defaults:
    """A class's size [m], top speed [m/s], dynamics [m/s2], imperfection and spread of speeds [-]."""

    length: float = 5.0
    width: float = 1.8
    minimum_gap: float = 2.5
    maximum_speed: float = 200 / 3.6
    maximum_acceleration: float = 2.6
    comfortable_deceleration: float = 4.5
    emergency_deceleration: float = 9.0
    imperfection: float = 0.5
    deviation: float = 0.0


_SPREAD = Defaults(deviation=0.1)
#: 20 km/h is what a cyclist wants; the top speed of the table is what one could.
_CYCLING = 20 / 3.6

BY_CLASS = {
    "private": _SPREAD,
    "vip": _SPREAD,
    "passenger": _SPREAD,
    "hov": _SPREAD,
    "evehicle": _SPREAD,
    "custom1": _SPREAD,
    "custom2": _SPREAD,
    "taxi": Defaults(deviation=0.05),
    "emergency": Defaults(6.5, 2.16),
    "delivery": Defaults(6.5, 2.16, deviation=0.05),
    "pedestrian": Defaults(0.215, 0.478, 0.25, 5 / 3.6, 1.5, 2.0, 5.0, deviation=0.1),
    "wheelchair": Defaults(1.2, 0.72, 0.5, 5 / 3.6, 1.5, 2.0, 5.0, deviation=0.1),
    "bicycle": Defaults(1.6, 0.65, 0.5, _CYCLING, 1.2, 3.0, 7.0, deviation=0.1),
    "scooter": Defaults(1.2, 0.5, 0.5, _CYCLING, 1.2, 3.0, 7.0, deviation=0.1),
    "moped": Defaults(2.1, 0.78, 2.5, 60 / 3.6, 1.1, 7.0, 10.0, deviation=0.1),
    "motorcycle": Defaults(2.2, 0.9, 2.5, 200 / 3.6, 6.0, 10.0, 10.0, deviation=0.1),
    "truck": Defaults(7.1, 2.4, 2.5, 130 / 3.6, 1.3, 4.0, 7.0, deviation=0.05),
    "trailer": Defaults(16.5, 2.55, 2.5, 130 / 3.6, 1.1, 4.0, 7.0, deviation=0.05),
    "bus": Defaults(12.0, 2.5, 2.5, 100 / 3.6, 1.2, 4.0, 7.0),
    "coach": Defaults(14.0, 2.6, 2.5, 100 / 3.6, 2.0, 4.0, 7.0, deviation=0.05),
    "tram": Defaults(22.0, 2.4, 2.5, 80 / 3.6, 1.0, 3.0, 7.0, 0.0),
    "rail_urban": Defaults(109.5, 3.0, 5.0, 100 / 3.6, 1.0, 3.0, 7.0, 0.0),
    "subway": Defaults(109.5, 3.0, 5.0, 100 / 3.6),
    "rail": Defaults(135.0, 2.84, 5.0, 160 / 3.6, 0.25, 1.3, 5.0, 0.0),
    "rail_electric": Defaults(200.0, 2.95, 5.0, 220 / 3.6, 0.5, 1.3, 5.0, 0.0),
    "rail_fast": Defaults(200.0, 2.95, 5.0, 330 / 3.6, 0.5, 1.3, 5.0, 0.0),
    "ship": Defaults(17.0, 4.0, 2.5, 8 / 1.94, 0.1, 0.15, 1.0, 0.0, 0.1),
    "container": Defaults(6.096, 2.438),
    "aircraft": Defaults(72.7, 79.8),
    "drone": Defaults(0.5, 0.5),
}

#: Types that need no definition, and their classes.
BUILT_IN = {
    "DEFAULT_VEHTYPE": "passenger",
    "DEFAULT_BIKETYPE": "bicycle",
    "DEFAULT_TAXITYPE": "taxi",
    "DEFAULT_RAILTYPE": "rail",
}
#: Where and how fast a vehicle enters that says nothing: options default.departlane and default.departspeed.
DEPART_LANE, DEPART_SPEED = "best_prob", "avg"
TIME_GAP = 1.0  #: [s] attribute tau
MINOR_TIME_GAP = 1.0  #: [s] attribute jmTimegapMinor
TIME_TO_IMPATIENCE = 180.0  #: [s] option time-to-impatience


def of(vehicle_class: str) -> Defaults:
    """Defaults of a vehicle class."""
    return BY_CLASS.get(vehicle_class, Defaults())
