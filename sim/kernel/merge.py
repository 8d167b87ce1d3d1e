"""Cooperative merging: who comes to the end of his own way says so, and who drives where he goes on lets him in."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import WIDTH, acts_on, age_told, fresh, heeds
from sim.kernel.order import onward
from sim.kernel.places import astray
from sim.kernel.say import beats
from sim.models.advice.merge import braking_to_let_in, falls_behind
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.state.air import BEAT
from sim.state.belief import COOPERATIVE_MERGE, RANK_MERGE

#: Who has begun to make room goes on, unless he would be so much sooner there [s]; assumed.
FIRM = 1.0
#: Slower than this share of the limit nobody makes room: who is in a queue has none to give [-]; assumed.
SLOWEST = 0.5
MERGE = 1  # as in sim.park.network.Crossing
#: Lanes ahead that are looked through for a merge.
FAR = 8


@inline
def merge_ahead(w: Any, row: int) -> tuple[int, bool, float, float, float]:
    """Next merge on a vehicle's way (-1: none), whether it gives way there, way to it [m], time [s], speed there.

    From where it believes to be. Held up by one ahead on its lane, it is taken to go on as fast as now; held up by
    others, to set off now.
    """
    r, x = w.vehicles[row], w.radio
    p = w.profiles[r.profile]
    held = r.blocker >= 0 and w.vehicles[r.blocker].lane == r.lane
    lane, link, stage, way, time, speed = r.lane, r.link, r.stage, 0.0, 0.0, r.speed
    begin = r.position + astray(w, r.station, beats(w, w.totals[0].step))
    for _ in range(FAR):
        here = max(0.0, w.lanes[lane].length - begin)
        if way > x.apps[0].cooperative_merge_range:
            break
        top = min(w.lane[lane].limit * r.speed_factor, p.maximum_speed)
        then = min(top, speed_after(here, speed, p.acceleration))
        if held:
            then = min(speed, top)
        time += arrival_delay(here, speed, then, p.acceleration, p.deceleration)
        way, speed, begin = way + here, then, max(0.0, begin - w.lanes[lane].length)
        if x.merge_from[lane] >= 0 and way <= x.apps[0].cooperative_merge_range:
            return x.merge_from[lane], True, way, time, speed
        if x.merge_into[lane] >= 0 and way <= x.apps[0].cooperative_merge_range:
            return x.merge_into[lane], False, way, time, speed
        if link < 0:
            break
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        link = onward(w, row, lane, stage)
    return -1, False, 0.0, 0.0, 0.0


@inline
def say_merge(w: Any, row: int, merge: int, time: float, speed: float) -> None:
    """Let a vehicle say from now on that it merges, when and how fast; or say it no more (-1)."""
    station = w.vehicles[row].station
    p = w.radio.pacts[station]
    p.meant = merge
    p.meant_at, p.meant_speed = beats(w, w.totals[0].step) + int(time * BEAT), speed
    if merge >= 0:
        speak_up(w, station)


@inline
def speak_up(w: Any, station: int) -> None:
    """Let a station begin to say VIR, unless it does."""
    f = w.radio.streams[w.radio.stations[station].vir]
    if f.period == 0:
        f.period, f.next = f.pace, beats(w, w.totals[0].step)


@inline
def braking_for_one(w: Any, row: int, other: int, merge: int, way: float, time: float) -> float:
    """How hard to brake for one who was heard to merge, and comes there first [m/s2]; 0: not, or he is not the first.

    Args:
        way: own way to where ways meet [m].
        time: until I am there [s].
    """
    r, x, a = w.vehicles[row], w.vehicles[other], w.radio.apps[0]
    stream, now = w.radio.stations[x.station].vir, beats(w, w.totals[0].step)
    told = fresh(w, r.station, stream, a.cooperative_merge_lifetime) if stream >= 0 else -1
    if told < 0 or w.radio.contents[told].about != merge + 1:
        return 0.0
    c = w.radio.contents[told]
    comes = c.likely - age_told(w, r.station, c, now) / BEAT
    since = (w.totals[0].step - w.radio.lately[r.station * WIDTH + RANK_MERGE]) * w.totals[0].dt
    if comes >= time + (FIRM if since < FIRM else 0.0):
        return 0.0
    length = x.length + w.profiles[r.profile].minimum_gap
    hard = braking_to_let_in(way, r.speed, comes, c.confidence, length, a.cooperative_merge_gap)
    return hard if hard <= w.profiles[r.profile].deceleration else 0.0  # too late: that is for who comes behind me


@inline
def make_room(w: Any, row: int) -> float:
    """Say that one is about to merge, or let in who was heard to [m/s]; inf: nobody was."""
    r, a = w.vehicles[row], w.radio.apps[0]
    merge, minor, way, time, speed = merge_ahead(w, row)
    say_merge(w, row, merge if minor else -1, time, speed)
    p = w.radio.pacts[r.station]
    p.admits = -1
    if merge < 0 or minor:
        return math.inf
    hardest, of = 0.0, -1
    m = w.radio.merges[merge]
    for i in range(m.first, m.end):
        lane = w.radio.feeders[i]
        first = w.lanes[lane].slot
        for place in range(first, first + w.lane[lane].count):
            slot = w.loose.slots[place]
            if slot >= 0 and slot != row and w.vehicles[slot].station >= 0:
                hard = braking_for_one(w, row, slot, merge, way, time)
                if hard > hardest:
                    hardest, of = hard, slot
    limit = w.lane[r.lane].limit * r.speed_factor
    if of < 0 or r.speed < SLOWEST * limit or not acts_on(w, row, RANK_MERGE, of):
        return math.inf
    p.admits = w.vehicles[of].station
    speak_up(w, r.station)
    return max(0.0, r.speed - min(hardest, a.cooperative_merge_braking) * w.totals[0].dt)


@inline
def lets_in(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether one with priority was heard to let me in where our ways merge, and needs no hard braking for that."""
    if c.kind != MERGE or w.vehicles[foe].station < 0 or not heeds(w, row, COOPERATIVE_MERGE):
        return False
    me, other, a = w.vehicles[row].station, w.vehicles[foe], w.radio.apps[0]
    stream = w.radio.stations[other.station].vir
    told = fresh(w, me, stream, a.cooperative_merge_lifetime) if stream >= 0 else -1
    if told < 0 or w.radio.contents[told].to != -1 - me:
        return False
    q = w.profiles[other.profile]
    way = theirs.distance + c.foe_end - q.minimum_gap
    return falls_behind(way, other.speed, q.deceleration, mine.leave, mine.leave_speed)
