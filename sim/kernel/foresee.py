"""Fetch ahead what the next lanes of a walk will ask for, so that memory works while the present lane is worked on.

A lane leads to its list of vehicles, a vehicle to its link, a link to the next lane, that one to whoever is last on it:
each is fetched some lanes before the one that needs it. It changes nothing but the time it takes: memory that is far
away costs a hundred times more.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import fetch, inline
from sim.kernel.order import row_of

#: How many lanes ahead each is fetched.
LANE, LIST, VEHICLE, LINK, NEXT, BEYOND, LAST = 26, 19, 13, 10, 7, 4, 2


@inline
def foresee_lanes(w: Any, lanes: Any, i: int, n: int, lines: int, pace: int) -> None:
    """Fetch lanes, their lists, and the first lines of all their vehicles, ahead of place i of a walk over n.

    A walk that has little to do on each lane has to look so many times as far ahead: its `pace`.
    """
    if i + pace * LANE < n:
        lane = lanes[i + pace * LANE]
        fetch(w.lanes, lane, 0)
        fetch(w.lane, lane, 0)
        if lines == 0:
            fetch(w.lanes, lane, 1)
        if lines > 2:
            fetch(w.lane, lane, 1)
    if i + pace * LIST < n:
        fetch(w.loose.slots, w.lanes[lanes[i + pace * LIST]].slot, 0)
    if i + pace * VEHICLE < n and lines > 0:
        lane = lanes[i + pace * VEHICLE]
        first = w.lanes[lane].slot
        for place in range(first, first + w.lane[lane].count):
            row = row_of(w.loose.slots[place])
            for line in range(lines):
                fetch(w.vehicles, row, line)


@inline
def link_of_first(w: Any, lane: int) -> int:
    """Link that the first vehicle of a lane is going to take."""
    return int(w.vehicles[row_of(w.loose.slots[w.lanes[lane].slot])].link)


@inline
def foresee_links(w: Any, lanes: Any, i: int, n: int) -> None:
    """Fetch what the first vehicles of coming lanes will meet, ahead of place i of a walk over n."""
    if i + LINK < n:
        lane = lanes[i + LINK]
        first = w.lanes[lane].slot
        for place in range(first, first + w.lane[lane].count):
            r = w.vehicles[row_of(w.loose.slots[place])]
            if r.link >= 0 and (place == first or r.ahead_told > 0):
                fetch(w.links, r.link, 0)
                fetch(w.lane, r.ahead_lane, 0)
    if i + NEXT < n:
        link = link_of_first(w, lanes[i + NEXT])
        if link >= 0:
            fetch(w.links, link, 1)  # out of the junction
            foresee_link(w, link)
    if i + BEYOND < n:
        link = link_of_first(w, lanes[i + BEYOND])
        if link >= 0 and w.lane[w.links[link].target].count > 0:
            target = w.links[link].target
            fetch(w.loose.slots, w.lanes[target].slot + w.lane[target].count - 1, 0)
    if i + LAST < n:
        link = link_of_first(w, lanes[i + LAST])
        if link >= 0 and w.lane[w.links[link].target].count > 0:
            target = w.links[link].target
            fetch(w.vehicles, row_of(w.loose.slots[w.lanes[target].slot + w.lane[target].count - 1]), 0)


@inline
def foresee_link(w: Any, link: int) -> None:
    """Fetch the lanes a link leads to."""
    for lane in (w.links[link].lane, w.links[link].target):
        fetch(w.lanes, lane, 0)
        fetch(w.lane, lane, 0)


@inline
def foresee_last(w: Any, lane: int) -> None:
    """Fetch the place that tells who is last on a lane."""
    if w.lane[lane].count > 0:
        fetch(w.loose.slots, w.lanes[lane].slot + w.lane[lane].count - 1, 0)


@inline
def foresee_drivers(w: Any, drivers: Any, begin: int, end: int) -> None:
    """Fetch what drivers will ask for who look at the neighbouring lanes next, one kind of thing after the other."""
    for i in range(begin, end):
        r = w.vehicles[drivers[i]]
        fetch(w.stages, r.stage, 0)
        fetch(w.lanes, r.lane, 1)
        if r.link >= 0:
            fetch(w.links, r.link, 0)
    for i in range(begin, end):
        r = w.vehicles[drivers[i]]
        fetch(w.plans, w.stages[r.stage].plan, 0)
        for lane in (w.lanes[r.lane].left, w.lanes[r.lane].right):
            if lane >= 0:
                fetch(w.lanes, lane, 0)
                fetch(w.lane, lane, 0)
        if r.link >= 0:
            foresee_link(w, r.link)
    for i in range(begin, end):
        r = w.vehicles[drivers[i]]
        if r.link >= 0:
            foresee_last(w, w.links[r.link].lane)
            foresee_last(w, w.links[r.link].target)
        for lane in (w.lanes[r.lane].left, w.lanes[r.lane].right):
            if lane >= 0:
                link = w.plans[w.stages[r.stage].plan + w.lanes[lane].index].link
                if link >= 0:
                    fetch(w.links, link, 0)
    for i in range(begin, end):
        r = w.vehicles[drivers[i]]
        if r.link >= 0:
            for lane in (w.links[r.link].lane, w.links[r.link].target):
                if w.lane[lane].count > 0:
                    fetch(w.vehicles, row_of(w.loose.slots[w.lanes[lane].slot + w.lane[lane].count - 1]), 0)
        for lane in (w.lanes[r.lane].left, w.lanes[r.lane].right):
            if lane >= 0:
                link = w.plans[w.stages[r.stage].plan + w.lanes[lane].index].link
                if link >= 0:
                    foresee_link(w, link)


@inline
def foresee_areas(w: Any, rows: Any, i: int, n: int) -> None:
    """Fetch the conflicts of the lanes that vehicles in junctions are on or have left, ahead of place i of n."""
    if i + 12 < n:
        fetch(w.vehicles, rows[i + 12], 0)
        fetch(w.vehicles, rows[i + 12], 1)
    if i + 8 < n:
        r = w.vehicles[rows[i + 8]]
        fetch(w.lanes, r.lane, 0)
        if r.behind >= 0:
            fetch(w.lanes, r.behind, 0)
    if i + 4 < n:
        r = w.vehicles[rows[i + 4]]
        for lane in (r.lane, r.behind):
            if lane >= 0:
                for k in range(w.lanes[lane].parted, w.lanes[lane].conflict_end):
                    fetch(w.conflicts, k, 0)
