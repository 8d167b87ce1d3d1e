"""Who takes turns in gaps of streams with priority, where drivers choose by critical gap and follow-up time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.models.right_of_way.gaps import RESOLVE, START_UP, crosses_safely, merges_safely, turn
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.park.network import MOVEMENTS

MERGE = 1  # as in sim.park.network.Crossing
WIDTH = len(MOVEMENTS)
#: Mark of an approach that is believed, in place of the next one; see `sim.kernel.believe`.
HEARD = -2
#: No claim: nothing was accepted.
NEVER = -1e9


@inline
def chooses_gap(w: Any, row: int, link: int) -> bool:
    """Whether a driver has a critical gap for what a link is: else arrival-time windows decide."""
    k = w.links[link]
    return k.movement >= 0 and w.acceptance[w.vehicles[row].profile * WIDTH + k.movement].critical > 0.0


@inline
def accepts_gaps(w: Any, row: int) -> bool:
    """Whether a driver is one of those who choose gaps at all."""
    return w.acceptance[w.vehicles[row].profile * WIDTH].critical > 0.0


@inline
def is_my_turn(w: Any, row: int, mine: Any, stop_sign: bool) -> bool:
    """Whether a driver may look for a gap: it is not too soon after the one before, and he has stood at a stop sign.

    Who follows the one before him in a queue does not stand again: follow-up times as measured are shorter than that.
    """
    me, k, t = w.vehicles[row], w.links[mine.link], w.totals[0]
    g = w.acceptance[me.profile * WIDTH + k.movement]
    now = t.step * t.dt
    ready = now + mine.arrive
    before = w.lane[k.source].turn
    late = ready - (before + g.follow_up)
    if late < -0.5 * t.dt or (stop_sign and not me.stood and late > START_UP):
        me.claim = NEVER
        return False
    kept = me.claim > NEVER
    if me.coming < now + 2.0 * t.dt:  # he has passed: a gap begins
        me.gap_since = me.coming
    claim = turn(before, g.follow_up, me.gap_since, ready, k.clears)
    me.claim = claim
    me.resolve = RESOLVE if kept else 0.0
    return True


@inline
def expected(w: Any, foe: int, theirs: Any) -> float:
    """When one who waits expects somebody with priority at the line [s] from now.

    Neither faster than he drives, unless he has just set off, nor than the lane before the line allows. Of one who is
    believed to come only what was heard counts.
    """
    if theirs.next == HEARD:
        return theirs.arrive
    v, then = w.vehicles[foe].speed, theirs.arrive_speed
    if then < v or v < 0.8 * then:
        v = 0.5 * (v + then)
    v = max(v, 0.1)
    source = w.links[theirs.link].source
    last = min(theirs.distance, w.lanes[source].length)
    return max(theirs.arrive, last / min(v, w.lane[source].limit) + (theirs.distance - last) / v)


@inline
def cleared_at(w: Any, row: int, mine: Any, c: Any) -> float:
    """When my rear is out of an area, if I go now [s from now]."""
    me, k = w.vehicles[row], w.links[mine.link]
    p = w.profiles[me.profile]
    limit = min(w.lane[k.lane].limit * me.speed_factor, p.maximum_speed)
    begin = min(mine.arrive_speed, limit)  # who comes faster slows down before the line
    return float(mine.arrive + arrival_delay(c.end + me.length, begin, limit, p.acceleration, p.deceleration))


@inline
def is_safe(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether I get through before somebody with priority, or he need not brake hard behind me."""
    soon = expected(w, foe, theirs)
    me, k = w.vehicles[row], w.links[mine.link]
    p, q = w.profiles[me.profile], w.profiles[w.vehicles[foe].profile]
    limit = min(w.lane[k.lane].limit * me.speed_factor, p.maximum_speed)
    begin = min(mine.arrive_speed, limit)  # who comes faster slows down before the line
    if c.kind == MERGE:  # my front is at the common end
        time = mine.arrive + arrival_delay(k.inside, begin, limit, p.acceleration, p.deceleration)
        speed = min(limit, speed_after(k.inside, begin, p.acceleration))
        room = (soon - time) * theirs.arrive_speed + c.foe_end - me.length
        return merges_safely(room, speed, theirs.arrive_speed, q.deceleration)
    return crosses_safely(cleared_at(w, row, mine, c), soon + c.foe_begin / max(theirs.arrive_speed, 0.1))


@inline
def refusal(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> float:
    """When somebody comes before whom the gap is too short, or not safe, for me [s] from now; inf: it is neither."""
    me, t = w.vehicles[row], w.totals[0]
    soon = expected(w, foe, theirs)
    g = w.acceptance[me.profile * WIDTH + w.links[mine.link].movement]
    if t.step * t.dt + soon < me.claim + g.critical - me.resolve or not is_safe(w, row, mine, foe, theirs, c):
        return soon
    return math.inf


@inline
def line_of(w: Any, link: int) -> int:
    """Link at whose line one chooses a gap: of a left turn from a major road that of the waiting place; -1: none."""
    if link >= 0 and w.links[link].movement < 0:
        link = w.lanes[w.links[link].lane].link
    return link if link >= 0 and w.links[link].movement >= 0 else -1


@inline
def follow_up(w: Any, row: int, leader: int) -> None:
    """Note whether one in a queue follows up: he does as soon as the one ahead of him uses a gap.

    The one ahead is on his lane, or at the waiting place behind its line.
    """
    me, other = w.vehicles[row], w.vehicles[leader]
    if me.claim > NEVER or me.link < 0 or w.lanes[me.lane].internal:
        return
    time = 0.0
    if other.follow_up > 0.0 and (other.link == me.link or other.link == w.lanes[w.links[me.link].lane].link):
        line = line_of(w, me.link)
        if line >= 0:
            time = w.acceptance[me.profile * WIDTH + w.links[line].movement].follow_up
    me.follow_up = np.float32(time)


@inline
def way_to(w: Any, row: int, line: int) -> float:
    """Way to the line of a link, from its lane or the one before [m]; inf from anywhere else."""
    r = w.vehicles[row]
    way = w.lanes[r.lane].length - r.position
    if r.link == line:
        return way
    if r.link >= 0 and w.lanes[w.links[r.link].lane].link == line:
        return way + w.lanes[w.links[r.link].lane].length
    return math.inf


@inline
def follows_late(w: Any, row: int, leader: int, desired: float) -> bool:
    """Whether one who follows up can be at the line no sooner than his follow-up time after the one before him."""
    me, other = w.vehicles[row], w.vehicles[leader]
    line = line_of(w, me.link)
    if line < 0:
        return False
    p, q, t = w.profiles[me.profile], w.profiles[other.profile], w.totals[0]
    mine = arrival_delay(way_to(w, row, line), me.speed, desired, p.acceleration, p.deceleration)
    left = way_to(w, leader, line)
    if left < math.inf:
        his = arrival_delay(left, other.speed, desired, q.acceleration, q.deceleration)
    else:
        his = (other.entered - t.step) * t.dt
    return mine > his + me.follow_up


@inline
def pass_line(w: Any, row: int, lane: int) -> None:
    """Note whose turn it was when a vehicle passes a line, and forget what was accepted before it."""
    r = w.vehicles[row]
    if r.claim > NEVER:
        w.lane[lane].turn = r.claim
    else:
        r.follow_up = np.float32(0.0)
    r.claim = NEVER
    r.gap_since, r.coming = NEVER, NEVER
    r.stood = False
