"""Lane changes: for the route, for speed, and back to the right; with cooperation where the route leaves no choice.

Source: incentives and thresholds follow Erdmann 2014, "Lane-changing model in SUMO" (LC2013); the safety criterion is
that of MOBIL (Kesting, Treiber, Helbing 2007, doi:10.3141/1999-10) with each driver's own car-following model. Who has
a politeness changes for speed by MOBIL's incentive, too.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import fetch, inline
from sim.kernel.beside import CREEP, OCCUPIED, bears, can_go_over, follower_on, lane_speed, leader_on, tempting
from sim.kernel.beware import hears_request, hears_siren, is_warned_of_beside, request
from sim.kernel.decide import limit_of
from sim.kernel.follow import follow
from sim.kernel.foresee import foresee_drivers, foresee_lanes
from sim.kernel.incentive import held_up, worth
from sim.kernel.move import hang
from sim.kernel.order import head_for, list_busy, place_for, put, reach_back, record, row_of, take
from sim.kernel.posted import keeps_lane
from sim.models.lane_change.mobil import THRESHOLD

LANE_CHANGE = 5  # rank in sim.engine.recording.EVENT_KINDS
PERIOD = 0.5  # [s] between a driver's looks at the neighbouring lanes; assumed
LOOK_LEFT, LOOK_RIGHT = 20.0, 10.0  # [s] ahead for changes the route needs (LC2013)
PRESSING = 4.0  # [s] ahead within which braking for a gap is not gentle any more; assumed
FALL_BEHIND, HELP = 1.94, 1.0  # [m/s2] gentle braking to fall behind, and to let somebody in (LC2013)
GAIN_LEFT, GAIN_RIGHT = 0.2, 2.0  # thresholds of the built-up wish for speed (LC2013)
KEEP_RIGHT_TIME, KEEP_RIGHT_ACCEPTANCE = 5.0, 7.0  # [s] (LC2013)
BLOCK = 64  # lanes that are looked through for drivers before these are asked: so many stay in the cache


@inline
def turns(w: Any) -> int:
    """Steps from one of a driver's looks at the neighbouring lanes to the next."""
    return max(1, int(PERIOD / w.totals[0].dt + 0.5))


@inline
def turn_of(w: Any, key: Any) -> int:
    """Which of these steps is the driver's with such a key."""
    return int(key % np.uint64(turns(w)))


@inline
def ask(w: Any, follower: int, leader: int, gap: float, deceleration: float) -> None:
    """Ask a driver to open a gap before himself, by braking no harder than told on average."""
    f, q = w.vehicles[follower], w.profiles[w.vehicles[follower].profile]
    other = w.vehicles[leader]
    dt = w.totals[0].dt
    desired = max(f.speed, 1.0)
    speed = follow(q, f.speed, max(gap, 0.1), other.speed, w.profiles[other.profile].deceleration, desired, dt)
    asked = max(0.0, speed, f.speed - min(deceleration, q.deceleration) * PERIOD)
    step = w.totals[0].step
    if step >= f.advice_end or asked < f.advice:
        f.advice = asked
    f.advice_end = max(f.advice_end, step + 1 + max(1, int(PERIOD / dt + 0.5)))


@inline
def change(w: Any, row: int, target: int, place: int, step: int, why: int) -> None:
    """Move a vehicle to a neighbouring lane; its shadow stays where it was while the move takes time."""
    r = w.vehicles[row]
    t = w.totals[0]
    old = r.lane
    record(w, LANE_CHANGE, r.departure, -1, float(why), target, r.position)
    reaches_back = r.position < r.length
    if reaches_back and r.behind >= 0:
        reach_back(w, row, target)
        hang(w, row)
    if t.change_steps > 0 and not reaches_back:
        first = w.lanes[old].slot
        for i in range(w.lane[old].count):
            if w.loose.slots[first + i] == row:
                w.loose.slots[first + i] = ~row
        r.shadow = old
        r.shadow_end = step + t.change_steps
        w.loose.shadowing[t.shadowing] = row
        t.shadowing += 1
    else:
        take(w, old, row)
    r.lane = target
    r.position = min(r.position, w.lanes[target].length)  # who stands at a line does not pass it by going over
    head_for(w, row)
    put(w, target, place, row)
    r.change_step = step
    r.gain = np.float32(0.0)
    r.right_wish = np.float32(0.0)


@inline
def ask_follower(w: Any, row: int, follower: int, gap: float, lane: int, place: int, pressing: bool) -> None:
    """Ask the follower on a lane for a gap; if it is alongside and not slower, let it pass and ask the one behind."""
    r = w.vehicles[row]
    if gap < CREEP + 0.01 and w.vehicles[follower].speed + 0.5 >= r.speed:
        if place + 1 >= w.lane[lane].count:
            return
        follower = row_of(w.loose.slots[w.lanes[lane].slot + place + 1])
        gap = r.position - r.length - w.vehicles[follower].position
    if w.profiles[w.vehicles[follower].profile].cooperative > 0.0 or hears_request(w, follower, row, lane):
        ask(w, follower, row, gap, math.inf if pressing else HELP)


@inline
def attempt(w: Any, row: int, target: int, step: int, urgency: int, why: int) -> bool:
    """Change to a neighbouring lane if leader and follower there can bear it.

    Urgency 1 asks for a gap and falls behind gently, 2 as hard as is comfortable, 0 does neither.
    """
    r = w.vehicles[row]
    if w.lane[target].count + 2 >= w.lanes[target].room or w.lane[target].shut:
        return False
    place = place_for(w, target, r.position, r.key)
    leader, ahead = leader_on(w, row, target, place)
    follower, back = follower_on(w, row, target, place)
    factor = w.profiles[r.profile].safety_factor
    own = factor if urgency > 0 else 1.0  # nobody brakes hard himself for a change that he need not make
    front_ok = leader < 0 or bears(w, row, leader, ahead / own)
    back_ok = follower < 0 or bears(w, follower, row, back / factor)
    back_ok = back_ok and (urgency > 1 or not is_warned_of_beside(w, row, follower))
    if front_ok and back_ok and w.lane[target].block - r.position > 0.0 and can_go_over(w, row, target):
        change(w, row, target, place, step, why)
        return True
    if urgency > 0:
        request(w, row, target)
        if not front_ok:
            ask(w, row, leader, ahead, math.inf if urgency > 1 else FALL_BEHIND)
        if follower >= 0:
            ask_follower(w, row, follower, back, target, place, urgency > 1)
    return False


@inline
def want_by_incentive(w: Any, row: int, place: int, step: int, look: float) -> bool:
    """Change to the better neighbouring lane if it is worth it (MOBIL); returns whether the lane was left."""
    r = w.vehicles[row]
    n = w.lanes[r.lane]
    bit = w.profiles[r.profile].class_bit
    own, lacking = held_up(w, row, place)
    if lacking <= THRESHOLD or r.speed <= 0.1:
        return False
    left, right = 0.0, 0.0
    if n.left >= 0 and n.change_left & bit:
        allowed, _, _ = tempting(w, row, n.left, 0.0, look)
        left = worth(w, row, n.left, place, own) if allowed else 0.0
    if n.right >= 0 and n.change_right & bit:
        allowed, _, _ = tempting(w, row, n.right, 0.0, look)
        right = worth(w, row, n.right, place, own) if allowed else 0.0
    if max(left, right) <= THRESHOLD:
        return False
    return attempt(w, row, n.left if left >= right else n.right, step, 0, 2)


@inline
def keep_to_right(w: Any, row: int, here: float, look: float, step: int, period: float) -> bool:
    """Go back to the right if there is nothing to wait for there soon; returns whether the lane was left."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    n = w.lanes[r.lane]
    if n.right < 0 or not n.change_right & p.class_bit:
        return False
    allowed, more, free = tempting(w, row, n.right, here, look)
    if not allowed or more < 0.0:
        r.right_wish = np.float32(0.0)
        return False
    share = min(1.0, free / KEEP_RIGHT_ACCEPTANCE)
    r.right_wish += np.float32(period * share / KEEP_RIGHT_TIME * p.keep_right)
    return r.right_wish > 1.0 and attempt(w, row, n.right, step, 0, 3)


@inline
def want(w: Any, row: int, place: int, step: int, period: float) -> bool:
    """Change for speed or keep to the right if the wish has built up; returns whether the lane was left."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    n = w.lanes[r.lane]
    look = r.pace * LOOK_RIGHT + 2.0 * (r.length + p.minimum_gap)
    limit = limit_of(w, row, r.lane)
    here, _, _ = lane_speed(w, row, r.lane, place, limit)
    if p.politeness >= 0.0 and p.speed_gain > 0.0:
        if want_by_incentive(w, row, place, step, look):
            return True
        return w.totals[0].keep_right and keep_to_right(w, row, here, look, step, period)
    gain = 0.0
    held = here < limit or (n.left >= 0 and w.lane[n.left].limit > w.lane[r.lane].limit)
    if n.left >= 0 and n.change_left & p.class_bit and held:  # else the left lane cannot be any faster
        allowed, more, _ = tempting(w, row, n.left, here, look)
        if allowed and more > 0.0:
            gain = more
            r.gain += np.float32(period * more * p.speed_gain)
            if r.gain > GAIN_LEFT and r.speed > 0.1 and attempt(w, row, n.left, step, 0, 2):
                return True
    if n.right >= 0 and n.change_right & p.class_bit:
        allowed, more, free = tempting(w, row, n.right, here, look)
        if allowed and more > 0.0 and more > gain:
            gain = more
            r.gain -= np.float32(period * more * p.speed_gain)
            if r.gain < -GAIN_RIGHT and attempt(w, row, n.right, step, 0, 2):
                return True
        if allowed and w.totals[0].keep_right and more >= 0.0:
            share = min(1.0, free / KEEP_RIGHT_ACCEPTANCE)
            r.right_wish += np.float32(period * share / KEEP_RIGHT_TIME * p.keep_right)
            if r.right_wish > 1.0 and attempt(w, row, n.right, step, 0, 3):
                return True
        elif more < 0.0:
            r.right_wish = np.float32(0.0)
    if gain <= 0.0:
        r.gain *= np.float32(0.7)
    return False


@inline
def make_way(w: Any, row: int, step: int) -> bool:
    """Leave the lane to one on call behind, to the kerb side if one may, else to the other; returns whether it was."""
    r = w.vehicles[row]
    p, n = w.profiles[r.profile], w.lanes[r.lane]
    look = r.pace * LOOK_RIGHT + 2.0 * (r.length + p.minimum_gap)
    for side in range(2):
        rightwards = (side == 0) != w.totals[0].left_hand
        target = n.right if rightwards else n.left
        may = n.change_right if rightwards else n.change_left
        if target < 0 or not may & p.class_bit:
            continue
        allowed, _, _ = tempting(w, row, target, 0.0, look)
        if allowed and attempt(w, row, target, step, 1, 4):
            return True
    return False


@inline
def needed(w: Any, row: int) -> tuple[int, float]:
    """Lanes to the left that the route (or the next halt) needs, and the way left to get there [m]."""
    r = w.vehicles[row]
    n = w.lanes[r.lane]
    if r.halt_lane >= 0 and w.lanes[r.halt_lane].edge == n.edge:
        return w.lanes[r.halt_lane].index - n.index, w.halts[r.halt].position - r.position
    way = r.reach - r.position
    block = w.lane[r.lane].block
    if block < math.inf and block > r.position:
        if n.left >= 0:
            return 1, block - r.position
        return -1, block - r.position
    return r.offset, way


@inline
def consider(w: Any, row: int, place: int, step: int, period: float) -> bool:
    """Look at the neighbouring lanes and change if it is needed or worth it; returns whether the lane was left."""
    r = w.vehicles[row]
    n = w.lanes[r.lane]
    if r.holding or r.shadow >= 0 or r.change_step == step:
        return False
    if r.position < r.length and n.length > 3.0 * r.length:
        return False
    p = w.profiles[r.profile]
    fade = np.float32(1.0 - 0.1 * period)
    r.pace = max(np.float32(r.speed), fade * r.pace + (np.float32(1.0) - fade) * np.float32(r.speed))
    offset, way = needed(w, row)
    if offset != 0 and p.strategic >= 0.0:
        target = n.left if offset > 0 else n.right
        may = n.change_left if offset > 0 else n.change_right
        if target >= 0 and may & p.class_bit:
            slow_side = (offset > 0) == w.totals[0].left_hand
            look = r.pace * (LOOK_RIGHT if slow_side else LOOK_LEFT) * p.strategic + 2.0 * (r.length + p.minimum_gap)
            way -= min(way * 0.5, OCCUPIED * w.lane[target].count)
            if way < look * abs(offset):
                pressing = r.pace * PRESSING + 3.0 * (r.length + p.minimum_gap)
                return attempt(w, row, target, step, 2 if way < pressing * abs(offset) else 1, 1)
    if r.halt_lane >= 0 and w.lanes[r.halt_lane].edge == n.edge:
        return False
    if hears_siren(w, row, place):
        return make_way(w, row, step)
    if keeps_lane(w, row):
        return False
    return want(w, row, place, step, period)


@inline
def list_turns(w: Any, begin: int, lanes: int, turn: int, found: int) -> int:
    """Put those of a block of lanes whose turn it is behind those found, as they will be asked; returns how many then.

    They stand in `Loose.movers`, and what they will ask for is fetched.
    """
    first_found = found
    for i in range(begin, min(begin + BLOCK, lanes)):
        foresee_lanes(w, w.loose.order, i, lanes, 0, 3)
        lane = w.loose.order[i]
        first = w.lanes[lane].slot
        for place in range(first, first + w.lane[lane].count):
            row = w.loose.slots[place]
            if row >= 0 and w.loose.turn[row] == turn:
                for line in range(4):
                    fetch(w.vehicles, row, line)
                w.loose.movers[found] = row
                found += 1
    foresee_drivers(w, w.loose.movers, first_found, found)
    return found


@inline
def shift_edge(w: Any, lane: int, step: int, turn: int) -> None:
    """Consider lane changes on all lanes of an edge, from the kerb on and from the front backwards."""
    period = turns(w) * w.totals[0].dt
    while lane >= 0:
        first = w.lanes[lane].slot
        place = 0
        while place < w.lane[lane].count:
            row = w.loose.slots[first + place]
            if row >= 0 and w.loose.turn[row] == turn:
                if consider(w, row, place, step, period) and w.totals[0].change_steps == 0:
                    continue
            place += 1
        lane = w.lanes[lane].left


@inline
def shift(w: Any, step: int) -> None:
    """Let every driver whose turn it is consider a lane change."""
    every = turns(w)
    turn = (every - step % every) % every
    lanes = list_busy(w, True)
    asked, known = 0, list_turns(w, 0, lanes, turn, 0)
    for begin in range(BLOCK, lanes + BLOCK, BLOCK):
        listed = list_turns(w, begin, lanes, turn, known)  # a block ahead, while that of before is worked on
        for i in range(asked, known):
            edge = w.lanes[w.vehicles[w.loose.movers[i]].lane].edge
            if w.loose.edge_step[edge] != step:
                w.loose.edge_step[edge] = step
                shift_edge(w, w.loose.edge_lane[edge], step, turn)
        asked, known = known, listed
