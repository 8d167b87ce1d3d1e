"""Who goes when over a junction, as a roadside unit orders it that knows only what it has heard (VIR), and says RSC.

Right of way holds: who has it is asked to come a little later only where that saves somebody who gives way more time
than it costs him and those behind him, and only as far as gentle braking does it.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.aware import age_told, fresh
from sim.kernel.junction import MAJOR, MERGE
from sim.kernel.places import fine
from sim.kernel.say import beats
from sim.models.advice.passage import braking_to_be_at, share_of_time
from sim.state.air import BEAT, REMEMBERED
from sim.state.arranged import MOST_COMING, MOST_ORDERS

#: Fineness of times in RSC [s]; T/CSAE 157-2020, as in `sim.v2x`.
TENTH = 0.1
#: Of a vehicle, which VIR does not tell [m]; assumed: a car's.
BODY = 5.0
#: From one to the next of a lane who pass, or who use one gap [s]; assumed: as in queues.
HEADWAY, FOLLOW_UP = 1.5, 3.0
#: Nobody is asked to come slower than this share of the speed with which he could be there [-]; assumed: it bounds what
#: he can lose, whoever comes, to some two seconds, and who is in a queue has no time to give.
SLOWEST = 0.6
#: At which who has slowed down is taken to speed up again [m/s2]; assumed.
AGAIN = 1.5
#: From ordering until who goes first can know that the others keep to it [s]; assumed: three messages at 10 Hz.
NOTICE = 0.3


@inline
def arrange(w: Any, end: int) -> None:
    """Let each unit that speaks before a time [beats] put in order those whom it has heard."""
    r = w.radio
    for i in range(r.air[0].arrangers):
        o = r.arrangers[i]
        o.orders = 0
        if r.stations[o.station].silent or r.streams[o.stream].next >= end:
            continue
        n = list_coming(w, i)
        if put_in_order(w, n):
            write_orders(w, i, n)


@inline
def list_coming(w: Any, unit: int) -> int:
    """List those of whom a unit has heard that they come to its junction; returns how many there are."""
    r = w.radio
    o, n = r.arrangers[unit], 0
    for i in range(o.first, o.end):
        lane = r.leading[i]
        first = w.lanes[lane].slot
        for place in range(first, first + w.lane[lane].count):
            row = w.loose.slots[place]
            station = w.vehicles[row].station if row >= 0 else -1
            stream = r.stations[station].vir if station >= 0 else -1
            told = fresh(w, o.station, stream, r.apps[0].cooperative_intersection_lifetime) if stream >= 0 else -1
            if told < 0 or r.contents[told].about >= 0:
                continue
            if w.lanes[w.links[-1 - r.contents[told].about].lane].junction == o.junction:
                age = age_told(w, o.station, r.contents[told], beats(w, w.totals[0].step))
                n = put_by_time(w, n, station, r.contents[told], age)
    return n


@inline
def put_by_time(w: Any, n: int, station: int, c: Any, age: int) -> int:
    """Put one of whom was heard so long ago [beats] among the others by time; returns how many they are."""
    coming = w.radio.coming
    arrive = max(0.0, c.likely - age / BEAT)
    at = min(n, MOST_COMING - 1)
    if n == MOST_COMING and coming[at].arrive <= arrive:
        return n
    while at > 0 and coming[at - 1].arrive > arrive:
        coming[at] = coming[at - 1]
        at -= 1
    x = coming[at]
    x.station, x.link = station, -1 - c.about
    x.asks = w.links[x.link].rule != MAJOR
    x.arrive, x.time, x.through = arrive, arrive, c.acceleration
    x.speed, x.line_speed = c.speed, max(1.0, c.confidence)
    return min(n + 1, MOST_COMING)


@inline
def gives_way_to(w: Any, one: int, other: int) -> int:
    """Row of the conflict in which one who comes must give way to another one; -1: there is none."""
    x, y = w.radio.coming[one], w.radio.coming[other]
    lane, foe = w.links[x.link].lane, w.links[y.link].lane
    for i in range(w.lanes[lane].conflict, w.lanes[lane].conflict_end):
        if w.conflicts[i].foe == foe and w.conflicts[i].yields:
            return i
    return -1


@inline
def bounds_of(w: Any, i: int, j: int, conflict: int, time: float) -> tuple[float, float]:
    """When one who comes must be at his line at the earliest to be behind another one, and what that one waits for.

    Args:
        i: who gives way, and would go first.
        j: who has priority.
        time: of `i` at his line [s from now].

    Returns:
        least time of `j` at his line, and time from which on `i` comes behind `j` [s from now].
    """
    x, y, c = w.radio.coming[i], w.radio.coming[j], w.conflicts[conflict]
    whole = w.links[x.link].inside + BODY
    if c.kind == MERGE:
        least = time + x.through + w.radio.apps[0].cooperative_intersection_gap - c.foe_end / y.line_speed
    else:
        clear = time + x.through * share_of_time(c.end + BODY, whole)
        least = clear + w.radio.apps[0].cooperative_intersection_margin - c.foe_begin / y.line_speed
    behind = y.time + (c.foe_end + BODY) / y.line_speed - x.through * share_of_time(c.begin, whole)
    return least, behind


@inline
def braking_for(w: Any, j: int, time: float) -> float:
    """How hard one who comes must brake to be at his line no sooner than told [m/s2]."""
    y = w.radio.coming[j]
    return braking_to_be_at(0.5 * (y.speed + y.line_speed) * y.arrive, y.speed, time)


@inline
def can_wait(w: Any, j: int, time: float) -> bool:
    """Whether one with priority is at his line no sooner than told by gentle braking [s from now]."""
    y = w.radio.coming[j]
    hard = braking_for(w, j, time)
    if y.asks or hard > w.radio.apps[0].cooperative_intersection_braking:
        return False
    return y.speed - hard * time >= SLOWEST * w.lane[w.links[y.link].lane].limit


@inline
def cost_of(w: Any, n: int, j: int, time: float) -> float:
    """Time lost by one who comes later than he would, and by those behind him [s]."""
    coming = w.radio.coming
    slower = braking_for(w, j, time) * time
    cost, last = time - coming[j].time + 0.5 * slower * slower / (AGAIN * coming[j].line_speed), time
    for k in range(j + 1, n):
        if w.links[coming[k].link].source == w.links[coming[j].link].source:
            last += HEADWAY
            cost += max(0.0, last - coming[k].time)
    return cost


@inline
def search(w: Any, n: int, i: int, begin: float, asking: bool) -> tuple[float, float]:
    """When one who gives way can go first [s from now], and what that costs the others [s].

    Args:
        n: how many come.
        begin: he cannot be at his line before [s from now].
        asking: whether others may be asked to come later.
    """
    time = begin
    for _ in range(n + 1):
        later, cost = time, 0.0
        for j in range(n):
            c = gives_way_to(w, i, j) if j != i else -1
            if c < 0:
                continue
            least, behind = bounds_of(w, i, j, c, time)
            if w.radio.coming[j].time >= least or behind <= time:
                continue
            if asking and can_wait(w, j, least):
                cost += cost_of(w, n, j, least)
            else:
                later = max(later, behind)
        if later <= time:
            break
        time = later
    return time, cost


@inline
def put_in_order(w: Any, n: int) -> bool:
    """Find everybody's time, one who gives way after the other; returns whether somebody does."""
    coming, asked = w.radio.coming, False
    for i in range(n):
        x = coming[i]
        if not x.asks:
            continue
        asked, begin = True, max(x.arrive, NOTICE)
        for k in range(i):
            if coming[k].link == x.link:
                begin = max(begin, coming[k].time + FOLLOW_UP)
        time, cost = search(w, n, i, begin, True)
        usual, _ = search(w, n, i, begin, False)
        if cost > usual - time:
            x.time = usual
            continue
        x.time = time
        for j in range(n):
            c = gives_way_to(w, i, j) if j != i else -1
            if c >= 0:
                least, behind = bounds_of(w, i, j, c, time)
                if coming[j].time < least and behind > time:
                    coming[j].time = least
    return asked


@inline
def write_orders(w: Any, unit: int, n: int) -> None:
    """Write down in the next message of a unit when each of those is to be at his line who are to be there first."""
    r = w.radio
    o = r.arrangers[unit]
    first = (unit * REMEMBERED + r.streams[o.stream].number % REMEMBERED) * MOST_ORDERS
    for i in range(min(n, MOST_ORDERS)):
        e, x = r.orders[first + i], r.coming[i]
        e.station, e.link, e.begin = x.station, x.link, fine(x.time, TENTH)
    o.orders = min(n, MOST_ORDERS)
    o.left_out += n - o.orders
