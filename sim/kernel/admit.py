"""Whether a driver who must give way may go: by his critical gap if he has one, by arrival-time windows if not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.abide import defers
from sim.kernel.aware import acts_on, age_told, heeds, on_foot
from sim.kernel.believe import imagined, objects_told
from sim.kernel.beware import is_warned_of_oncoming
from sim.kernel.claim import NEVER, WIDTH, accepts_gaps, chooses_gap, is_my_turn, refusal
from sim.kernel.follow import follow
from sim.kernel.junction import (
    ALL_WAY,
    RAIL,
    STOP_SIGN,
    ZIPPER,
    blocks,
    is_red,
    letter_of,
    may_enter,
    reckons_with,
)
from sim.kernel.say import beats
from sim.state.air import BEAT
from sim.state.belief import INTERSECTION_COLLISION, RANK_CROSSING, RANK_SHARED
from sim.state.traffic import PER_VEHICLE


@inline
def refuses(w: Any, row: int, mine: Any, foe: int, theirs: Any, c: Any, letter: int) -> float:
    """When somebody comes who keeps me from going [s] from now; inf if he does not."""
    if c.mutual or (w.totals[0].walking and on_foot(w, foe)) or w.profiles[w.vehicles[foe].profile].class_bit & RAIL:
        return theirs.arrive if blocks(w, row, mine, foe, theirs, c, letter) else math.inf
    return refusal(w, row, mine, foe, theirs, c)


@inline
def feared(w: Any, row: int, mine: Any, letter: int) -> float:
    """When one comes of whom the junction's sensor tells, who is nobody, and keeps me from going [s]; inf: none does.

    A driver takes him for one like himself.
    """
    n = w.lanes[w.links[mine.link].lane]
    told, soonest = objects_told(w, row, n.junction), math.inf
    rank = RANK_CROSSING if heeds(w, row, INTERSECTION_COLLISION) else RANK_SHARED
    if told < 0 or (w.totals[0].walking and on_foot(w, row)):
        return soonest
    content = w.radio.contents[told]
    since, by_gaps = (
        age_told(w, w.vehicles[row].station, content, beats(w, w.totals[0].step)) / BEAT,
        chooses_gap(w, row, mine.link),
    )
    for k in range(content.lane, content.lane + int(content.position)):
        if w.radio.objects[k].departure >= 0:
            continue
        for i in range(n.conflict, n.conflict_end):
            c = w.conflicts[i]
            item = imagined(w, row, c, w.radio.objects[k], since)
            if item < 0 or not acts_on(w, row, rank, -1):
                continue
            theirs, time = w.approaches[item], math.inf
            if by_gaps:
                time = refusal(w, row, mine, row, theirs, c)
            elif blocks(w, row, mine, row, theirs, c, letter):
                time = theirs.arrive
            soonest = min(soonest, time)
    return soonest


@inline
def gap_is_free(w: Any, row: int, mine: Any, letter: int) -> bool:
    """Whether it is my turn, and nobody with priority comes within my critical gap of it."""
    me, t = w.vehicles[row], w.totals[0]
    if not is_my_turn(w, row, mine, letter == STOP_SIGN):
        return False
    n = w.lanes[w.links[mine.link].lane]
    approached = w.junctions[n.junction].approached & n.givers
    behind_red = w.links[mine.link].waiting and is_red(letter)
    soonest = feared(w, row, mine, letter)
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        if not c.yields or c.bit & approached == 0:
            continue
        a = w.lane[c.foe].approach
        while a >= 0:
            foe, known = a // PER_VEHICLE, reckons_with(w, row, a, c, n.junction, behind_red)
            if known >= 0:
                theirs = w.approaches[known]
                let = defers(w, row, mine, foe, theirs, c)
                time = math.inf if let else refuses(w, row, mine, foe, theirs, c, letter)
                if time < soonest:
                    soonest, me.blocker = time, foe
            a = w.approaches[a].next
    g = w.acceptance[me.profile * WIDTH + w.links[mine.link].movement]
    me.follow_up = np.float32(g.follow_up)
    if soonest < math.inf:
        me.claim, me.coming, me.follow_up = NEVER, t.step * t.dt + soonest, np.float32(0.0)
    return not soonest < math.inf


@inline
def listen(w: Any, row: int, mine: Any, letter: int) -> None:
    """Let a driver hear of those whom he does not see, also while he waits for others: he takes his time to react."""
    n = w.lanes[w.links[mine.link].lane]
    feared(w, row, mine, letter)
    for i in range(n.conflict, n.conflict_end):
        c = w.conflicts[i]
        a = w.lane[c.foe].approach if c.yields else -1
        while a >= 0:
            reckons_with(w, row, a, c, n.junction, False)
            a = w.approaches[a].next


@inline
def may_go(w: Any, row: int, item: int) -> bool:
    """Whether nobody who has priority keeps me from passing a link that I must ask for."""
    mine = w.approaches[item]
    letter = letter_of(w, mine.link)
    if heeds(w, row, INTERSECTION_COLLISION):
        listen(w, row, mine, letter)
    warned = is_warned_of_oncoming(w, row, mine)  # also while he waits for others: it takes him his time to react
    if letter != ALL_WAY and chooses_gap(w, row, mine.link):
        free = gap_is_free(w, row, mine, letter)
    elif feared(w, row, mine, letter) < math.inf:
        free = False
    else:
        free = may_enter(w, row, item)
    return free and not warned


@inline
def zip_in(w: Any, row: int, item: int, wait: float) -> float:
    """Speed of one whose turn it is not where lanes merge by turns: behind the one whose it is, if that is faster."""
    me, mine = w.vehicles[row], w.approaches[item]
    if me.blocker < 0 or letter_of(w, mine.link) != ZIPPER or not accepts_gaps(w, row):
        return wait
    other, dt = w.vehicles[me.blocker], w.totals[0].dt
    if other.items == 0:
        return wait
    gap = mine.distance - w.approaches[me.blocker * PER_VEHICLE].distance - other.length
    if gap <= 0.0:
        return wait
    p, braking = w.profiles[me.profile], w.profiles[other.profile].deceleration
    behind = follow(p, me.speed, gap, other.speed, braking, max(me.speed, 1.0), dt)
    return max(wait, min(behind, me.wish))
