"""Times at a junction: equipped drivers say when they come, keep to what a roadside unit orders, and rely on it.

Who must give way, and acts on an order, may go before those who say that they keep to a time that is late enough;
before all others he goes by his own choice of gaps. So a message that is lost costs time, and nothing else.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import acts_on, age_told, fresh, heeds
from sim.kernel.claim import cleared_at
from sim.kernel.merge import MERGE, lets_in, speak_up
from sim.kernel.order import onward
from sim.kernel.places import astray
from sim.kernel.say import beats
from sim.models.advice.merge import falls_behind
from sim.models.advice.passage import braking_to_be_at
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.state.air import BEAT
from sim.state.belief import COOPERATIVE_INTERSECTION, RANK_PASSAGE

#: Rules under which one takes part: with priority, giving way, at a stop sign; letters as in `sim.kernel.junction`.
MAJOR, MINOR, STOP_SIGN = ord("M"), ord("m"), ord("s")
#: Lanes ahead that are looked through for a junction.
FAR = 6
#: A unit is known while its MAP, said every second, was heard so lately [s]; assumed.
NEAR_BY = 3.0
#: Who would need so much more than the hardest braking that is asked of him does not say that he keeps to it; assumed.
SURELY = 1.1
#: Fineness of times in VIR [s]; T/CSAE 157-2020, as in `sim.v2x`.
TENTH = 0.1


@inline
def line_ahead(w: Any, row: int) -> tuple[int, float]:
    """Link of the next junction that a unit orders, if one passes or gives way there (else -1); way to its line [m].

    The way is that from where he believes to be.
    """
    r, x = w.vehicles[row], w.radio
    lane, link, stage, off = r.lane, r.link, r.stage, astray(w, r.station, beats(w, w.totals[0].step))
    way = -r.position
    for _ in range(FAR):
        way += w.lanes[lane].length
        if link < 0 or way - off > x.apps[0].cooperative_intersection_range:
            break
        k = w.links[link]
        if k.entry or k.waiting:
            if x.arranged[w.lanes[k.lane].junction] < 0:
                break
            if k.waits:
                link, way = w.lanes[k.lane].link, way + w.lanes[k.lane].length
            rule = w.links[link].rule
            takes_part = w.links[link].light < 0 and (rule == MAJOR or rule == MINOR or rule == STOP_SIGN)
            return link if takes_part else -1, max(0.0, way - off)
        lane = k.lane
        stage += 0 if w.lanes[lane].internal else 1
        link = onward(w, row, lane, stage)
    return -1, 0.0


@inline
def announce(w: Any, row: int, link: int, way: float) -> float:
    """Let a driver say from now on when he would be at a line, how fast, and over the junction; returns that time [s].

    Held up by one ahead on its lane, a vehicle is taken to go on as fast as now; held up by others, to set off now. Who
    must give way tells what he needs from rest.
    """
    r, k = w.vehicles[row], w.links[link]
    p, a = w.profiles[r.profile], w.radio.pacts[r.station]
    inside = min(w.lane[k.lane].limit * r.speed_factor, p.maximum_speed)
    there = min(inside, speed_after(way, r.speed, p.acceleration))
    if r.blocker >= 0 and w.vehicles[r.blocker].lane == r.lane:
        there = min(r.speed, inside)
    time = arrival_delay(max(0.0, way), r.speed, there, p.acceleration, p.deceleration)
    begin, whole = there if k.rule == MAJOR else 0.0, k.inside + r.length
    fast = max(begin, min(inside, speed_after(whole, begin, p.acceleration)))
    a.crosses, a.crosses_speed, a.keeps = link, there, False
    a.crosses_at = beats(w, w.totals[0].step) + int(time * BEAT)
    a.crosses_time = arrival_delay(whole, begin, fast, p.acceleration, p.deceleration)
    speak_up(w, r.station)
    return time


@inline
def ordered(w: Any, row: int, link: int) -> float:
    """Time before which a driver was told not to be at a line [s from now]; -1: nothing is known of him."""
    me, r = w.vehicles[row].station, w.radio
    o = r.arrangers[r.arranged[w.lanes[w.links[link].lane].junction]]
    told = fresh(w, me, o.stream, r.apps[0].cooperative_intersection_lifetime)
    if told < 0:
        return -1.0
    c = r.contents[told]
    for i in range(c.lane, c.lane + int(c.position)):
        if r.orders[i].station == me and r.orders[i].link == link:
            return max(0.0, r.orders[i].begin - age_told(w, me, c, beats(w, w.totals[0].step)) / BEAT)
    return -1.0


@inline
def keep_time(w: Any, row: int) -> float:
    """Say when one comes to a junction, and be there no sooner than ordered [m/s]; inf: nothing need be done."""
    r, a = w.vehicles[row], w.radio.apps[0]
    p = w.radio.pacts[r.station]
    p.crosses, p.keeps = -1, False
    link, way = line_ahead(w, row)
    if link < 0:
        return math.inf
    o = w.radio.arrangers[w.radio.arranged[w.lanes[w.links[link].lane].junction]]
    if fresh(w, r.station, w.radio.stations[o.station].stream, NEAR_BY) < 0:
        return math.inf
    soonest = announce(w, row, link, way)
    time = ordered(w, row, link)
    if time < 0.0 or not acts_on(w, row, RANK_PASSAGE, -1):
        return math.inf
    has_priority = w.links[link].rule == MAJOR
    hard = braking_to_be_at(way, r.speed, time) if has_priority else 0.0
    p.keeps = hard <= SURELY * a.cooperative_intersection_braking
    p.kept = beats(w, w.totals[0].step) + int(max(time, soonest) * BEAT)
    if not p.keeps or hard <= 0.0:
        return math.inf
    return max(0.0, r.speed - hard * w.totals[0].dt)


@inline
def keeps_back(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether one with priority was heard to keep to a time at which I am gone, and needs no hard braking for that."""
    if w.vehicles[foe].station < 0 or not heeds(w, row, COOPERATIVE_INTERSECTION):
        return False
    me, other, a = w.vehicles[row].station, w.vehicles[foe], w.radio.apps[0]
    if w.radio.pacts[me].crosses != mine.link or not w.radio.pacts[me].keeps:
        return False
    stream = w.radio.stations[other.station].vir
    told = fresh(w, me, stream, a.cooperative_intersection_lifetime) if stream >= 0 else -1
    if told < 0 or w.radio.contents[told].about != -1 - theirs.link or w.radio.contents[told].to == 0:
        return False
    v, q = w.radio.contents[told], w.profiles[other.profile]
    comes = (v.to - 1) * TENTH - age_told(w, me, v, beats(w, w.totals[0].step)) / BEAT
    if c.kind == MERGE:
        later = comes + c.foe_end / max(1.0, v.confidence) >= mine.leave + a.cooperative_intersection_gap
        way = theirs.distance + c.foe_end - q.minimum_gap
        return later and falls_behind(way, other.speed, q.deceleration, mine.leave, mine.leave_speed)
    gone = cleared_at(w, row, mine, c) + a.cooperative_intersection_margin
    later = comes + c.foe_begin / max(1.0, v.confidence) >= gone
    return later and falls_behind(theirs.distance + c.foe_begin, other.speed, q.deceleration, gone, 0.0)


@inline
def defers(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether one with priority lets me go first, as I have heard from him."""
    return lets_in(w, row, mine, foe, theirs, c) or keeps_back(w, row, mine, foe, theirs, c)
