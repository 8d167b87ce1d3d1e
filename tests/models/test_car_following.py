"""What every car-following model must do, whoever wrote it; and what the two of ours must do exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pytest

from sim.models import braking, car_following
from sim.models.car_following import CAR_FOLLOWING, GIVEN
from sim.models.fold import WIDTH
from sim.traffic.cards import CARDS

MODELS = CAR_FOLLOWING.names()
STEPS = (0.1, 0.5)
ALONE = (math.inf, 0.0)  # no second leader is looked at
LENGTH = 5.0


@dataclass(frozen=True)
class Driver:
    """A driver of a built-in card with one model."""

    model: Callable[..., float]
    own: tuple[float, ...]
    dt: float
    desired: float = 13.9
    acceleration: float = 1.0
    deceleration: float = 1.5
    minimum_gap: float = 2.0
    emergency: float = 9.0
    connected: bool = True

    def wish(self, speed: float, gap: float, leader: float, to_line: bool = False) -> float:
        """Acceleration that the model chooses [m/s2]."""
        closing = speed - leader
        dynamics = self.acceleration, self.deceleration, self.minimum_gap, self.deceleration
        return float(
            self.model(
                speed, gap, closing, self.desired, *dynamics, self.dt, to_line, 0.0, self.connected, *ALONE, *self.own
            )
        )

    def speed(self, speed: float, gap: float, leader: float, to_line: bool = False) -> float:
        """Speed in the next step, within what the vehicle can do [m/s]."""
        a = self.wish(speed, gap, leader, to_line)
        return speed + self.dt * max(min(a, self.acceleration), -self.emergency, -speed / self.dt)


def own_parameters(name: str) -> tuple[float, ...]:
    """Values of a model's own parameters as the built-in cards have them."""
    known: dict[str, Any] = {}
    for card in CARDS.names():
        known |= CARDS[card].parameters
    return tuple(known[parameter].amount for parameter in car_following.parameters(name))


@pytest.fixture(params=[(name, dt) for name in MODELS for dt in STEPS], ids=lambda x: f"{x[0]}-{x[1]}s")
def driver(request: pytest.FixtureRequest) -> Driver:
    name, dt = request.param
    return Driver(CAR_FOLLOWING[name], own_parameters(name), dt)


def test_reaches_the_desired_speed_and_keeps_it(driver: Driver) -> None:
    speed, top = 0.0, 0.0
    for _ in range(round(120.0 / driver.dt)):
        speed = driver.speed(speed, math.inf, speed)
        top = max(top, speed)
    assert speed == pytest.approx(driver.desired, rel=0.01)
    assert top <= driver.desired * 1.001


def test_slows_down_gently_if_too_fast(driver: Driver) -> None:
    speed = 1.5 * driver.desired
    for _ in range(round(60.0 / driver.dt)):
        slower = driver.speed(speed, math.inf, speed)
        assert speed - driver.deceleration * driver.dt - 1e-9 <= slower <= speed + 1e-9
        speed = slower
    assert speed == pytest.approx(driver.desired, rel=0.05)


@pytest.mark.parametrize("speed", [5.0, 13.9])
def test_stops_before_an_obstacle_and_keeps_the_minimum_gap(driver: Driver, speed: float) -> None:
    gap, hardest = 200.0, 0.0
    for _ in range(round(120.0 / driver.dt)):
        before, speed = speed, driver.speed(speed, gap, 0.0)
        gap -= speed * driver.dt
        hardest = max(hardest, (before - speed) / driver.dt)
        assert gap > driver.minimum_gap - 0.05
    assert speed < 0.05
    assert gap < driver.minimum_gap + 1.0
    assert hardest < 2.5 * driver.deceleration


def test_stops_at_a_line(driver: Driver) -> None:
    speed, left = driver.desired, 100.0
    for _ in range(round(90.0 / driver.dt)):
        speed = driver.speed(speed, left + driver.minimum_gap, 0.0, to_line=True)
        left -= speed * driver.dt
        assert left > -0.05
    assert speed < 0.05
    assert left < 1.5


def test_keeps_the_minimum_gap_behind_a_leader_who_stops(driver: Driver) -> None:
    speed = leader = 10.0
    gap = 200.0
    for second in range(round(150.0 / driver.dt)):
        if second * driver.dt > 60.0:
            leader = max(0.0, leader - driver.deceleration * driver.dt)
        speed = driver.speed(speed, gap, leader)
        gap += (leader - speed) * driver.dt
        assert gap > driver.minimum_gap - 0.1
    assert speed < 0.05


def test_no_jump_where_the_leader_is_lost_from_sight(driver: Driver) -> None:
    for speed in (0.0, 5.0, driver.desired, 1.2 * driver.desired):
        free = driver.wish(speed, math.inf, speed)
        assert math.isfinite(free)
        for leader in (0.0, speed, driver.desired):
            assert driver.wish(speed, 1e7, leader) == pytest.approx(free, abs=1e-6)


def test_more_room_never_means_more_braking(driver: Driver) -> None:
    for speed in (2.0, 8.0, driver.desired):
        for leader in (0.0, 5.0, 12.0):
            gaps = [driver.minimum_gap + 0.5 * i for i in range(400)]
            wishes = [max(driver.wish(speed, gap, leader), -driver.emergency) for gap in gaps]
            assert all(b >= a - 0.02 for a, b in pairwise(wishes))


def test_platoon_behind_a_restless_leader_does_not_collide(driver: Driver) -> None:
    cars = 15
    speeds = [10.0] * cars
    places = [-i * (LENGTH + driver.minimum_gap + 15.0) for i in range(cars)]
    for step in range(round(180.0 / driver.dt)):
        wave = 10.0 if step * driver.dt % 60.0 < 30.0 else 0.0
        old, was = list(speeds), list(places)
        change = driver.deceleration * driver.dt
        speeds[0] = min(max(wave, old[0] - change), old[0] + change)
        for i in range(1, cars):
            speeds[i] = driver.speed(old[i], was[i - 1] - LENGTH - was[i], old[i - 1])
        places = [x + v * driver.dt for x, v in zip(was, speeds, strict=True)]
        assert all(places[i - 1] - LENGTH - places[i] > 0.5 for i in range(1, cars))


@pytest.mark.parametrize("name", MODELS)
def test_folded_models_are_the_models(name: str) -> None:
    own = own_parameters(name)
    assert len(own) <= WIDTH
    row = own + (0.0,) * (WIDTH - len(own))
    inputs = (8.0, 20.0, 2.0, 13.9, 1.0, 1.5, 2.0, 1.5, 0.1, False, 0.0, True, 25.0, 1.0)
    assert len(inputs) == GIVEN
    folded = car_following.acceleration(CAR_FOLLOWING.code(name), inputs, row)
    assert folded == CAR_FOLLOWING[name](*inputs, *own)


def test_idm_keeps_its_equilibrium_gap() -> None:
    """s_e(v) = (s0 + v T) / sqrt(1 - (v / v0)^4). Source: Treiber, Hennecke, Helbing 2000, eq. 7."""
    driver = Driver(CAR_FOLLOWING["idm"], (1.2,), 0.1)
    for speed in (0.0, 3.0, 8.0, 13.0):
        gap = (driver.minimum_gap + 1.2 * speed) / math.sqrt(1.0 - (speed / driver.desired) ** 4)
        assert driver.wish(speed, gap, speed) == pytest.approx(0.0, abs=1e-12)


def test_idm_brakes_kinematically_when_it_matters() -> None:
    """Towards a far obstacle at its comfortable deceleration: a = v^2 / (2 s) = b. Source: as above, eq. 3."""
    driver = Driver(CAR_FOLLOWING["idm"], (0.0,), 0.1, desired=1e6, minimum_gap=0.0)
    speed = 30.0
    gap = speed * speed / (2.0 * driver.deceleration)
    assert driver.wish(speed, gap, 0.0) == pytest.approx(driver.acceleration - driver.deceleration, abs=1e-9)


def test_krauss_braking_distance_is_the_sum_of_its_steps() -> None:
    for speed in (0.0, 0.3, 7.0, 13.9, 33.3):
        for dt in (0.1, 1.0):
            way, v = 0.0, speed - 4.5 * dt
            while v > 0.0:
                way, v = way + v * dt, v - 4.5 * dt
            assert braking.braking_distance(speed, 4.5, dt) == pytest.approx(way, abs=1e-9)


@pytest.mark.parametrize("reaction", [0.1, 1.0])
def test_krauss_stopping_speed_uses_the_room_and_no_more(reaction: float) -> None:
    """Reaction time at that speed, then braking: ends within the room, and less than a step's way before its end."""
    dt, deceleration = 0.1, 4.5
    for room in (0.5, 3.0, 20.0, 150.0):
        speed = braking.stopping_speed(room, deceleration, reaction, dt)
        used = speed * reaction + braking.braking_distance(speed, deceleration, dt)
        assert used <= room + 1e-9
        faster = speed + deceleration * dt
        assert faster * reaction + braking.braking_distance(faster, deceleration, dt) > room - 0.01


def test_krauss_needs_just_as_much_deceleration_as_avoids_contact() -> None:
    """Both brake to standstill: v^2 / (2 a) = gap + u^2 / (2 b)."""
    needed = braking.needed_deceleration(15.0, 20.0, 10.0, 6.0)
    assert 15.0**2 / (2.0 * needed) == pytest.approx(20.0 + 10.0**2 / 12.0)
    assert braking.needed_deceleration(15.0, 0.0, 10.0, 6.0) == math.inf


def test_human_driver_with_two_leaders_keeps_the_equilibrium_of_one() -> None:
    """A row of equal gaps: (x + x / 4) / (1 + 1 / 4) = x with x = (s* / s)^2. Source: HDM, eqs. 14-16."""
    human, own = CAR_FOLLOWING["human"], (1.2,)
    given = (1e6, 2.6, 2.0, 2.5, 2.0, 0.1, False, 0.0, True)
    for speed in (0.0, 3.0, 10.0, 20.0):
        gap = 2.5 + 1.2 * speed
        assert human(speed, gap, 0.0, *given, 2.0 * gap, 0.0, *own) == pytest.approx(0.0, abs=1e-9)
        assert human(speed, gap, 0.0, *given, *ALONE, *own) == pytest.approx(0.0, abs=1e-9)


def test_human_driver_does_not_panic_at_one_who_moves_in_and_draws_away() -> None:
    """By hand: to stop behind him should he brake by 2: 15.7^2 / 2 / (17.7 + 17.4^2 / 4) = 1.319, and 2 more.

    At his bumper, or where he comes nearer fast, brakes are used as hard as ever.
    """
    human = CAR_FOLLOWING["human"]
    given = (1e6, 3.9, 2.0, 2.3, 2.0, 0.1, False, 0.0, True)
    assert human(15.7, 17.7, -1.7, *given, 38.0, -0.8, 2.5) == pytest.approx(-3.319, abs=2e-3)
    assert human(15.7, 10.0, 12.0, *given, *ALONE, 2.5) < -9.0
    assert human(15.7, 0.0, -1.7, *given, *ALONE, 2.5) < -100.0
    line = (1e6, 3.9, 2.0, 2.3, 2.0, 0.1, True, 0.0, True)
    assert human(15.7, 17.7, 15.7, *line, *ALONE, 2.5) < -50.0


def test_human_driver_brakes_for_the_second_leader_before_the_first_does() -> None:
    """By hand: s* = 2.5 + 12 + 10 x 5 / (2 sqrt(5.2)) = 25.464 m over 29 m; 0.8 (1 + 0.771) = 1.417; a = -1.084."""
    human = CAR_FOLLOWING["human"]
    given = (1e6, 2.6, 2.0, 2.5, 2.0, 0.1, False, 0.0, True)
    assert human(10.0, 14.5, 0.0, *given, 29.0, 5.0, 1.2) == pytest.approx(-1.084, abs=2e-3)
