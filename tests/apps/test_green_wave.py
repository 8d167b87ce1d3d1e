"""Green wave on one road with a signal: it knows only the SPAT that it has heard, and saves stops."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from small_worlds import Listed, grid, ways_in, ways_out

from sim.apps import settings_of
from sim.engine.simulation import Process, Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.state.world import World
from sim.traffic.cards import CARDS
from sim.units import ticks
from sim.verify.trial import Diary

SURE = Radio("disc", 300.0, low=0.01, high=0.01)
N, EVERY = 60, 17.0


def drive(radio: Radio | None, services: Any = (), share: float = 1.0, **settings: float) -> tuple[Diary, Simulation]:
    """Cars one after another over a signal, each far from the next."""
    network = grid(1, 1, ["signal"], [1])
    starts, ends = ways_in(network), ways_out(network)
    start, end = next((a, b) for a in starts for b in ends if network.edges[a].start != network.edges[b].end)
    card = CARDS["robotaxi"]
    wishes = tuple((f"car{i}", EVERY * i, start, end, card) for i in range(N))
    clock = Clock(0.0, N * EVERY + 120.0, 0.0, 0.1, 1)
    pilot = Pilot("signal", network, Listed(wishes), clock=clock, output=Output(0.0, 0.0, pages=False))
    apps = {"green_wave": settings_of("green_wave", **settings)}
    equip = Equipment({card.name: share}, ("n00",))
    pilot = replace(pilot, radio=radio, equip=equip, apps=apps)
    diary = Diary()
    simulation = Simulation(pilot, 1, diary, services)
    diary.outcome = simulation.run()
    return diary, simulation


def stops(diary: Diary) -> float:
    return float(np.nansum(diary.trips_told["stops"]))


def test_stops_are_saved() -> None:
    without, _ = drive(None)
    near, _ = drive(SURE, range=100.0)
    far, simulation = drive(SURE, minimum=3.0)
    assert stops(without) > 20
    assert stops(near) < stops(without)
    assert stops(far) < 0.6 * stops(without)
    assert far.count("advice") == simulation.world.radio.used[1] > 10
    assert far.count("collision") == far.count("red_light_entry") == 0


def test_nothing_heard_nothing_done() -> None:
    without, _ = drive(None)

    def mute(run: Simulation) -> Process:
        yield run.environment.timeout(ticks(0.1))

        def change(world: World) -> None:
            world.radio.stations["silent"][: world.radio.air[0].roadside] = True

        run.environment.command(change)

    for told in (drive(SURE, [mute])[0], drive(SURE, share=0.0)[0], drive(replace(SURE, loss=1.0))[0]):
        for name, column in without.trips_told.items():
            assert np.array_equal(column, told.trips_told[name], equal_nan=True)


@pytest.mark.parametrize("compliance", [0.0, 0.5])
def test_people_who_do_not_do_it_gain_nothing(compliance: float) -> None:
    """A machine heeds advice whatever people do."""
    diary, _ = drive(SURE, compliance=compliance)
    assert diary.count("advice") > 0
