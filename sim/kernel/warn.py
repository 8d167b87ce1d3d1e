"""What drivers do about those ahead, and lights ahead, of which they have heard: forward collision, red light."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.aware import acts_on, age_told, fresh, heeds
from sim.kernel.chart import group_told
from sim.kernel.junction import GREEN_MAJOR, GREEN_MINOR, is_yellow
from sim.kernel.on_foot import waits_at_red
from sim.kernel.order import onward
from sim.kernel.say import beats
from sim.models.advice.forward_collision import needed_braking
from sim.state.air import BEAT
from sim.state.belief import RANK_FORWARD, RANK_RED, RED_LIGHT_VIOLATION

#: Lanes ahead that are looked through for those who are heard.
FAR = 4


@inline
def is_open(letter: int) -> bool:
    """Whether a letter lets one go."""
    return letter == GREEN_MAJOR or letter == GREEN_MINOR


@inline
def is_told_red(w: Any, station: int, light: int) -> bool:
    """Whether a station has heard that a light is red now, and stays so for sure.

    As a heard SPAT tells, with the programme that MAP and SPAT carry.
    """
    stream = w.radio.heralds[light]
    told = fresh(w, station, stream, w.radio.apps[0].red_light_violation_lifetime) if stream >= 0 else -1
    group = group_told(w, station, light) if told >= 0 else -1
    if group < 0:
        return False
    c, g = w.radio.contents[told], w.signals[w.radio.stations[w.radio.streams[stream].station].signal]
    letter = w.loose.letters[w.phases[g.first + int(c.position)].state + group]
    return not is_open(letter) and not is_yellow(letter) and c.speed > w.totals[0].step


@inline
def stops_at_red(w: Any, row: int, light: int, seen: float) -> bool:
    """Whether a road user stops at a red light: of himself, or since he was warned of it by radio."""
    if waits_at_red(w, row):
        return True
    if light < 0 or seen > w.radio.apps[0].red_light_violation_range or not heeds(w, row, RED_LIGHT_VIOLATION):
        return False
    return is_told_red(w, w.vehicles[row].station, light) and acts_on(w, row, RANK_RED, -1)


@inline
def braking_for(w: Any, row: int, other: int, seen: float) -> float:
    """How hard one must brake for somebody ahead as he was heard [m/s2]; 0: not at all, or he was not heard.

    Args:
        seen: from my front to the begin of his lane [m].
    """
    r, x, a = w.vehicles[row], w.vehicles[other], w.radio.apps[0]
    told = fresh(w, r.station, w.radio.stations[x.station].stream, a.forward_collision_lifetime)
    if told < 0:
        return 0.0
    c = w.radio.contents[told]
    place = c.position + c.speed * age_told(w, r.station, c, beats(w, w.totals[0].step)) / BEAT
    if c.lane != x.lane or seen + place > a.forward_collision_range:
        return 0.0
    room = seen + place - x.length - w.profiles[r.profile].minimum_gap
    return needed_braking(r.speed, room, c.speed, c.acceleration)


@inline
def slow_for_ahead(w: Any, row: int, place: int) -> float:
    """Speed that brakes evenly for those ahead on the way of whom one has heard [m/s]; inf: none is needed."""
    r, a = w.vehicles[row], w.radio.apps[0]
    hardest, of = 0.0, -1
    lane, link, stage, seen, last = r.lane, r.link, r.stage, -r.position, place - 1
    for _ in range(FAR):
        first = w.lanes[lane].slot
        for i in range(last, -1, -1):
            slot = w.loose.slots[first + i]
            if slot < 0 or w.vehicles[slot].station < 0:
                continue
            if seen + w.vehicles[slot].position > a.forward_collision_range:
                break
            hard = braking_for(w, row, slot, seen)
            if hard > hardest:
                hardest, of = hard, slot
        seen += w.lanes[lane].length
        if link < 0 or seen > a.forward_collision_range:
            break
        lane = w.links[link].lane
        if not w.lanes[lane].internal:
            stage += 1
        link = onward(w, row, lane, stage)
        last = w.lane[lane].count - 1
    if hardest < a.forward_collision_threshold or not acts_on(w, row, RANK_FORWARD, of):
        return math.inf
    return max(0.0, r.speed - hardest * w.totals[0].dt)
