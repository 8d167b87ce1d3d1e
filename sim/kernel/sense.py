"""Whom a sensor at the roadside or of a vehicle sees: range, field, what lies in between, chance, error."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.chance import SEEN, uniform
from sim.compiled import inline
from sim.kernel.places import astray, fine, in_sight, on_plane, patch_of
from sim.models.positioning import normal
from sim.models.visibility import appears, height_of, is_hidden
from sim.state.air import BEAT
from sim.state.roadside import MOST_AROUND, MOST_OBJECTS, SHARED

#: Fineness of what RSM carries; T/CSAE 53-2020, as in `sim.v2x`: 1e-7 degrees [m]; speed [m/s]; heading [deg].
PLACE, SPEED, HEADING = 0.0111, 0.02, 0.0125
#: Draws of a road user, and of a ghost, in one look.
DETECTED, FIRST, SECOND, THIRD, DRAWS = 0, 1, 2, 3, 4
#: How long a ghost is told of [beats]; assumed: a tracker drops what it does not see again within a second.
LASTS = BEAT
#: Places that are drawn for a ghost until one is in view.
TRIES = 16


@inline
def is_in_view(n: Any, away: float, bearing: float) -> bool:
    """Whether a place so far away [m] and in such a direction [rad] is within a sensor's range and field of view."""
    off = abs(math.degrees(bearing) - n.heading) % 360.0
    return away <= n.range and min(off, 360.0 - off) <= 0.5 * n.field


@inline
def covers(w: Any, n: Any, lane: int, position: float) -> bool:
    """Whether a place on a lane is within a sensor's range and field of view."""
    x, y, _ = on_plane(w, lane, position)
    dx, dy = x - n.x, y - n.y
    return is_in_view(n, math.sqrt(dx * dx + dy * dy), math.atan2(dx, dy))


@inline
def put_by_distance(w: Any, count: int, n: Any, row: int) -> int:
    """Put a vehicle, if it is in the field of view, among those around by distance; returns how many these are."""
    if row == n.carrier:
        return count
    v = w.vehicles[row]
    middle = v.position - 0.5 * v.length
    x, y, heading = on_plane(w, v.lane, max(0.0, middle))
    dx, dy = x - n.x, y - n.y
    away = math.sqrt(dx * dx + dy * dy)
    bearing = math.atan2(dx, dy)
    if not is_in_view(n, away, bearing):
        return count
    at, around = count, w.radio.around
    while at > 0 and (around[at - 1].away > away or (around[at - 1].away == away and around[at - 1].row > row)):
        around[at] = around[at - 1]
        at -= 1
    e = around[at]
    e.row, e.away, e.bearing, e.heading = row, away, bearing, heading
    e.half = appears(away, v.length, math.radians(heading) - bearing)
    e.height = height_of(v.length)
    e.patch = patch_of(w, v.lane, middle)
    return count + 1


@inline
def look_about(w: Any, sensor: int) -> int:
    """List the vehicles in a sensor's field of view by distance; returns how many there are."""
    n = w.radio.sensors[sensor]
    count = 0
    for i in range(n.lane, n.lane_end):
        lane = w.radio.watched[i]
        first = w.lanes[lane].slot
        for place in range(w.lane[lane].count):
            row = w.loose.slots[first + place]
            if row < 0:
                continue
            if count >= MOST_AROUND - 1:
                n.too_many += 1
            else:
                count = put_by_distance(w, count, n, row)
    return count


@inline
def is_behind_another(w: Any, i: int, height: float) -> bool:
    """Whether one of those around is hidden by another one, which is nearer."""
    around = w.radio.around
    e = around[i]
    for j in range(i):
        o = around[j]
        off = abs(e.bearing - o.bearing)
        if min(off, 2.0 * math.pi - off) < o.half and is_hidden(height, o.away, o.height, e.away, e.height):
            return True
    return False


@inline
def haunt(w: Any, n: Any, life: int, since: float) -> tuple[int, float, float]:
    """Where one who is not there is now, and how fast: lane (-1: nowhere in view), place [m], speed [m/s].

    Args:
        life: which one it is.
        since: time since it was seen first [s].
    """
    seed = w.totals[0].seed
    for i in range(TRIES):
        count = DRAWS * (life * TRIES + i)
        lane = int(w.radio.watched[n.lane + int(uniform(seed, SEEN, n.key, count + FIRST) * (n.lane_end - n.lane))])
        speed = uniform(seed, SEEN, n.key, count + THIRD) * w.lanes[lane].speed
        length, way = w.lanes[lane].length, 2.0 * n.range
        first = 0.0 if covers(w, n, lane, 0.0) else max(0.0, length - way)  # leads away, or to the sensor
        place = first + uniform(seed, SEEN, n.key, count + SECOND) * way  # on a short lane seldom: evenly along all
        if place < length and covers(w, n, lane, place):
            return lane, min(place + speed * since, length), speed
    return -1, 0.0, 0.0


@inline
def tell_ghosts(w: Any, n: Any, first: int, told: int, when: int) -> int:
    """Add an object that is not there, now and then; returns how many objects are told of.

    It lasts a while, as what a tracker makes of reflections does, and goes along its lane no faster than one may.
    """
    life = when // LASTS
    chance = uniform(w.totals[0].seed, SEEN, n.key, DRAWS * life * TRIES + DETECTED)
    if told >= MOST_OBJECTS or chance >= n.ghosts * n.period / BEAT:
        return told
    lane, place, speed = haunt(w, n, life, when % LASTS / BEAT)
    if lane < 0:
        return told
    o = w.radio.objects[first + told]
    o.departure, o.lane, o.position, o.speed = -1, lane, fine(place, PLACE), fine(speed, SPEED)
    o.length, o.heading = 4.5, 0.0
    n.false += when >= w.radio.air[0].warm
    return told + 1


@inline
def carry_sensor(w: Any, station: int, when: int, heading: float) -> None:
    """Put a vehicle's sensor where the vehicle is; what it sees is as far astray as the vehicle believes to be."""
    r, s = w.radio, w.radio.stations[station]
    n, v = r.sensors[s.sensor], w.vehicles[s.row]
    n.carrier, n.x, n.y, n.heading, n.height = s.row, s.x, s.y, heading, height_of(v.length)
    n.lane, n.lane_end = r.vicinity[v.lane], r.vicinity[v.lane + 1]
    n.objects = r.air[0].shared + s.block * SHARED * MOST_OBJECTS
    n.astray = astray(w, station, when)


@inline
def list_objects(w: Any, sensor: int, patch: int, number: int, when: int) -> tuple[int, int]:
    """Write down whom a sensor sees; returns how many, and the first row of `Objects`."""
    r, seed = w.radio, w.totals[0].seed
    n = r.sensors[sensor]
    counts, told = when >= r.air[0].warm, 0
    first = n.objects + number % n.kept * MOST_OBJECTS
    for i in range(look_about(w, sensor)):
        e = r.around[i]
        v = w.vehicles[e.row]
        key = n.key ^ np.uint64(v.key)
        if r.air[0].sights > 1 and in_sight(w, patch, e.patch) != 0:
            n.behind_buildings += counts
        elif is_behind_another(w, i, n.height):
            n.behind_vehicles += counts
        elif uniform(seed, SEEN, key, DRAWS * when + DETECTED) >= n.detection:
            n.missed += counts
        elif told >= MOST_OBJECTS:
            n.seen += counts
            n.too_many += counts
        else:
            n.seen += counts
            one = uniform(seed, SEEN, key, DRAWS * when + FIRST)
            off = n.astray + n.error * normal(one, uniform(seed, SEEN, key, DRAWS * when + SECOND))
            o = r.objects[first + told]
            o.departure, o.lane = v.departure, v.lane
            o.position = fine(v.position - v.speed * n.delay / BEAT + off, PLACE)
            o.speed, o.length, o.heading = fine(v.speed, SPEED), fine(v.length, 0.01), fine(e.heading, HEADING)
            told += 1
    return tell_ghosts(w, n, first, told, when), first
