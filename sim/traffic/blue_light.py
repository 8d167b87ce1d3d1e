"""Those on call with a blue light: a card of the class `emergency`, which its own messages (BSM) tell."""

from __future__ import annotations

from math import inf

from sim.provenance import Standing, Value
from sim.traffic.card import Card, SpeedFactor

Source = tuple[str, Standing]

_SUMO: Source = ("defaults of the vehicle class in Eclipse SUMO 1.28", "verified")
_OWN: Source = ("a little brisker than a private car; no source", "assumed")
_AS_CAR: Source = ("as a private car of ours", "assumed")


def _values(source: Source, unit: str, **amounts: float) -> dict[str, Value]:
    return {name: Value(amount, unit, *source) for name, amount in amounts.items()}


AMBULANCE = Card(
    "ambulance",
    "emergency",
    "idm",
    _values(_SUMO, "m", length=6.5, width=2.16)
    | _values(_SUMO, "m/s", maximum_speed=55.556)
    | _values(_SUMO, "m/s2", emergency_deceleration=9.0)
    | _values(_SUMO, "-", impatience=0.0, strategic=1.0, cooperative=1.0, speed_gain=1.0, keep_right=1.0)
    | _values(_OWN, "m/s2", maximum_acceleration=1.5, comfortable_deceleration=2.0)
    | _values(_AS_CAR, "m", minimum_gap=2.0)
    | _values(_AS_CAR, "s", time_gap=1.0, reaction_time=1.0, minor_time_gap=1.0, time_to_impatience=inf)
    | _values(_AS_CAR, "-", imperfection=0.0),
    SpeedFactor(1.0, 0.0, 0.2, 1.5, *_OWN),
    colour="#d62728",
    description="Ambulance on call; keeps to lights and limits, and asks for green by radio",
)
