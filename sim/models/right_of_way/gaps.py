"""Gap acceptance by critical gap and follow-up time: who waits takes a gap in the streams with priority if it is long.

A gap of g takes n vehicles if g >= t_c + (n - 1) t_f. Each gets its turn a follow-up time after the one before, and
what is compared with the critical gap is the time from that turn to the next arrival of somebody with priority; so a
queue that takes a moment to get moving does not lose it, nor one that waits until who has passed his line has left. For
who finds nobody waiting it is when he gets there. Random arrivals then give Harders' capacity
v e^(-v t_c) / (1 - e^(-v t_f)).

Source: HCM 7, eq. 20-36 (Harders 1968) and its assumptions; safety of what is accepted: braking of the one with
priority no harder than comfortable, as in MOBIL (Kesting, Treiber, Helbing 2007, doi:10.3141/1999-10).
"""

from __future__ import annotations

import math

from sim.compiled import inline

#: No queue takes longer to get moving, and to close up; who comes later has not waited in one [s]. Source: assumed,
#: twice the start-up lost time of HCM 7, ch. 19.
START_UP = 4.0
#: Who has accepted a gap keeps to it unless it turns out so much shorter [s]; assumed: errors of seeing a speed.
RESOLVE = 0.25


#: Who follows up keeps at least this behind the one before him [s]. Source: assumed; near the time gap of the shortest
#: logic of CoEXist (0.6 s).
CLOSEST = 0.5


@inline
def turn(before: float, follow_up: float, since: float, ready: float, clears: float) -> float:
    """When it is somebody's turn to use a gap [s].

    Args:
        before: turn of the one before from the same lane [s].
        follow_up: own follow-up time [s].
        since: when the gap began, if it had to be waited for [s].
        ready: when one will be at the line [s].
        clears: how long somebody who has passed his line is in the way of one who waits here [s].
    """
    own = max(before + follow_up, since)
    return own if ready - own <= START_UP + clears else ready


@inline
def leans_in(time_gap: float, follow_up: float, speed: float, minimum_gap: float, length: float) -> float:
    """By how much less than on the road one follows another who uses the same gap [m].

    The follow-up time is what drivers keep there from front to front; who would follow later than that comes nearer.

    Args:
        time_gap: kept on the road [s].
        follow_up: own follow-up time [s].
        speed: own [m/s].
        minimum_gap: at rest [m].
        length: of the one before [m].

    Source: follow-up time as HCM 7, ch. 20 defines it: headway of queued vehicles that use the same gap.
    """
    kept = max(CLOSEST, follow_up - (minimum_gap + length) / max(speed, 0.1))
    return max(0.0, time_gap - kept) * speed


@inline
def is_gone_first(speed: float, way: float, deceleration: float, distance: float, own: float, rate: float) -> bool:
    """Whether one is out of an area before I can be in it, however hard he brakes now.

    Args:
        speed: his [m/s].
        way: until his rear is out [m].
        deceleration: his hardest [m/s2].
        distance: mine to the area [m].
        own: my speed [m/s].
        rate: at which I can speed up [m/s2].

    Source: motion at constant acceleration.
    """
    left = speed * speed - 2.0 * deceleration * way
    if left <= 0.0 or distance <= 0.0:
        return False
    his = (speed - math.sqrt(left)) / deceleration
    return his * (own + 0.5 * rate * his) <= distance


@inline
def crosses_safely(cleared: float, foe_arrives: float) -> bool:
    """Whether I am out of an area when somebody with priority comes to it; both [s] from now."""
    return cleared < foe_arrives


@inline
def merges_safely(room: float, speed: float, foe_speed: float, foe_deceleration: float) -> bool:
    """Whether somebody with priority need not brake harder than comfortably behind me.

    Args:
        room: between my rear and it when I have merged [m].
        speed: mine then [m/s].
        foe_speed: its speed [m/s].
        foe_deceleration: its comfortable deceleration [m/s2].
    """
    slower = foe_speed - speed
    return room > 0.0 and (slower <= 0.0 or slower * slower <= 2.0 * foe_deceleration * room)
