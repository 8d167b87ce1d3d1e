"""Apply what was decided: new speeds and positions, lanes left and entered, arrivals, halts, and what is counted."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import DAWDLE, uniform
from sim.compiled import inline
from sim.kernel.claim import pass_line
from sim.kernel.decide import limit_of
from sim.kernel.foresee import foresee_lanes
from sim.kernel.junction import STANDING, is_red
from sim.kernel.order import head_for, know_link, mark, place_for, put, record, take
from sim.models.energy import specific_power

# ranks in sim.engine.recording.EVENT_KINDS
AT_REST = 0.001  # [m/s] slower is no motion at all
ARRIVE, COLLISION, EMERGENCY, RED_ENTRY, STOP_BEGIN, DEMAND = 1, 2, 3, 4, 6, 17


@inline
def new_speed(w: Any, row: int, step: int) -> float:
    """Speed in this step within the vehicle's dynamics, after the driver's imperfection [m/s]."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    dt = w.totals[0].dt
    v = r.speed
    speed = min(r.wish, v + p.acceleration * dt)
    r.held_up = r.wish < p.deceleration and r.wish < v + p.acceleration * dt
    if p.imperfection > 0.0 and speed > 0.0:
        loss = p.imperfection * dt * uniform(w.totals[0].seed, DAWDLE, r.key, step)
        loss *= speed if speed < p.acceleration else p.acceleration
        speed = max(speed - loss, min(speed, v - p.deceleration * dt))
    speed = max(0.0, speed, v - p.emergency * dt)
    return speed if speed > AT_REST else 0.0


@inline
def count(w: Any, row: int, speed: float) -> bool:
    """Count time lost, waiting and stops of a vehicle; returns whether it stands."""
    r = w.vehicles[row]
    dt = w.totals[0].dt
    if r.holding:
        return False
    limit = limit_of(w, row, r.lane)
    lost = dt * max(0.0, 1.0 - speed / max(limit, 0.01))
    r.lost += lost
    state = w.lane[r.lane]
    state.lost += lost
    if speed < STANDING:
        if r.speed >= STANDING or (r.waiting == 0.0 and r.waited == 0.0 and r.stops == 0 and r.distance > 0.0):
            r.stops += 1
        r.waiting += dt
        r.waited += dt
        r.stood = True
        return True
    r.waiting = 0.0
    return False


@inline
def tell_braking(w: Any, row: int, deceleration: float) -> None:
    """Record emergency braking, once an episode."""
    r = w.vehicles[row]
    p = w.profiles[r.profile]
    if deceleration > max(0.98 * p.emergency, 1.01 * p.deceleration):  # comfortable braking is none, however hard
        if r.alarm == 0:
            r.alarm = 1
            record(w, EMERGENCY, r.departure, -1, deceleration, r.lane, r.position)
    elif r.alarm == 1 and deceleration < p.deceleration:
        r.alarm = 0


@inline
def reach_halt(w: Any, row: int) -> bool:
    """Begin to hold if the vehicle stands at its next halt; returns whether it leaves the lane for that."""
    r = w.vehicles[row]
    if r.halt_lane == r.lane and not r.holding and r.speed < STANDING:
        if w.halts[r.halt].position - r.position < 1.0:
            r.holding = True
            record(w, STOP_BEGIN, r.departure, -1, float(r.halt), r.lane, r.position)
            return bool(w.halts[r.halt].aside)
    return False


@inline
def ask_for_driver(w: Any, row: int) -> None:
    """Record that an automated vehicle asks somebody to take over."""
    r = w.vehicles[row]
    r.alert = math.inf
    record(w, DEMAND, r.departure, -1, float(r.cause), r.lane, r.position)


@inline
def drive(w: Any, lane: int, step: int) -> None:
    """Move all vehicles of a lane along it; those that pass its end are listed as movers."""
    t = w.totals[0]
    dt = t.dt
    n = w.lanes[lane]
    state = w.lane[lane]
    first = n.slot
    standing = 0
    for place in range(state.count):
        row = w.loose.slots[first + place]
        if row < 0:
            continue
        r = w.vehicles[row]
        speed = new_speed(w, row, step)
        if count(w, row, speed):
            standing += 1
        r.acceleration = (speed - r.speed) / dt
        if r.acceleration < -2.0:
            tell_braking(w, row, -r.acceleration)
        elif r.alarm == 1:
            r.alarm = 0
        r.speed = speed
        r.energy += specific_power(speed, r.acceleration) * dt
        before = r.position
        r.position += speed * dt
        r.distance += speed * dt
        if t.alerts and r.distance >= r.alert:
            ask_for_driver(w, row)
        state.seconds += dt
        state.metres += speed * dt
        if n.detector < math.inf and r.position >= n.detector and before - r.length < n.detector:
            state.detected = step
        if r.position > n.length or (r.last and r.position >= r.arrival) or reach_halt(w, row):
            w.loose.movers[t.movers] = row
            t.movers += 1
            continue
        list_hanger(w, row)
    state.standing += standing * dt
    state.queue = max(state.queue, standing)


@inline
def drop_shadow(w: Any, row: int) -> None:
    """End a lane change: the old lane is free."""
    r = w.vehicles[row]
    take(w, r.shadow, ~row)
    r.shadow = -1


@inline
def take_off(w: Any, row: int) -> None:
    """Take a vehicle off the road: its row becomes free, its trip tells how it went so far."""
    r = w.vehicles[row]
    t = w.totals[0]
    trip = w.trips[r.departure]
    trip.row = -1
    trip.distance = r.distance
    trip.lost = r.lost
    trip.waited = r.waited
    trip.energy = r.energy
    trip.stops = r.stops
    w.lane[r.lane].left += 1
    r.departure = -1
    w.loose.free[t.free] = row
    t.free += 1
    t.on_road -= 1


@inline
def arrive(w: Any, row: int, step: int) -> None:
    """Take a vehicle home."""
    r = w.vehicles[row]
    w.trips[r.departure].arrive = step + 1
    record(w, ARRIVE, r.departure, -1, 0.0, r.lane, r.position)
    take_off(w, row)
    w.totals[0].arrived += 1


@inline
def follow_route(w: Any, row: int) -> None:
    """Look up what the route wants on the lane just entered."""
    r = w.vehicles[row]
    n = w.lanes[r.lane]
    if n.internal:
        r.link = n.link
        r.reach = np.float32(math.inf)
        r.offset = 0
        r.ahead_light = -1
        know_link(w, row, n.link)
        return
    head_for(w, row)
    r.last = r.stage == r.last_stage


@inline
def cross(w: Any, row: int, step: int) -> None:
    """Carry a mover over the end of its lane into the next one, or home."""
    r = w.vehicles[row]
    take(w, r.lane, row)
    if r.shadow >= 0:
        drop_shadow(w, row)
    if r.holding:  # beside the road; departs anew from there once it is called back
        r.holding = False
        w.trips[r.departure].stage = r.stage
        take_off(w, row)
        return
    while True:
        n = w.lanes[r.lane]
        if r.last and r.position >= min(r.arrival, n.length):
            arrive(w, row, step)
            return
        if r.position <= n.length:
            break
        if r.link < 0:  # no way on: stands at the lane's end
            r.position = n.length
            r.speed = 0.0
            break
        k = w.links[r.link]
        if k.entry or k.waiting:
            r.entered = step
            pass_line(w, row, r.lane)
            if k.entry and k.light >= 0 and is_red(w.loose.light[k.light]):
                record(w, RED_ENTRY, r.departure, -1, r.speed, r.lane, n.length)
        w.lane[r.lane].left += 1
        r.behind3 = r.behind2
        r.behind2 = r.behind
        r.behind = r.lane
        r.position -= n.length
        r.lane = k.lane
        w.lane[r.lane].entered += 1
        if not w.lanes[r.lane].internal:
            r.stage += 1
            r.follow_up = np.float32(0.0)
        follow_route(w, row)
    put(w, r.lane, place_for(w, r.lane, r.position, r.key), row)
    list_hanger(w, row)


@inline
def hang(w: Any, row: int) -> None:
    """Note on the lanes behind how far a body hangs back into them."""
    r = w.vehicles[row]
    over = r.length - r.position
    for i in range(3):
        lane = r.behind if i == 0 else (r.behind2 if i == 1 else r.behind3)
        if lane < 0:
            return
        rear = w.lanes[lane].length - over
        state = w.lane[lane]
        if state.tail_row < 0:
            w.loose.hanging[w.totals[0].hanging] = lane
            w.totals[0].hanging += 1
            mark(w, lane)
        if rear < state.tail or (rear == state.tail and r.key < w.vehicles[state.tail_row].key):
            state.tail = rear
            state.tail_row = row
        over = -rear
        if over <= 0.0:
            return


@inline
def list_hanger(w: Any, row: int) -> None:
    """Note a body that hangs back over the begin of its lane."""
    t = w.totals[0]
    if w.vehicles[row].position < w.vehicles[row].length:
        w.loose.hangers[t.hangers] = row
        t.hangers += 1


@inline
def measure_tails(w: Any) -> None:
    """Tell the lanes behind of every body that hangs back into them; it holds until somebody moves on."""
    t = w.totals[0]
    for i in range(t.hanging):
        state = w.lane[w.loose.hanging[i]]
        state.tail = math.inf
        state.tail_row = -1
    t.hanging = 0
    for i in range(t.hangers):
        hang(w, w.loose.hangers[i])


@inline
def move(w: Any, step: int) -> None:
    """Apply the decisions of one step."""
    t = w.totals[0]
    t.movers, t.hangers = 0, 0
    for i in range(t.busy):
        foresee_lanes(w, w.loose.busy, i, t.busy, 3, 2)
        drive(w, w.loose.busy[i], step)
    for i in range(t.movers):
        cross(w, w.loose.movers[i], step)
    kept = 0
    for i in range(t.shadowing):
        row = w.loose.shadowing[i]
        if w.vehicles[row].departure >= 0 and w.vehicles[row].shadow >= 0:
            if step + 1 >= w.vehicles[row].shadow_end:
                drop_shadow(w, row)
            else:
                w.loose.shadowing[kept] = row
                kept += 1
    t.shadowing = kept
