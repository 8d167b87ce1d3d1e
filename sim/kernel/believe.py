"""Who comes to a junction as messages tell of him, where a driver does not see for himself.

Past the houses at a corner a driver knows of others only what he has heard: where they are, how fast, whether they
brake. Of that an approach is made, on which the same rules decide as on one whom he sees; what is true of who is told
of does not come into it. So one who tells a wrong place comes sooner or later than he does, and what a sensor takes for
somebody is waited for though nobody is there. Where a driver sees the road, his eyes are right.

Of whom is asked: of those who come within the time in which approaches are told, by what they or others say of them,
and of all objects of the junction's sensor that are nobody.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import SAME, acts_on, fresh, heeds, is_kept, is_sensed, on_foot, place_heard
from sim.kernel.claim import HEARD
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.state.belief import INTERSECTION_COLLISION, RANK_CROSSING, RANK_WALKER, SENSOR_SHARING, VULNERABLE_ROAD_USER
from sim.state.traffic import PER_VEHICLE

#: Who was heard to be slower stands, and does not come [m/s]; as `junction.STANDING`.
STANDING = 0.1


@inline
def write_down(w: Any, row: int, link: int, distance: float, speed: float, acceleration: float, length: float) -> int:
    """Row of `Approaches` with an approach as heard; -1: none.

    Who stands, brakes so as to stop before the line, or is over the junction, does not come. Others go on as fast as
    told; who accelerates does so up to the limit.

    Args:
        distance: to the line [m].
        length: of his body [m].
    """
    if speed < STANDING or (acceleration < 0.0 and speed * speed < -2.0 * acceleration * distance):
        return -1
    k, p = w.links[link], w.profiles[w.vehicles[row].profile]
    then, arrive = speed, distance / speed
    if acceleration > 0.0 and distance > 0.0:
        then = max(speed, min(w.lane[k.source].limit, speed_after(distance, speed, acceleration)))
        arrive = arrival_delay(distance, speed, then, acceleration, p.deceleration)
    leave = arrive + (k.inside + length) / then
    if leave < 0.0:
        return -1
    item = w.totals[0].rows * PER_VEHICLE
    x = w.approaches[item]
    x.link, x.next, x.distance, x.wait = link, HEARD, distance, math.inf
    x.arrive, x.leave, x.arrive_speed, x.leave_speed = arrive, leave, then, then
    x.braking_speed = math.sqrt(max(0.0, speed * speed - 2.0 * p.deceleration * max(0.0, distance)))
    return item


@inline
def believed(w: Any, row: int, foe: int, item: int, sight: float, junction: int) -> int:
    """Approach of one whom a driver does not see, as he has heard of him; -1: he has not, or does not believe it.

    Args:
        item: of his true approach: which line he comes to is told by his lights.
        sight: how far up the road the driver sees [m]: nobody can be where he looks and sees nobody.
    """
    heard, off, speed, acceleration, crossing = False, 0.0, 0.0, 0.0, False
    if w.totals[0].walking and on_foot(w, foe) and heeds(w, row, VULNERABLE_ROAD_USER):
        lifetime = w.radio.apps[0].vulnerable_road_user_lifetime
        heard, off, speed, acceleration = place_heard(w, row, foe, junction, lifetime)
        heard = heard and acts_on(w, row, RANK_WALKER, foe)
    elif heeds(w, row, INTERSECTION_COLLISION):
        lifetime = w.radio.apps[0].intersection_collision_lifetime
        heard, off, speed, acceleration = place_heard(w, row, foe, junction, lifetime)
        crossing = True
    elif heeds(w, row, SENSOR_SHARING):
        heard, off, speed = is_sensed(w, row, foe, junction)
    distance = w.approaches[item].distance - off
    if not heard or distance <= sight - SAME:
        return -1
    link, length = int(w.approaches[item].link), w.vehicles[foe].length
    comes = write_down(w, row, link, distance, speed, acceleration, length)
    return comes if comes < 0 or not crossing or acts_on(w, row, RANK_CROSSING, foe) else -1


@inline
def imagined(w: Any, row: int, c: Any, o: Any, since: float) -> int:
    """Approach of an object that is nobody, to a lane on which a driver must give way; -1: it does not come there.

    Where it will turn nobody knows: it is taken to come by each way that begins on its lane.

    Args:
        since: it was told of [s].
    """
    link = w.lanes[c.foe].link - 1  # those of a way through a junction stand one behind the other
    k = w.links[link]
    distance = w.lanes[o.lane].length - o.position - o.speed * since
    if not c.yields or not k.entry or k.source != o.lane or distance <= c.sight - SAME:
        return -1
    return write_down(w, row, link, distance, o.speed, 0.0, o.length)


@inline
def objects_told(w: Any, row: int, junction: int) -> int:
    """Row of `Contents` with the objects a driver has heard of from a junction's sensor, if he heeds them; else -1."""
    a, stream, lifetime = w.radio.apps[0], -1, 0.0
    if heeds(w, row, INTERSECTION_COLLISION):
        stream, lifetime = w.radio.watchers[junction], a.intersection_collision_lifetime
    elif heeds(w, row, SENSOR_SHARING):
        stream, lifetime = w.radio.watchers[junction], a.sensor_sharing_lifetime
    told = fresh(w, w.vehicles[row].station, stream, lifetime) if stream >= 0 else -1
    return told if told >= 0 and is_kept(w, stream, told) else -1
