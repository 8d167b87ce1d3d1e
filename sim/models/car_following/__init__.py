"""Car-following models, one a file: how a driver accelerates behind a leader or before an obstacle.

A model is a compiled scalar function `acceleration(speed, gap, closing_speed, desired_speed, maximum_acceleration,
comfortable_deceleration, minimum_gap, leader_deceleration, step, to_line, last_acceleration, connected, second_gap,
second_closing, *own parameters)` -> acceleration [m/s2]. The gap is bumper to bumper [m], inf on a free road; `to_line`
tells a line to stop at from a vehicle; `desired_speed` is what the driver wants here [m/s]; `last_acceleration` the one
of the last step [m/s2]; `connected` whether the leader is heard by radio; `second_gap` the sum of the gaps up to the
leader's leader [m], inf if he is not looked at, and `second_closing` the closing speed to him [m/s].
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from sim.compiled import inline
from sim.models import fold
from sim.registry import Registry

CAR_FOLLOWING: Registry[Callable[..., Any]] = Registry("car-following model")
register = CAR_FOLLOWING.register
CAR_FOLLOWING.discover(sys.modules[__name__])

#: Inputs that every model is given; what follows in its signature are its own parameters.
GIVEN = 14

#: acceleration(code, inputs, row): the model with that code.
acceleration = fold.fold([CAR_FOLLOWING[name] for name in CAR_FOLLOWING.names()], GIVEN)


@inline
def of_profile(
    p: Any,
    v: float,
    gap: float,
    closing: float,
    desired: float,
    braking: float,
    dt: float,
    to_line: bool,
    last: float,
    connected: bool,
    second_gap: float,
    second_closing: float,
) -> float:
    """Acceleration of a profile's car-following model, given the rest of its inputs [m/s2]."""
    return acceleration(
        p.model,
        (v, gap, closing, desired, p.acceleration, p.deceleration, p.minimum_gap, braking, dt, to_line, last, connected,
         second_gap, second_closing),
        (p.p0, p.p1, p.p2, p.p3, p.p4, p.p5, p.p6, p.p7),
    )  # fmt: skip


def parameters(name: str) -> tuple[str, ...]:
    """Names of a model's own parameters, in the order of a profile's row."""
    return fold.parameters(CAR_FOLLOWING[name], GIVEN)
