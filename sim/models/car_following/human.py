"""Human driver: keeps his two wishes apart (IDM+), and looks at his leader's leader, too (Human Driver Model).

The interactions with both leaders add up, renormalised so that a row of equal gaps keeps its equilibrium: minimum gap
plus time gap times speed. Where somebody moves in closer than wanted, no more than comfortable braking is added to what
it takes to stop behind him should he brake comfortably: IDM alone takes any short gap for an emergency, even one that
opens. Errors of perception, reaction and response are the kernel's (`sim.models.perception`).

Source: Treiber, Kesting, Helbing 2006 (Human Driver Model), doi:10.1016/j.physa.2005.05.001, eqs. 14-16 with two
leaders; Schakel, van Arem, Netten 2010 (IDM+), doi:10.1109/ITSC.2010.5625262;
Kesting, Treiber, Helbing 2010, doi:10.1098/rsta.2010.0084 (no harder than b beyond what the
leader's motion asks for), with a leader who brakes comfortably in place of one who keeps his acceleration (assumed).
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.braking import needed_deceleration
from sim.models.car_following import register


@register
@inline
def acceleration(  # noqa: D103 - the package's docstring tells
    speed: float,
    gap: float,
    closing_speed: float,
    desired_speed: float,
    maximum_acceleration: float,
    comfortable_deceleration: float,
    minimum_gap: float,
    leader_deceleration: float,
    step: float,
    to_line: bool,
    last_acceleration: float,
    connected: bool,
    second_gap: float,
    second_closing: float,
    time_gap: float,
) -> float:
    ratio = speed / max(desired_speed, 0.01)
    free = max(maximum_acceleration * (1.0 - ratio * ratio * ratio * ratio), -comfortable_deceleration)
    braking = speed / (2.0 * math.sqrt(maximum_acceleration * comfortable_deceleration))
    share = (minimum_gap + max(0.0, speed * time_gap + braking * closing_speed)) / max(gap, 0.01)
    pressure = share * share
    if second_gap < math.inf:
        share = (minimum_gap + max(0.0, speed * time_gap + braking * second_closing)) / max(second_gap, 0.01)
        pressure = 0.8 * (pressure + share * share)  # 1 / (1 + 1 / 4)
    wished = maximum_acceleration * (1.0 - pressure)
    if wished < -comfortable_deceleration and not to_line:  # a gap too short is opened, but not in panic
        needed = needed_deceleration(speed, gap, max(0.0, speed - closing_speed), leader_deceleration)
        wished = max(wished, -comfortable_deceleration - needed)
    return min(free, wished)
