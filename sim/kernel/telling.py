"""What drivers make known to each other at junctions: who is inside, who approaches, and whether he means to pass."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.junction import STANDING, is_red, letter_of
from sim.kernel.on_foot import on_foot
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.state.world import PER_VEHICLE


@inline
def mark_occupied(w: Any) -> None:
    """Note for each junction on which of its lanes somebody is, so that empty ones need not be looked at."""
    t = w.totals[0]
    for i in range(t.junctions):
        w.junctions[i].occupied = np.uint64(0)
        w.junctions[i].approached = np.uint64(0)
    for i in range(t.busy):
        n = w.lanes[w.loose.busy[i]]
        if n.internal:
            w.junctions[n.junction].occupied |= n.bit
    for i in range(t.hanging):
        n = w.lanes[w.loose.hanging[i]]
        if n.internal:
            w.junctions[n.junction].occupied |= n.bit


@inline
def behind_standing(w: Any, row: int) -> bool:
    """Whether my leader on the lane stands, so that I cannot be at its end before he is gone."""
    r = w.vehicles[row]
    if r.blocker < 0:
        return False
    leader = w.vehicles[r.blocker]
    return leader.lane == r.lane and leader.speed < STANDING and leader.position > r.position


@inline
def register(w: Any, row: int, link: int, seen: float, wish: float, arrive_speed: float) -> int:
    """Tell others that I approach a link; returns the item, or -1 if I have told too many already.

    Who is held up before the link does not mean to pass it, and nobody need wait for him.
    """
    me = w.vehicles[row]
    if me.items >= PER_VEHICLE:
        return -1
    p = w.profiles[me.profile]
    k = w.links[link]
    item = row * PER_VEHICLE + me.items
    me.items += 1
    x = w.approaches[item]
    x.link = link
    x.distance = seen
    x.arrive_speed = arrive_speed
    x.arrive = arrival_delay(max(seen, 0.0), wish, arrive_speed, p.acceleration, p.deceleration)
    limit = min(w.lane[k.lane].limit * me.speed_factor, p.maximum_speed)
    x.leave_speed = min(limit, math.sqrt(arrive_speed * arrive_speed + 2.0 * p.acceleration * k.inside))
    mean = max(0.5 * (arrive_speed + x.leave_speed), 0.001)
    if w.totals[0].walking and on_foot(w, row):  # walks off at once
        mean = limit
    x.leave = x.arrive + (k.inside + me.length) / mean
    x.braking_speed, x.wait = -1.0, math.inf
    if wish > 0.001 and not behind_standing(w, row):
        x.braking_speed = min(arrive_speed, math.sqrt(max(0.0, wish * wish - 2.0 * p.deceleration * seen)))
    state = w.lane[k.lane]
    if state.approach < 0:
        w.loose.touched[w.totals[0].touched] = k.lane
        w.totals[0].touched += 1
    x.next = state.approach
    state.approach = item
    w.junctions[w.lanes[k.lane].junction].approached |= w.lanes[k.lane].bit
    return item


@inline
def worth_telling(w: Any, row: int, link: int) -> bool:
    """Whether somebody may have to give way at a link; answered from the vehicle's own row if it is its next one."""
    r = w.vehicles[row]
    if link != r.link:
        return w.links[link].told
    return r.ahead_told and (r.ahead_light < 0 or not is_red(w.loose.light[r.ahead_light]))


@inline
def tell_from_afar(w: Any, row: int, link: int, seen: float, wish: float, desired: float) -> None:
    """Register an approach that is too far away to act on, for those who must give way."""
    lane = w.links[link].lane
    if w.lanes[lane].watched and not is_red(letter_of(w, link)) and not w.lane[lane].shut:
        p = w.profiles[w.vehicles[row].profile]
        register(w, row, link, seen, wish, min(desired, speed_after(seen, wish, p.acceleration)))
    inner = w.lanes[lane].link
    if w.lanes[lane].internal and w.links[inner].waiting:
        if w.lanes[w.links[inner].lane].watched and not is_red(letter_of(w, link)):
            register(w, row, inner, seen + w.lanes[lane].length, wish, desired)
