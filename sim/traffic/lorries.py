"""The automated lorry that drives in platoons."""

from __future__ import annotations

from sim.traffic.amounts import CAR_SIZE, EXACT, HEAVY, MACHINE, OWN, SUMO, Source, values
from sim.traffic.card import Card

_LAW: Source = ("law of cars, Milanes, Shladover 2014, doi:10.1016/j.trc.2014.09.001; none for lorries", "assumed")
_ACC: Source = ("longer than that of cars; no source", "assumed")
_SHORT: Source = ("shortest setting in PATH's trials of lorries with CACC, 0.6 to 1.8 s", "memory")
_CRUISE: Source = ("speed mode of Xiao, Wang, van Arem 2017, doi:10.3141/2623-01", "memory")
_GB1589: Source = ("longest of its kind by GB 1589-2016", "memory")
_ROAD_LAW: Source = ("road safety regulations of China, article 78: fastest of its kind", "memory")

CACC_TRUCK = Card(
    "cacc_truck",
    "truck",
    "cacc",
    MACHINE
    | CAR_SIZE
    | values(_GB1589, length=12.0, width=2.55)
    | values(_ROAD_LAW, maximum_speed=27.778)
    | values(SUMO, emergency_deceleration=7.0)
    | values(HEAVY, maximum_acceleration=0.8)
    | values(OWN, comfortable_deceleration=1.5)
    | values(_CRUISE, minimum_gap=2.0, cruise_control=0.4)
    | values(_ACC, time_gap=1.5)
    | values(_SHORT, connected_time_gap=0.6)
    | values(_LAW, gap_control=0.23, closing_control=0.07, error_control=4.5, error_rate_control=0.125),
    EXACT,
    automated=True,
    colour="#8c6d31",
    description="Automated lorry that keeps a short gap while it hears its leader, and drives by ACC else",
)
