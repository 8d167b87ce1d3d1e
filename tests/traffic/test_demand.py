import math
import time
from collections import Counter

import numpy as np
import pytest
from tiny_networks import chain, network

from sim import chance
from sim.park.classes import class_bits
from sim.traffic.demand import BusLine, Flow, Freight, Halt, ParkDemand, Pulse, Shift, TripTable
from sim.traffic.departures import Departures

CARS = {"human_car": 1.0}
HOUR = 3600.0


def drawn(demand: ParkDemand, net=None, seed: int = 1, begin: float = 0.0, end: float = HOUR) -> Departures:
    return demand.departures(net or chain(), seed, begin, end)


def of(table: Departures, flow: str) -> np.ndarray:
    """Times of one flow [s]."""
    return np.array([t for name, t in zip(table.ids, table.time, strict=True) if name.rsplit(".", 1)[0] == flow])


def route_names(table: Departures, net, row: int) -> list[str]:
    return [net.edges[edge].id for edge in table.routes[table.route[row]]]


# --- when ---------------------------------------------------------------------------------------------------------


def test_even_flow_departs_each_period_from_its_begin():
    flow = Flow("f", "west", "east", 360.0, begin=100.0, end=141.0, arrivals="even")
    assert drawn(ParkDemand(CARS, (flow,))).time.tolist() == [100.0, 110.0, 120.0, 130.0, 140.0]


def test_poisson_flow_has_the_mean_and_the_spread_of_a_poisson_process():
    gaps = np.diff(drawn(ParkDemand(CARS, (Flow("f", "west", "east", 1800.0),)), end=4 * HOUR).time)
    assert gaps.mean() == pytest.approx(2.0, rel=0.05)
    assert gaps.std() == pytest.approx(2.0, rel=0.05)
    assert (gaps > 4.0).mean() == pytest.approx(math.exp(-2.0), abs=0.015)


def test_a_longer_run_begins_like_the_shorter_one():
    demand = ParkDemand(CARS, (Flow("f", "west", "east", 5000.0),))
    short, long = drawn(demand), drawn(demand, end=2 * HOUR)
    assert long.ids[: len(short)] == short.ids
    assert (long.time[: len(short)] == short.time).all()


def test_a_run_that_begins_later_finds_the_same_vehicles():
    demand = ParkDemand(CARS, (Flow("f", "west", "east", 500.0, begin=0.0),))
    whole, late = drawn(demand), drawn(demand, begin=1800.0)
    assert late.ids == [name for name, t in zip(whole.ids, whole.time, strict=True) if t >= 1800.0]


def test_pulse_holds_an_hours_vehicles_within_its_spread():
    flow = Flow("f", "west", "east", 2000.0, pulse=Pulse(at=1800.0, spread=600.0))
    times = of(drawn(ParkDemand(CARS, (flow,))), "f")
    assert len(times) == 2000
    assert times.min() >= 1200.0
    assert times.max() <= 2400.0
    assert (np.abs(times - 1800.0) <= 300.0).mean() == pytest.approx(0.75, abs=0.03)
    assert times.mean() == pytest.approx(1800.0, abs=15.0)


def test_pulse_cut_by_the_run_is_told():
    flow = Flow("f", "west", "east", 100.0, pulse=Pulse(at=0.0, spread=600.0))
    table = drawn(ParkDemand(CARS, (flow,)))
    assert 0 < len(table) < 100
    assert table.warnings == (f"flow f: {100 - len(table)} of 100 vehicles fall outside the run",)


@pytest.mark.parametrize(("direction", "low", "high"), [("in", 600.0, 1800.0), ("out", 1800.0, 3000.0)])
def test_shift_comes_before_and_leaves_after_its_time(direction: str, low: float, high: float):
    shift = Shift("s", {"west": 1.0}, {"plant": 1.0}, 3000.0, 1800.0, direction, spread=600.0, occupancy=1.5)
    times = of(drawn(ParkDemand(CARS, shifts=(shift,))), "s")
    assert len(times) == 3000 * 0.4 / 1.5
    assert low <= times.min()
    assert times.max() <= high


def test_takt_of_57_s_makes_nine_carriers_an_hour():
    freight = Freight("f", "plant", {"east": 1.0}, {"west": 1.0}, trucks_per_hour=20.0, returns=False)
    table = drawn(ParkDemand({}, freight=(freight,)), end=10 * HOUR)
    count = Counter(table.cards[card].name for card in table.card)
    assert count["car_carrier"] in (90, 91)  # 3600 / 57 / 7 = 9.02 an hour
    assert count["truck"] == 200


def test_freight_that_returns_drives_both_ways():
    places = {"gate": (["in"], ["out"]), "plant": (["out"], ["in"])}
    net = network({"in": ["out"], "out": []}, places)
    freight = Freight("f", "plant", {"gate": 1.0}, {"gate": 1.0}, trucks_per_hour=60.0)
    table = drawn(ParkDemand({}, freight=(freight,)), net)
    count = Counter(name.rsplit(".", 1)[0] for name in table.ids)
    assert count["f.trucks"] == count["f.trucks_empty"] == 60
    assert count["f.carriers"] == count["f.carriers_empty"] == 9


def test_trip_table_makes_its_trips():
    trips = (("west", "plant", 30.0), ("west", "east", 60.0), ("plant", "east", 0.0))
    table = drawn(ParkDemand(CARS, tables=(TripTable("t", trips, 0.0, 1800.0, arrivals="even"),)))
    count = Counter(name.rsplit(".", 1)[0] for name in table.ids)
    assert count == {"t.west.plant": 30, "t.west.east": 60}
    assert table.time.max() < 1800.0


# --- who ----------------------------------------------------------------------------------------------------------


def test_shares_and_weights_are_met():
    shift = Shift("s", {"a": 3.0, "b": 1.0}, {"c": 1.0}, 10_000.0, 1800.0, share=1.0, occupancy=1.0)
    shares = {"human_car": 0.7, "robotaxi": 0.2, "truck": 0.1, "bus": 0.0}
    net = chain()
    table = drawn(ParkDemand(shares, shifts=(shift,)), net)
    count = Counter(table.cards[card].name for card in table.card)
    assert {name: count[name] / len(table) for name in shares} == pytest.approx(shares, abs=0.02)
    from_a = np.mean([route_names(table, net, row)[0] == "a" for row in range(len(table))])
    assert from_a == pytest.approx(0.75, abs=0.02)


def test_rows_lie_in_order_with_names_and_keys():
    flows = (Flow("x", "west", "east", 900.0, arrivals="even"), Flow("w", "west", "east", 900.0, arrivals="even"))
    table = drawn(ParkDemand(CARS, flows))
    assert (np.diff(table.time) >= 0.0).all()
    assert table.ids[:4] == ["x.0", "w.0", "x.1", "w.1"]  # the file's order breaks ties
    assert table.key.tolist() == [chance.key(name) for name in table.ids]
    assert len(set(table.ids)) == len(table)


def test_flow_may_have_its_own_cards():
    flows = (Flow("x", "west", "east", 100.0), Flow("y", "west", "east", 100.0, cards={"truck": 1.0}))
    table = drawn(ParkDemand(CARS, flows))
    cards = {(name[0], table.cards[card].name) for name, card in zip(table.ids, table.card, strict=True)}
    assert cards == {("x", "human_car"), ("y", "truck")}


# --- which way ----------------------------------------------------------------------------------------------------


def test_of_a_places_edges_the_quickest_is_taken():
    edges = {"far": ["x"], "x": ["end"], "near": ["end"], "end": []}
    net = network(edges, {"home": (["far", "near"], []), "work": ([], ["end"])})
    table = drawn(ParkDemand(CARS, (Flow("f", "home", "work", 10.0, arrivals="even"),)), net)
    assert route_names(table, net, 0) == ["near", "end"]


def test_each_class_goes_where_it_may():
    edges = {"in": ["short", "long"], "short": ["out"], "long": ["longer"], "longer": ["out"], "out": []}
    net = network(edges, allowed={"short": class_bits(["passenger"])})
    flow = Flow("f", "in", "out", 100.0, cards={"human_car": 0.5, "truck": 0.5})
    table = drawn(ParkDemand(CARS, (flow,)), net)
    routes = {table.cards[table.card[row]].name: route_names(table, net, row) for row in range(len(table))}
    assert routes == {"human_car": ["in", "short", "out"], "truck": ["in", "long", "longer", "out"]}


def test_bus_line_calls_at_its_stops_in_order():
    ring = network(
        {"a": ["b"], "b": ["c"], "c": ["a", "out"], "out": []},
        stops={"s1": ("a", 60.0, 80.0), "s2": ("b", 10.0, 30.0), "s3": ("b", 50.0, 70.0), "s0": ("a", 10.0, 30.0)},
    )
    halts = (Halt("s1", 10.0), Halt("s2", 20.0), Halt("s3", 30.0), Halt("s0", 40.0))
    line = BusLine("l", halts, 600.0, 0.0, 1800.0, destination="out")
    table = drawn(ParkDemand({}, bus_lines=(line,)), ring)
    assert table.time.tolist() == [0.0, 600.0, 1200.0, 1800.0]
    assert route_names(table, ring, 0) == ["a", "b", "c", "a", "b", "c", "out"]
    assert table.stop_begin.tolist() == [0, 4, 8, 12, 16]
    assert table.stop_lane[:4].tolist() == [0, 1, 1, 0]
    assert table.stop_position[4:8].tolist() == [80.0, 30.0, 70.0, 30.0]
    assert table.stop_duration[8:12].tolist() == [10.0, 20.0, 30.0, 40.0]
    assert table.cards[0].name == "bus"


def test_bus_line_goes_round_the_block_to_a_stop_behind():
    ring = network({"a": ["b"], "b": ["a"]}, stops={"s1": ("a", 60.0, 80.0), "s2": ("a", 10.0, 30.0)})
    line = BusLine("l", (Halt("s1"), Halt("s2"), Halt("s2")), 600.0, 0.0, 0.0)
    table = drawn(ParkDemand({}, bus_lines=(line,)), ring)
    assert route_names(table, ring, 0) == ["a", "b", "a", "b", "a"]


def test_nobody_at_all_is_a_table_without_rows():
    table = drawn(ParkDemand({}))
    assert len(table) == 0
    assert table.stop_begin.tolist() == [0]


def test_a_hundred_thousand_departures_take_seconds_at_most():
    demand = ParkDemand(CARS, tuple(Flow(f"f{i}", "west", "east", 10_000.0) for i in range(10)))
    begin = time.perf_counter()
    table = drawn(demand)
    assert time.perf_counter() - begin < 3.0
    assert len(table) == pytest.approx(100_000, rel=0.02)
