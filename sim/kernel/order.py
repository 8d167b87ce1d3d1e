"""Which vehicles are on a lane, from its end backwards: one small array a lane inside `Loose.slots`.

A slot holds a row of `Vehicles`, or `~row` for the shadow of a vehicle that is just leaving this lane sideways.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.compiled import inline, trailing_zeros


@inline
def row_of(slot: int) -> int:
    """Row of the vehicle (or of the shadow's owner) in a slot."""
    if slot < 0:
        return ~slot
    return slot


@inline
def place_for(w: Any, lane: int, position: float, key: Any) -> int:
    """Number of slots of the lane that lie ahead of a position; equal positions are told apart by key."""
    first = w.lanes[lane].slot
    low, high = 0, w.lane[lane].count
    while low < high:
        middle = (low + high) // 2
        row = row_of(w.loose.slots[first + middle])
        other = w.vehicles[row].position
        if other > position or (other == position and w.vehicles[row].key > key):
            low = middle + 1
        else:
            high = middle
    return low


@inline
def mark(w: Any, lane: int) -> None:
    """Note in its junction that somebody is on a lane; noted until the next step, so that it says *perhaps*."""
    if w.lanes[lane].internal:
        w.junctions[w.lanes[lane].junction].occupied |= w.lanes[lane].bit


@inline
def put(w: Any, lane: int, place: int, slot: int) -> None:
    """Insert a slot before the given place."""
    first = w.lanes[lane].slot
    count = w.lane[lane].count
    slots = w.loose.slots
    for i in range(first + count, first + place, -1):
        slots[i] = slots[i - 1]
    slots[first + place] = slot
    w.lane[lane].count = count + 1
    if count == 0:
        n = w.totals[0].busy
        w.loose.busy[n] = lane
        w.loose.busy_at[lane] = n
        w.totals[0].busy = n + 1
        w.loose.present[lane >> 6] |= np.uint64(1) << np.uint64(lane & 63)
        mark(w, lane)


@inline
def find(w: Any, lane: int, slot: int) -> int:
    """Place of a slot on its lane; -1 if it is not there."""
    first = w.lanes[lane].slot
    for i in range(w.lane[lane].count):
        if w.loose.slots[first + i] == slot:
            return i
    return -1


@inline
def take(w: Any, lane: int, slot: int) -> None:
    """Remove a slot from its lane."""
    place = find(w, lane, slot)
    if place < 0:
        return
    first = w.lanes[lane].slot
    count = w.lane[lane].count - 1
    slots = w.loose.slots
    for i in range(first + place, first + count):
        slots[i] = slots[i + 1]
    w.lane[lane].count = count
    if count == 0:
        n = w.totals[0].busy - 1
        moved = w.loose.busy[n]
        at = w.loose.busy_at[lane]
        w.loose.busy[at] = moved
        w.loose.busy_at[moved] = at
        w.loose.busy_at[lane] = -1
        w.totals[0].busy = n
        w.loose.present[lane >> 6] &= ~(np.uint64(1) << np.uint64(lane & 63))


@inline
def list_busy(w: Any, beside: bool) -> int:
    """Put the lanes with vehicles into `Loose.order`, as they are numbered; returns how many there are.

    With `beside` those only that have another lane beside them.

    Between two lanes the order is always the same, whoever drives elsewhere: what is done lane after lane can not
    depend on vehicles far away.
    """
    n = 0
    for i in range(w.totals[0].lanes // 64 + 1):
        word = w.loose.present[i] & w.loose.beside[i] if beside else w.loose.present[i]
        while word != 0:
            w.loose.order[n] = 64 * i + trailing_zeros(word)
            n += 1
            word &= word - np.uint64(1)
    return n


@inline
def wanted(w: Any, row: int, lane: int, stage: int) -> int:
    """Link the route takes at the end of a normal lane of one of its edges; -1 if the trip or the way ends there."""
    if stage >= w.vehicles[row].last_stage:
        return -1
    return w.plans[w.stages[stage].plan + w.lanes[lane].index].link


@inline
def know_link(w: Any, row: int, link: int) -> None:
    """Keep at hand who wants to know of a vehicle at its next link (-1: it has none), and the lane beyond."""
    r = w.vehicles[row]
    r.ahead_told, r.ahead_lane = 0, -1
    if link >= 0:
        r.ahead_told, r.ahead_lane = w.links[link].told, w.links[link].lane


@inline
def head_for(w: Any, row: int) -> None:
    """Look up what the route wants at the end of a normal lane, and keep at hand what every step asks about it."""
    r = w.vehicles[row]
    x = w.plans[w.stages[r.stage].plan + w.lanes[r.lane].index]
    r.link = x.link
    r.reach = x.reach
    r.offset = x.offset
    r.ahead_light = -1
    r.link2 = -1
    know_link(w, row, x.link)
    if x.link >= 0:
        r.link2 = wanted(w, row, w.links[x.link].target, r.stage + 1)
        r.ahead_light = w.links[x.link].light


@inline
def inlet_beside(w: Any, row: int, lane: int) -> int:
    """Lane that leads to a lane, of the edge behind a body if there is one; -1: none does."""
    r = w.vehicles[row]
    edge, found = (w.lanes[r.behind].edge if r.behind >= 0 else -1), -1
    for i in range(w.lanes[lane].inlet, w.lanes[lane].inlet_end):
        inlet = w.loose.inlets[i]
        if found < 0 or (w.lanes[inlet].edge == edge and w.lanes[found].edge != edge):
            found = inlet
    return found


@inline
def reach_back(w: Any, row: int, lane: int) -> None:
    """Let a body that reaches back over the begin of a lane it has not driven into lie on lanes that lead there."""
    r = w.vehicles[row]
    r.behind, r.behind2, r.behind3 = inlet_beside(w, row, lane), -1, -1


@inline
def onward(w: Any, row: int, lane: int, stage: int) -> int:
    """Link a route takes at the end of a lane ahead; -1 if the trip or the way ends there."""
    if w.lanes[lane].internal:
        return w.lanes[lane].link
    if stage == w.vehicles[row].stage + 1:
        return w.vehicles[row].link2
    return wanted(w, row, lane, stage)


@inline
def record(w: Any, kind: int, subject: int, other: int, value: float, lane: int, position: float) -> None:
    """Leave a record of something that happened in this step."""
    n = w.totals[0].records
    entry = w.records[n]
    entry.step = w.totals[0].step + 1
    entry.kind = kind
    entry.subject = subject
    entry.other = other
    entry.value = value
    entry.lane = lane
    entry.position = position
    w.totals[0].records = n + 1
    if w.loose.wakes[kind]:
        w.totals[0].woke = True
