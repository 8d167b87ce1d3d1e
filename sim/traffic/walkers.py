"""People on foot, and who lets them cross: the pedestrian's card, and yielding by class of road user."""

from __future__ import annotations

from math import inf

from sim.provenance import Standing, Value
from sim.traffic.card import Card, SpeedFactor

Source = tuple[str, Standing]

_WALK: Source = ("Weidmann 1993, doi:10.3929/ethz-a-000687810: 1.34 m/s, deviation 0.26 m/s", "memory")
_HCM: Source = ("HCM 7, ch. 20: start-up and end clearance take 3 s, of which setting out is simulated", "memory")
_XIAN: Source = (
    "drivers in Xi'an who let people cross: 3.6 % without, 68.6 % under strict, 34.1 % under weak enforcement; "
    "The effect of yield-to-pedestrians policy enforcement, a 3-year case study in Xi'an",
    "verified",
)
_AS_CARS: Source = ("as drivers of cars in Xi'an; no source of its own", "assumed")
_OWN: Source = ("the makers of this program; no source", "assumed")
_LAW: Source = ("road safety law of China, article 47: must let people cross", "memory")


def _values(source: Source, unit: str, **amounts: float) -> dict[str, Value]:
    return {name: Value(amount, unit, *source) for name, amount in amounts.items()}


PEDESTRIAN = Card(
    "pedestrian",
    "pedestrian",
    "idm",
    _values(_OWN, "m", length=0.5, width=0.45, minimum_gap=0.3)
    | _values(_OWN, "m/s", maximum_speed=3.0)
    | _values(_OWN, "m/s2", maximum_acceleration=1.5, comfortable_deceleration=2.0, emergency_deceleration=9.0)
    | _values(_OWN, "s", time_gap=0.4, reaction_time=0.4, time_to_impatience=inf)
    | _values(_HCM, "s", minor_time_gap=2.0)
    | _values(_OWN, "-", imperfection=0.0, impatience=0.0, strategic=0.0, cooperative=0.0, speed_gain=0.0)
    | _values(_OWN, "-", keep_right=0.0, compliance=0.9, attention=1.0, yield_rate=0.0),
    SpeedFactor(1.0, 0.26 / 1.34, 0.5, 1.6, *_WALK),
    colour="#e7969c",
    description="Person on foot at a crossing",
)

#: Share of road users of a class who let people on foot cross where no light tells [-].
_YIELDS = {
    "passenger": Value(0.341, "-", *_XIAN),
    "bicycle": Value(0.2, "-", *_OWN),
    "moped": Value(0.2, "-", *_OWN),
}


def yield_rate(card: Card) -> Value:
    """Share of those with a card who let people on foot cross [-]: its own, all machines, or by class."""
    if "yield_rate" in card.parameters:
        return card.parameters["yield_rate"]
    if card.automated:
        return Value(1.0, "-", *_LAW)
    return _YIELDS.get(card.vehicle_class, Value(0.341, "-", *_AS_CARS))
