"""Signals and priority: closed forms against published numbers; the cases in short."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.engine.movements import movements_by_gap
from sim.engine.roads import lay_links
from sim.models.right_of_way.turns import alternating_capacity
from sim.park.building.draft import Node
from sim.park.network import MOVEMENTS, SEEN, SEEN_BESIDE
from sim.verify.cases.priority import GAPS, entry_capacity
from sim.verify.cases.signal import best_cycle, control_delay
from sim.verify.crossings import fitted_gaps, four_legs, harders
from sim.verify.junctions import LIMIT
from sim.verify.roads import side_by_side
from sim.verify.run import finding
from sim.verify.trial import Halts

FLOWS = (200.0, 400.0, 600.0, 800.0, 1000.0)


@pytest.mark.parametrize(("x", "delay"), [(0.3, 16.9), (0.5, 20.0), (0.7, 25.0), (0.85, 32.8), (0.95, 45.0)])
def test_control_delay(x: float, delay: float) -> None:
    assert control_delay(90.0, 40.0, 1900.0, x) == pytest.approx(delay, abs=0.05)


def test_best_cycle() -> None:
    assert best_cycle(12.0, 0.7) == pytest.approx(77.0, abs=0.5)


@pytest.mark.parametrize(
    ("name", "capacities"),
    [
        ("minor right", (846, 654, 505, 388, 298)),
        ("minor through", (699, 541, 417, 320, 245)),
        ("minor left", (763, 564, 416, 306, 224)),
        ("major left", (1384, 1170, 987, 832, 700)),
    ],
)
def test_capacity_at_a_two_way_stop(name: str, capacities: tuple[int, ...]) -> None:
    got = [harders(q, *GAPS[name]) for q in FLOWS]
    assert got == pytest.approx(capacities, abs=0.6)
    assert fitted_gaps(FLOWS, got) == pytest.approx(GAPS[name], rel=1e-3), "the fit finds what made the figures"
    assert harders(0.0, *GAPS[name]) == pytest.approx(harders(1e-6, *GAPS[name]), rel=1e-3)


def test_entry_capacity_of_roundabouts() -> None:
    got = [entry_capacity(q, 1, 1) for q in (0.0, *FLOWS)]
    assert got == pytest.approx([1380, 1125, 918, 748, 610, 498], abs=0.6)
    assert entry_capacity(500.0, 2, 2) == pytest.approx((1420.0 * np.exp(-0.425) + 1350.0 * np.exp(-0.46)) / 2.0)


def test_queue_without_end_leaves_evenly() -> None:
    told = finding("signal.saturation", {"copies": "8", "cycles": "6"})
    flow, lost, stage = told.points
    assert 1000.0 < flow.got < 2400.0
    assert 0.0 < lost.got < 5.0
    assert flow.half_width < 100.0
    assert stage.expected is None


def test_delay_grows_with_flow() -> None:
    told = finding("signal.delay", {"copies": "8", "x": "0.2, 0.8", "cycle": "60", "green": "25"})
    low, high = (p.got for p in told.points)
    assert 5.0 < low < high < 60.0
    assert told.settings["cycle"] == 60.0
    assert all(p.expected is not None for p in told.points), "the formula holds at any setting"


def test_capacity_falls_with_conflicting_flow() -> None:
    told = finding("priority.capacity", {"flow": "100, 900", "duration": "600", "copies": "1"})
    for name in GAPS:
        few, many = (p.got for p in told.points if name in p.of)
        assert few > many > 0.0


def test_roundabout_entry_falls_with_circulating_flow() -> None:
    told = finding("roundabout.entry", {"flow": "0, 700", "duration": "600", "copies": "1"})
    few, many = (p.got for p in told.points)
    assert few > many > 0.0
    assert np.isfinite([p.expected for p in told.points]).all()


def test_both_lanes_of_a_roundabouts_entry_are_fed() -> None:
    told = finding("roundabout.entry", {"flow": "0", "ring": "1", "entry": "2", "duration": "600", "copies": "1"})
    assert told.points[0].got > 1250.0, "as of one lane; less if who leaves the ring over its outer lane slows down"


def test_gaps_begin_when_who_was_there_has_left() -> None:
    """A major left turn waits before the far end of an area 21.6 m behind the others' line; nobody else does."""
    network = side_by_side(four_legs(Node("x", 0.0, 0.0, "stop", u_turn=False, main=("w", "e"))), 1)
    links = lay_links(network, [])[0]
    left = [float(k.clears) for k in links if k.waiting]
    right = [float(k.clears) for k in links if k.movement == MOVEMENTS.index("minor_right")]
    assert left == pytest.approx([21.6 / LIMIT - 0.5 / 6.5] * 2, abs=0.05)
    assert right == pytest.approx([0.0] * 2, abs=0.05)


def test_who_leaves_a_ring_chooses_no_gap() -> None:
    """He drives beside those he gives way to, and sees them all along."""
    lanes = {"w": 2, "e": 2, "s": 2, "n": 2}
    network = side_by_side(four_legs(Node("x", 0.0, 0.0, "roundabout", radius=20.0, ring_lanes=2), lanes), 1)
    found = {False: set[tuple[int, float]](), True: set[tuple[int, float]]()}
    for c, movement in zip(network.connections, movements_by_gap(network), strict=True):
        found[network.edges[network.lanes[c.source].edge].roundabout].add((movement, c.visibility))
    assert found == {False: {(MOVEMENTS.index("roundabout"), SEEN)}, True: {(-1, SEEN_BESIDE)}}


def test_capacity_of_a_shared_strip() -> None:
    """Six vehicles 2 s apart, the first after 2 s, 30 s until the other side's turn: 6 in 42 s."""
    assert alternating_capacity(6, 2.0, 2.0, 30.0) == pytest.approx(3600.0 * 6 / 42)
    assert finding("passage.capacity", {"duration": "900 s"}).ok


def test_who_creeps_in_a_queue_stops_once() -> None:
    speeds = [10.0, 3.0, 0.0, 0.3, 0.0, 0.0, 2.0, 5.0, 0.05, 7.0, 0.0]
    v = np.zeros(1, [("departure", "i8"), ("speed", "f8"), ("distance", "f8")])
    v["distance"] = 1.0
    run = SimpleNamespace(departures=[0], world=SimpleNamespace(vehicles=v))
    run.environment = SimpleNamespace(timeout=lambda ticks: None)
    halts = Halts()
    look = halts(run)  # type: ignore[arg-type]
    for speed in speeds:
        v["speed"] = speed
        next(look)
    assert halts.counts.tolist() == [2]  # in the queue, and after having driven at 7 m/s again


@pytest.mark.slow
def test_advice_saves_stops_where_traffic_is_light() -> None:
    short = {"share": "0.5, 1", "signals": "1", "copies": "2", "duration": "300", "dense": "200"}
    told = finding("advice.green_wave", short)
    saved = {x.at: x.got for x in told.points if x.of.startswith("stops saved in light")}
    assert 0.0 < saved[0.5] < saved[1.0]
    judged = {x.of for x in told.points if x.ok is not None}
    assert judged >= {"every share saves stops: 1", "every share saves energy: 1"}
