"""What messages cost: receptions a second that are settled, and time with every vehicle talking over time without."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from grid import prepare, sumo_home
from quiet import Quiet

from sim.engine.simulation import Simulation
from sim.pilot import Equipment, Output, Pilot, Radio
from sim.scenario.loader import load

needs_sumo = pytest.mark.skipif(sumo_home() is None, reason="eclipse-sumo is not installed")
SECONDS = 5.0


def read(configuration: Path) -> tuple[Pilot, set[str]]:
    """The pilot of a configuration, and the cards of its vehicles."""
    pilot = load(configuration, {"run.duration": f"{SECONDS} s"})
    departures = pilot.demand.departures(pilot.park, 1, pilot.clock.begin, pilot.clock.end)
    return replace(pilot, output=Output(0.0, 0.0, pages=False)), {x.name for x in departures.cards}


def driven(pilot: Pilot, cards: set[str], radio: Radio | None) -> tuple[float, int, int, float]:
    """Seconds of work of the processor, receptions decided, vehicle-steps, and seconds simulated; everybody talks.

    Work, not time: machines are shared, and a run is one thread.
    """
    talking = replace(pilot, radio=radio, equip=Equipment(dict.fromkeys(cards, 1.0) if radio else {}))
    run = Simulation(talking, 1, Quiet())
    started = time.process_time()
    outcome = run.run()
    worked = time.process_time() - started
    decided = int(run.world.radio.air[0].decided) if radio else 0
    return worked, decided, outcome["vehicle_updates"], outcome["steps"] * pilot.clock.step


def cost(pilot: Pilot, cards: set[str], radio: Radio) -> dict[str, float]:
    """Time with over time without (of three pairs the middle one), and receptions a second of the difference."""
    pairs = []
    for _ in range(3):
        silent, _, updates, simulated = driven(pilot, cards, None)
        talking, decided, _, _ = driven(pilot, cards, radio)
        pairs.append((talking / silent, decided / (talking - silent), decided / updates, simulated / talking))
    ratio, speed, neighbours, real_time = sorted(pairs)[1]
    return {"ratio": ratio, "receptions_per_s": speed, "receptions_a_vehicle": neighbours, "real_time": real_time}


@needs_sumo
@pytest.mark.xfail(raises=AssertionError, reason="not yet in every minute: 2.6 to 3.2 x, see benchmarks/README.md")
@pytest.mark.parametrize(("junctions", "vehicles"), [(12, 1300), (12, 5500), (16, 10_000)])
def test_cost_of_everybody_talking(benchmark, folder: Path, junctions: int, vehicles: int) -> None:
    pilot, cards = read(prepare(folder, junctions, vehicles, SECONDS))
    told = benchmark.pedantic(cost, (pilot, cards, Radio("packet_delivery", 300.0, {"bsm": 10.0})), rounds=1)
    benchmark.extra_info.update(told)
    print(f"\n{vehicles} vehicles: {told['ratio']:.2f} x the time, {told['receptions_per_s'] / 1e6:.0f} M receptions/s")
    print(f"{told['receptions_a_vehicle']:.0f} receptions a vehicle and step, {told['real_time']:.2f} x real time")
    if told["ratio"] > 6.0 or told["receptions_per_s"] < 25e6:
        pytest.fail(f"{told['ratio']:.2f} x the time: lost by twice, which is no machine's doing")
    assert told["receptions_per_s"] >= 50e6
    assert told["ratio"] <= 3.0


@needs_sumo
@pytest.mark.parametrize("model", ["packet_delivery", "resources"])
def test_a_hundred_vehicles_against_packet_level_tools(benchmark, folder: Path, model: str) -> None:
    """Tools that simulate each packet and layer run 100 vehicles at 0.05 to 0.33 x real time."""
    pilot, cards = read(prepare(folder, 6, 100, SECONDS))
    radio = Radio(model, 300.0, {"bsm": 10.0})
    driven(pilot, cards, radio)
    talking, _, _, simulated = benchmark.pedantic(driven, (pilot, cards, radio), rounds=3)
    benchmark.extra_info.update(real_time=simulated / talking)
    print(f"\n100 vehicles, {model}: {simulated / talking:.0f} x real time")
    assert simulated / talking > 10.0
