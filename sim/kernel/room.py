"""Whether there is room behind a junction for one more, so that nobody comes to stand in it."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.junction import STANDING, has_priority, is_red, is_yellow, letter_of
from sim.kernel.order import row_of

#: A driver looks ahead over this many of his own lengths of road; SUMO's value.
SIGHT = 5.0
#: Share of a ring that bodies may take before nobody enters any more; assumed: at capacity they take about 0.4, and
#: a ring with a gap can always move on.
FULL = 0.67
#: Edges looked at, at most; assumed: a longer chain of very short ones is beyond a driver's foresight.
EDGES = 4


@inline
def claimed(w: Any, lane: int, row: int) -> float:
    """Length that others on a lane will need ahead of me [m]."""
    length = 0.0
    first = w.lanes[lane].slot
    for k in range(w.lane[lane].count):
        slot = w.loose.slots[first + k]
        if slot >= 0 and slot != row:
            other = w.vehicles[slot]
            length += other.length + w.profiles[other.profile].minimum_gap
    return length


@inline
def claimed_by_others(w: Any, lane: int, own: int, row: int) -> float:
    """Length that those will need who come to a lane over a junction by other ways than my own [m]."""
    length = 0.0
    for i in range(w.lanes[lane].inlet, w.lanes[lane].inlet_end):
        inlet = w.loose.inlets[i]
        if inlet != own and w.lanes[inlet].internal:
            length += claimed(w, inlet, row)
    return length


@inline
def may_wait(w: Any, row: int) -> bool:
    """Whether somebody is kept from driving on, or may be: a light or somebody with priority is within sight.

    Or a lane from which no way leads on for him: he must change lanes first.

    Source: the flag by which SUMO's vehicles tell that they have to wait at a link (MSVehicle::processLinkApproaches).
    """
    r = w.vehicles[row]
    if r.held_up or r.holding:
        return True
    lane, stage, link = r.lane, r.stage, r.link
    ahead = w.lanes[lane].length - r.position
    road, junctions = ahead, 0.0
    if w.lanes[lane].internal:
        road, junctions = 0.0, ahead
    left = False
    for _ in range(2 * EDGES):
        if link < 0:
            return stage < r.last_stage
        k = w.links[link]
        if k.entry or k.waiting:
            letter = letter_of(w, link)
            if not k.waiting and (is_red(letter) or is_yellow(letter)):
                return True
            if not (has_priority(w, link, letter) or k.waits) and ahead > k.visibility:
                return True
        else:
            left = True
        if left and road > max(SIGHT * r.length, r.length + junctions):
            return False
        lane = k.lane
        n = w.lanes[lane]
        ahead += n.length
        if n.internal:
            junctions += n.length
            link = n.link
            continue
        road += n.length
        stage += 1
        if stage >= r.last_stage:
            return False
        link = w.plans[w.stages[stage].plan + n.index].link
    return False


@inline
def must_change(w: Any, row: int, lane: int) -> bool:
    """Whether somebody in a junction gets to a lane from which no way leads on for him: he must change lanes there."""
    r = w.vehicles[row]
    stage = r.stage + 1
    return stage < r.last_stage and w.plans[w.stages[stage].plan + w.lanes[lane].index].link < 0


@inline
def inside_ahead(w: Any, lane: int, row: int) -> tuple[int, float, bool]:
    """Who is ahead of me in a junction I pass from an internal lane on: the last of them, and what they need [m].

    And whether one of them is at a place where he may have to wait for others.
    """
    last, need, waits = -1, 0.0, False
    while w.lanes[lane].internal:
        link = w.lanes[lane].link
        need += claimed(w, lane, row)
        for k in range(w.lane[lane].count - 1, -1, -1):
            other = row_of(w.loose.slots[w.lanes[lane].slot + k])
            if other != row:
                waits = waits or (w.links[link].waiting and not has_priority(w, link, letter_of(w, link)))
                if last < 0:
                    last = other
        lane = w.links[link].lane
    return last, need, waits


@inline
def before_the_line(w: Any, row: int, link: int) -> tuple[int, float]:
    """Who on my lane takes the same link before me: the last of them, and what they need [m]."""
    r = w.vehicles[row]
    last, need = -1, 0.0
    if link == r.link:
        for k in range(w.lane[r.lane].count):
            ahead = w.loose.slots[w.lanes[r.lane].slot + k]
            if ahead == row:
                break
            if ahead >= 0 and w.vehicles[ahead].link == link:
                last = ahead
                need += w.vehicles[ahead].length + w.profiles[w.vehicles[ahead].profile].minimum_gap
    return last, need


@inline
def has_room(w: Any, row: int, link: int, stage: int) -> bool:
    """Whether there is room for me behind a junction once those ahead of me have taken theirs.

    Those ahead count while they move, too, as soon as the last of them may have to wait. `stage` is that of the edge
    the link leads from. Who finds too little on the next edge reckons with what is beyond only while he can get there:
    nobody ahead meets a red light, or needs to change lanes on that edge or to wait in the next junction.

    Source: SUMO's rule to keep junctions clear (MSVehicle::checkRewindLinkLanes); lanes to be changed: assumed.
    """
    me = w.vehicles[row]
    if w.lanes[me.lane].track >= 0:
        return True
    before, need = before_the_line(w, row, link)
    need += me.length + w.profiles[me.profile].minimum_gap
    for i in range(EDGES):
        last, inside, waits = inside_ahead(w, w.links[link].lane, row)
        if i == 0 and before >= 0:
            last = before
        if i > 0 and waits:
            return False
        need += inside
        lane = w.links[link].target
        n = w.lanes[lane]
        if n.mouth:
            need += claimed_by_others(w, lane, w.links[link].lane, row)
        first, count = n.slot, w.lane[lane].count
        for j in range(count - 1, -1, -1):
            other = w.vehicles[row_of(w.loose.slots[first + j])]
            if other.speed < STANDING:
                return other.position - other.length >= need
            need += other.length + w.profiles[other.profile].minimum_gap
        if w.lane[lane].tail_row >= 0 and w.vehicles[w.lane[lane].tail_row].speed < STANDING:
            return w.lane[lane].tail >= need
        need -= n.length
        stage += 1
        if need <= 0.0 or stage >= me.last_stage:
            return True
        if count > 0 and (n.mouth or may_wait(w, row_of(w.loose.slots[first + count - 1]))):
            return False  # the line at a mouth's end may shut before they have gone
        if last >= 0 and must_change(w, last, lane):
            return False
        link = w.plans[w.stages[stage].plan + n.index].link
        if link < 0:
            return count == 0 and last < 0
        letter = letter_of(w, link)
        if (count > 0 or last >= 0) and (is_red(letter) or is_yellow(letter)):
            return False  # alone one enters, or would never where the two lights are green by turns
    return True


@inline
def ring_is_full(w: Any, row: int, track: int) -> bool:
    """Whether one more in a roundabout would keep those in it from getting out."""
    x = w.tracks[track]
    used = 0.0
    for i in range(x.first, x.end):
        used += claimed(w, w.loose.track_lanes[i], row)
    own = w.vehicles[row].length + w.profiles[w.vehicles[row].profile].minimum_gap
    return used > 0.0 and used + own > FULL * x.length
