"""Which vehicles are on a lane, from its end backwards: one small array a lane inside `Loose.slots`.

A slot holds a row of `Vehicles`, or `~row` for the shadow of a vehicle that is just leaving this lane sideways.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline


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
