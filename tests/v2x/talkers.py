"""Cars that talk on a road of many lanes, and runs of them, for the tests of this folder."""

from __future__ import annotations

from typing import Any

from sim.engine.recording import Heard
from sim.engine.simulation import Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary

EVERYBODY = Equipment({"talker": 1.0})
SURE = Radio("disc", 300.0, processing=0.0, low=0.02, high=0.02)


def road(places: list[float], radio: Radio | None, equip: Equipment = EVERYBODY, duration: float = 20.0) -> Pilot:
    """Cars at places of a road of many lanes, which all drive alike."""
    layout = Layout("road")
    layout.edge(layout.junction(), layout.junction(), 3000.0, 5.0, 8)
    kind = card("human_car", "talker", maximum_speed=5.0)
    cars = [Vehicle(f"car{i}", 0.0, (0,), kind, lane=i % 8, position=x, speed=5.0) for i, x in enumerate(places)]
    clock = Clock(0.0, duration, 4.0, 0.1, 1)
    return Pilot("road", layout.network(), Fleet(cars), clock=clock, output=Output(0.0, 0.0), radio=radio, equip=equip)


def run(pilot: Pilot, seed: int = 1, services: Any = ()) -> tuple[Heard | None, Simulation, Diary]:
    """What became of messages, the simulation, and what it told."""
    diary = Diary()
    simulation = Simulation(pilot, seed, diary, services)
    return simulation.run()["heard"], simulation, diary
