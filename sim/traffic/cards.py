"""The built-in cards: people's cars, lorries, buses and bicycles; robots; automated cars of several driving logics.

People and robots drive by the Intelligent Driver Model, automated cars by what their sources say. People's cards also
hold what Krauss' model needs, so that one word changes the model; their imperfection is 0, as it would disturb the
Intelligent Driver Model too (SUMO's drivers have 0.5).
"""

from __future__ import annotations

from math import inf

from sim.provenance import Standing, Value
from sim.registry import Registry
from sim.traffic.blue_light import AMBULANCE
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.walkers import PEDESTRIAN

CARDS: Registry[Card] = Registry("card")

Source = tuple[str, Standing]

_BY_UNIT = {
    "m": "length width minimum_gap",
    "m/s": "maximum_speed",
    "m/s2": "maximum_acceleration comfortable_deceleration emergency_deceleration",
    "s": "time_gap reaction_time minor_time_gap time_to_impatience response_time error_time connected_time_gap",
    "-": "imperfection impatience strategic cooperative speed_gain keep_right safety_factor politeness gap_variation",
    "1/s": "closing_rate cruise_control closing_control error_rate_control",
    "1/s2": "gap_control error_control",
}
_UNITS = {name: unit for unit, names in _BY_UNIT.items() for name in names.split()}

_SUMO: Source = ("defaults of the vehicle class in Eclipse SUMO 1.28", "verified")
_IDM: Source = ("IDM in city traffic; Treiber, Kesting 2013, doi:10.1007/978-3-642-32460-4, ch. 11", "memory")
_OLSTAM = "Olstam et al. 2020, doi:10.1155/2020/8850591"
_COEXIST: Source = (f"CoEXist driving logics, normal; {_OLSTAM}", "verified")
_COEXIST_LOGICS: Source = (f"CoEXist driving logics: CC0, CC1, safety factor, cooperation; {_OLSTAM}", "verified")
_ACC: Source = ("Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001", "verified")
_CRUISE: Source = ("speed mode of Xiao, Wang, van Arem 2017, doi:10.3141/2623-01", "memory")
_CALM: Source = ("FollowerStopper; Stern et al. 2018, doi:10.1016/j.trc.2018.02.005", "memory")
_GB17761: Source = ("electric bicycles by GB 17761-2018: at most 25 km/h", "memory")
_CYCLE: Source = ("free speed and acceleration of cyclists as of many field studies; no single one", "assumed")
_SWEEPER: Source = ("size and working speed told by makers of street sweepers", "memory")
_SOFT: Source = ("logic tells gaps, not accelerations: as a calm driver; no source", "assumed")
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

#: Gap at rest [m], time gap [s], lane-change safety factor [-], yields to lane changers [-] of each driving logic.
_LOGICS = {
    "rail_safe": ("absolute_braking", 1.5, 0.5, 1.0, 0.0, "stops within its gap whatever the leader does"),
    "cautious": ("idm_plus", 1.5, 1.5, 1.0, 0.0, "keeps long gaps"),
    "normal": ("idm_plus", 1.5, 0.9, 0.6, 1.0, "keeps gaps as people do"),
    "all_knowing": ("idm_plus", 1.0, 0.6, 0.75, 1.0, "keeps short gaps, knowing what others do"),
}
for _logic, (_model, _gap, _time, _factor, _cooperative, _what) in _LOGICS.items():
    _put(
        Card(
            f"av_{_logic}",
            "passenger",
            _model,
            _MACHINE
            | _CAR_SIZE
            | _values(_SOFT, maximum_acceleration=1.5, comfortable_deceleration=2.0)
            | _values(
                _OWN if _logic == "rail_safe" else _COEXIST_LOGICS,
                minimum_gap=_gap,
                safety_factor=_factor,
                cooperative=_cooperative,
                time_gap=_time,
            )
            | _values(_SUMO, maximum_speed=55.556),
            _EXACT,
            automated=True,
            colour="#54a24b",
            description=f"Automated car by CoEXist's {_logic.replace('_', '-')} logic: {_what}",
        )
    )
_CONTROLLED = (
    _MACHINE
    | _CAR_SIZE
    | _values(_SUMO, maximum_speed=55.556)
    | _values(_SOFT, maximum_acceleration=1.5, comfortable_deceleration=2.0)
    | _values(_CRUISE, minimum_gap=2.0, cruise_control=0.4)
    | _values(_ACC, time_gap=1.1, gap_control=0.23, closing_control=0.07)
)
_put(
    Card(
        "acc_car",
        "passenger",
        "acc",
        _CONTROLLED,
        _EXACT,
        automated=True,
        colour="#72b7b2",
        description="Car driven by a production adaptive cruise control at its shortest setting",
    )
)
_put(
    Card(
        "cacc_car",
        "passenger",
        "cacc",
        _CONTROLLED | _values(_ACC, connected_time_gap=0.6, error_control=4.5, error_rate_control=0.125),
        _EXACT,
        automated=True,
        colour="#2a7f7a",
        description="Car that keeps a short gap while it hears its leader, and drives by ACC else",
    )
)
_put(
    Card(
        "calm_car",
        "passenger",
        "follower_stopper",
        _CONTROLLED | _values(_CALM, minimum_gap=4.5, comfortable_deceleration=1.5),
        _EXACT,
        automated=True,
        colour="#9ecae9",
        description="Automated car that calms stop-and-go waves",
    )
)
_put(
    Card(
        "shuttle",
        "bus",
        "idm",
        _PERSON
        | _values(_GB1589, length=7.0, width=2.3)
        | _values(_ROAD_LAW, maximum_speed=22.222)
        | _values(_SUMO, emergency_deceleration=7.0)
        | _values(_IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | _values(_HEAVY, maximum_acceleration=1.0, time_gap=1.3),
        _TRADE,
        colour="#f2cf5b",
        description="Small staff shuttle bus, driven by a person",
    )
)
_put(
    Card(
        "sweeper",
        "delivery",
        "idm",
        _MACHINE
        | _values(_SWEEPER, length=5.0, width=1.9, maximum_speed=2.778)
        | _values(_OWN, maximum_acceleration=0.6, comfortable_deceleration=1.2, emergency_deceleration=5.0)
        | _values(_OWN, minimum_gap=2.0, time_gap=1.5, speed_gain=0.0),
        _EXACT,
        automated=True,
        colour="#8c8c8c",
        description="Automated street sweeper, slow in its lane",
    )
)
for _name, _speed, _acceleration, _class, _source in (
    ("e_bike", 6.944, 1.0, "moped", _GB17761),
    ("bicycle", 4.5, 0.8, "bicycle", _CYCLE),
):
    _put(
        Card(
            _name,
            _class,
            "idm",
            _PERSON
            | _values(_SUMO, length=1.8, width=0.65)
            | _values(_source, maximum_speed=_speed)
            | _values(_CYCLE, maximum_acceleration=_acceleration, comfortable_deceleration=1.5, time_gap=0.9)
            | _values(_CYCLE, minimum_gap=0.5, emergency_deceleration=5.0, speed_gain=0.0),
            SpeedFactor(1.0, 0.0, 0.2, 2.0, *_CYCLE),
            colour="#e45756",
            description="Electric bicycle" if _name == "e_bike" else "Bicycle",
        )
    )
for _card in (PEDESTRIAN, AMBULANCE):
    _put(_card)
