"""Wiedemann's model of 1999: four regimes, bounded by what drivers perceive of gap and speed difference.

CC0 is the minimum gap, CC8 the maximum acceleration; the others are its own, numbered as published: CC1 time gap [s],
CC2 by how much the gap may grow unnoticed [m], CC3 when closing in is noticed [s], CC4 and CC5 speed differences that
count while following [m/s], CC6 how these grow with the gap [1e-4 / (m s)], CC7 acceleration of unconscious swinging
[m/s2], CC9 acceleration at 80 km/h [m/s2]. Approaching brakes evenly to the danger distance, no harder than within it,
where the published regimes jump. Nobody who follows brakes less than it takes not to touch or, if that is more than
comfortable, to stop behind a leader who brakes comfortably: published braking adds the leader's acceleration, which
nobody tells here.

Source: Wiedemann 1974 and PTV Vissim's version of 1999; thresholds and regimes as told by Aghabayk, Sarvi, Young,
Kautzsch 2013, "A novel methodology for evolutionary calibration of Vissim by multi-threading" (ATRF), from memory, and
checked against SUMO's model W99. No random part.
"""

from __future__ import annotations

import math

from sim.compiled import inline
from sim.models.car_following import register

#: [m/s] at which CC9 holds: 80 km/h.
FAST = 80.0 / 3.6
#: Gaps that are told apart [m]: thresholds of perception grow with the square.
FAR = 1000.0


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
    cc1: float,
    cc2: float,
    cc3: float,
    cc4: float,
    cc5: float,
    cc6: float,
    cc7: float,
    cc9: float,
) -> float:
    leader = max(0.0, speed - closing_speed)
    opening = leader - speed
    able = maximum_acceleration + (cc9 - maximum_acceleration) * min(speed, FAST) / FAST
    free = max(min(able, desired_speed - speed), -comfortable_deceleration)
    near = min(gap, FAR)
    danger = minimum_gap
    if leader > 0.0:
        danger += cc1 * min(speed, leader)
    most = danger + cc2
    noticed = cc6 * near * near * 1e-4
    closes = cc4 - noticed if speed > 0.0 else 0.0
    opens = cc5 + noticed if leader > cc5 else noticed
    room = max(gap - minimum_gap, 0.01)
    hardest = 0.5 * math.sqrt(max(0.0, speed)) - 10.0
    touching = -0.5 * opening * opening / room if opening < 0.0 else math.inf
    needed = -0.5 * speed * speed / (max(room - speed * step, 0.01) + 0.5 * leader * leader / leader_deceleration)
    needed = min(touching, needed) if needed < -comfortable_deceleration else touching
    if opening < opens and gap <= danger:
        return max(hardest, min(-cc7, 2.0 * touching, needed)) if speed > 0.0 else 0.0
    if opening < closes and gap < most + cc3 * (opening - cc4):
        evenly = -0.5 * opening * opening / max(gap - danger, 0.01)
        return min(free, max(hardest, evenly, 2.0 * touching))
    if opening < opens and gap < most:
        swing = cc7 if last_acceleration > 0.0 else -cc7
        return min(free, max(hardest, needed) if needed < -cc7 else swing)
    if gap <= danger:
        return min(free, 0.0)
    return min(free, opening * opening / (most - gap)) if gap < most else free
