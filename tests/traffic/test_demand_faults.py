"""What is wrong with a demand is told at once, before anything is drawn."""

import math
import re
import time

import pytest
from tiny_networks import chain, network

from sim.errors import DemandError
from sim.park.classes import class_bits
from sim.traffic.demand import BusLine, Flow, Freight, Halt, ParkDemand, Pulse, Shift, TripTable

CARS = {"human_car": 1.0}
HOUR = 3600.0


def faults(demand: ParkDemand, net=None, end: float = HOUR) -> str:
    with pytest.raises(DemandError) as caught:
        demand.departures(net or chain(), 1, 0.0, end)
    return str(caught.value)


def test_every_fault_is_told_at_once_with_near_names():
    demand = ParkDemand(
        {"human_cra": 0.5, "truck": 0.4},
        (Flow("f", "wset", "east", 10.0), Flow("g", "west", "east", -1.0)),
        shifts=(Shift("s", {}, {"plant": 1.0}, math.nan, 0.0),),
        bus_lines=(BusLine("l", (Halt("nowhere"),), 600.0, 0.0, 10.0),),
    )
    text = faults(demand)
    assert "flow f: no place or edge named wset; did you mean west?" in text
    assert "flow f: no card named human_cra; did you mean human_car?" in text
    assert "flow f: shares of cards add up to 0.9; wanted 1" in text
    assert "flow g: per_hour is -1; wanted a finite number not below 0" in text
    assert "shift s: headcount is nan" in text
    assert "bus line l: no stop named nowhere" in text


@pytest.mark.parametrize(
    "demand",
    [
        ParkDemand(CARS, (Flow("f", "west", "east", 1e12),)),
        ParkDemand(CARS, (Flow("f", "west", "east", 1e300),)),
        ParkDemand(CARS, (Flow("f", "west", "east", 1e12, pulse=Pulse(0.0, 1.0)),)),
        ParkDemand(CARS, tables=(TripTable("t", (("west", "east", 1e12),), 0.0, 1.0),)),
        ParkDemand(CARS, shifts=(Shift("s", {"west": 1.0}, {"east": 1.0}, 1e12, 0.0),)),
        ParkDemand(CARS, (Flow("f", "west", "east", 4e6), Flow("g", "west", "east", 4e6))),
        ParkDemand({}, freight=(Freight("f", "plant", {"east": 1.0}, lines=1e12),)),
    ],
    ids=["flow", "endless", "pulse", "table", "shift", "sum", "freight"],
)
def test_absurd_sizes_are_refused_before_anything_is_drawn(demand: ParkDemand):
    begin = time.perf_counter()
    assert re.search(r"demand: asks for about \S+ vehicles; wanted at most 5,000,000", faults(demand))
    assert time.perf_counter() - begin < 0.5


@pytest.mark.parametrize("amount", [math.nan, math.inf, -1.0])
@pytest.mark.parametrize("make", [
    lambda x: ParkDemand(CARS, (Flow("f", "west", "east", x),)),
    lambda x: ParkDemand(CARS, (Flow("f", "west", "east", 1.0, pulse=Pulse(0.0, x)),)),
    lambda x: ParkDemand(CARS, tables=(TripTable("f", (("west", "east", x),), 0.0, 1.0),)),
    lambda x: ParkDemand(CARS, shifts=(Shift("f", {"west": x}, {"east": 1.0}, 1.0, 0.0),)),
    lambda x: ParkDemand(CARS, shifts=(Shift("f", {"west": 1.0}, {"east": 1.0}, 1.0, 0.0, share=x),)),
    lambda x: ParkDemand({"human_car": x}, (Flow("f", "west", "east", 1.0),)),
    lambda x: ParkDemand({}, freight=(Freight("f", "plant", {"east": 1.0}, takt=x),)),
    lambda x: ParkDemand({}, bus_lines=(BusLine("f", (Halt("s", x),), 600.0, 0.0, 1.0),)),
    lambda x: ParkDemand({}, bus_lines=(BusLine("f", (Halt("s"),), x, 0.0, 1.0),)),
])  # fmt: skip
def test_impossible_numbers_are_refused(make, amount: float):
    assert " f: " in faults(make(amount))


def test_periods_must_be_times_in_order():
    flows = (Flow("f", "west", "east", 1.0, 20.0, 10.0), Flow("g", "west", "east", 1.0, math.nan, 10.0))
    text = faults(ParkDemand(CARS, flows, tables=(TripTable("t", (("west", "east", 1.0),), -math.inf, 5.0),)))
    assert "flow f: end 10 s is not after begin 20 s" in text
    assert "flow g: begin is nan" in text
    assert "table t: begin is -inf" in text


def test_a_flow_without_end_needs_a_run_with_one():
    demand = ParkDemand(CARS, (Flow("f", "west", "east", 1.0),))
    assert "flow f: has no end, nor has the run" in faults(demand, end=math.inf)
    until_home = ParkDemand(CARS, (Flow("f", "west", "east", 60.0, end=600.0, arrivals="even"),))
    assert len(until_home.departures(chain(), 1, 0.0, math.inf)) == 10


def test_a_name_is_used_once():
    assert "flow f: f is there twice" in faults(ParkDemand(CARS, (Flow("f", "west", "east", 1.0),) * 2))


def test_places_without_a_way_are_named_whoever_is_drawn():
    net = network({"a": ["b"], "b": [], "c": []}, allowed={"b": class_bits(["passenger"])})
    flows = (Flow("f", "c", "a", 0.0), Flow("g", "a", "b", 0.0, cards={"human_car": 0.999, "truck": 0.001}))
    text = faults(ParkDemand(CARS, flows), net)
    assert "flow f: no way from c to a for a human_car (class passenger)" in text
    assert "flow g: no way from a to b for a truck (class truck)" in text
    assert "a human_car (class passenger); wanted" in text
    assert "from a to b for a human_car" not in text


def test_a_place_is_left_and_reached_by_its_edges():
    text = faults(ParkDemand(CARS, (Flow("f", "east", "west", 1.0), Flow("g", "east", "east", 1.0))))
    assert "flow f: no edge leaves east" in text
    assert "flow f: no edge leads to west" in text
    assert "flow g: east is both origin and destination" in text


def test_stops_that_a_bus_cannot_serve_are_named():
    edges = {"a": ["b"], "b": [], "c": []}
    stops = {"near": ("a", 0.0, 5.0), "shut": ("b", 10.0, 30.0), "off": ("c", 10.0, 30.0), "fine": ("a", 20.0, 40.0)}
    net = network(edges, stops=stops, allowed={"b": class_bits(["passenger"])})
    lines = [BusLine(name, (Halt("fine"), Halt(name)), 600.0, 0.0, 0.0) for name in ("shut", "off")]
    text = faults(ParkDemand({}, bus_lines=(*lines, BusLine("l", (Halt("near"),), 600.0, 0.0, 0.0))), net)
    assert "bus line shut: stop shut lies on lane b_0, closed to class bus" in text
    assert "bus line off: no way from stop fine to stop off for a bus" in text
    assert "bus line l: stop near ends 5 m from the start of its edge" in text
