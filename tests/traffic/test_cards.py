import math

import numpy as np
import pytest
from scipy import optimize

from sim.engine.drivers import FURTHEST, drawn
from sim.models import car_following
from sim.park.classes import CLASSES
from sim.park.network import MOVEMENTS
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.cards import CARDS
from sim.traffic.draw import speed_factors

NAMES = {"human_car", "truck", "car_carrier", "bus", "robotaxi", "delivery_robot"}
EVERY_CARD_HAS = {
    "length", "width", "minimum_gap", "maximum_speed", "maximum_acceleration", "comfortable_deceleration",
    "emergency_deceleration", "minor_time_gap", "impatience", "time_to_impatience", "strategic", "cooperative",
    "speed_gain", "keep_right",
}  # fmt: skip

every_card = pytest.mark.parametrize("card", [CARDS[name] for name in CARDS.names()], ids=lambda card: card.name)


def test_the_promised_cards_are_there():
    assert set(CARDS.names()) >= NAMES


@every_card
def test_card_holds_all_that_the_kernel_reads(card: Card):
    assert card.parameters.keys() >= EVERY_CARD_HAS | set(car_following.parameters(card.car_following))
    assert card.vehicle_class in CLASSES
    assert card.description


@every_card
def test_every_amount_tells_unit_source_and_standing(card: Card):
    for name, value in card.parameters.items():
        assert value.unit, name
        assert value.source, name
        assert (value.standing == "assumed") or "no source" not in value.source, name


@every_card
def test_amounts_are_possible(card: Card):
    sizes = ("length", "width", "minimum_gap", "maximum_speed", "maximum_acceleration", "comfortable_deceleration")
    assert all(0.0 < card[name] < 100.0 for name in sizes)
    assert card["comfortable_deceleration"] <= card["emergency_deceleration"] <= 9.81
    assert card["width"] < card["length"]


@every_card
def test_cards_of_people_can_drive_by_krauss(card: Card):
    assert card.automated or card.parameters.keys() >= set(car_following.parameters("krauss"))


@every_card
def test_machines_keep_the_limit_and_people_vary(card: Card):
    keys = np.arange(1, 1000, dtype=np.uint64)
    factors = speed_factors(card, keys, seed=1)
    if card.automated:
        assert factors.max() <= 1.0
    else:
        assert factors.std() == pytest.approx(card.speed_factor.deviation, rel=0.1)
        assert card.speed_factor.source


def test_speed_factors_follow_the_cut_normal_distribution():
    factor = SpeedFactor(1.0, 0.3, 0.8, 1.1)
    card = Card("x", "passenger", "idm", {}, factor)
    found = speed_factors(card, np.arange(20_000, dtype=np.uint64), seed=3)

    def density(x: float) -> float:
        return math.exp(-0.5 * ((x - 1.0) / 0.3) ** 2)

    grid = np.linspace(0.8, 1.1, 10_001)
    weights = np.array([density(x) for x in grid])
    assert found.min() >= 0.8
    assert found.max() <= 1.1
    assert found.mean() == pytest.approx((grid * weights).sum() / weights.sum(), abs=0.002)


def test_drivers_of_a_card_differ_as_told_and_are_drawn_by_name():
    """Log-normal, cut at two deviations: of log(time gap) 0.48 of 0.5 is left; medians stay."""
    card = CARDS["human_car"]
    everybody = drawn(card)
    gaps = np.log([one["time_gap"] for one in everybody])
    assert np.median(gaps) == pytest.approx(math.log(card["time_gap"]), abs=0.02)
    assert gaps.std() == pytest.approx(0.48, abs=0.02)
    assert np.ptp(gaps) <= 2.0 * FURTHEST * card.spreads["time_gap"].amount + 1e-6
    ratios = {one["critical_gap_major_left"] / one["critical_gap_minor_right"] for one in everybody}
    assert max(ratios) == pytest.approx(min(ratios)), "critical gaps of one driver go together"
    assert drawn(CARDS["av_normal"]) == [CARDS["av_normal"]]


def _roundabout_gap() -> float:
    """Critical gap with which gaps of bunched headways (one ring lane) and random ones (two) come nearest to HCM's."""
    flow = np.array([200.0, 400.0, 600.0, 800.0])
    rate = flow / 3600.0

    def errors(x: np.ndarray) -> np.ndarray:
        found = []
        for most, decay, least in ((1380.0, 0.00102, 3600.0 / 1380.0), (1420.0, 0.00085, 0.0)):
            follow_up = 3600.0 / most
            bunched = (1.0 - rate * least) * np.exp(-rate * (x[0] - least)) / (1.0 - np.exp(-rate * follow_up))
            found.append(np.log(flow * bunched / (most * np.exp(-decay * flow))))
        return np.concatenate(found)

    return float(optimize.least_squares(errors, [5.0]).x[0])


def test_critical_gaps_as_published():
    """HCM 7 exhibits 20-12, 20-13; roundabouts by eqs. 22-1 and 22-3, with no two in a ring lane closer than t_f."""
    card = CARDS["human_car"]
    told = {"major_left": (4.1, 2.2), "minor_right": (6.2, 3.3), "minor_through": (6.5, 4.0), "minor_left": (7.1, 3.5)}
    told["roundabout"] = (pytest.approx(_roundabout_gap(), abs=0.05), pytest.approx(3600.0 / 1380.0, abs=0.005))
    for name, gaps in told.items():
        assert (card[f"critical_gap_{name}"], card[f"follow_up_{name}"]) == gaps
    assert set(MOVEMENTS) >= set(told)
