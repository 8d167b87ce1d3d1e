"""The built-in cards: people's cars, lorries, buses and bicycles; robots; automated cars of several driving logics.

People drive by a human driver model, robots by the Intelligent Driver Model, automated cars by what their sources say.
People's cards also hold what Krauss' model needs, so that one word changes the model; their imperfection is 0, as it
would disturb the other models too (SUMO's drivers have 0.5).
"""

from __future__ import annotations

from sim.registry import Registry
from sim.traffic.amounts import (
    CAR_SIZE,
    DIFFERENT,
    DRIVERS,
    EXACT,
    FITTED,
    HEAVY,
    IDM,
    IDM_CAR,
    LORRY_GAPS,
    MACHINE,
    OWN,
    PERSON,
    SUMO,
    TRADE,
    Source,
    gaps,
    values,
)
from sim.traffic.blue_light import AMBULANCE
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.lorries import CACC_TRUCK
from sim.traffic.walkers import PEDESTRIAN
from sim.traffic.wiedemann import WIEDEMANN_CAR

CARDS: Registry[Card] = Registry("card")

_COEXIST: Source = ("CoEXist driving logics, normal; Olstam et al. 2020, doi:10.1155/2020/8850591", "verified")
_COEXIST_LOGICS: Source = (
    "CoEXist driving logics: CC0, CC1, safety factor, cooperation; Olstam et al. 2020, doi:10.1155/2020/8850591",
    "verified",
)
_ACC: Source = ("Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001", "verified")
_CRUISE: Source = ("speed mode of Xiao, Wang, van Arem 2017, doi:10.3141/2623-01", "memory")
_CALM: Source = ("FollowerStopper; Stern et al. 2018, doi:10.1016/j.trc.2018.02.005", "memory")
_GB17761: Source = ("electric bicycles by GB 17761-2018: at most 25 km/h", "memory")
_CYCLE: Source = ("free speed and acceleration of cyclists as of many field studies; no single one", "assumed")
_SWEEPER: Source = ("size and working speed told by makers of street sweepers", "memory")
_SOFT: Source = ("logic tells gaps, not accelerations: as a calm driver; no source", "assumed")
_AV_GAPS: Source = (
    "median time gap of automated cars at 20 m/s in published trajectories is 1.11 s, less the gap at rest",
    "derived",
)
_GB1589: Source = ("longest of its kind by GB 1589-2016", "memory")
_ROAD_LAW: Source = ("road safety regulations of China, article 78: fastest of its kind", "memory")
_ROBOVAN: Source = ("size and speed told by makers of low-speed delivery vehicles", "memory")


def _put(card: Card) -> None:
    CARDS.named(card.name)(card)


_put(
    Card(
        "human_car",
        "passenger",
        "human",
        PERSON
        | gaps()
        | CAR_SIZE
        | values(IDM, comfortable_deceleration=2.0)
        | values(FITTED, time_gap=1.05)
        | values(SUMO, minimum_gap=2.5, maximum_acceleration=2.6, maximum_speed=55.556),
        DRIVERS,
        spreads=DIFFERENT,
        colour="#4c78a8",
        description="Private car driven by a person",
    )
)
_put(
    Card(
        "truck",
        "truck",
        "human",
        PERSON
        | LORRY_GAPS
        | values(_GB1589, length=12.0, width=2.55)
        | values(_ROAD_LAW, maximum_speed=27.778)
        | values(SUMO, emergency_deceleration=7.0)
        | values(IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | values(HEAVY, maximum_acceleration=0.8, time_gap=1.5),
        TRADE,
        colour="#a0643c",
        description="Lorry that brings parts, driven by a person",
    )
)
_put(
    Card(
        "car_carrier",
        "trailer",
        "human",
        PERSON
        | LORRY_GAPS
        | values(_GB1589, length=22.0, width=2.55)
        | values(HEAVY, maximum_speed=22.222, maximum_acceleration=0.5, time_gap=1.7)
        | values(SUMO, emergency_deceleration=7.0)
        | values(IDM, minimum_gap=2.0, comfortable_deceleration=1.5),
        TRADE,
        colour="#6b4226",
        description="Lorry and trailer that take new cars away, driven by a person",
    )
)
_put(
    Card(
        "bus",
        "bus",
        "human",
        PERSON
        | LORRY_GAPS
        | values(SUMO, length=12.0, width=2.5, maximum_speed=27.778, emergency_deceleration=7.0)
        | values(IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | values(HEAVY, maximum_acceleration=0.9, time_gap=1.5),
        TRADE,
        colour="#e0a030",
        description="Line bus or staff shuttle, driven by a person",
    )
)
_put(
    Card(
        "robotaxi",
        "taxi",
        "idm_plus",
        MACHINE
        | CAR_SIZE
        | IDM_CAR
        | values(_COEXIST, minimum_gap=1.5)
        | values(_AV_GAPS, time_gap=1.035)
        | values(OWN, maximum_speed=22.222),
        EXACT,
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
        MACHINE
        | values(_ROBOVAN, length=2.8, width=1.1, maximum_speed=6.944)
        | values(OWN, maximum_acceleration=0.8, comfortable_deceleration=1.5, emergency_deceleration=6.0)
        | values(OWN, minimum_gap=1.5, time_gap=1.5, speed_gain=0.0),
        EXACT,
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
            MACHINE
            | CAR_SIZE
            | values(_SOFT, maximum_acceleration=1.5, comfortable_deceleration=2.0)
            | values(
                OWN if _logic == "rail_safe" else _COEXIST_LOGICS,
                minimum_gap=_gap,
                safety_factor=_factor,
                cooperative=_cooperative,
                time_gap=_time,
            )
            | values(SUMO, maximum_speed=55.556),
            EXACT,
            automated=True,
            colour="#54a24b",
            description=f"Automated car by CoEXist's {_logic.replace('_', '-')} logic: {_what}",
        )
    )
_CONTROLLED = (
    MACHINE
    | CAR_SIZE
    | values(SUMO, maximum_speed=55.556)
    | values(_SOFT, maximum_acceleration=1.5, comfortable_deceleration=2.0)
    | values(_CRUISE, minimum_gap=2.0, cruise_control=0.4)
    | values(_ACC, time_gap=1.1, gap_control=0.23, closing_control=0.07)
)
_put(
    Card(
        "acc_car",
        "passenger",
        "acc",
        _CONTROLLED,
        EXACT,
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
        _CONTROLLED | values(_ACC, connected_time_gap=0.6, error_control=4.5, error_rate_control=0.125),
        EXACT,
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
        _CONTROLLED | values(_CALM, minimum_gap=4.5, comfortable_deceleration=1.5),
        EXACT,
        automated=True,
        colour="#9ecae9",
        description="Automated car that calms stop-and-go waves",
    )
)
_put(
    Card(
        "shuttle",
        "bus",
        "human",
        PERSON
        | LORRY_GAPS
        | values(_GB1589, length=7.0, width=2.3)
        | values(_ROAD_LAW, maximum_speed=22.222)
        | values(SUMO, emergency_deceleration=7.0)
        | values(IDM, minimum_gap=2.0, comfortable_deceleration=1.5)
        | values(HEAVY, maximum_acceleration=1.0, time_gap=1.3),
        TRADE,
        colour="#f2cf5b",
        description="Small staff shuttle bus, driven by a person",
    )
)
_put(
    Card(
        "sweeper",
        "delivery",
        "idm",
        MACHINE
        | values(_SWEEPER, length=5.0, width=1.9, maximum_speed=2.778)
        | values(OWN, maximum_acceleration=0.6, comfortable_deceleration=1.2, emergency_deceleration=5.0)
        | values(OWN, minimum_gap=2.0, time_gap=1.5, speed_gain=0.0),
        EXACT,
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
            "human",
            PERSON
            | gaps()
            | values(SUMO, length=1.8, width=0.65)
            | values(_source, maximum_speed=_speed)
            | values(_CYCLE, maximum_acceleration=_acceleration, comfortable_deceleration=1.5, time_gap=0.9)
            | values(_CYCLE, minimum_gap=0.5, emergency_deceleration=5.0, speed_gain=0.0),
            SpeedFactor(1.0, 0.0, 0.2, 2.0, *_CYCLE),
            colour="#e45756",
            description="Electric bicycle" if _name == "e_bike" else "Bicycle",
        )
    )
for _card in (PEDESTRIAN, AMBULANCE, WIEDEMANN_CAR, CACC_TRUCK):
    _put(_card)
