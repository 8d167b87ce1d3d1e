"""Cars that tell each other where they are on a straight road: what becomes of their messages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engine.recording import Heard
from sim.engine.simulation import Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.services import services
from sim.verify.case import VerificationError
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary

#: Time until loads are known, and time measured [s].
WARM, MEASURED = 4.0, 6.0
_LANES, _SPEED = 8, 5.0


def talk(radio: Radio, density: float, length: float, seed: int, measured: float = MEASURED) -> tuple[Heard, float]:
    """What becomes of messages on a straight road with talking cars at a density [1/m]; channel busy ratio amid it."""
    layout, count = Layout("air"), round(density * length)
    if count < 2:
        raise VerificationError(f"length: {count} cars stand on {length:g} m; wanted two or more, so a longer road")
    away = _SPEED * (WARM + measured)  # nobody leaves
    layout.edge(layout.junction(), layout.junction(), length + 200.0 + away, _SPEED, _LANES)
    rng = np.random.default_rng(seed)
    kind = card("human_car", "talker", maximum_speed=_SPEED)
    places = (np.arange(count) + 0.5 + rng.uniform(-0.3, 0.3, count)) / density
    cars = [
        Vehicle(f"car{seed}.{i}", 0.0, (0,), kind, lane=i % _LANES, position=max(6.0, float(x)), speed=_SPEED)
        for i, x in enumerate(places)
    ]
    clock = Clock(0.0, WARM + measured, WARM, 0.1, seed)
    park, equip = layout.network(), Equipment({"talker": 1.0})
    everybody = replace(radio, counted=1.0)
    pilot = Pilot("air", park, Fleet(cars), clock=clock, output=Output(0.0, 0.0), radio=everybody, equip=equip)
    simulation = Simulation(pilot, seed, Diary(), services())
    outcome = simulation.run()
    assert outcome["heard"] is not None
    stations = simulation.world.radio.stations
    amid = (stations["x"] > 0.3 * length) & (stations["x"] < 0.7 * length)
    return outcome["heard"], float(stations["busy"][amid].mean()) if amid.any() else 0.0
