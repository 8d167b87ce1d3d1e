"""What the built-in cards are made of: amounts of people's and machines' driving, each with its source."""

from __future__ import annotations

from math import inf

from sim.park.network import MOVEMENTS
from sim.provenance import Standing, Value
from sim.traffic.card import SpeedFactor

Source = tuple[str, Standing]

_BY_UNIT = {
    "m": "length width minimum_gap cc2",
    "m/s": "maximum_speed cc4 cc5",
    "m/s2": "maximum_acceleration comfortable_deceleration emergency_deceleration cc7 cc9",
    "1e-4/(m s)": "cc6",
    "s": "time_gap reaction_time minor_time_gap time_to_impatience response_time error_time connected_time_gap "
    "reaction_delay start_delay cc1 cc3",
    "-": "imperfection impatience strategic cooperative speed_gain keep_right safety_factor politeness gap_variation "
    "leaders",
    "1/s": "closing_rate cruise_control closing_control error_rate_control",
    "1/s2": "gap_control error_control",
}
_UNITS = {name: unit for unit, names in _BY_UNIT.items() for name in names.split()} | {
    f"{what}_{name}": "s" for what in ("critical_gap", "follow_up") for name in MOVEMENTS
}

SUMO: Source = ("defaults of the vehicle class in Eclipse SUMO 1.28", "verified")
IDM: Source = ("IDM in city traffic; Treiber, Kesting 2013, doi:10.1007/978-3-642-32460-4, ch. 11", "memory")
OWN: Source = ("the makers of this program; no source", "assumed")
HEAVY: Source = ("slower and more distant than a car; no source", "assumed")
_NO_NOISE: Source = ("the car-following model has no such imperfection", "memory")
_MARGIN: Source = (
    "critical gap of HCM 7 (6.2-7.1 s) less about 5 s in which a car from rest clears a junction",
    "assumed",
)
_MOBIL: Source = ("MOBIL with 0.2 to 0.5; Kesting, Treiber, Helbing 2007, doi:10.3141/1999-10", "memory")
_HDM: Source = ("Human Driver Model; Treiber, Kesting, Helbing 2006, doi:10.1016/j.physa.2005.05.001", "memory")
FITTED: Source = (
    "ours, to gaps and followers of all NGSIM I-80 pairs at 1-15 m/s and saturation flow (HCM 7, ch. 19) at once",
    "measured",
)
_START: Source = ("start-up lost time of about 2 s, HCM 7, ch. 19", "derived")
_STOP: Source = ("HCM 7 exhibits 20-12, 20-13, 2-lane major street", "verified")
_ROUND: Source = (
    "HCM 7 eqs. 22-1, 22-3 (one, two ring lanes), least squares at 200-800 veh/h: t_f = 3600 / 1380; t_c where "
    "headways in a ring lane are no shorter than t_f, those in two at random (4.98 s were they at random in one, too)",
    "derived",
)
_PERMITTED: Source = ("permitted left turns at signals: HCM 7, ch. 31", "memory")
_DIFFER: Source = ("critical gaps are log-normal among drivers (Troutbeck 1992); deviation assumed", "assumed")

#: Critical gap and follow-up time [s] of each movement.
GAPS: dict[str, tuple[float, float, Source]] = {
    "major_left": (4.1, 2.2, _STOP),
    "minor_right": (6.2, 3.3, _STOP),
    "minor_through": (6.5, 4.0, _STOP),
    "minor_left": (7.1, 3.5, _STOP),
    "permitted_left": (4.5, 2.5, _PERMITTED),
    "roundabout": (4.1, 2.61, _ROUND),
}
#: Added to them for lorries [s], and for machines.
_HEAVIER: Source = ("HCM 7 eqs. 20-30, 20-31: heavy vehicles on a 2-lane major street", "verified")
_WARY: Source = ("as people's of HCM 7, and a second more: no source for the second", "assumed")


def values(source: Source, **amounts: float) -> dict[str, Value]:
    """Amounts that have one source."""
    return {name: Value(amount, _UNITS[name], *source) for name, amount in amounts.items()}


def gaps(critical: float = 0.0, follow_up: float = 0.0, source: Source | None = None) -> dict[str, Value]:
    """Critical gaps and follow-up times of all movements, some seconds longer than people's in cars [s]."""
    found: dict[str, Value] = {}
    for name, (t_c, t_f, usual) in GAPS.items():
        found |= values(
            source or usual, **{f"critical_gap_{name}": t_c + critical, f"follow_up_{name}": t_f + follow_up}
        )
    return found


#: Lane changing, alike for all.
_LANES = values(SUMO, strategic=1.0, cooperative=1.0, speed_gain=1.0, keep_right=1.0) | values(_MOBIL, politeness=0.2)
_KRAUSS = values(SUMO, reaction_time=1.0) | values(_NO_NOISE, imperfection=0.0)
_PATIENCE = values(SUMO, impatience=0.0, time_to_impatience=300.0)
#: What people see, and how late.
_SENSES = (
    values(_HDM, leaders=2.0, error_time=20.0, closing_rate=0.01)
    | values(FITTED, gap_variation=0.17, reaction_delay=0.4)
    | values(_START, start_delay=0.8)
)
PERSON = _LANES | _KRAUSS | _PATIENCE | _SENSES | values(_MARGIN, minor_time_gap=1.0)
#: A machine waits as long as it takes and keeps a wider margin.
MACHINE = _LANES | values(OWN, minor_time_gap=2.0, impatience=0.0, time_to_impatience=inf) | gaps(1.0, 0.0, _WARY)
LORRY_GAPS = gaps(1.0, 0.9, _HEAVIER)
CAR_SIZE = values(SUMO, length=5.0, width=1.8, emergency_deceleration=9.0)
IDM_CAR = values(IDM, maximum_acceleration=1.0, comfortable_deceleration=1.5)

#: How far drivers of cars differ.
DIFFERENT = values(FITTED, time_gap=0.5, minimum_gap=0.25, maximum_acceleration=0.2)
DIFFERENT = {name: Value(x.amount, "-", x.source, x.standing) for name, x in DIFFERENT.items()} | {
    "gaps": Value(0.15, "-", *_DIFFER)
}

_AS_LAW: Source = ("an automated vehicle keeps the limit", "assumed")
DRIVERS = SpeedFactor(1.0, 0.1, 0.2, 2.0, *SUMO)
TRADE = SpeedFactor(1.0, 0.05, 0.2, 2.0, *SUMO)
EXACT = SpeedFactor(1.0, 0.0, 0.2, 1.0, *_AS_LAW)
