"""People on foot and vehicles at a crossing: who lets whom go, and who has time to go before the other."""

from __future__ import annotations

from typing import Any

from sim.chance import LETS_CROSS, LOOKS, WAITS, uniform
from sim.compiled import inline
from sim.kernel.aware import is_warned
from sim.kernel.follow import braking_way
from sim.models.right_of_way.walking import clears_before, gap_suffices

#: A driver who turns may pass before somebody who is still so far from his path [s]; assumed.
MARGIN = 1.0
#: Slowest that a driver is expected to go on from a line [m/s]; assumed, as `junction.LEISURE`.
LEISURE = 3.0
STANDING = 0.1  # [m/s] as `junction.STANDING`


@inline
def waits_at_red(w: Any, row: int) -> bool:
    """Whether a road user stops at red: all who drive, and most of those who walk."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    if p.compliance >= 1.0:
        return True
    return uniform(w.totals[0].seed, WAITS, r.key, 0) < p.compliance


@inline
def looks(w: Any, row: int) -> bool:
    """Whether somebody on foot looks before he steps onto a crossing; who does not takes it that all stop for him."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    return p.attention >= 1.0 or uniform(w.totals[0].seed, LOOKS, r.key, 0) < p.attention


@inline
def lets_cross(w: Any, row: int, junction: int) -> bool:
    """Whether a driver lets people cross at a junction: the same answer for all who ask, and at each step."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    return uniform(w.totals[0].seed, LETS_CROSS, r.key, junction) < p.yield_rate


@inline
def stops_for(w: Any, row: int, walker: int, junction: int) -> tuple[bool, float]:
    """Whether a driver lets somebody on foot cross: of himself, or since he was warned of him by radio.

    Returns:
        whether, and how much later than he comes the driver believes him to come [s].
    """
    if lets_cross(w, row, junction):
        return True, 0.0
    return is_warned(w, row, walker, junction)


@inline
def must_let_cross(w: Any, row: int, foe: int, mine: Any, theirs: Any) -> bool:
    """Whether a driver must wait for somebody on foot who comes to a crossing on his way."""
    stops, late = stops_for(w, row, foe, w.lanes[w.links[mine.link].lane].junction)
    return stops and theirs.arrive + late < mine.leave and theirs.leave + late > mine.arrive


@inline
def must_let_pass(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether somebody on foot must wait for a vehicle that comes.

    Source: HCM 7, ch. 20: a gap of length over speed, and the time to set out and to be clear, for the whole crossing.
    """
    me, other = w.vehicles[row], w.vehicles[foe]
    p, q = w.profiles[me.profile], w.profiles[other.profile]
    if other.speed < STANDING or not looks(w, row):
        return False  # waits at the line for others: sets off no sooner than he sees who is on the crossing
    can_stop = theirs.distance >= braking_way(other.speed, q.deceleration, w.totals[0].dt)
    stops, late = stops_for(w, foe, row, w.lanes[w.links[theirs.link].lane].junction)
    if late != 0.0:  # he may take me to be elsewhere
        stops = stops and mine.arrive + late < theirs.leave and mine.leave + late > theirs.arrive
    if can_stop and stops:
        return False
    speed = max(theirs.arrive_speed, LEISURE)
    comes, gone = theirs.arrive + c.foe_begin / speed, theirs.arrive + (c.foe_end + other.length) / speed
    wait = mine.arrive if me.speed < STANDING else 0.0  # the time to set out is in the margin
    there = mine.arrive + c.begin / max(w.lane[w.links[mine.link].lane].limit * me.speed_factor, STANDING)
    return not gap_suffices(there, mine.leave - wait, comes, gone, p.minor_time_gap)


@inline
def far_from_path(w: Any, row: int, foe: int, c: Any, to_area: float, foe_front: float) -> bool:
    """Whether somebody on foot on a crossing is still so far from a driver's path that he is gone before."""
    me, other = w.vehicles[row], w.vehicles[foe]
    pace = max(other.speed, w.lane[other.lane].limit * other.speed_factor)
    way = to_area + c.end - c.begin + me.length
    rate = 0.5 * w.profiles[me.profile].acceleration
    return clears_before(way, me.speed, rate, c.foe_begin - foe_front, pace, MARGIN)
