"""What drivers do about signs: those that stand at the road, as they see them, and those they were told of by radio.

A limit that is seen holds as any limit does: by each one's factor. Whoever keeps to a sign does so all the time.
"""

from __future__ import annotations

import math
from typing import Any

from sim.chance import POSTED, uniform
from sim.compiled import aside, inline
from sim.kernel.follow import approach_limit
from sim.kernel.order import onward
from sim.state.roadside import KEEP_LANE, MOST_SLOW

#: A board is read from so far [m]; assumed: characters of 40 cm. And the share of comfortable braking before it.
READ, GENTLE = 120.0, 0.6
#: Way ahead on which places are looked for of which one was told [m].
AHEAD = 500.0


@inline
def keeps_to(w: Any, row: int, sign: Any) -> bool:
    """Whether a driver keeps to a sign that he sees: machines do, of people a share, drawn by name."""
    r = w.vehicles[row]
    return w.profiles[r.profile].machine or uniform(w.totals[0].seed, POSTED, r.key, sign.key) < sign.share


@aside
def limit_seen(w: Any, row: int) -> float:
    """Speed that limits on boards ask of a driver who keeps to them [m/s]; inf: there is none, or he does not."""
    r, speed = w.vehicles[row], math.inf
    p, dt = w.profiles[r.profile], w.totals[0].dt
    lane, link, stage, seen = r.lane, r.link, r.stage, -r.position
    for _ in range(8):
        n = w.lanes[lane]
        for i in range(n.sign, n.sign_end):
            s = w.signs[i]
            if s.on and s.board and s.speed < math.inf and seen + s.end > 0.0 and seen + s.begin < READ:
                if keeps_to(w, row, s):
                    way, limit = max(0.0, seen + s.begin), min(s.speed * r.speed_factor, p.maximum_speed)
                    speed = min(speed, approach_limit(way, limit, GENTLE * p.deceleration, dt))
        seen += n.length
        if link < 0 or seen > READ:
            break
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        link = onward(w, row, lane, stage)
    return speed


@inline
def slow_at(w: Any, row: int, place: Any) -> float:
    """Speed with which to come to a place of which a driver was warned, if it lies on the way [m/s]; inf: none."""
    r = w.vehicles[row]
    lane, link, stage, seen = r.lane, r.link, r.stage, -r.position
    edge = w.lanes[place.lane].edge
    for _ in range(8):
        if lane == place.lane or (w.lanes[lane].edge == edge and not place.alone):
            if seen + place.end < 0.0:
                return math.inf
            hard = GENTLE * w.profiles[r.profile].deceleration
            return approach_limit(max(0.0, seen + place.begin), place.speed, hard, w.totals[0].dt)
        seen += w.lanes[lane].length
        if link < 0 or seen > AHEAD:
            return math.inf
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        link = onward(w, row, lane, stage)
    return math.inf


@inline
def slow_at_places(w: Any, row: int) -> float:
    """Speed with which to come to the places of which a driver was warned [m/s]; inf: none lies on the way."""
    first, speed, step = w.vehicles[row].station * MOST_SLOW, math.inf, w.totals[0].step
    for i in range(first + MOST_SLOW - 1, first - 1, -1):
        place = w.radio.slow[i]
        if place.lane < 0:
            break
        if place.what != KEEP_LANE and step < place.until:
            speed = min(speed, slow_at(w, row, place))
    return speed


@inline
def is_told_to_keep(w: Any, row: int) -> bool:
    """Whether a driver was told by radio to keep his lane here."""
    r = w.vehicles[row]
    first = r.station * MOST_SLOW
    for i in range(first + MOST_SLOW - 1, first - 1, -1):
        x = w.radio.slow[i]
        if x.lane < 0:
            break
        if x.what != KEEP_LANE or w.totals[0].step >= x.until or not x.begin <= r.position <= x.end:
            continue
        if r.lane == x.lane or (w.lanes[r.lane].edge == w.lanes[x.lane].edge and not x.alone):
            return True
    return False


@aside
def keeps_lane(w: Any, row: int) -> bool:
    """Whether a driver keeps his lane here since a sign says so; where the route presses, nobody does."""
    r = w.vehicles[row]
    if w.totals[0].boards > 0:
        for i in range(w.lanes[r.lane].sign, w.lanes[r.lane].sign_end):
            s = w.signs[i]
            if s.on and s.board and s.keep and s.begin <= r.position <= s.end and keeps_to(w, row, s):
                return True
    return r.station >= 0 and w.radio.apps[0].acting and is_told_to_keep(w, row)
