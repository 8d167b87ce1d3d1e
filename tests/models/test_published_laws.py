"""Each published car-following law comes to its own closed form."""

from __future__ import annotations

import math

import pytest

from sim.models.car_following import CAR_FOLLOWING
from sim.models.perception import wiener
from sim.traffic.cards import CARDS

DT = 0.1


def law(name: str, speed: float, gap: float, closing: float, *own: float, **said: float) -> float:
    """Acceleration by a model, with dynamics that do not interfere [m/s2]."""
    desired = said.get("desired", 33.0)
    dynamics = said.get("a", 2.0), said.get("b", 2.0), said.get("s0", 2.0), said.get("b", 2.0)
    last, connected = said.get("last", 0.0), said.get("connected", 1.0) > 0.0
    step = said.get("step", DT)
    return float(
        CAR_FOLLOWING[name](speed, gap, closing, desired, *dynamics, step, False, last, connected, math.inf, 0.0, *own)
    )


def test_idm_plus_equilibrium_is_gap_at_rest_plus_time_gap() -> None:
    for speed in (0.0, 5.0, 20.0, 30.0):
        assert law("idm_plus", speed, 2.0 + 1.2 * speed, 0.0, 1.2) == pytest.approx(0.0, abs=1e-12)


def test_gipps_with_a_step_of_its_reaction_time_is_the_published_one() -> None:
    tau, a, b, v, u, gap = 0.9, 1.7, 3.0, 14.0, 11.0, 22.0
    safe = -b * tau + math.sqrt(b * b * tau * tau + b * (2.0 * (gap - 2.0) - v * tau + u * u / b))
    got = v + tau * law("gipps", v, gap, v - u, tau, a=a, b=b, step=tau)
    assert got == pytest.approx(safe, abs=1e-12)
    ratio = v / 33.0
    free = v + 2.5 * a * tau * (1.0 - ratio) * math.sqrt(0.025 + ratio)
    assert v + tau * law("gipps", v, math.inf, 0.0, tau, a=a, b=b, step=tau) == pytest.approx(free, abs=1e-12)


#: CC1 to CC7 and CC9 as Vissim has them; CC0 and CC8 are told by each test.
CC = (0.9, 4.0, -8.0, -0.35, 0.35, 11.44, 0.25, 1.5)


def test_wiedemann_accelerates_as_cc8_and_cc9_tell() -> None:
    """CC8 at rest, CC9 at 80 km/h, linear between; no faster than reaches the desired speed in a second."""
    for speed, wanted in ((0.0, 3.5), (40.0 / 3.6, 2.5), (80.0 / 3.6, 1.5), (30.0, 1.5), (32.8, 0.2)):
        assert law("wiedemann_99", speed, math.inf, 0.0, *CC, a=3.5) == pytest.approx(wanted, abs=1e-9)


def test_wiedemann_swings_by_cc7_within_its_thresholds() -> None:
    """At 20 m/s, by hand: danger distance 2 + 18 = 20 m, most 24 m; between them the last acceleration decides."""
    for gap, last, wanted in ((22.0, 1.0, 0.25), (22.0, -1.0, -0.25), (22.0, 0.0, -0.25), (19.5, 1.0, -0.25)):
        assert law("wiedemann_99", 20.0, gap, 0.0, *CC, a=3.5, last=last) == pytest.approx(wanted, abs=1e-9)
    assert law("wiedemann_99", 20.0, 24.1, 0.0, *CC, a=3.5) > 1.0


def test_wiedemann_notices_when_cc3_cc4_and_cc6_tell() -> None:
    """By hand: 22 behind 20 m/s below 24 + 8 (2 - 0.35) = 37.2 m; 30 behind 20 below 91.8 m (11.44e-4 g2 = 9.65)."""
    for speed, far, near in ((22.0, 37.3, 37.1), (30.0, 92.0, 91.7)):
        closing = speed - 20.0
        assert law("wiedemann_99", speed, far, closing, *CC, a=3.5) > 0.0
        even = -min(0.5 * closing * closing / (near - 20.0), closing * closing / (near - 2.0))
        assert law("wiedemann_99", speed, near, closing, *CC, a=3.5) == pytest.approx(even, abs=1e-9)


def test_wiedemann_follower_swings_about_a_steady_leader() -> None:
    """Behind 20 m/s the gap keeps between the danger distance and the most, but for the way it takes to turn round."""
    speed, gap, last, gaps, accelerations = 20.0, 22.0, 0.0, [], []
    for step in range(6000):
        last = law("wiedemann_99", speed, gap, speed - 20.0, *CC, last=last)
        speed += last * DT
        gap += (20.0 - speed) * DT
        if step > 3000:
            gaps.append(gap)
            accelerations.append(last)
    assert 18.0 < min(gaps) < 20.0 < max(gaps) < 24.0
    assert max(gaps) - min(gaps) > 1.0
    assert min(accelerations) == pytest.approx(-0.25, abs=1e-9)


def gain(name: str, time_gap: float, period: float, *own: float) -> float:
    """Amplitude of a follower's speed over its leader's for a small sine about 20 m/s, by simulation [-]."""
    speed, gap, last, speeds = 20.0, time_gap * 20.0, 0.0, []
    for k in range(round(15.0 * period / DT)):
        leader = 20.0 + 0.1 * math.sin(2.0 * math.pi * k * DT / period)
        last = law(name, speed, gap, speed - leader, *own, last=last)
        speed += last * DT
        gap += (leader - speed) * DT
        if k * DT > 10.0 * period:
            speeds.append(speed)
    return 0.5 * (max(speeds) - min(speeds)) / 0.1


@pytest.mark.parametrize(("time_gap", "peak"), [(1.1, 1.590), (1.6, 1.238), (2.2, 1.044)])
def test_acc_amplifies_as_its_law_says(time_gap: float, peak: float) -> None:
    """Peak of |(k2 s + k1) / (s2 + (k1 T + k2) s + k1)| over frequencies, k1 = 0.23, k2 = 0.07."""

    def closed(w: float) -> float:
        s = complex(0.0, w)
        return abs((0.07 * s + 0.23) / (s * s + (0.23 * time_gap + 0.07) * s + 0.23))

    w = max((0.05 + 0.001 * i for i in range(1500)), key=closed)
    assert closed(w) == pytest.approx(peak, rel=0.002)
    assert gain("acc", time_gap, 2.0 * math.pi / w, time_gap, 0.4, 0.23, 0.07) == pytest.approx(peak, rel=0.02)


@pytest.mark.parametrize(("time_gap", "peak"), [(0.6, 1.016), (0.7, 1.0)])
def test_cacc_hardly_amplifies(time_gap: float, peak: float) -> None:
    own = (1.1, 0.4, 0.23, 0.07, time_gap, 4.5, 0.125)
    peaks = [gain("cacc", time_gap, period, *own) for period in (3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 60.0)]
    assert max(peaks) == pytest.approx(peak, rel=0.02)


def test_cacc_without_radio_is_acc() -> None:
    own = (1.1, 0.4, 0.23, 0.07)
    for speed, gap, closing in ((20.0, 15.0, 0.0), (8.0, 12.0, 1.0), (25.0, 80.0, -2.0)):
        alone = law("cacc", speed, gap, closing, *own, 0.6, 4.5, 0.125, connected=0.0)
        assert alone == law("acc", speed, gap, closing, *own)


def test_gap_margin_falls_to_nothing_between_10_8_and_15_metres_a_second() -> None:
    for speed, margin in ((5.0, 2.0), (12.5, 1.0), (15.0, 0.0), (30.0, 0.0)):
        assert law("acc", speed, margin + 1.1 * speed, 0.0, 1.1, 0.4, 0.23, 0.07) == pytest.approx(0.0, abs=1e-9)


def test_follower_stopper_between_its_envelopes() -> None:
    """From the second envelope to the third the command grows from the leader's speed to the wanted one."""
    second, third = 2.0 + 0.75 + 0.5, 2.0 + 1.5 + 1.0
    half = 0.5 * (second + third)
    command = 4.0 + 0.5 * (6.0 - 4.0)
    assert 5.0 + DT * law("follower_stopper", 5.0, half, 1.0, desired=6.0, b=8.0) == pytest.approx(command, abs=1e-9)
    assert law("follower_stopper", 6.0, third, 1.0, desired=6.0, b=8.0) == pytest.approx(0.0, abs=1e-9)


def test_absolute_braking_holds_a_gap_in_which_it_can_stop() -> None:
    """At equilibrium the gap is that at rest, the way of the reaction time, and the braking distance."""
    speed, b, reaction = 12.0, 2.0, 0.5
    fits = 2.0 + speed * reaction + 0.5 * speed * speed / b
    assert law("absolute_braking", speed, fits - 1.0, 0.0, reaction) < 0.0
    assert law("absolute_braking", speed, fits + 3.0, 0.0, reaction) > 0.0


def test_errors_of_perception_are_standardised_and_persist() -> None:
    """Variance 1; correlation after one persistence time is about 1 / e."""
    from sim import chance

    with_time, errors = 20.0, [0.0]
    for k in range(60_000):
        draw = chance.draw(1, chance.GAP_ERROR, "x", k)
        errors.append(float(wiener.wander(errors[-1], with_time, 0.5, draw)))
    late = errors[1000:]
    mean = sum(late) / len(late)
    variance = sum((x - mean) ** 2 for x in late) / len(late)
    lag = round(with_time / 0.5)
    product = sum((a - mean) * (b - mean) for a, b in zip(late, late[lag:], strict=False)) / (len(late) - lag)
    assert mean == pytest.approx(0.0, abs=0.15)
    assert variance == pytest.approx(1.0, abs=0.15)
    assert product / variance == pytest.approx(math.exp(-1.0), abs=0.12)


def test_logics_order_their_equilibrium_gaps() -> None:
    """Source: Olstam et al. 2020: cautious, then normal, then all-knowing; rail-safe keeps the longest of all."""

    def gap_at(speed: float, logic: str) -> float:
        card = CARDS[f"av_{logic}"]
        low, high = 0.0, 500.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            s0 = card["minimum_gap"]
            if law(card.car_following, speed, middle, 0.0, card["time_gap"], s0=s0) < 0.0:
                low = middle
            else:
                high = middle
        return high

    for speed in (8.0, 15.0):
        gaps = [gap_at(speed, logic) for logic in ("rail_safe", "cautious", "normal", "all_knowing")]
        assert gaps == sorted(gaps, reverse=True)
