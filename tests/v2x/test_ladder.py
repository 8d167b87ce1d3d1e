"""The radio ladder: path loss, and what every rung must keep to."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.models.propagation import SIDELINK, break_point, path_losses
from sim.models.radio import COLLISION, FATES, HALF_DUPLEX, HEARD, RADIO, SENSITIVITY, TOLD, Air, packet_delivery
from sim.models.radio.cellular import outage

SHARED = Path(__file__).parents[3] / "shared" / "data"
DISTANCES = np.arange(2.5, 500.0, 25.0)


def test_path_loss_falls_faster_behind_the_break_point() -> None:
    loss = path_losses(np.array([10.0, 100.0, 200.0, 400.0]), 1.5, SIDELINK)
    assert loss == pytest.approx([67.852, 87.852, 95.592, 107.634], abs=0.01)
    assert break_point(1.5, SIDELINK) == pytest.approx(177.3)
    assert loss[3] - loss[2] == pytest.approx(40.0 * np.log10(2.0))
    around = path_losses(DISTANCES, 1.5, SIDELINK, sight=False)
    assert (around >= path_losses(DISTANCES, 1.5, SIDELINK) - 1e-9).all()
    assert around[8] > path_losses(DISTANCES, 1.5, SIDELINK)[8] + 15.0


@pytest.mark.parametrize("name", RADIO.names())
def test_a_rung_tells_shares_of_every_fate(name: str) -> None:
    rung = RADIO[name]
    for load in (0.0, 0.1, 0.6):
        for sight in (True, False):
            shares = rung.fates(Air(range=500.0, loss=0.1), DISTANCES, load, sight)
            assert shares.shape == (TOLD, len(DISTANCES))
            assert (shares >= -1e-12).all()
            assert shares.sum(0) == pytest.approx(1.0)
            assert (np.diff(shares[HEARD]) <= 1e-3).all(), "farther away is heard less"
        assert 0.0 <= rung.busy(Air(), load) <= 1.0
    low, high = rung.delay(Air())
    assert 0.0 <= low <= high < 1.0
    assert set(FATES[:TOLD]) <= set(FATES)


def test_a_fuller_channel_loses_more_and_is_busier() -> None:
    loads = (0.05, 0.1, 0.2, 0.3, 0.45, 0.6)
    for name in ("packet_delivery", "ieee80211p"):
        heard = [RADIO[name].fates(Air(), np.array([202.5]), x, True)[HEARD, 0] for x in loads]
        busy = [RADIO[name].busy(Air(), x) for x in loads]
        assert heard == sorted(heard, reverse=True), name
        assert busy == sorted(busy), name
    around, ahead = (packet_delivery.fates(Air(), np.array([102.5]), 0.1, sight)[HEARD, 0] for sight in (False, True))
    assert around < ahead - 0.5


def test_half_duplex_is_a_share_of_the_second() -> None:
    assert packet_delivery.fates(Air(rate=20.0), DISTANCES, 0.1, True)[HALF_DUPLEX] == pytest.approx(0.02)


def test_an_outage_delays_all_until_its_end() -> None:
    times = np.arange(0.0, 4000.0, 0.02)
    waits = np.array([outage(3, np.uint64(11), t) for t in times])
    waiting = np.flatnonzero(waits > 0.0)
    assert 0.001 < len(waiting) / len(times) < 0.006
    following = waiting[:-1][np.diff(waiting) == 1]
    assert waits[following] - waits[following + 1] == pytest.approx(0.02)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the authors' curves are not here")
def test_shares_are_those_of_the_authors_simulations() -> None:
    with (SHARED / "cv2x-mode4" / "pdr.csv").open() as file:
        rows = [[float(x) for x in line[1:]] for line in list(csv.reader(file))[1:]]
    settings = {tuple(row[:5]) for row in rows}
    assert len(settings) >= 8
    for density, rate, power, channels, payload in settings:
        told = np.array([r[5:] for r in rows if tuple(r[:5]) == (density, rate, power, channels, payload)])
        air = Air(500.0, rate, power, int(payload), int(channels))
        off = np.abs(100.0 * packet_delivery.fates(air, told[:, 0], density, True)[HEARD] - told[:, 1])
        assert off.mean() <= 4.0
        assert off.max() <= 8.0
        causes = packet_delivery.fates(air, told[:, 0], density, True)
        assert np.abs(100.0 * causes[SENSITIVITY] - told[:, 3]).max() <= 4.0
        assert np.abs(100.0 * causes[COLLISION] - told[:, 5]).max() <= 5.0


@pytest.mark.skipif(not SHARED.is_dir(), reason="the authors' curves are not here")
def test_80211p_is_that_of_the_authors_simulations() -> None:
    with (SHARED / "v2x-80211p" / "pdr.csv").open() as file:
        rows = [[float(x) for x in line] for line in list(csv.reader(file))[1:]]
    with (SHARED / "v2x-80211p" / "cbr.csv").open() as file:
        busy = {tuple(float(x) for x in line[:5]): float(line[5]) for line in list(csv.reader(file))[1:]}
    rung = RADIO["ieee80211p"]
    for setting in {tuple(row[:5]) for row in rows}:
        density, rate, often, power, payload = setting
        told = np.array([r[5:] for r in rows if tuple(r[:5]) == setting])
        air = Air(500.0, often, power, int(payload), data_rate=rate * 1e6)
        shares = 100.0 * rung.fates(air, told[:, 0], density, True)
        off = np.abs(shares[HEARD] - 100.0 * told[:, 1])
        assert off.mean() <= 4.0
        assert off.max() <= 8.0
        assert np.abs(shares[COLLISION] - 100.0 * told[:, 3]).max() <= 4.0
        if setting in busy:
            assert rung.busy(air, density) == pytest.approx(busy[setting], rel=0.1)


def test_more_senders_than_resources_still_leave_a_fifth_to_choose_from() -> None:
    """Beyond one sender in reach a resource the threshold rises, so that near ones are no longer spared (TS 36.213)."""
    air = Air(500.0, 20.0, 20.0, 190, 4)
    heard = [packet_delivery.fates(air, np.array([102.5]), load, True)[HEARD, 0] for load in (0.2, 0.3, 0.45, 0.6)]
    assert heard == sorted(heard, reverse=True)
    assert heard[0] > 0.85
    assert heard[3] < 0.6
