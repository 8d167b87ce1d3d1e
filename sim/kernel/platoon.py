"""Platoons: join who is ahead if he agrees, keep the short gap while he and the leader are heard, leave, part.

Each vehicle knows of others what their messages (CLPMM) tell. Its own place is one behind that of the one ahead: who
loses him, or has a stranger before him, leads those behind from then on, and all of them learn so one after the other.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import SAME, age_told, fresh, note, way_off
from sim.kernel.order import onward, record, row_of
from sim.kernel.places import astray
from sim.kernel.say import beats
from sim.state.air import BEAT
from sim.state.belief import RANK_PLATOON

#: Why one leaves a platoon; value of the event.
LEFT, LOST, STRANGER, TOO_LONG = 0, 1, 2, 3
#: Lanes ahead that are looked through for who is there.
FAR = 6


@inline
def one_ahead(w: Any, row: int, place: int) -> tuple[int, float]:
    """Row of who is ahead on the way, as radar tells, and the gap to him [m]; -1, inf: nobody within range."""
    r = w.vehicles[row]
    if place > 0:
        leader = row_of(w.loose.slots[w.lanes[r.lane].slot + place - 1])
        other = w.vehicles[leader]
        return leader, other.position - other.length - r.position
    lane, link, stage, seen = r.lane, r.link, r.stage, -r.position
    for i in range(FAR):
        state = w.lane[lane]
        if i > 0 and state.count > 0:
            leader = row_of(w.loose.slots[w.lanes[lane].slot + state.count - 1])
            other = w.vehicles[leader]
            return leader, seen + other.position - other.length
        if state.tail_row >= 0 and state.tail_row != row:
            return state.tail_row, seen + state.tail
        seen += w.lanes[lane].length
        if link < 0 or seen > w.radio.apps[0].platoon_range:
            break
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        link = onward(w, row, lane, stage)
    return -1, math.inf


@inline
def is_parting(w: Any, row: int) -> bool:
    """Whether a driver must open his gap, for he soon turns off, changes lanes or arrives."""
    r, before = w.vehicles[row], w.radio.apps[0].platoon_leave
    if r.offset != 0 or r.reach - r.position < before or r.holding:
        return True
    left = w.lanes[r.lane].length - r.position
    if r.last:
        return min(r.arrival - r.position, left) < before
    return r.link >= 0 and left < before and not w.links[r.link].straight and not w.lanes[r.lane].internal


@inline
def part(w: Any, row: int, why: int) -> None:
    """Let a vehicle leave its platoon, for some reason; those behind it follow it."""
    r, a = w.vehicles[row], w.radio.apps[0]
    s = w.radio.pacts[r.station]
    a.platoon_left += why == LEFT
    a.platoon_lost += why == LOST
    a.platoon_stranger += why == STRANGER
    record(w, a.platoon_event, r.departure, -1, float(why), r.lane, r.position)
    s.after, s.lead, s.rank = -1, -1, 0
    s.parted = w.totals[0].step + int(a.platoon_hold / w.totals[0].dt + 0.5)


@inline
def told_by(w: Any, row: int, station: int) -> int:
    """Row of `Contents` with what a driver knows of another one's platoon; -1: nothing fresh."""
    if station < 0:
        return -1
    stream = w.radio.stations[station].clpmm
    return fresh(w, w.vehicles[row].station, stream, w.radio.apps[0].platoon_lifetime) if stream >= 0 else -1


@inline
def heard_ahead(w: Any, row: int, other: int) -> int:
    """Row of `Contents` with what the one ahead was heard to say of his platoon; -1: nothing fresh.

    Who says that he is elsewhere than radar sees one, by where the driver believes to be himself, is not known for him.
    """
    told = told_by(w, row, w.vehicles[other].station) if other >= 0 else -1
    if told < 0:
        return -1
    c, me, now = w.radio.contents[told], w.vehicles[row].station, beats(w, w.totals[0].step)
    found, off = way_off(w, other, c.lane, c.position + c.speed * age_told(w, me, c, now) / BEAT)
    return told if found and abs(off - astray(w, me, now)) < SAME else -1


@inline
def keep(w: Any, row: int, ahead: int, told: int) -> None:
    """Stay in a platoon, one place behind who is ahead, or leave it.

    Args:
        ahead: station of who is ahead; -1: he has none, or there is nobody.
        told: row of `Contents` with what he said; -1: he is not heard.
    """
    a = w.radio.apps[0]
    s = w.radio.pacts[w.vehicles[row].station]
    if ahead != s.after:
        part(w, row, STRANGER)
    elif is_parting(w, row):
        part(w, row, LEFT)
    elif told < 0 or told_by(w, row, s.lead) < 0:
        part(w, row, LOST)
    else:
        c = w.radio.contents[told]
        s.rank = int(c.likely) + 1
        s.lead = c.about - 1 if c.about > 0 else ahead
        if s.rank >= a.platoon_most or s.lead == w.vehicles[row].station:
            part(w, row, TOO_LONG)


@inline
def join(w: Any, row: int, ahead: int, gap: float, told: int) -> None:
    """Ask who is ahead to be let behind him, and be so once he agrees."""
    a, me = w.radio.apps[0], w.vehicles[row].station
    s = w.radio.pacts[me]
    s.asks = -1
    if told < 0 or gap > a.platoon_range or w.totals[0].step < s.parted or is_parting(w, row):
        return
    c = w.radio.contents[told]
    if int(c.likely) + 1 >= a.platoon_most or c.about == me + 1:
        return
    s.asks = ahead
    if c.to == -1 - me:  # he has agreed
        s.asks, s.after, s.rank = -1, ahead, int(c.likely) + 1
        s.lead = c.about - 1 if c.about > 0 else ahead


@inline
def let(w: Any, row: int, place: int) -> None:
    """Agree to somebody behind on the lane who was heard to ask, if there is room in the platoon."""
    r = w.vehicles[row]
    s = w.radio.pacts[r.station]
    s.lets = -1
    if place + 1 >= w.lane[r.lane].count or s.asks >= 0 or s.rank + 1 >= w.radio.apps[0].platoon_most:
        return
    follower = w.loose.slots[w.lanes[r.lane].slot + place + 1]
    if follower < 0 or is_parting(w, row):
        return
    station = w.vehicles[follower].station
    told = told_by(w, row, station)
    if told >= 0 and w.radio.contents[told].to == r.station + 1:
        s.lets = station


@inline
def run_in_platoon(w: Any, row: int, place: int, desired: float) -> float:
    """Go through joining, keeping, leaving and parting; returns the speed with which to close up [m/s], inf: none."""
    r, a = w.vehicles[row], w.radio.apps[0]
    s = w.radio.pacts[r.station]
    if w.radio.stations[r.station].clpmm < 0 or not w.profiles[r.profile].linked:
        return math.inf
    other, gap = one_ahead(w, row, place)
    ahead = w.vehicles[other].station if other >= 0 else -1
    told = heard_ahead(w, row, other)
    if s.after >= 0:
        keep(w, row, ahead, told)
    else:
        join(w, row, ahead, gap, told)
    let(w, row, place)
    a.platoon_drive += 1
    a.platoon_time += s.after >= 0
    if s.after >= 0:
        a.platoon_longest = max(a.platoon_longest, s.rank + 1)
    note(w, row, RANK_PLATOON, s.after >= 0)
    return desired * a.platoon_factor if s.after >= 0 else math.inf  # no faster in the end than who is ahead


@inline
def is_linked(w: Any, row: int, leader: int) -> bool:
    """Whether a driver keeps the short gap behind somebody: he is the one ahead in the platoon."""
    s = w.radio.pacts[w.vehicles[row].station]
    return s.after >= 0 and w.vehicles[leader].station == s.after
