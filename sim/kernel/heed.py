"""What equipped drivers do about what they have heard: the messages they remember, never what is true.

Called for equipped vehicles only, and only where an application runs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.abide import keep_time
from sim.kernel.aware import acts_on, age_told, fresh, note
from sim.kernel.chart import group_told, limit_told
from sim.kernel.merge import make_room
from sim.kernel.platoon import is_linked, run_in_platoon
from sim.kernel.posted import limit_seen, slow_at_places
from sim.kernel.say import beats
from sim.kernel.warn import is_open, slow_for_ahead
from sim.models.advice.green_wave import advised_speed
from sim.models.braking import needed_deceleration
from sim.state.air import BEAT
from sim.state.belief import (
    CACC,
    COOPERATIVE_INTERSECTION,
    COOPERATIVE_MERGE,
    EMERGENCY_BRAKE,
    FORWARD_COLLISION,
    GREEN_WAVE,
    PLATOON,
    RANK_BRAKE,
    RANK_GREEN_WAVE,
    RANK_LIMIT,
    SPEED_LIMIT,
)

#: What is told of when green begins may be so uncertain [s]; assumed: about a start-up lost time. More is no advice.
UNCERTAIN = 3.0
#: Who was warned that somebody brakes hard heeds those who still brake so [m/s2]; assumed.
STILL = 1.0


@inline
def hears(w: Any, row: int, leader: int) -> bool:
    """Whether a vehicle has lately heard the one ahead, whom its radar sees."""
    me, other, a = w.vehicles[row], w.vehicles[leader], w.radio.apps[0]
    uses = w.radio.stations[me.station].uses if me.station >= 0 else np.uint32(0)
    if uses & PLATOON:
        return is_linked(w, row, leader)
    if not uses & CACC:
        return False
    a.cacc_time += 1
    if other.station < 0:
        return False
    a.cacc_equipped += 1
    linked = fresh(w, me.station, w.radio.stations[other.station].stream, a.cacc_lifetime) >= 0
    a.cacc_linked += linked
    return linked


@inline
def is_green(w: Any, phase: int, group: int) -> bool:
    """Whether a phase lets a group go."""
    return is_open(w.loose.letters[w.phases[phase].state + group])


@inline
def green_times(w: Any, light: int, group: int, told: int) -> tuple[float, float]:
    """Time that is left of a group's green for sure (0: not green), and until its next one begins for sure [s].

    As a heard SPAT tells, with the programme that MAP and SPAT carry; inf where that is too uncertain.

    Args:
        light: one of the signal's.
        group: of it, by which one takes oneself to go.
    """
    c, t = w.radio.contents[told], w.totals[0]
    if math.isnan(c.likely):
        return 0.0, math.inf
    signal = w.radio.stations[w.radio.streams[w.radio.heralds[light]].station].signal
    g = w.signals[signal]
    phase = g.first + int(c.position)
    soon, late = (c.speed - t.step) * t.dt, (c.acceleration - t.step) * t.dt
    left = 0.0
    for _ in range(g.end - g.first):
        if not is_green(w, phase, group):
            break
        left = max(0.0, soon)
        phase = w.phases[phase].following
        soon += w.phases[phase].minimum * t.dt
        late += w.phases[phase].maximum * t.dt
    for _ in range(g.end - g.first):
        phase = w.phases[phase].following
        if is_green(w, phase, group):
            return left, max(0.0, late) if late - soon <= UNCERTAIN else math.inf
        soon += w.phases[phase].minimum * t.dt
        late += w.phases[phase].maximum * t.dt
    return left, math.inf


@inline
def ride(w: Any, row: int, desired: float) -> float:
    """Speed that green wave advises [m/s]; inf: none."""
    r, a = w.vehicles[row], w.radio.apps[0]
    p = w.profiles[r.profile]
    seen = w.lanes[r.lane].length - r.position
    stream = w.radio.heralds[r.ahead_light]
    if seen > a.green_wave_range or stream < 0:
        return math.inf
    told = fresh(w, r.station, stream, a.green_wave_lifetime)
    group = group_told(w, r.station, r.ahead_light) if told >= 0 else -1
    if group < 0:
        return math.inf
    left, wait = green_times(w, r.ahead_light, group, told)
    top = max(desired, min(w.lane[r.lane].limit * a.green_wave_factor, p.maximum_speed))
    wait += a.green_wave_margin
    return advised_speed(
        seen, r.speed, desired, top, a.green_wave_minimum, p.acceleration, p.deceleration, left, wait
    )  # fmt: skip


@inline
def responds(w: Any, row: int, warned: bool) -> bool:
    """Whether a driver acts on a warning that stands: people take their time to react."""
    s, step = w.radio.stations[w.vehicles[row].station], w.totals[0].step
    if not warned:
        s.warned = -1
        return False
    if s.warned < 0:
        s.warned = step
    return step - s.warned >= s.reaction


@inline
def foresee(w: Any, row: int, place: int) -> float:
    """Speed that brakes evenly for those ahead on the lane who say that they brake hard [m/s]; inf: nobody does.

    They are taken to go on braking so, to a stand.
    """
    r, a = w.vehicles[row], w.radio.apps[0]
    p, dt = w.profiles[r.profile], w.totals[0].dt
    hard_enough = a.emergency_brake_threshold if w.radio.stations[r.station].warned < 0 else STILL
    first, speed = w.lanes[r.lane].slot, math.inf
    now = beats(w, w.totals[0].step)
    for i in range(place - 1, -1, -1):
        slot = w.loose.slots[first + i]
        if slot < 0 or w.vehicles[slot].station < 0:
            continue
        other = w.vehicles[slot]
        if other.position - r.position > a.emergency_brake_range:
            break
        told = fresh(w, r.station, w.radio.stations[other.station].stream, a.emergency_brake_lifetime)
        if told < 0:
            continue
        c = w.radio.contents[told]
        if c.lane == r.lane and c.acceleration <= -hard_enough:
            gap = c.position + c.speed * age_told(w, r.station, c, now) / BEAT - other.length - r.position
            hard = needed_deceleration(r.speed, gap - p.minimum_gap, c.speed, -c.acceleration)
            speed = min(speed, max(0.0, r.speed - hard * dt))
    return speed


@inline
def heed(w: Any, row: int, place: int, desired: float) -> float:
    """Speed that applications advise [m/s]: above the desired one it is a wish, below it a bound; inf: none."""
    r = w.vehicles[row]
    s = w.radio.stations[r.station]
    advice = math.inf
    if s.uses & GREEN_WAVE:
        if r.ahead_light >= 0:
            advice = ride(w, row, desired)
        if advice < math.inf and not acts_on(w, row, RANK_GREEN_WAVE, -1):
            advice = math.inf
    if s.uses & EMERGENCY_BRAKE:
        speed = foresee(w, row, place)
        note(w, row, RANK_BRAKE, speed < math.inf)
        if responds(w, row, speed < math.inf):
            advice = min(advice, speed)
    if s.uses & SPEED_LIMIT:
        limit = limit_told(w, r.station, r.lane, w.radio.apps[0].speed_limit_lifetime)
        if limit < desired and acts_on(w, row, RANK_LIMIT, -1):
            advice = min(advice, limit)
    if s.uses & COOPERATIVE_MERGE:
        advice = min(advice, make_room(w, row))
    if s.uses & COOPERATIVE_INTERSECTION:
        advice = min(advice, keep_time(w, row))
    if s.uses & PLATOON:
        advice = min(advice, run_in_platoon(w, row, place, desired))
    if s.uses & FORWARD_COLLISION:
        advice = min(advice, slow_for_ahead(w, row, place))
    return min(advice, slow_at_places(w, row))


@inline
def heeded(w: Any, row: int, place: int, desired: float) -> tuple[float, float]:
    """Speed that signs and applications ask for (inf: none), and the one desired with it, which these raise [m/s]."""
    posted = limit_seen(w, row) if w.totals[0].boards > 0 else math.inf
    if w.vehicles[row].station < 0 or not w.radio.apps[0].acting:
        return posted, desired
    advice = heed(w, row, place, desired)
    return min(advice, posted), advice if desired < advice < math.inf else desired


@inline
def slowed(w: Any, row: int, advice: float, wish: float) -> float:
    """Speed no higher than lane changers ask for, and than applications advise, as far as comfortable [m/s]."""
    r = w.vehicles[row]
    if r.advice < advice:
        if w.totals[0].step < r.advice_end:
            advice = r.advice
        else:
            r.advice = math.inf  # it is over, and need not be looked at again
    if advice < wish:
        wish = max(advice, min(wish, r.speed - w.profiles[r.profile].deceleration * w.totals[0].dt))
    return wish
