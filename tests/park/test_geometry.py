"""Geometry of paths: lengths, parallels, joints, places on lanes and where two paths touch."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.park.classes import EVERY_CLASS
from sim.park.geometry import Axes, conflict_areas, joint, length_of, nearest, parallel
from sim.park.network import Crossing, Lane


def line(*points: tuple[float, float]) -> np.ndarray:
    return np.array(points, dtype=float)


def lane(shape: np.ndarray, length: float | None = None) -> Lane:
    return Lane("l", 0, 0, length_of(shape) if length is None else length, 10.0, 3.2, EVERY_CLASS, shape)


def area_of(shape: np.ndarray, width: float, foe: np.ndarray, foe_width: float, kind: Crossing) -> np.ndarray | None:
    """Where bodies on one pair of paths would touch; None if they do not."""
    area = conflict_areas([shape, foe], [width, foe_width], np.array([0]), np.array([1]), np.array([int(kind)]))[0]
    return None if np.isnan(area).any() else area


def test_a_right_angle_is_touched_over_twice_the_half_widths():
    area = area_of(line((0, 0), (20, 0)), 3.2, line((10, -10), (10, 10)), 3.2, Crossing.CROSS)
    assert area == pytest.approx((8.0, 12.0, 8.0, 12.0), abs=0.1)


def test_a_narrow_lane_takes_less_room():
    area = area_of(line((0, 0), (20, 0)), 1.0, line((10, -10), (10, 10)), 3.2, Crossing.CROSS)
    assert area == pytest.approx((8.5, 11.5, 8.5, 11.5), abs=0.1)


def test_distant_paths_do_not_touch():
    assert area_of(line((0, 0), (20, 0)), 3.2, line((0, 5), (20, 5)), 3.2, Crossing.CROSS) is None


def test_merging_reaches_to_both_ends_from_where_they_come_near():
    area = area_of(line((0, 0), (100, 0)), 3.2, line((0, 10), (100, 0)), 3.2, Crossing.MERGE)
    assert area is not None
    assert area[1] == pytest.approx(100.0)
    assert area[3] == pytest.approx(np.hypot(100, 10))
    assert area[0] == pytest.approx(100 - 2.0 / np.sin(np.arctan(0.1)), abs=0.3)


def test_merging_ignores_an_earlier_crossing():
    weave = line((0, 0), (20, 0), (60, 0))
    foe = line((10, -20), (10, 20), (50, 20), (60, 0))
    area = area_of(weave, 3.2, foe, 3.2, Crossing.MERGE)
    assert area is not None
    assert area[0] > 50
    assert area[1] == pytest.approx(60.0)


def test_diverging_begins_at_the_start():
    area = area_of(line((0, 0), (100, 0)), 3.2, line((0, 0), (100, 10)), 3.2, Crossing.DIVERGE)
    assert area is not None
    assert area[0] == area[2] == 0.0
    assert 15 < area[1] < 25
    assert 15 < area[3] < 25


def test_many_pairs_at_once_equal_one_by_one():
    rng = np.random.default_rng(1)
    shapes = [rng.uniform(0, 30, (4, 2)) for _ in range(12)]
    one, other = np.triu_indices(12, 1)
    kinds = rng.integers(0, 3, len(one))
    together = conflict_areas(shapes, [3.2] * 12, one, other, kinds)
    for i in range(len(one)):
        alone = area_of(shapes[one[i]], 3.2, shapes[other[i]], 3.2, Crossing(kinds[i]))
        assert alone == pytest.approx(together[i]) if alone is not None else np.isnan(together[i]).all()


@given(st.integers(0, 2**32 - 1))
def test_a_crossing_area_holds_all_points_nearer_than_the_clearance(seed: int):
    rng = np.random.default_rng(seed)
    a, b = rng.uniform(0, 30, (2, 3, 2))
    area = area_of(a, 3.2, b, 3.2, Crossing.CROSS)
    total = length_of(a)
    along = np.linspace(0.0, total, 200)
    x, y, _ = Axes([lane(a)]).place(np.zeros(200, dtype=int), along)
    bx, by, _ = Axes([lane(b)]).place(np.zeros(2000, dtype=int), np.linspace(0, length_of(b), 2000))
    distance = np.min(np.hypot(x[:, None] - bx, y[:, None] - by), axis=1)
    close = along[distance < 1.9]
    if area is None:
        assert not len(close)
        return
    assert 0.0 <= area[0] <= area[1] <= total + 1e-9
    assert (close >= area[0] - 1e-6).all()
    assert (close <= area[1] + 1e-6).all()


def test_nearest_approach():
    found = nearest([line((0, 0), (20, 0)), line((5, 9), (15, 4))], np.array([0]), np.array([1]))
    assert found[0] == pytest.approx((15.0, np.hypot(10, 5)))


def test_a_parallel_lies_to_the_left():
    assert parallel(line((0, 0), (10, 0)), 2.0) == pytest.approx(line((0, 2), (10, 2)))
    assert parallel(line((0, 0), (10, 0)), -2.0) == pytest.approx(line((0, -2), (10, -2)))
    assert parallel(line((0, 0), (10, 0), (10, 10)), -1.0) == pytest.approx(line((0, -1), (11, -1), (11, 10)))


def test_a_joint_is_straight_or_smooth():
    assert len(joint(line((0, 0), (10, 0)), line((20, 0), (30, 0)))) == 2
    turn = joint(line((0, 0), (10, 0)), line((20, 10), (20, 20)))
    assert turn[0] == pytest.approx((10, 0))
    assert turn[-1] == pytest.approx((20, 10))
    assert 14.14 < length_of(turn) < 20.0
    back = joint(line((0, 0), (10, 0)), line((10, 3.2), (0, 3.2)))
    assert back[:, 0].max() > 11.0


def test_places_on_lanes_with_heading_from_north():
    axes = Axes([lane(line((0, 0), (10, 0), (10, 10))), lane(line((5, 5), (5, -5)), length=20.0)])
    x, y, heading = axes.place(np.array([0, 0, 0, 0, 1, 1]), np.array([0.0, 5.0, 15.0, 99.0, 10.0, -1.0]))
    assert x == pytest.approx([0, 5, 10, 10, 5, 5])
    assert y == pytest.approx([0, 0, 5, 10, 0, 5])
    assert heading == pytest.approx([90, 90, 0, 0, 180, 180])


def test_repeated_points_do_no_harm():
    x, y, heading = Axes([lane(line((0, 0), (0, 0), (4, 0), (4, 0)))]).place(np.array([0, 0]), np.array([0.0, 4.0]))
    assert (x[1], y[1]) == (4.0, 0.0)
    assert heading == pytest.approx([90, 90])
