"""Replay of measured leaders: exact where the answer is known, and on real pairs where they are here."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from sim.verify.case import VerificationError
from sim.verify.cases.follower import BINS, _quantiles, pairs
from sim.verify.cases.idm import equilibrium_gap
from sim.verify.fleet import idm
from sim.verify.replay import Group, read_csv, replay
from sim.verify.run import finding

REAL = Path(__file__).parents[3] / "shared" / "data" / "ngsim-i80-pairs" / "train.csv.gz"
COLUMNS = ("pair", "t", "x_f_m", "v_f_mps", "x_l_m", "v_l_mps", "gap_m")


def steady(speed: float, seconds: float, gap: float) -> Group:
    time = np.arange(0.0, seconds, 0.1)
    return Group(speed * time, np.full(len(time), speed), (gap,), (speed,))


def test_followers_come_to_equilibrium_behind_a_steady_leader() -> None:
    groups = [steady(10.0, 120.0, 30.0), steady(20.0, 150.0, 15.0)]
    done = replay(groups, idm(1.5), 30.0, 0.1)
    assert done.gap[0, :, 0] == pytest.approx([30.0, 15.0]), "as measured at the begin"
    assert done.gap[1199, 0, 0] == pytest.approx(equilibrium_gap(10.0, 30.0, 2.0, 1.5), rel=1e-3)
    assert done.gap[1499, 1, 0] == pytest.approx(equilibrium_gap(20.0, 30.0, 2.0, 1.5), rel=1e-2)
    assert np.isnan(done.gap[1300, 0, 0]), "behind the end of the data"
    assert done.collisions == 0


def test_several_followers() -> None:
    one = steady(15.0, 60.0, 20.0)
    done = replay([Group(one.way, one.speed, (20.0, 25.0, 30.0), (15.0, 15.0, 15.0))], idm(1.0), 30.0, 0.1)
    assert done.gap[0, 0] == pytest.approx([20.0, 25.0, 30.0])
    assert (done.gap[590, 0] > 10.0).all()


def test_a_file_of_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for pair in ("a", "b", "c", "d"):
            for k in range(200):
                rows.writerow([pair, 5.0 + 0.1 * k, 0.8 * k, 8.0, 20.0 + 0.8 * k, 8.0, 15.0])
    names, _, gaps, step = pairs(str(path))
    assert names == ["a", "b", "c", "d"]
    assert step == 0.1
    assert len(gaps[0]) == 200
    told = finding("follower.spacing", {"data": str(path), "fit": "0"})
    assert told.points[1].got < 15.0
    assert told.points[2].got == 0.0
    broken = tmp_path / "broken.csv"
    broken.write_text("pair,t\n1,2\n")
    with pytest.raises(VerificationError, match="lacks the columns"):
        read_csv(str(broken), COLUMNS)


def test_without_data_the_case_is_left_out() -> None:
    told = finding("follower.gaps", {})
    assert told.ok is None
    assert "--set data=FILE" in told.reason


@pytest.mark.skipif(not REAL.is_file(), reason="the measured pairs are not here")
def test_real_pairs_have_the_published_gaps() -> None:
    told = read_csv(str(REAL), COLUMNS)
    published = ((2.77, 1.78, 4.26), (2.12, 1.38, 3.13), (1.88, 1.15, 2.96), (1.68, 1.09, 2.74), (1.65, 1.09, 2.59))
    for (low, high), (median, narrow, wide) in zip(BINS, published, strict=True):
        got = _quantiles(told["gap_m"], told["v_f_mps"], low, high)
        assert got == pytest.approx((narrow, median, wide), abs=0.006)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_file(), reason="the measured pairs are not here")
def test_a_fitted_card_follows_drivers_it_has_not_seen() -> None:
    told = finding("follower.spacing", {"data": str(REAL)})
    assert told.ok, told.points
