"""The built-in cards: human car, truck, car carrier, bus, robotaxi, delivery robot.

All drive by the Intelligent Driver Model. People's cards also hold what Krauss' model needs, so that one word changes
the model; their imperfection is 0, as it would disturb the Intelligent Driver Model too (SUMO's drivers have 0.5).
"""

from __future__ import annotations

from math import inf

from sim.provenance import Standing, Value
from sim.registry import Registry
from sim.traffic.card import Card, SpeedFactor

CARDS: Registry[Card] = Registry("card")

Source = tuple[str, Standing]

_UNITS = {
    "length": "m",
    "width": "m",
    "minimum_gap": "m",
    "maximum_speed": "m/s",
    "maximum_acceleration": "m/s2",
    "comfortable_deceleration": "m/s2",
    "emergency_deceleration": "m/s2",
    "time_gap": "s",
    "reaction_time": "s",
    "imperfection": "-",
    "minor_time_gap": "s",
    "impatience": "-",
    "time_to_impatience": "s",
    "strategic": "-",
    "cooperative": "-",
    "speed_gain": "-",
    "keep_right": "-",
}

_SUMO: Source = ("defaults of the vehicle class in Eclipse SUMO 1.28", "verified")
_IDM: Source = ("IDM in city traffic; Treiber, Kesting 2013, doi:10.1007/978-3-642-32460-4, ch. 11", "memory")
_COEXIST: Source = ("CoEXist driving logics, normal; Olstam et al. 2020, doi:10.1155/2020/8850591", "verified")
_GAPS: Source = ("median time gap of automated cars at 20 m/s in published trajectories is 1.11 s", "derived")
_GB1589: Source = ("longest of its kind by GB 1589-2016", "memory")
_ROAD_LAW: Source = ("road safety regulations of China, article 78: fastest of its kind", "memory")
_ROBOVAN: Source = ("size and speed told by makers of low-speed delivery vehicles", "memory")
_HEAVY: Source = ("slower and more distant than a car; no source", "assumed")
_OWN: Source = ("the makers of this program; no source", "assumed")
_MARGIN: Source = (
    "critical gap of HCM 7 (6.2-7.1 s) less about 5 s in which a car from rest clears a junction",
    "assumed",
)
_NO_NOISE: Source = ("the Intelligent Driver Model is deterministic; Treiber, Hennecke, Helbing 2000", "memory")
_AS_LAW: Source = ("an automated vehicle keeps the limit", "assumed")


def _values(source: Source, **amounts: float) -> dict[str, Value]:
    return {name: Value(amount, _UNITS[name], *source) for name, amount in amounts.items()}


#: Lane changing, alike for all.
_LANES = _values(_SUMO, strategic=1.0, cooperative=1.0, speed_gain=1.0, keep_right=1.0)
_KRAUSS = _values(_SUMO, reaction_time=1.0) | _values(_NO_NOISE, imperfection=0.0)
_PATIENCE = _values(_SUMO, impatience=0.0, time_to_impatience=300.0)
_PERSON = _LANES | _KRAUSS | _PATIENCE | _values(_MARGIN, minor_time_gap=1.0)
#: A machine waits as long as it takes and keeps a wider margin.
_MACHINE = _LANES | _values(_OWN, minor_time_gap=2.0, impatience=0.0, time_to_impatience=inf)
_CAR_SIZE = _values(_SUMO, length=5.0, width=1.8, emergency_deceleration=9.0)
_IDM_CAR = _values(_IDM, maximum_acceleration=1.0, comfortable_deceleration=1.5)

_DRIVERS = SpeedFactor(1.0, 0.1, 0.2, 2.0, *_SUMO)
_TRADE = SpeedFactor(1.0, 0.05, 0.2, 2.0, *_SUMO)
_EXACT = SpeedFactor(1.0, 0.0, 0.2, 1.0, *_AS_LAW)


def _put(card: Card) -> None:
    CARDS.named(card.name)(card)


_put(
    Card(
        "human_car",
        "passenger",
        "idm",
        _PERSON
        | _CAR_SIZE
        | _IDM_CAR
        | _values(_IDM, minimum_gap=2.0, time_gap=1.0)
        | _values(_SUMO, maximum_speed=55.556),
        _DRIVERS,
        colour="#4c78a8",
        description="Private car driven by a person",
    )
)
_put(
    Card(
        "truck",
        "truck",
        "idm",
        _PERSON
        | _values(_GB1589, length=12.0, width=2.55)
        | _values(_ROAD_LAW, maximum_speed=27.778)
        | _values(_SUMO, emergency_deceleration=7.0)
        | _values(_IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | _values(_HEAVY, maximum_acceleration=0.8, time_gap=1.5),
        _TRADE,
        colour="#a0643c",
        description="Lorry that brings parts, driven by a person",
    )
)
_put(
    Card(
        "car_carrier",
        "trailer",
        "idm",
        _PERSON
        | _values(_GB1589, length=22.0, width=2.55)
        | _values(_HEAVY, maximum_speed=22.222, maximum_acceleration=0.5, time_gap=1.7)
        | _values(_SUMO, emergency_deceleration=7.0)
        | _values(_IDM, minimum_gap=2.0, comfortable_deceleration=1.5),
        _TRADE,
        colour="#6b4226",
        description="Lorry and trailer that take new cars away, driven by a person",
    )
)
_put(
    Card(
        "bus",
        "bus",
        "idm",
        _PERSON
        | _values(_SUMO, length=12.0, width=2.5, maximum_speed=27.778, emergency_deceleration=7.0)
        | _values(_IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | _values(_HEAVY, maximum_acceleration=0.9, time_gap=1.5),
        _TRADE,
        colour="#e0a030",
        description="Line bus or staff shuttle, driven by a person",
    )
)
_put(
    Card(
        "robotaxi",
        "taxi",
        "idm",
        _MACHINE
        | _CAR_SIZE
        | _IDM_CAR
        | _values(_COEXIST, minimum_gap=1.5)
        | _values(_GAPS, time_gap=1.1)
        | _values(_OWN, maximum_speed=22.222),
        _EXACT,
        automated=True,
        colour="#54a24b",
        description="Automated passenger car",
    )
)
_put(
    Card(
        "delivery_robot",
        "delivery",
        "idm",
        _MACHINE
        | _values(_ROBOVAN, length=2.8, width=1.1, maximum_speed=6.944)
        | _values(_OWN, maximum_acceleration=0.8, comfortable_deceleration=1.5, emergency_deceleration=6.0)
        | _values(_OWN, minimum_gap=1.5, time_gap=1.5, speed_gain=0.0),
        _EXACT,
        automated=True,
        colour="#b279a2",
        description="Automated low-speed delivery vehicle",
    )
)
