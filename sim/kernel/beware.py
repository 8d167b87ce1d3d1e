"""Of whom drivers beware before they turn left or change lanes, and for whom they make way, having heard of him."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.aware import acts_on, age_told, fresh_by, heeds, place_heard
from sim.kernel.say import beats
from sim.models.advice.lane_change import bars_change
from sim.models.advice.left_turn import bars_turn
from sim.models.right_of_way.windows import arrival_delay, speed_after
from sim.park.classes import class_bits
from sim.park.network import MOVEMENTS
from sim.state.air import BEAT
from sim.state.belief import (
    COOPERATIVE_LANE_CHANGE,
    EMERGENCY_VEHICLE,
    LANE_CHANGE_WARNING,
    LEFT_TURN_ASSIST,
    RANK_BESIDE,
    RANK_HELP,
    RANK_SIREN,
    RANK_TURN,
)
from sim.state.traffic import PER_VEHICLE

#: Time after a look at which a driver found no gap until he means it no more [beats]: he looks every half second;
#: assumed.
ASKED = 6 * BEAT // 10
CROSS = 0  # as in sim.park.network.Crossing
MAJOR_LEFT, PERMITTED_LEFT = MOVEMENTS.index("major_left"), MOVEMENTS.index("permitted_left")
ON_FOOT = np.uint64(class_bits(("pedestrian", "wheelchair")))
ON_CALL = np.uint64(class_bits(("emergency",)))


@inline
def bars_left_turn(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any) -> bool:
    """Whether one who was heard to come towards me leaves me too little time to turn left before him."""
    a, me, k, other = w.radio.apps[0], w.vehicles[row], w.links[mine.link], w.vehicles[foe]
    junction = w.lanes[k.lane].junction
    heard, off, speed, acceleration = place_heard(w, row, foe, junction, a.left_turn_assist_lifetime)
    if not heard:
        return False
    p = w.profiles[me.profile]
    way = c.end + me.length
    limit = max(min(w.lane[k.lane].limit * me.speed_factor, p.maximum_speed), mine.arrive_speed)
    begin = mine.arrive + arrival_delay(c.begin, mine.arrive_speed, limit, p.acceleration, p.deceleration)
    fast = min(limit, speed_after(way, mine.arrive_speed, p.acceleration))
    end = mine.arrive + arrival_delay(way, mine.arrive_speed, fast, p.acceleration, p.deceleration)
    distance = theirs.distance - off + c.foe_begin
    long = other.length + c.foe_end - c.foe_begin
    return bars_turn(distance, speed, acceleration, long, begin, end, a.left_turn_assist_margin)


@inline
def is_warned_of_oncoming(w: Any, row: int, mine: Any) -> bool:
    """Whether a driver does not turn left now, for he was warned of somebody who comes towards him too soon."""
    movement = w.links[mine.link].movement
    if (movement != MAJOR_LEFT and movement != PERMITTED_LEFT) or not heeds(w, row, LEFT_TURN_ASSIST):
        return False
    n = w.lanes[w.links[mine.link].lane]
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        if not c.yields or c.kind != CROSS:
            continue
        item = w.lane[c.foe].approach
        while item >= 0:
            foe, theirs = item // PER_VEHICLE, w.approaches[item]
            item = theirs.next
            if foe == row or w.profiles[w.vehicles[foe].profile].class_bit & ON_FOOT:
                continue
            if bars_left_turn(w, row, mine, foe, theirs, c) and acts_on(w, row, RANK_TURN, foe):
                w.vehicles[row].blocker = foe
                return True
    return False


@inline
def is_warned_of_beside(w: Any, row: int, follower: int) -> bool:
    """Whether a driver who could change lanes does not, for he was warned of somebody on the lane beside.

    He has taken in what was lit his time to react ago: as he was told since, or as that one, at such a speed, came.
    """
    if follower < 0 or w.vehicles[follower].station < 0 or not heeds(w, row, LANE_CHANGE_WARNING):
        return False
    r, other, a = w.vehicles[row], w.vehicles[follower], w.radio.apps[0]
    now = beats(w, w.totals[0].step + 1)
    told = fresh_by(w, r.station, w.radio.stations[other.station].stream, a.lane_change_warning_lifetime, now)
    if told < 0:
        return False
    c = w.radio.contents[told]
    place = c.position + c.speed * age_told(w, r.station, c, now) / BEAT
    gap = r.position - r.length - place
    if c.lane != r.lane and c.lane == other.lane and w.lanes[other.lane].edge != w.lanes[r.lane].edge:
        gap += w.lanes[other.lane].length  # comes from the lane before
    closing = c.speed - r.speed
    if not bars_change(gap, closing, a.lane_change_warning_beside, a.lane_change_warning_ttc):
        return False
    gap += closing * w.radio.stations[r.station].reaction * w.totals[0].dt
    lit = bars_change(gap, closing, a.lane_change_warning_beside, a.lane_change_warning_ttc)
    return acts_on(w, row, RANK_BESIDE, follower) or lit


@inline
def hears_siren(w: Any, row: int, place: int) -> bool:
    """Whether a driver acts on having heard one on call come from behind on his lane, near enough to make way for.

    Who is on call himself does not.
    """
    r, a = w.vehicles[row], w.radio.apps[0]
    if not heeds(w, row, EMERGENCY_VEHICLE) or w.profiles[r.profile].class_bit & ON_CALL:
        return False
    first, now = w.lanes[r.lane].slot, beats(w, w.totals[0].step + 1)
    for i in range(place + 1, w.lane[r.lane].count):
        slot = w.loose.slots[first + i]
        if slot < 0:
            continue
        other = w.vehicles[slot]
        if r.position - other.position > a.emergency_vehicle_behind:
            return False
        if other.station < 0 or not w.profiles[other.profile].class_bit & ON_CALL:
            continue
        told = fresh_by(w, r.station, w.radio.stations[other.station].stream, a.emergency_vehicle_lifetime, now)
        if told >= 0 and w.radio.contents[told].lane == r.lane:
            return acts_on(w, row, RANK_SIREN, slot)
    return False


@inline
def request(w: Any, row: int, target: int) -> None:
    """Let a driver who needs a gap on a lane beside, and finds none, ask for it by radio."""
    if not heeds(w, row, COOPERATIVE_LANE_CHANGE):
        return
    s = w.radio.stations[w.vehicles[row].station]
    if s.vir < 0:
        return
    f, now = w.radio.streams[s.vir], beats(w, w.totals[0].step + 1)
    f.about_lane, f.about_position = target, float(now + ASKED)
    if f.period == 0:
        f.period, f.next = f.pace, now


@inline
def hears_request(w: Any, row: int, other: int, lane: int) -> bool:
    """Whether a driver acts on having heard that somebody beside asks for a gap on his lane."""
    if w.vehicles[other].station < 0 or not heeds(w, row, COOPERATIVE_LANE_CHANGE):
        return False
    s, now = w.radio.stations[w.vehicles[other].station], beats(w, w.totals[0].step + 1)
    if s.vir < 0:
        return False
    lifetime = w.radio.apps[0].cooperative_lane_change_lifetime
    told = fresh_by(w, w.vehicles[row].station, s.vir, lifetime, now)
    return told >= 0 and w.radio.contents[told].lane == lane and acts_on(w, row, RANK_HELP, other)
