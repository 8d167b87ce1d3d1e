"""Draws are keyed: who is there changes nobody else, and nothing but the seed decides."""

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_networks import chain

from sim.traffic.arrivals import Crowd, Rate, times
from sim.traffic.demand import Flow, ParkDemand, Pulse, Shift
from sim.traffic.departures import Departures
from sim.traffic.streams import of_day

SHARES = {"human_car": 0.6, "truck": 0.2, "robotaxi": 0.2}
END = 900.0

Person = tuple[float, str, float, tuple[int, ...]]

pulses = st.none() | st.builds(Pulse, st.floats(0.0, END), st.floats(0.0, END))
rates = st.floats(0.0, 500.0)
arrivals = st.sampled_from(["poisson", "even"])


def flows(names: str) -> st.SearchStrategy[list[Flow]]:
    """Some flows whose ids are different letters of `names`."""
    one = st.builds(
        Flow, st.sampled_from(names), st.sampled_from("ab"), st.just("c"), rates, pulse=pulses, arrivals=arrivals
    )
    return st.lists(one, max_size=5, unique_by=lambda flow: flow.id)


def drawn(demand: ParkDemand, seed: int = 1, end: float = END) -> Departures:
    return demand.departures(chain(), seed, 0.0, end)


def people(table: Departures) -> dict[str, Person]:
    """All that was drawn about each vehicle."""
    cards = [table.cards[card].name for card in table.card]
    routes = [tuple(table.routes[route].tolist()) for route in table.route]
    return dict(zip(table.ids, zip(table.time, cards, table.speed_factor, routes, strict=True), strict=True))


def same(one: Departures, other: Departures) -> bool:
    arrays = [field.name for field in dataclasses.fields(one) if isinstance(getattr(one, field.name), np.ndarray)]
    return one.ids == other.ids and all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes() for name in arrays
    )


@given(flows("abcdef"), flows("uvwxyz"), st.integers(0, 2**63 - 1), st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_adding_flows_anywhere_changes_nobody_else(mine, added, seed, random):
    mixed = mine + added
    random.shuffle(mixed)
    alone, together = (
        people(drawn(ParkDemand(SHARES, tuple(mine)), seed)),
        people(drawn(ParkDemand(SHARES, tuple(mixed)), seed)),
    )
    assert alone.items() <= together.items()


@given(flows("abcdef"), st.integers(0, 2**63 - 1))
@settings(max_examples=20, deadline=None)
def test_same_seed_same_bytes(mine, seed):
    demand = ParkDemand(SHARES, tuple(mine))
    assert same(drawn(demand, seed), drawn(demand, seed))


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
@settings(max_examples=20, deadline=None)
def test_other_seeds_other_people(one, other):
    demand = ParkDemand(
        SHARES, (Flow("f", "west", "east", 600.0), Flow("p", "a", "c", 200.0, pulse=Pulse(450.0, 60.0)))
    )
    assert same(drawn(demand, one), drawn(demand, other)) == (one == other)


@given(st.floats(1.0, 5000.0), st.floats(0.0, 2000.0), st.floats(0.0, 2000.0))
@settings(max_examples=40, deadline=None)
def test_times_lie_in_the_window_in_order(rate, begin, length):
    end = begin + length
    for process in (Rate(rate / 3600.0), Rate(rate / 3600.0, even=True), Crowd(rate, begin + 100.0, 300.0)):
        numbers, found, missing = times(process, "x", 1, begin, end)
        assert len(set(numbers.tolist())) == len(found)
        assert (np.diff(found) >= 0.0).all()
        assert ((found >= begin) & (found < end)).all()
        if isinstance(process, Crowd):
            assert len(found) + missing - int(rate) in (0, 1)


@given(st.floats(0.5, 3.0))
@settings(max_examples=20, deadline=None)
def test_a_larger_pulse_holds_the_smaller_one(factor):
    small, large = (Flow("p", "a", "c", count, pulse=Pulse(450.0, 200.0)) for count in (50.0, 50.0 + 50.0 * factor))
    assert people(drawn(ParkDemand(SHARES, (small,)))).items() <= people(drawn(ParkDemand(SHARES, (large,)))).items()


def test_a_larger_share_only_turns_people_into_the_grown_card():
    """Options on one seed differ by the share alone: nobody departs at another time or with another temper."""
    times_of = []
    for share in (0.1, 0.3):
        table = drawn(ParkDemand({"human_car": 1.0 - share, "robotaxi": share}, (Flow("f", "a", "c", 2000.0),)))
        times_of.append({name: (time, card) for name, (time, card, _, _) in people(table).items()})
    few, many = times_of
    assert {name: time for name, (time, _) in few.items()} == {name: time for name, (time, _) in many.items()}
    assert all(many[name][1] == "robotaxi" for name, (_, card) in few.items() if card == "robotaxi")


def test_the_order_of_names_in_the_file_does_not_matter():
    def table(turn: int) -> Departures:
        shares = dict(list(SHARES.items())[::turn])
        weights = dict([("a", 1.0), ("b", 2.0)][::turn])
        return drawn(ParkDemand(shares, shifts=(Shift("s", weights, {"c": 1.0}, 2000.0, END),)))

    assert people(table(1)) == people(table(-1))


def test_draws_do_not_hang_on_the_interpreters_hash_seed():
    code = (
        "from tiny_networks import chain\n"
        "from sim.traffic.demand import Flow, ParkDemand\n"
        "shares = {'human_car': 0.5, 'robotaxi': 0.3, 'truck': 0.2}\n"
        "table = ParkDemand(shares, (Flow('f', 'west', 'east', 500.0),)).departures(chain(), 1, 0.0, 900.0)\n"
        "print(table.time.sum().hex(), table.card.tolist(), [card.name for card in table.cards])\n"
    )
    here = Path(__file__).parent
    told = set()
    for hash_seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": hash_seed, "PYTHONPATH": f"{here}{os.pathsep}{here.parents[1]}"}
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        told.add(run.stdout)
    assert len(told) == 1


def test_more_come_on_one_day_than_on_another():
    """A tenth more or less, by the seed alone; who runs by a timetable does not vary."""
    days = np.array([of_day(0.1, seed) for seed in range(4000)])
    assert abs(days.mean() - 1.0) < 4.0 * 0.1 / 4000**0.5
    assert abs(days.std() - 0.1) < 0.005
    assert of_day(0.0, 3) == 1.0
    many = (
        Flow("poisson", "a", "c", 3600.0),
        Flow("timetable", "b", "c", 360.0, arrivals="even"),
        Flow("pulse", "b", "c", 300.0, pulse=Pulse(END / 2, END / 4)),
    )
    usual = ParkDemand(SHARES, many)
    seed = int(np.argmax(days))
    here, there = (
        Counter(x.split(".")[0] for x in drawn(demand, seed).ids)
        for demand in (usual, dataclasses.replace(usual, day_to_day=0.1))
    )
    assert there["timetable"] == here["timetable"] == END / 10
    assert there["pulse"] in (int(300 * days[seed]), int(300 * days[seed]) + 1)
    assert abs(there["poisson"] / here["poisson"] - days[seed]) < 0.05
    first = people(drawn(usual, seed))
    assert all(
        first[name] == told
        for name, told in people(drawn(dataclasses.replace(usual, day_to_day=0.1), seed)).items()
        if name.startswith("timetable")
    )
