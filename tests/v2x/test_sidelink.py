"""Every sub-channel simulated: against a slow twin, what is reserved for how long, and rate control."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from naive_sidelink import Sidelink
from talkers import road, run

from sim.engine.stations import told
from sim.models.radio import FATES
from sim.models.radio.packet_delivery import blocks, packets_wide
from sim.pilot import Radio

SIDELINK = Radio("resources", 500.0, {"bsm": 10.0}, payload=190, neighbours=1024)
WIDTH = 50.0


def placed(density: float, length: float) -> np.ndarray:
    """Places of cars about evenly along a road [m]."""
    rng = np.random.default_rng(5)
    count = round(density * length)
    return 10.0 + (np.arange(count) + 0.5 + rng.uniform(-0.3, 0.3, count)) / density


@pytest.mark.parametrize(
    ("density", "channels", "rate", "payload"),
    [
        (0.1, 4, 10.0, 190),
        (0.15, 2, 10.0, 190),
        pytest.param(0.1, 4, 3.3, 300, marks=pytest.mark.slow),
        pytest.param(0.05, 4, 25.0, 300, marks=pytest.mark.slow),
        pytest.param(0.06, 2, 50.0, 190, marks=pytest.mark.slow),
    ],
)
def test_it_agrees_with_a_slow_plain_twin(density: float, channels: int, rate: float, payload: int) -> None:
    places = placed(density, 1000.0)
    rows, twins = np.zeros((10, len(FATES))), []
    radio = replace(SIDELINK, sub_channels=channels, rates={"bsm": rate}, payload=payload)
    air = told(radio)
    for seed in (1, 2):
        heard, _, _ = run(road(places.tolist(), radio, duration=10.0), seed)
        assert heard is not None
        fine = heard["by_distance"][: int(500.0 / heard["class_width"])]
        rows += fine.reshape(10, -1, len(FATES)).sum(1)
        twin = Sidelink(places, 1000.0 / rate, channels, SIDELINK.power, seed, packets_wide(air), blocks(air))
        wanted, busy = twin.run(2500, 6000, WIDTH)
        twins.append(wanted[:10])
        assert heard["busy_mean"] == pytest.approx(busy, rel=0.1)
    off = 100.0 * np.abs(rows[:, 0] / rows.sum(1) - np.mean(twins, axis=0))
    assert off.max() <= 5.0, off
    assert off.mean() <= 2.5, off


def test_reservations_are_kept_for_some_messages() -> None:
    heard, simulation, _ = run(road(placed(0.05, 1000.0).tolist(), SIDELINK))
    assert heard is not None
    said = int(simulation.world.radio.streams["number"].sum())
    assert said / int(simulation.world.radio.air[0].chosen) == pytest.approx(10.0, rel=0.1)  # 5 to 15
    half_duplex = heard["fates"][:, FATES.index("half_duplex")].sum() / heard["fates"].sum()
    assert half_duplex == pytest.approx(0.01, abs=0.004)
    assert heard["delays"][:20].sum() == 0
    assert heard["delays"][1120:].sum() == 0


def test_twenty_a_second_choose_within_fifty_sub_frames() -> None:
    heard, _, _ = run(road(placed(0.03, 1000.0).tolist(), replace(SIDELINK, rates={"bsm": 20.0}, processing=0.0)))
    assert heard is not None
    assert heard["delays"][520:].sum() == 0
    assert heard["fates"][:, 0].sum() / heard["fates"].sum() > 0.8


@pytest.mark.parametrize("model", ["resources", "packet_delivery"])
def test_who_finds_the_channel_busy_says_less(model: str) -> None:
    places = placed(0.3, 900.0).tolist()
    radio = replace(SIDELINK, model=model, range=300.0)
    free, _, _ = run(road(places, radio, duration=10.0))
    bound, simulation, _ = run(road(places, replace(radio, rate_control=True), duration=10.0))
    assert free is not None
    assert bound is not None
    assert free["busy_mean"] > 0.3
    assert bound["busy_mean"] < free["busy_mean"] - 0.05
    assert bound["said"].sum() < 0.7 * free["said"].sum()
    assert bound["fates"][:, 0].sum() / bound["fates"].sum() > free["fates"][:, 0].sum() / free["fates"].sum()
    busy = simulation.world.radio.stations["busy"]
    assert ((busy > 0.0) & (busy < 1.0)).all()


def test_a_large_message_takes_several_sub_channels() -> None:
    _, simulation, _ = run(road([20.0, 60.0], replace(SIDELINK, payload=500), duration=5.0))
    assert simulation.world.radio.streams["sub_channels"].tolist() == [3, 3]
    _, simulation, _ = run(road([20.0, 60.0], replace(SIDELINK, payload=5000), duration=5.0))
    assert simulation.world.radio.streams["sub_channels"].tolist() == [4, 4], "all there are"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("density", "rate", "power", "channels", "payload"),
    [
        (0.05, 20.0, 15.0, 2, 300),
        (0.1, 10.0, 20.0, 4, 300),
        (0.1, 3.3, 20.0, 4, 300),
        (0.1, 20.0, 20.0, 2, 190),
        (0.2, 20.0, 20.0, 4, 190),
        (0.2, 25.0, 23.0, 5, 300),
        (0.3, 10.0, 23.0, 4, 190),
        (0.4, 10.0, 20.0, 5, 190),
        (0.4, 3.3, 15.0, 5, 190),
    ],
)
def test_both_rungs_of_mode_4_agree(density: float, rate: float, power: float, channels: int, payload: int) -> None:
    """Packet delivery by shares against every sub-channel simulated, over settings of no file [%]."""
    shares = []
    for model in ("packet_delivery", "resources"):
        radio = Radio(model, 510.0, {"bsm": rate}, power=power, sub_channels=channels, payload=payload, neighbours=1024)
        heard, _, _ = run(road(placed(density, 1500.0).tolist(), radio, duration=9.0))
        assert heard is not None
        rows = heard["by_distance"][: int(500.0 / heard["class_width"])].reshape(20, -1, len(FATES)).sum(1)
        shares.append(100.0 * rows[:, 0] / rows.sum(1))
    off = np.abs(shares[0] - shares[1])
    assert off.mean() <= 4.0, off
    assert off.max() <= 8.0, off
