"""Fetch ahead what the next lanes of a walk will ask for, so that memory works while the present lane is worked on.

A lane leads to its list of vehicles, a vehicle to its link, a link to the next lane: each is fetched some lanes before
the one that needs it. It changes nothing but the time it takes: memory that is far away costs a hundred times more.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import fetch, inline
from sim.kernel.order import row_of

#: How many lanes ahead each is fetched.
LANE, LIST, VEHICLE, LINK, NEXT = 12, 9, 6, 4, 2


@inline
def foresee_lanes(w: Any, lanes: Any, i: int, n: int, lines: int) -> None:
    """Fetch lanes, their lists, and the first lines of their first vehicles, ahead of place i of a walk over n."""
    if i + LANE < n:
        lane = lanes[i + LANE]
        fetch(w.lanes, lane, 0)
        fetch(w.lane, lane, 0)
        if lines > 2:
            fetch(w.lane, lane, 1)
    if i + LIST < n:
        fetch(w.loose.slots, w.lanes[lanes[i + LIST]].slot, 0)
    if i + VEHICLE < n:
        row = row_of(w.loose.slots[w.lanes[lanes[i + VEHICLE]].slot])
        for line in range(lines):
            fetch(w.vehicles, row, line)


@inline
def foresee_links(w: Any, lanes: Any, i: int, n: int) -> None:
    """Fetch what the first vehicle of a lane will meet, ahead of place i of a walk over n."""
    if i + LINK < n:
        link = w.vehicles[row_of(w.loose.slots[w.lanes[lanes[i + LINK]].slot])].link
        if link >= 0:
            fetch(w.links, link, 0)
    if i + NEXT < n:
        row = row_of(w.loose.slots[w.lanes[lanes[i + NEXT]].slot])
        link = w.vehicles[row].link
        if link >= 0:
            fetch(w.lanes, w.links[link].lane, 0)
            fetch(w.lane, w.links[link].lane, 0)
            fetch(w.lanes, w.links[link].target, 0)
            fetch(w.lane, w.links[link].target, 0)


@inline
def foresee_turns(w: Any, lanes: Any, i: int, n: int, turn: int) -> None:
    """Fetch what those drivers of coming lanes will ask for whose turn it is to look at the neighbouring lanes."""
    for stage in range(3):
        at = i + (VEHICLE, LINK, NEXT)[stage]
        if at >= n or w.lanes[lanes[at]].internal:
            continue
        first = w.lanes[lanes[at]].slot
        for place in range(first, first + w.lane[lanes[at]].count):
            row = w.loose.slots[place]
            if row < 0 or w.loose.turn[row] != turn:
                continue
            r = w.vehicles[row]
            if stage == 0:
                for line in range(4):
                    fetch(w.vehicles, row, line)
            elif stage == 1:
                fetch(w.stages, r.stage, 0)
                if r.link >= 0:
                    fetch(w.links, r.link, 0)
            else:
                fetch(w.plans, w.stages[r.stage].plan, 0)
                if r.link >= 0:
                    fetch(w.lanes, w.links[r.link].lane, 0)
                    fetch(w.lane, w.links[r.link].lane, 0)
                    fetch(w.lanes, w.links[r.link].target, 0)
                    fetch(w.lane, w.links[r.link].target, 0)
