"""Messages in the kernel: three vehicles by hand, nobody equipped, chunks and order that must not matter, overflow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from talkers import SURE, road, run

from sim.engine.recording import Heard
from sim.engine.simulation import Process, Simulation
from sim.pilot import Equipment, Radio
from sim.report.v2x import figures, percentiles
from sim.state.air import BACK_BITS
from sim.units import ticks
from sim.verify.trial import Diary


def test_three_vehicles_by_hand() -> None:
    heard, simulation, _ = run(road([20.0, 120.0, 370.0], SURE))
    assert heard is not None
    told = figures(heard)
    seconds = 16.0  # behind the warm-up
    assert told["said"] == {"BSM": 3 * 10 * seconds}
    assert told["heard"] == {"BSM": 4 * 10 * seconds}  # the first and the last are 350 m apart
    assert sum(told["lost"].values()) == 0
    assert told["packet_delivery_ratio"] == 1.0
    assert told["latency_ms"]["mean"] == pytest.approx(20.0)
    assert set(told["latency_ms"].values()) == {20.0}
    assert set(told["inter_packet_gap_ms"].values()) == {100.0}
    assert told["age_of_information_ms"]["mean"] == pytest.approx(70.0)
    assert told["age_of_information_ms"]["p50"] == pytest.approx(70.0)
    assert told["age_of_information_ms"]["p95"] == pytest.approx(115.0)
    near = heard["by_distance"][:, 0]
    assert near[20] + near[19] == near[50] + near[49] == 2 * 10 * seconds
    loads = simulation.world.radio.stations["load"]
    assert loads == pytest.approx([10.0, 20.0, 10.0], rel=0.01)


def test_what_is_lost_is_counted_and_makes_gaps() -> None:
    heard, _, _ = run(road([20.0, 120.0], replace(SURE, loss=0.3), duration=600.0))
    assert heard is not None
    told = figures(heard)
    assert told["lost"]["loss"] / (2 * 10 * 596) == pytest.approx(0.3, abs=0.02)
    assert told["inter_packet_gap_ms"]["mean"] == pytest.approx(100.0 / 0.7, rel=0.03)
    assert told["age_of_information_ms"]["mean"] == pytest.approx(20.0 + 100.0 * (0.5 + 0.3 / 0.7), rel=0.04)


@pytest.mark.parametrize("model", ["ideal", "disc", "packet_delivery", "ieee80211p", "cellular", "resources"])
def test_every_rung_carries(model: str) -> None:
    heard, simulation, _ = run(road([20.0, 60.0, 100.0, 140.0], Radio(model)))
    assert heard is not None
    on_way = 4 * 3 * (model == "resources")  # asked for before the end, and sent behind it
    assert 4 * 3 * 160 - on_way <= heard["fates"].sum() <= 4 * 3 * 160
    assert heard["fates"][:, 0].sum() > 0.9 * heard["fates"].sum()
    assert heard["by_distance"].sum() == heard["fates"].sum()
    assert heard["overflow"] == 0
    assert int(simulation.world.radio.ages.sum()) == 0  # every age begun has ended


def test_decided_all_at_once_is_as_one_after_the_other() -> None:
    """Where messages may overtake each other, receptions are decided singly; here none does, so nothing may differ."""
    told = []
    for apart in (False, True):
        simulation = Simulation(road([20.0 * i for i in range(1, 60)], Radio("packet_delivery")), 1, Diary())
        radio = simulation.world.radio
        assert not radio.air[0].apart
        radio.air[0].apart = apart
        heard = simulation.run()["heard"]
        assert heard is not None
        assert 0 < heard["fates"][:, 0].sum() < heard["fates"].sum()
        sums = [int(radio.air[0][name]) for name in ("decided", "busy_sum")]
        counts = [x.tobytes() for x in (radio.delays, radio.gaps, radio.ages)]
        newest = radio.pairs >> BACK_BITS  # and which one was known before, which nobody asks for here
        told.append((sums, radio.tally.tolist(), newest.tolist(), radio.kinds.tolist(), counts))
    assert told[0] == told[1]


def driven(diary: Diary) -> list[bytes]:
    return [np.ascontiguousarray(x).tobytes() for x in diary.trips_told.values()]


def test_nobody_equipped_or_no_radio_changes_nothing() -> None:
    places = [20.0 + 15.0 * i for i in range(40)]
    _, silent, without = run(road(places, None))
    nobody, _, alone = run(road(places, Radio(), Equipment()))
    heard, _, talking = run(road(places, Radio()))
    assert driven(without) == driven(alone) == driven(talking)
    assert not silent.world.radio.air[0].on
    assert nobody is not None
    assert figures(nobody)["packet_delivery_ratio"] is None
    assert heard is not None
    assert heard["decided"] > 10_000


def same(one: Heard, other: Heard) -> bool:
    try:
        np.testing.assert_equal(one, other)
    except AssertionError:
        return False
    return True


@pytest.mark.parametrize("model", ["packet_delivery", "resources"])
def test_where_chunks_end_does_not_matter(model: str) -> None:
    def interrupt(run: Simulation) -> Process:
        for _ in range(150):
            yield run.environment.timeout(ticks(0.13))

    places = [20.0 + 12.0 * i for i in range(60)]
    whole, _, _ = run(road(places, Radio(model)))
    cut, _, _ = run(road(places, Radio(model)), services=[interrupt])
    other, _, _ = run(road(places, Radio(model)), seed=2)
    assert whole is not None
    assert cut is not None
    assert other is not None
    assert same(whole, cut)
    assert not same(whole, other)


def test_who_comes_to_hear_changes_nobody_elses_draws() -> None:
    near = [20.0 + 30.0 * i for i in range(10)]
    radio = Radio("disc", 300.0, loss=0.2)
    few, one, _ = run(road(near, radio))
    more, two, _ = run(road([*near, 2500.0], radio))
    assert few is not None
    assert more is not None
    assert np.array_equal(few["by_distance"], more["by_distance"])
    assert np.array_equal(one.world.radio.streams["hash"], two.world.radio.streams["hash"][:-1])


def test_what_cannot_be_remembered_is_counted() -> None:
    places = [20.0 + 2.0 * i for i in range(120)]
    heard, simulation, _ = run(road(places, replace(SURE, neighbours=16)))
    assert heard is not None
    assert simulation.world.radio.air[0].slots == 32
    assert heard["overflow"] > 0
    assert heard["fates"][:, 0].sum() == 120 * 119 * 160, "all the same it is heard"


def test_cams_are_said_when_enough_has_changed() -> None:
    heard, _, _ = run(road([20.0, 120.0], replace(SURE, trigger="etsi")))
    assert heard is not None
    assert heard["said"].sum() == pytest.approx(2 * 16 * 5.0 / 4.0, abs=8)  # every 4 m at 5 m/s


def test_delivery_by_distance_and_busy_ratio_by_hand() -> None:
    """Two cars 100 m and one 250 m farther: pairs 100, 250 and 350 m apart, of which the last is out of range."""
    heard, simulation, _ = run(road([20.0, 120.0, 370.0], replace(SURE, loss=0.25), duration=204.0))
    assert heard is not None
    pairs = {20: 2, 50: 2}  # class of 5 m -> ordered pairs
    for kind, count in pairs.items():
        told = heard["by_distance"][kind - 1 : kind + 1].sum(0)
        assert told.sum() == count * 10 * 200
        assert told[0] / told.sum() == pytest.approx(0.75, abs=0.02)
    assert heard["by_distance"].sum() == 4 * 10 * 200
    ratio = figures(heard)
    assert ratio["packet_delivery_ratio"] == pytest.approx(0.75, abs=0.01)
    assert ratio["channel_busy_ratio"]["mean"] == 0.0, "a disc has no channel"
    assert int(simulation.world.radio.air[0].decided) > 4 * 10 * 200, "those of the warm-up, too"


def test_busy_ratio_of_three_reservations_by_hand() -> None:
    """Each senses two others: two of 99 * 4 resources that it can sense in 100 ms."""
    heard, _, _ = run(road([20.0, 60.0, 100.0], Radio("resources", 200.0), duration=24.0))
    assert heard is not None
    assert heard["busy_mean"] == pytest.approx(2.0 / (99.0 * 4.0), rel=0.02)
    assert heard["mean_gap"] == pytest.approx(0.1, rel=0.03)
    assert 0.011 <= heard["mean_delay"] <= 0.101, "from 1 to 90 sub-frames, and 10 ms of processing"


def test_mode_4_is_as_late_by_shares_as_by_every_sub_channel() -> None:
    """The same selection window on both rungs: 1 to 90 sub-frames, drawn anew with every reservation."""
    told = {}
    for model in ("packet_delivery", "resources"):
        heard, _, _ = run(road([20.0 + 30.0 * i for i in range(60)], Radio(model), duration=64.0))
        assert heard is not None
        told[model] = heard["mean_delay"], percentiles(heard["delays"], (5, 95)), heard["mean_gap"]
    shares, all_ = told["packet_delivery"], told["resources"]
    assert shares[0] == pytest.approx(0.056, abs=0.003)
    assert all_[0] == pytest.approx(0.056, abs=0.003)
    for p in ("p5", "p95"):
        assert shares[1][p] == pytest.approx(all_[1][p], abs=4.0)
    assert shares[2] == pytest.approx(all_[2], rel=0.03)


def test_messages_that_find_no_room_are_counted() -> None:
    def narrow(run: Simulation) -> Process:
        run.world.radio.air[0].room = 7
        yield run.environment.timeout(ticks(0.1))

    heard, simulation, _ = run(road([20.0 + 20.0 * i for i in range(10)], SURE), services=[narrow])
    assert heard is not None
    assert heard["said"].sum() == 7 * 160
    assert heard["overflow"] == 3 * 200
    assert figures(heard)["overflow"] == 600
    assert int(simulation.world.radio.air[0].spoken) == 7
