"""Every metric: well-formed columns of no encounters, and numbers computed by hand of one."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim import expectation
from sim.kernel import encounters as probe
from sim.metrics import KINDS, METRICS, Encounters, column_names, measured, thresholds
from sim.models.mass import mass_of

TOLD = {
    "ttc_s": [2.0, math.inf],
    "pet_s": [math.inf, 1.5],
    "tet_s": [0.4, 0.0],
    "tit_s2": [0.3, 0.0],
    "drac_mps2": [3.2, 0.0],
    "mdrac_mps2": [math.inf, 0.0],
    "braking_mps2": [4.6, 0.0],
    "other_braking_mps2": [0.0, 1.0],
    "speed_mps": [10.0, 3.0],
    "other_speed_mps": [4.0, 4.0],
    "collided": [True, False],
}


def encounters(rows: int = 2) -> Encounters:
    """A follower who runs into a leader of a tenth of his mass, and a crossing at right angles."""
    told = {name: np.array(x[:rows]) for name, x in TOLD.items()}
    angle, mass, other = np.array([0.0, np.pi / 2]), np.array([15_000.0, 1500.0]), np.array([1500.0, 1500.0])
    return Encounters(told, angle[:rows], mass[:rows], other[:rows])


@pytest.mark.parametrize("name", METRICS.names())
def test_every_metric_gives_its_columns(name: str) -> None:
    metric = METRICS[name]
    for rows in (0, 2):
        columns = metric.measure(encounters(rows))
        assert list(columns) == list(metric.columns)
        assert all(x.shape == (rows,) for x in columns.values())
    assert all(text.startswith("[") for text in metric.columns.values())
    for limit in metric.thresholds.values():
        assert limit.column in metric.columns
        assert limit.source


def test_columns_are_nobody_elses() -> None:
    assert len(set(column_names())) == len(column_names())
    assert list(measured(encounters())) == column_names()


def test_by_hand() -> None:
    found = measured(encounters())
    assert found["ttc_s"][0] == 2.0
    assert np.isnan(found["ttc_s"][1])
    assert found["impact_speed_mps"][0] == 6.0
    assert np.isnan(found["impact_speed_mps"][1])
    assert found["delta_v_mps"].tolist() == pytest.approx([6.0 / 11.0, 2.5])
    assert found["other_delta_v_mps"].tolist() == pytest.approx([60.0 / 11.0, 2.5])
    assert found["angle_deg"].tolist() == pytest.approx([0.0, 90.0])


def test_counts_by_hand() -> None:
    found = measured(encounters())
    counts = {name: int(limit.holds(found).sum()) for name, limit in thresholds().items()}
    assert counts == {
        "ttc_1_5s": 0,
        "ttc_3s": 1,
        "pet_5s": 1,
        "pet_2s": 1,
        "drac_3": 1,
        "drac_3_4": 0,
        "mdrac_3_4": 1,
        "hard_braking": 1,
    }
    assert str(thresholds()["drac_3_4"]) == "drac_mps2 >= 3.4 (AASHTO)"


def test_no_threshold_lies_beyond_what_opens_an_encounter() -> None:
    for limit in thresholds().values():
        opened = {"ttc_s": probe.OPEN_TTC, "pet_s": probe.OPEN_PET}
        assert limit.limit <= opened.get(limit.column, limit.limit)


def test_every_count_can_be_expected() -> None:
    assert {"encounters", *thresholds()} == set(expectation.CONFLICTS)


def test_kinds_are_the_probes() -> None:
    ranks = (probe.FOLLOWING, probe.LANE_CHANGE, probe.MERGING, probe.CROSSING)
    assert [KINDS[i] for i in ranks] == ["following", "lane_change", "merging", "crossing"]


def test_mass_of_a_class_that_is_not_told_is_a_cars() -> None:
    assert mass_of("taxi") == mass_of("passenger")
    assert mass_of("truck").unit == "kg"
