"""Cells of a network: delays, losses and capacities by hand, and nothing else where there are none."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from talkers import SURE, road, run
from test_asked import EVER, agree

from sim.engine.recording import Heard
from sim.engine.simulation import Process, Simulation
from sim.engine.zones import OUTSIDE
from sim.models.radio import BUSY, HEARD, LOSS, OUTAGE
from sim.models.radio.cellular import MEDIAN
from sim.pilot import Cell, End, Equipment, Radio
from sim.report.v2x import figures
from sim.units import ticks
from sim.verify.run import finding


def along(begin: float, end: float) -> tuple[tuple[float, float], ...]:
    """Corners of what lies about a part of the road [m]."""
    return ((begin, -100.0), (end, -100.0), (end, 100.0), (begin, 100.0))


def cell(name: str, begin: float, end: float, up: End = End(), down: End = End(), **told: Any) -> Cell:  # noqa: B008
    return Cell(name, up, down, corners=along(begin, end), **told)


def fixed(delay: float, **told: Any) -> End:
    return End(delay, delay, **told)


def heard_by(places: list[float], radio: Radio, duration: float = 20.0) -> tuple[dict[str, Any], Heard, Simulation]:
    told, simulation, _ = run(road(places, radio, duration=duration))
    assert told is not None
    return figures(told), told, simulation


def test_three_vehicles_by_hand_and_one_that_leaves_its_cell() -> None:
    """At 5 m/s the second leaves a cell that ends at 200 m 16 s after it was at 120 m, 12 s behind the warm-up.

    The cell takes 40 ms up and 10 ms down, what lies outside half of the disc's 20 ms either way.
    """
    west = cell("west", -10.0, 200.0, fixed(0.040), fixed(0.010))
    told, heard, simulation = heard_by([20.0, 120.0, 370.0], replace(SURE, cells=(west,)))
    before, after = 120, 40  # messages of each until and from then on
    slow = before + after + before + before  # first to second; second to both
    quick = after + after + before + after  # second to both, once it is outside; third to second
    times = heard["delays"]
    assert {int(x): int(times[x]) for x in np.flatnonzero(times)} == {200: quick, 500: slow}
    assert told["latency_ms"]["mean"] == pytest.approx((slow * 50.0 + quick * 20.0) / (slow + quick))
    assert told["packet_delivery_ratio"] == 1.0
    inside, outside = told["cells"]["west"], told["cells"][OUTSIDE]
    assert (inside["said"], outside["said"]) == (160 + before, 160 + after)
    assert (inside["heard"], outside["heard"]) == (160 + 2 * before, 160 + 2 * after)
    inside_times = 50.0 * before + 20.0 * after + 50.0 * before + 20.0 * before  # first of second; second of both
    assert inside["latency_ms"]["mean"] == pytest.approx(inside_times / (160 + 2 * before))
    assert simulation.world.radio.stations["zone"].tolist() == [1, 0, 0]
    ages = told["age_of_information_ms"]["mean"]
    assert told["latency_ms"]["mean"] + 49.0 < ages < told["latency_ms"]["mean"] + 51.5


def test_losses_of_both_ends_and_ages_of_information() -> None:
    """Lost on the way up by all, on the way down by one: gaps and ages follow as of a renewal process."""
    up, down = 0.2, 0.3
    radio = replace(SURE, cells=(cell("a", -10.0, 2990.0, fixed(0.03, loss=up), fixed(0.02, loss=down)),))
    told, heard, _ = heard_by([20.0, 60.0, 100.0], radio, 304.0)
    lost = 1.0 - (1.0 - up) * (1.0 - down)
    assert told["lost"]["loss"] / heard["fates"].sum() == pytest.approx(lost, abs=0.01)
    assert told["cells"]["a"]["lost_up"]["loss"] / told["cells"]["a"]["said"] == pytest.approx(up, abs=0.01)
    assert told["inter_packet_gap_ms"]["mean"] == pytest.approx(100.0 / (1.0 - lost), rel=0.03)
    assert told["age_of_information_ms"]["mean"] == pytest.approx(50.0 + 100.0 * (0.5 + lost / (1.0 - lost)), rel=0.03)
    assert list(told["latency_ms"].values()) == pytest.approx([50.0] * 4)


def test_what_is_lost_on_the_way_up_is_lost_by_all() -> None:
    told: dict[str, list[int]] = {}
    for name, ends in {"up": (End(loss=0.5), End()), "down": (End(), End(loss=0.5))}.items():
        found: list[int] = []

        def look(simulation: Simulation, found: list[int] = found) -> Process:
            while True:
                yield simulation.environment.timeout(ticks(0.1))
                r = simulation.world.radio
                spoken = [int(x) for x in range(int(r.air[0].spoken)) if r.spoken["station"][x] == 0]
                found += [int(r.cut[x]) for x in spoken]

        pilot = road([20.0, 60.0, 100.0, 140.0], replace(SURE, cells=(cell("a", -10.0, 2990.0, *ends),)), duration=64.0)
        heard, _, _ = run(pilot, services=[look])
        assert heard is not None
        told[name] = found
        assert heard["fates"][:, LOSS].sum() / heard["fates"].sum() == pytest.approx(0.5, abs=0.05)
    assert np.mean([x == LOSS for x in told["up"]]) == pytest.approx(0.5, abs=0.07)
    assert not any(told["down"])


def test_a_dead_spot_neither_says_nor_hears() -> None:
    spot = cell("spot", 50.0, 1000.0, End(loss=1.0), End(loss=1.0))
    told, heard, simulation = heard_by([1100.0, 1060.0, 700.0, 740.0, 1300.0], replace(SURE, cells=(spot,)))
    assert told["cells"]["spot"]["heard"] == 0
    assert told["cells"]["spot"]["packet_delivery_ratio"] == 0.0
    assert told["cells"]["spot"]["lost_up"]["loss"] == told["cells"]["spot"]["said"] == 2 * 160
    outside = told["cells"][OUTSIDE]
    assert told["heard"]["BSM"] == outside["heard"] == 6 * 160, "three of them hear each other"
    assert heard["fates"][:, LOSS].sum() == heard["fates"].sum() - 6 * 160
    assert simulation.world.radio.stations["zone"].tolist() == [0, 0, 1, 1, 0]


@pytest.mark.parametrize("model", ["disc", "cellular"])
def test_far_from_all_cells_all_is_as_without(model: str) -> None:
    radio = Radio(model, 300.0, loss=0.2)
    far = cell("far", 2900.0, 2950.0, fixed(1.0, loss=0.9), fixed(1.0, loss=0.9))
    places = [20.0 + 30.0 * i for i in range(20)]
    plain, one, _ = heard_by(places, radio, 84.0)
    other, two, simulation = heard_by(places, replace(radio, cells=(far,)), 84.0)
    assert simulation.world.radio.air[0].zones == 2
    assert two["by_distance"].tolist() == one["by_distance"].tolist()
    if model == "disc":
        assert two["delays"].tolist() == one["delays"].tolist()
    assert other["latency_ms"]["mean"] == pytest.approx(plain["latency_ms"]["mean"], abs=0.1)
    assert other["age_of_information_ms"]["mean"] == pytest.approx(plain["age_of_information_ms"]["mean"], rel=2e-3)
    assert other["cells"]["far"]["packet_delivery_ratio"] is None
    assert other["cells"]["far"]["latency_ms"]["mean"] is None
    assert plain["cells"] == {}


def test_a_cellular_cell_has_its_own_median_spread_and_outages() -> None:
    ends = End(0.040, spread=0.3), End(0.020, spread=0.3)
    slow = cell("slow", 500.0, 900.0, *ends, outages=8.0)
    places = [20.0 + 20.0 * i for i in range(10)] + [520.0 + 5.0 * i for i in range(20)]
    told, _, _ = heard_by(places, Radio("cellular", 200.0, processing=0.0, cells=(slow,)), 64.0)
    inside, outside = told["cells"]["slow"], told["cells"][OUTSIDE]
    assert inside["latency_ms"]["p50"] == pytest.approx(62.0, abs=2.5), "a sum of two log-normal times, and outages"
    assert outside["latency_ms"]["p50"] == pytest.approx(1e3 * MEDIAN, abs=1.0)
    assert inside["latency_ms"]["p99"] > 200.0, "one end or the other is in an outage 7 % of the time"
    assert inside["lost_up"]["outage"] >= 0


def test_a_cell_without_a_delay_of_its_own_takes_the_rungs() -> None:
    only = cell("only", -10.0, 2990.0, End(loss=0.1), End(loss=0.1))
    told, heard, _ = heard_by([20.0, 60.0], Radio("disc", 300.0, processing=0.0, cells=(only,)), 64.0)
    plain, one, _ = heard_by([20.0, 60.0], Radio("disc", 300.0, processing=0.0), 64.0)
    assert told["latency_ms"]["mean"] == pytest.approx(plain["latency_ms"]["mean"], rel=0.03)
    assert np.flatnonzero(heard["delays"])[[0, -1]] == pytest.approx(np.flatnonzero(one["delays"])[[0, -1]], abs=1)


def full(count: int, share: float, way: str) -> tuple[dict[str, Any], Simulation, float]:
    """Cars in one cell that offer so many times what it bears, up or down; its figures, and what it bears."""
    bits = 8.0 * heard_by([20.0, 60.0], SURE)[2].world.radio.spoken["bytes"][0]
    offered = bits * 10.0 * count * (1 if way == "up" else count - 1)
    ends = {x: fixed(0.01, capacity=offered / share if x == way else np.inf, buffer=0.2) for x in ("up", "down")}
    radio = replace(SURE, cells=(cell("hall", -10.0, 2990.0, ends["up"], ends["down"]),))
    told, _, simulation = heard_by([20.0 + 10.0 * i for i in range(count)], radio, 24.0)
    return told, simulation, offered / share


@pytest.mark.parametrize("way", ["up", "down"])
def test_below_its_capacity_a_cell_makes_nobody_wait(way: str) -> None:
    told, _, bears = full(20, 0.9, way)
    end = told["cells"]["hall"][way]
    assert end["load_bps"] == pytest.approx(0.9 * bears, rel=0.01)
    assert end["capacity_bps"] == pytest.approx(bears)
    assert end["wait_ms_max"] == end["full_share_of_time"] == 0.0
    assert told["packet_delivery_ratio"] == 1.0
    assert list(told["latency_ms"].values()) == pytest.approx([20.0] * 4)


@pytest.mark.parametrize("way", ["up", "down"])
def test_above_its_capacity_what_comes_waits_and_is_lost(way: str) -> None:
    """A fluid queue: all wait as long as they may, and what is more than it bears is lost."""
    told, _, _ = full(20, 1.5, way)
    end = told["cells"]["hall"][way]
    assert end["wait_ms_max"] == pytest.approx(200.0)
    assert end["full_share_of_time"] == 1.0
    assert told["latency_ms"]["p50"] == pytest.approx(220.0)
    assert told["packet_delivery_ratio"] == pytest.approx(1.0 / 1.5, rel=0.03)
    assert told["lost"]["busy"] == sum(told["lost"].values())
    other = told["cells"]["hall"]["down" if way == "up" else "up"]
    assert other["capacity_bps"] is None
    assert other["load_bps"] is None or other["wait_ms_max"] == 0.0


def test_a_cell_that_fills_up_delays_by_what_waits() -> None:
    """Rates are averaged over a second, so what is over the capacity grows as 1.2 (1 - 0.9 ** n) - 1 in each step."""
    waits: list[float] = []

    def look(simulation: Simulation) -> Process:
        while True:
            yield simulation.environment.timeout(ticks(0.1))
            waits.append(float(simulation.world.radio.ends[2].wait) / 10.0)

    bits = 8.0 * heard_by([20.0, 60.0], SURE)[2].world.radio.spoken["bytes"][0]
    bears = bits * 100.0 / 1.2
    radio = replace(SURE, cells=(cell("a", -10.0, 2990.0, fixed(0.0, capacity=bears, buffer=5.0)),))
    run(road([20.0 + 10.0 * i for i in range(10)], radio, duration=12.0), services=[look])
    backlog, wanted = 0.0, []
    for n in range(len(waits)):
        backlog = max(0.0, backlog + 100.0 * (1.2 * (1.0 - 0.9**n) - 1.0))
        wanted.append(backlog)
    assert waits == pytest.approx(wanted, abs=0.2)
    assert waits[-1] > 500.0
    assert all(one <= other for one, other in pairwise(waits))


def test_the_smallest_of_several_cells_counts_whatever_their_order() -> None:
    inner, outer = cell("inner", 100.0, 200.0, fixed(0.1)), cell("outer", -10.0, 500.0, fixed(0.2))
    told = []
    for cells in ((inner, outer), (outer, inner)):
        figures_, heard, simulation = heard_by([20.0, 120.0, 370.0, 620.0], replace(SURE, cells=cells))
        names = [OUTSIDE, *(x.name for x in cells)]
        assert [names[x] for x in simulation.world.radio.stations["zone"]] == ["inner", "outer", "outer", OUTSIDE]
        told.append(({x: figures_["cells"][x] for x in sorted(names)}, heard["delays"].tolist()))
    assert told[0] == told[1]
    same = replace(SURE, cells=(cell("one", 100.0, 200.0), cell("two", 100.0, 200.0)))
    assert heard_by([90.0], same)[2].world.radio.stations["zone"].tolist() == [1], "of two alike the first told"


def test_a_circle_about_a_junction_begins_and_ends_where_it_cuts_the_lane() -> None:
    circle = Cell("gate", junction="j0", radius=150.0)
    pilot = road([20.0], replace(SURE, cells=(circle,)), Equipment({"talker": 1.0}, ("j0", "j1")))
    _, simulation, _ = run(pilot)
    r = simulation.world.radio
    for rank in range(8):
        rows = r.stretches[r.outlines["stretch"][rank] : r.outlines["stretch_end"][rank]]
        assert rows["zone"].tolist() == [1, 0]
        assert rows["begin"].tolist() == pytest.approx([0.0, np.sqrt(150.0**2 - (3.5 * rank) ** 2)], abs=0.02)
    assert r.stations["zone"].tolist() == [1, 0, 1], "units at the roadside lie in cells, too"


def test_units_at_the_roadside_are_counted_at_everybody_in_their_cells() -> None:
    radio = replace(SURE, cells=(cell("west", -50.0, 300.0, fixed(0.1, loss=0.5), fixed(0.05)),))
    heard, _, _ = run(road([20.0, 60.0], radio, Equipment({"talker": 1.0}, ("j0",)), 204.0))
    assert heard is not None
    told = figures(heard)
    assert told["by_message"]["MAP"]["packet_delivery_ratio"] == pytest.approx(0.5, abs=0.1)
    assert sum(told["cells"][x]["heard"] for x in told["cells"]) == sum(told["heard"].values())
    assert sum(sum(told["cells"][x]["lost"].values()) for x in told["cells"]) == sum(told["lost"].values())
    assert sum(told["cells"][x]["said"] for x in told["cells"]) == sum(told["said"].values())


def test_the_case_that_users_can_run_holds() -> None:
    told = finding("radio.cells", {"seed": "3", "loss_up": "0.3"})
    assert len(told.points) == 8
    assert told.ok, told.points


def patchwork(model: str) -> Radio:
    """Two cells with everything, one above the other."""
    hall = cell(
        "hall", 100.0, 600.0, End(0.02, 0.09, loss=0.1, capacity=9e4), End(0.01, loss=0.1, capacity=2e6), outages=6.0
    )
    spot = cell("spot", 250.0, 300.0, End(loss=1.0), End(loss=0.5))
    return Radio(model, 250.0, loss=0.1, cells=(hall, spot))


@pytest.mark.parametrize("model", ["disc", "cellular"])
def test_chunks_and_order_do_not_matter(model: str) -> None:
    def interrupt(simulation: Simulation) -> Process:
        for _ in range(150):
            yield simulation.environment.timeout(ticks(0.13))

    places = [20.0 + 12.0 * i for i in range(60)]
    whole, _, _ = run(road(places, patchwork(model)))
    cut, _, _ = run(road(places, patchwork(model)), services=[interrupt])
    turned = road(places, patchwork(model))
    turned.demand.vehicles.reverse()  # type: ignore[attr-defined]
    back, _, _ = run(turned)
    assert whole is not None
    assert whole["fates"][:, BUSY].sum() > 0
    assert whole["fates"][:, LOSS].sum() > 0
    assert (whole["fates"][:, OUTAGE].sum() > 0) <= (model == "cellular")
    assert 0 < whole["fates"][:, HEARD].sum() < whole["fates"].sum()
    for other in (cut, back):
        np.testing.assert_equal(whole, other)


@pytest.mark.parametrize("model", ["disc", "cellular"])
def test_asked_is_as_remembered(model: str) -> None:
    found: list[tuple[int, int]] = []

    def look(simulation: Simulation) -> Process:
        for _ in range(12):
            yield simulation.environment.timeout(ticks(1.3))
            found.append(agree(simulation.world, EVER))

    places = [20.0 + 12.0 * i for i in range(60)]
    run(road(places, patchwork(model), Equipment({"talker": 1.0}, ("j0", "j1"))), services=[look])
    assert len(found) == 12
    assert min(found)[0] > 0
    assert min(x[1] for x in found) > 0
