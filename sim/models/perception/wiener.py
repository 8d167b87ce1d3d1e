"""Errors of a human estimate that wander slowly: who takes a gap for too long does so for a while (Wiener process).

Standardised errors e follow de = -e dt / tau + sqrt(2 dt / tau) n; estimated gap = s exp(V e_s), estimated closing
speed = dv + s r e_v, with V = 0.05, r = 0.01 1/s and tau = 20 s in the source. The kernel keys n by driver and step.

Source: Treiber, Kesting, Helbing 2006 (Human Driver Model), doi:10.1016/j.physa.2005.05.001, eqs. 9-13.
"""

from __future__ import annotations

import math

from sim.compiled import inline

#: Draws are uniform with the variance of a standard normal; sums of them soon are normal.
_WIDTH = math.sqrt(12.0)


@inline
def wander(error: float, persistence: float, step: float, draw: float) -> float:
    """Standardised error one step on [-], by a uniform draw in [0, 1)."""
    share = min(1.0, step / persistence)
    return error * (1.0 - share) + math.sqrt(2.0 * share) * _WIDTH * (draw - 0.5)


@inline
def estimated_gap(gap: float, error: float, variation: float) -> float:
    """Gap that a driver believes in [m]; the exponential to second order, which needs no library's bits."""
    part = variation * error
    return gap * (1.0 + part + 0.5 * part * part)


@inline
def estimated_closing(closing_speed: float, gap: float, error: float, rate: float) -> float:
    """Closing speed that a driver believes in [m/s]; beyond 100 m the error grows no more."""
    return closing_speed + min(gap, 100.0) * rate * error


@inline
def seen_speed(speed: float, acceleration: float, delay: float) -> float:
    """Speed of somebody as it was a reaction time ago, if he has accelerated evenly since [m/s].

    Source: reaction time of the Human Driver Model with its extrapolation of what the driver knows, to first order:
    all that remains unseen is the leader's latest change; Treiber, Kesting, Helbing 2006, as above, eqs. 4-8.
    """
    return max(0.0, speed - delay * acceleration)


@inline
def responded(wanted: float, last: float, response_time: float, comfortable: float, step: float) -> float:
    """Acceleration one step on [m/s2]: towards the wanted one within the response time, at once if it is urgent.

    Source: first-order lag as of pedals and vehicle, e.g. Treiber, Kesting 2013, doi:10.1007/978-3-642-32460-4, ch. 12;
    urgency beyond comfortable braking: assumed.
    """
    if wanted < -comfortable or response_time <= step:
        return wanted
    return last + (wanted - last) * (step / response_time)
