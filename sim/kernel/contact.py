"""Whether bodies touch: behind one another on a lane, or where paths cross or merge inside a junction.

Who is in an area is known at each step's end; when its border was passed is interpolated, as speed is constant in a
step, so that one who leaves and another who enters in the same step are told apart, too.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.encounters import CROSSING, MERGING, OPEN_PET, follow_each_other, meet
from sim.kernel.junction import MERGE
from sim.kernel.move import COLLISION
from sim.kernel.order import record

#: Pairs in contact that are remembered, so that each is told once; assumed: no more touch at the same time.
CONTACTS = 1024
#: Areas are told in single precision, and may end so far beyond their lane [m].
SLACK = 0.001
#: Rounding of a place [m]: who has stood exactly at a border passes it with the next step.
ROUNDING = 1e-9


@inline
def collide(w: Any, row: int, foe: int, kind: int, speed: float) -> None:
    """Record that a vehicle has run into another one at such a speed, once a pair."""
    t = w.totals[0]
    me, other = w.vehicles[row], w.vehicles[foe]
    one, two = min(me.departure, other.departure), max(me.departure, other.departure)
    for i in range(min(t.contacts, CONTACTS)):
        if w.contacts[i].one == one and w.contacts[i].other == two:
            return
    x = w.contacts[t.contacts % CONTACTS]
    x.one, x.other = one, two
    t.contacts += 1
    t.collisions += 1
    record(w, COLLISION, me.departure, other.departure, speed, me.lane, me.position)
    if t.probing:
        at = meet(w, row, foe, kind, 0.0, 0.0, 0.0)
        if at >= 0:
            w.encounters[at].collided = True


@inline
def strike(w: Any, row: int, foe: int, kind: int) -> None:
    """Record that two are on the same spot of a junction; the faster one has run into the other."""
    me, other = w.vehicles[row], w.vehicles[foe]
    if other.speed > me.speed or (other.speed == me.speed and other.departure > me.departure):
        collide(w, foe, row, kind, other.speed)
    else:
        collide(w, row, foe, kind, me.speed)


@inline
def leave_areas(w: Any, row: int, lane: int, rear: float, way: float) -> None:
    """Note which areas of an internal lane a rear has left in this step; `rear` is its place on that lane."""
    n = w.lanes[lane]
    r = w.vehicles[row]
    t = w.totals[0]
    for i in range(n.parted, n.conflict_end):
        end = w.conflicts[i].end
        if rear > end and rear - way - end <= ROUNDING:
            x = w.areas[i]
            x.left = (t.step + 1 - (rear - end) / way) * t.dt
            x.by = r.departure
            x.speed = r.speed


@inline
def in_area(w: Any, row: int, foe: int, front: float, c: Any, my_way: float) -> bool:
    """Whether the body of a foe with such a front on its lane is where mine is, in the same area of two paths.

    `my_way` is mine to the end of a merging area [m].
    """
    other = w.vehicles[foe]
    if foe == row or front <= c.foe_begin or front - other.length >= c.foe_end:
        return False
    if c.kind != MERGE:
        return True
    its_way = c.foe_end - front
    if my_way >= its_way:
        return my_way - its_way < other.length
    return its_way - my_way < w.vehicles[row].length


@inline
def look_for_bodies(w: Any, row: int, lane: int, c: Any, my_way: float) -> None:
    """Record everybody whose body is in the same area of a lane as mine."""
    if w.junctions[w.lanes[lane].junction].occupied & c.bit == 0:
        return
    kind = MERGING if c.kind == MERGE else CROSSING
    state = w.lane[c.foe]
    first = w.lanes[c.foe].slot
    for k in range(state.count):
        slot = w.loose.slots[first + k]
        if slot >= 0 and in_area(w, row, slot, w.vehicles[slot].position, c, my_way):
            strike(w, row, slot, kind)
    foe = state.tail_row
    if foe >= 0 and in_area(w, row, foe, state.tail + w.vehicles[foe].length, c, my_way):
        strike(w, row, foe, kind)


@inline
def come_after(w: Any, row: int, i: int, came: float) -> None:
    """Compare when I came to an area with when the last one left it on its path."""
    c = w.conflicts[i]
    mirror = w.areas[i].mirror
    if mirror < 0:
        return
    x = w.areas[mirror]
    if x.by < 0 or x.by == w.vehicles[row].departure:
        return
    pet = came - x.left
    kind = MERGING if c.kind == MERGE else CROSSING
    if pet < 0.0:
        foe = w.trips[x.by].row
        if foe >= 0:
            strike(w, row, foe, kind)
    elif pet <= OPEN_PET and w.totals[0].probing:
        follow_each_other(w, row, c.foe, kind, pet, mirror)


@inline
def enter_areas(w: Any, row: int, lane: int, front: float, way: float) -> None:
    """Look who is or was in the areas of an internal lane that a front has entered; `front` is its place there."""
    n = w.lanes[lane]
    t = w.totals[0]
    rear = front - w.vehicles[row].length
    for i in range(n.parted, n.conflict_end):
        c = w.conflicts[i]
        if front <= c.begin or rear - way > c.end:
            continue
        line = c.begin
        if c.kind == MERGE:
            line = c.end
            if rear < line:
                look_for_bodies(w, row, lane, c, line - front)
        if line < front and front - way - line <= ROUNDING:
            if c.kind != MERGE:
                look_for_bodies(w, row, lane, c, 0.0)
            come_after(w, row, i, (t.step + 1 - (front - line) / way) * t.dt)


@inline
def walk(w: Any, row: int, leaving: bool) -> None:
    """Look at the areas of every internal lane on which a body is, or was before the step."""
    r = w.vehicles[row]
    way = r.speed * w.totals[0].dt
    lane, front = r.lane, r.position
    for i in range(4):
        if w.lanes[lane].internal:
            if leaving:
                leave_areas(w, row, lane, front - r.length, way)
            else:
                enter_areas(w, row, lane, front, way)
        if front - way - r.length >= SLACK:
            return
        lane = r.behind if i == 0 else (r.behind2 if i == 1 else r.behind3)
        if lane < 0:
            return
        front += w.lanes[lane].length
