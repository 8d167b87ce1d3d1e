"""A tiny pilot and its departures, for tests that need no kernel."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.chance import key
from sim.engine.recording import Columns, Outcome
from sim.park.importers import read_map
from sim.pilot import Clock, Output, Pilot
from sim.traffic.cards import CARDS
from sim.traffic.demand import ParkDemand
from sim.traffic.departures import BASE, BEST, MAXIMUM, Departures

MAPS = Path(__file__).parents[2] / "maps"


def pilot(**expect: object) -> Pilot:
    return Pilot(
        "small",
        read_map(MAPS / "crossroads.geojson"),
        ParkDemand({"human_car": 1.0}),
        clock=Clock(0.0, 100.0, 10.0, 0.1, 1),
        output=Output(1.0, 50.0),
        expect={name.replace("__", "."): x for name, x in expect.items()},
        inputs={"small.yaml": "00"},
        warnings=("twice", "twice"),
    )


def departures() -> Departures:
    """Four vehicles: two cars, two robotaxis, leaving at 0, 10, 20 and 95 s."""
    ids = ["car.0", "car.1", "taxi.0", "taxi.1"]
    four = np.ones(4)
    return Departures(
        ids=ids,
        key=np.array([key(x) for x in ids], np.uint64),
        time=np.array([0.0, 10.0, 20.0, 95.0]),
        card=np.array([0, 0, 1, 1]),
        route=np.zeros(4, np.int64),
        lane=np.full(4, BEST),
        position=BASE * four,
        speed=MAXIMUM * four,
        arrival_position=np.inf * four,
        speed_factor=four,
        stop_begin=np.zeros(5, np.int64),
        stop_lane=np.empty(0, np.int64),
        stop_position=np.empty(0),
        stop_duration=np.empty(0),
        stop_until=np.empty(0),
        routes=[np.array([0], np.int32)],
        cards=(CARDS["human_car"], CARDS["robotaxi"]),
        warnings=("late",),
    )


def trips() -> Columns:
    """The first leaves in the warm-up; the third is under way; the fourth never came on the road."""
    nan = np.nan
    return {
        "depart_s": np.array([0.0, 12.0, 20.0, nan]),
        "depart_delay_s": np.array([0.0, 2.0, 0.0, nan]),
        "arrival_s": np.array([50.0, 72.0, nan, nan]),
        "duration_s": np.array([50.0, 60.0, nan, nan]),
        "route_length_m": np.array([500.0, 600.0, 300.0, nan]),
        "waiting_time_s": np.array([5.0, 10.0, 1.0, nan]),
        "time_loss_s": np.array([8.0, 20.0, 2.0, nan]),
        "stops": np.array([1.0, 2.0, 0.0, nan]),
        "energy_kwh": np.array([0.1, 0.2, 0.3, nan]),
    }


def outcome(status: str = "done", reasons: list[str] | None = None, end: float = 100.0) -> Outcome:
    return Outcome(
        status=status,
        reasons=reasons or [],
        steps=1000,
        vehicle_updates=5000,
        kernel_s=0.5,
        compile_s=0.0,
        build_s=0.1,
        end=end,
        missed_encounters=0,
        applied={},
    )
