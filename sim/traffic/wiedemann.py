"""People who drive by Wiedemann's model of 1999, with the defaults that planners know from Vissim."""

from __future__ import annotations

from sim.traffic.amounts import CAR_SIZE, DRIVERS, IDM, PERSON, SUMO, Source, gaps, values
from sim.traffic.card import Card

_VISSIM: Source = ("defaults of PTV Vissim's car following of 1999, CC0 to CC9", "memory")
_THRESHOLDS: Source = ("the model has thresholds of perception of its own", "derived")

WIEDEMANN_CAR = Card(
    "wiedemann_car",
    "passenger",
    "wiedemann_99",
    PERSON
    | gaps()
    | CAR_SIZE
    | values(IDM, comfortable_deceleration=2.0)
    | values(SUMO, maximum_speed=55.556)
    | values(_VISSIM, minimum_gap=1.5, cc1=0.9, cc2=4.0, cc3=-8.0, cc4=-0.35, cc5=0.35, cc6=11.44, cc7=0.25)
    | values(_VISSIM, maximum_acceleration=3.5, cc9=1.5)
    | values(_THRESHOLDS, leaders=1.0, error_time=0.0, gap_variation=0.0, closing_rate=0.0, reaction_delay=0.0),
    DRIVERS,
    colour="#4c78a8",
    description="Private car driven by a person, by Wiedemann's model of 1999",
)
