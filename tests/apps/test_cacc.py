"""CACC keeps its short gap only while fresh messages of the one ahead arrive, and falls back without a collision."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.apps import settings_of
from sim.engine.simulation import Process, Simulation
from sim.pilot import Clock, Equipment, Output, Pilot, Radio
from sim.state.world import World
from sim.units import ticks
from sim.verify.fleet import Fleet, Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary, Watch

SURE = Radio("disc", 300.0, low=0.01, high=0.01)
CARS, SPEED = 8, 20.0


class Leader:
    """Drives 20 m/s, brakes to 8 m/s in between, and goes on."""

    def __init__(self, brakes: tuple[float, float]) -> None:
        self._brakes = brakes

    def __call__(self, run: Simulation) -> Process:
        while True:
            yield run.environment.timeout(ticks(0.1))
            now = run.clock()
            limit = 8.0 if self._brakes[0] <= now < self._brakes[1] else SPEED

            def ask(world: World, limit: float = limit) -> None:
                v = world.vehicles
                row = int(np.flatnonzero(v["departure"] == 0)[0])
                v["advice"][row], v["advice_end"][row] = limit, 1_000_000

            run.environment.command(ask)


STEADY = Leader((0.0, 0.0))


def silence(begin: float, end: float):  # type: ignore[no-untyped-def]
    """Nobody is on the air for a while, as where somebody jams the channel."""

    def jam(run: Simulation) -> Process:
        for time, silent in ((begin, True), (end, False)):
            yield run.environment.timeout(ticks(time) - run.environment.now)

            def change(world: World, silent: bool = silent) -> None:
                world.radio.stations["silent"] = silent

            run.environment.command(change)

    return jam


class Wave:
    """Drives 20 m/s and swings by 0.5 m/s, with a period at which ACC amplifies most [s]."""

    period = 15.0

    def __call__(self, run: Simulation) -> Process:
        while True:
            yield run.environment.timeout(ticks(0.1))
            wanted = SPEED + 0.5 * math.sin(2.0 * math.pi * run.clock() / self.period)

            def ask(world: World, wanted: float = wanted) -> None:
                v = world.vehicles
                row = int(np.flatnonzero(v["departure"] == 0)[0])
                v["advice"][row], v["advice_end"][row] = wanted, 1_000_000

            run.environment.command(ask)


def platoon(
    radio: Radio | None, services: list[object], share: float = 1.0, leader: Leader | Wave = STEADY
) -> tuple[np.ndarray, Simulation, Diary]:
    """Gaps in time [s] of a platoon (instants, followers), each 0.5 s."""
    layout = Layout("road")
    layout.edge(layout.junction(), layout.junction(), 6000.0, 30.0, 1)
    kind = card("cacc_car", "linked")
    cars = [Vehicle(f"car{i}", 0.0, (0,), kind, lane=0, position=400.0 - 30.0 * i, speed=SPEED) for i in range(CARS)]
    clock = Clock(0.0, 200.0, 0.0, 0.1, 1)
    pilot = Pilot("platoon", layout.network(), Fleet(cars), clock=clock, output=Output(0.0, 0.0, pages=False))
    apps = {"cacc": settings_of("cacc")}
    pilot = replace(pilot, radio=radio, equip=Equipment({"linked": share}), apps=apps if radio else {})
    watch, diary = Watch(0.5), Diary()
    simulation = Simulation(pilot, 1, diary, [*services, leader, watch])  # type: ignore[list-item]
    diary.outcome = simulation.run()
    diary.watched = table = watch.table()  # type: ignore[attr-defined]
    gap = table["position"][:, :-1] - 5.0 - table["position"][:, 1:]
    return (gap - 0.0) / np.maximum(table["speed"][:, 1:], 1.0), simulation, diary


def test_short_gap_only_while_the_leader_is_heard() -> None:
    gaps, _, diary = platoon(SURE, [silence(80.0, 130.0)])
    before, during, after = gaps[150].mean(), gaps[250].mean(), gaps[390].mean()
    assert before == pytest.approx(0.6, abs=0.03)
    assert during == pytest.approx(1.1, abs=0.06)
    assert after == pytest.approx(0.6, abs=0.03)
    assert diary.count("collision") == 0
    assert 0.7 < diary.outcome["applied"]["cacc"]["figures"]["heard_share_of_time"] < 0.8


def test_without_a_radio_it_is_acc() -> None:
    gaps, *_ = platoon(None, [])
    nobody, *_ = platoon(SURE, [], share=0.0)
    assert gaps[390].mean() == pytest.approx(1.1, abs=0.06)
    assert np.array_equal(gaps, nobody, equal_nan=True)


@pytest.mark.parametrize("begin", [69.0, 70.0, 71.0, 72.0, 74.0])
def test_messages_stop_while_the_leader_brakes(begin: float) -> None:
    _, _, diary = platoon(SURE, [silence(begin, 120.0)], leader=Leader((70.0, 90.0)))
    assert diary.count("collision") == 0
    assert diary.count("emergency_braking") == 0


def test_packet_loss_opens_gaps_again() -> None:
    means = []
    for loss in (0.0, 0.5, 0.9):
        gaps, _, diary = platoon(replace(SURE, loss=loss), [])
        means.append(gaps[300:].mean())
        assert diary.count("collision") == 0
    assert means == sorted(means)
    assert means[0] == pytest.approx(0.6, abs=0.03)
    assert means[2] > 0.75


def growth(radio: Radio | None) -> float:
    """Swing of the last car's speed over that of the first one."""
    _, _, diary = platoon(radio, [], leader=Wave())
    speed = diary.watched["speed"][300:]
    swing = speed.max(axis=0) - speed.min(axis=0)
    return float(swing[-1] / swing[0])


def test_heard_leaders_make_a_stable_string_and_radar_alone_does_not() -> None:
    """Seven followers: each by 1.016 at most (0.6 s), or 1.59 (1.1 s); see the case automated.gain."""
    assert growth(SURE) < 1.016**7 + 0.05
    assert growth(None) > 3.0
