"""What drivers do about signs: those that stand at the road, as they see them, and those they were told of by radio.

A limit that is seen holds as any limit does: by each one's factor. Whoever keeps to a sign does so all the time.
"""

from __future__ import annotations

import math
from typing import Any

from sim.chance import POSTED, uniform
from sim.compiled import inline
from sim.kernel.follow import approach_limit
from sim.kernel.order import onward

#: A board is read from so far [m]; assumed: characters of 40 cm. And the share of comfortable braking before it.
READ, GENTLE = 120.0, 0.6


@inline
def keeps_to(w: Any, row: int, sign: Any) -> bool:
    """Whether a driver keeps to a sign that he sees: machines do, of people a share, drawn by name."""
    r = w.vehicles[row]
    return w.profiles[r.profile].machine or uniform(w.totals[0].seed, POSTED, r.key, sign.key) < sign.share


@inline
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
def keeps_lane(w: Any, row: int) -> bool:
    """Whether a driver keeps his lane here since a sign says so; where the route presses, nobody does."""
    r = w.vehicles[row]
    if w.totals[0].boards > 0:
        for i in range(w.lanes[r.lane].sign, w.lanes[r.lane].sign_end):
            s = w.signs[i]
            if s.on and s.board and s.keep and s.begin <= r.position <= s.end and keeps_to(w, row, s):
                return True
    return False
