"""Keep what is looked at together together: lanes to walk, junction by junction, and rows of vehicles in that order.

Nothing that happens depends on the order of rows or of `Loose.busy`; only the time it takes does. A row that is found
where the last one ended costs no wait for memory, whatever the number of vehicles.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.order import list_busy, row_of
from sim.kernel.shift import turn_of

#: Steps from one tidying to the next: in ten seconds a vehicle hardly leaves its lane.
EVERY = 100


@inline
def renumber(w: Any) -> int:
    """Give each vehicle on the road its new row, in lane order; returns how many there are."""
    t = w.totals[0]
    rows = 0
    for i in range(t.busy):
        lane = w.loose.busy[i]
        first = w.lanes[lane].slot
        for place in range(w.lane[lane].count):
            row = w.loose.slots[first + place]
            if row >= 0:
                w.loose.renamed[row] = rows
                rows += 1
    return rows


@inline
def sort_lanes(w: Any) -> None:
    """Put the lanes with vehicles into the order in which they are numbered."""
    for i in range(list_busy(w, False)):
        lane = w.loose.order[i]
        w.loose.busy[i] = lane
        w.loose.busy_at[lane] = i


@inline
def carry(w: Any, row: int, new: int) -> None:
    """Copy a vehicle to its new row among the spare ones."""
    w.spare[new] = w.vehicles[row]
    v = w.spare[new]
    if v.blocker >= 0:
        v.blocker = w.loose.renamed[v.blocker] if w.vehicles[v.blocker].departure >= 0 else -1
    w.trips[v.departure].row = new
    w.loose.turn[new] = turn_of(w, v.key)


@inline
def tidy(w: Any) -> None:
    """Sort the lanes to walk, and the rows of vehicles by lane and place."""
    t = w.totals[0]
    sort_lanes(w)
    rows = renumber(w)
    for i in range(t.busy):
        lane = w.loose.busy[i]
        first = w.lanes[lane].slot
        for place in range(w.lane[lane].count):
            slot = w.loose.slots[first + place]
            row = row_of(slot)
            new = w.loose.renamed[row]
            if slot >= 0:
                carry(w, row, new)
                w.loose.slots[first + place] = new
            else:
                w.loose.slots[first + place] = ~new
    for i in range(t.hangers):
        w.loose.hangers[i] = w.loose.renamed[w.loose.hangers[i]]
    for i in range(t.hanging):
        state = w.lane[w.loose.hanging[i]]
        state.tail_row = w.loose.renamed[state.tail_row]
    for i in range(t.shadowing):
        w.loose.shadowing[i] = w.loose.renamed[w.loose.shadowing[i]]
    for row in range(t.rows):
        if row < rows:
            w.vehicles[row] = w.spare[row]
        else:
            w.vehicles[row].departure = -1
            w.loose.free[row - rows] = t.rows - 1 - (row - rows)
    t.free = t.rows - rows
