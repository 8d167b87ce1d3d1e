"""A MAP from before a road change: who hears it goes by it, and others do not."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from equipped import SURE, equal, on_roads, watched
from small_worlds import Listed, grid, ways_in, ways_out

from sim.apps import settings_of
from sim.engine.recording import Applied
from sim.engine.simulation import Simulation
from sim.pilot import Clock, Equipment, Occurrence, Output, Pilot
from sim.report.apps import applications
from sim.services.radio_faults import serve
from sim.state.belief import NAMES
from sim.traffic.cards import CARDS
from sim.verify.fleet import Vehicle, card
from sim.verify.roads import Layout
from sim.verify.trial import Diary

LIMIT = 15.0


def old(begin: float = 0.0, end: float = math.inf, **told: float) -> tuple[Occurrence, ...]:
    return (Occurrence("stale_map", begin, end, {"junction": "j0", **told}),)


def on_a_road(share: float, faults: tuple[Occurrence, ...], heeds: float = 1.0) -> dict[str, np.ndarray]:
    """Everybody's way from a unit at the begin of a road; they like to drive a tenth faster than its limit."""
    layout = Layout("road")
    layout.edge(layout.junction(), layout.junction(), 900.0, LIMIT, 1)
    driver = card("human_car", "driver", maximum_speed=30.0)
    cars = [Vehicle(f"car{i}", 0.0, (0,), driver, 0, 140.0 - 60.0 * i, LIMIT, 1.1) for i in range(3)]
    pilot = on_roads(layout, cars, SURE, {"driver": share}, 60.0, speed_limit={"compliance": heeds})
    return watched(replace(pilot, equip=Equipment({"driver": share}, ("j0",)), occurrences=faults), period=0.5)[0]


def fastest(way: dict[str, np.ndarray]) -> float:
    """Highest speed where the unit is heard [m/s]: within 300 m of the begin, and some way to slow down."""
    return float(way["speed"][(way["position"] > 230.0) & (way["position"] < 295.0)].max())


def test_the_limit_that_is_kept_is_the_one_that_was_heard() -> None:
    assert fastest(on_a_road(0.0, ())) == pytest.approx(1.1 * LIMIT, abs=0.1)
    assert fastest(on_a_road(1.0, ())) == pytest.approx(LIMIT, abs=0.05)
    assert fastest(on_a_road(1.0, old(speed=10.0))) == pytest.approx(10.0, abs=0.05)
    assert fastest(on_a_road(1.0, old(speed=20.0))) == pytest.approx(1.1 * LIMIT, abs=0.1), "nobody is warned"
    assert fastest(on_a_road(1.0, old())) == pytest.approx(1.1 * LIMIT, abs=0.1), "it does not know the road"


def test_it_misleads_nobody_else_and_not_for_ever() -> None:
    assert equal(on_a_road(0.0, old(speed=10.0)), on_a_road(0.0, ()))
    assert equal(on_a_road(1.0, old(speed=10.0), 0.0), on_a_road(0.0, ()))
    passed = on_a_road(1.0, old(0.0, 4.0, speed=10.0))
    assert not equal(passed, on_a_road(1.0, ()))
    assert fastest(passed) == pytest.approx(LIMIT, abs=0.05), "the right one was heard meanwhile"


@cache
def at_a_signal(share: float, is_old: bool = False, groups: int | None = None) -> tuple[Diary, int]:
    """Cars one after another over a signal, each far from the next; how often green wave advised them."""
    network = grid(1, 1, ["signal"], [1])
    starts, ends = ways_in(network), ways_out(network)
    start, end = next((a, b) for a in starts for b in ends if network.edges[a].start != network.edges[b].end)
    wishes = tuple((f"car{i}", 17.0 * i, start, end, CARDS["robotaxi"]) for i in range(40))
    clock = Clock(0.0, 40 * 17.0 + 120.0, 0.0, 0.1, 1)
    pilot = Pilot("signal", network, Listed(wishes), clock=clock, output=Output(0.0, 0.0, pages=False))
    told = {"junction": "n00"} | ({} if groups is None else {"groups": groups})
    faults = (Occurrence("stale_map", 0.0, math.inf, told),) if is_old else ()
    equip, diary = Equipment({"robotaxi": share}, ("n00",)), Diary()
    apps = {"green_wave": settings_of("green_wave", minimum=3.0)}
    simulation = Simulation(replace(pilot, radio=SURE, equip=equip, apps=apps, occurrences=faults), 1, diary, [serve])
    diary.outcome = simulation.run()
    return diary, int(simulation.world.radio.used[NAMES.index("green_wave")])


def same(one: Diary, other: Diary) -> bool:
    told = zip(one.trips_told.values(), other.trips_told.values(), strict=True)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in told)


def stops(diary: Diary) -> float:
    return float(np.nansum(diary.trips_told["stops"]))


def test_green_wave_goes_by_the_groups_of_the_map_that_was_heard() -> None:
    (nobody, none), (right, some) = at_a_signal(0.0), at_a_signal(1.0)
    assert none == 0
    assert some > 10
    assert stops(right) < 0.7 * stops(nobody)
    unknown, silent = at_a_signal(1.0, True)
    assert silent == 0, "it does not know which group is whose"
    assert same(unknown, nobody)
    assert same(at_a_signal(1.0, True, 0)[0], right), "groups are those of now"


def test_a_map_without_groups_is_not_what_is_needed() -> None:
    """SPAT alone is of no use; MAP that tells groups is, right or wrong."""
    unknown, right, told = at_a_signal(1.0, True)[0], at_a_signal(1.0)[0], at_a_signal(1.0, True, 0)[0]
    for app in ("green_wave", "red_light_violation"):
        judged = [
            applications({app: Applied(advised=0, figures={})}, x.outcome["heard"])[app] for x in (unknown, right, told)
        ]
        assert [x["met"] for x in judged] == [False, True, True]
        assert judged[0]["needs"]["rate_hz"] == {"message": "MAP", "wanted": 1.0, "got": 0.0, "met": False}
        assert judged[1]["needs"]["rate_hz"]["message"] == "SPAT"


def test_groups_of_another_way_mislead() -> None:
    """Advice for the crossing road: more stops than without any, and no red light is run for it."""
    nobody, wrong = at_a_signal(0.0)[0], at_a_signal(1.0, True, 3)[0]
    assert stops(wrong) > stops(nobody) + 5
    assert wrong.count("collision") == wrong.count("red_light_entry") == 0
    assert same(at_a_signal(0.0, True, 3)[0], nobody), "who hears nothing"
