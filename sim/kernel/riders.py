"""Who rides at the kerb, on a strip of the lane: passed where the lane is wide enough, followed where it is not."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.follow import follow
from sim.kernel.order import place_for, row_of


@inline
def behind_rider(w: Any, row: int, wish: float, desired: float) -> float:
    """Speed behind the next rider on the strip beside a lane that is too narrow to pass him [m/s].

    He is beside one's path, not in it: nobody brakes for him harder than is comfortable, and who has him alongside
    lets him go ahead.
    """
    r = w.vehicles[row]
    n = w.lanes[r.lane]
    strip = n.left if w.totals[0].left_hand else n.right
    place = place_for(w, strip, r.position, r.key)
    if place == 0:
        return wish
    rider = row_of(w.loose.slots[w.lanes[strip].slot + place - 1])
    p, other, dt = w.profiles[r.profile], w.vehicles[rider], w.totals[0].dt
    gap = other.position - other.length - r.position
    speed = other.speed
    if gap > 0.0:
        speed = follow(p, r.speed, gap, other.speed, w.profiles[other.profile].deceleration, desired, dt)
    speed = max(0.0, speed, r.speed - p.deceleration * dt)
    if speed < wish:
        r.blocker = rider
        return speed
    return wish
