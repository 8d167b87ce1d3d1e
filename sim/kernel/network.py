"""Messages through a network: what the ways up and down add where they are said and heard, and what is lost there.

A network may have cells with delays, losses and capacities of their own. The way up is that of who says a message, the
way down that of who hears it; their times add up, and each can lose it. What is in no cell takes half of the time that
the rung of the ladder tells, both halves by the same draw, so that between two who are in none all is as without cells.
"""

from __future__ import annotations

from typing import Any

from sim.chance import mix
from sim.compiled import inline
from sim.kernel.draws import OTHER, SPREAD, U, draw
from sim.models.radio.cellular import outage, travel
from sim.state.air import BEAT, REMEMBERED
from sim.state.zones import EVEN, OWN

CELLULAR = 1  # rank in sim.engine.air.WAYS
#: Some of `sim.models.radio.FATES`.
HEARD, BUSY, LOSS, OUTAGE = 0, 5, 6, 7
#: Odd numbers that set draws about the way up apart from the rung's own (of SplitMix64's mixer, and of MurmurHash3's).
FIRST, SECOND, THIRD = U(0xBF58476D1CE4E5B9), U(0x94D049BB133111EB), U(0xFF51AFD7ED558CCD)


@inline
def zone_of(w: Any, lane: int, position: float) -> int:
    """Cell of the network in which a position on a lane lies; 0: in none."""
    r = w.radio
    at, end = r.outlines[lane].stretch, r.outlines[lane].stretch_end
    while at + 1 < end and r.stretches[at + 1].begin <= position:
        at += 1
    return int(r.stretches[at].zone)


@inline
def own_time(w: Any, hashed: Any, held: Any) -> int:
    """How long a message takes as the rung of the ladder tells, outages apart [beats]."""
    a = w.radio.air[0]
    if a.way == CELLULAR:
        return int(travel(draw(hashed + SPREAD), draw(hashed + OTHER)) * BEAT + 0.5)
    return int(a.low + int(draw(held + SPREAD) * (a.high - a.low) + 0.5))


@inline
def time_of(w: Any, end: int, first: float, second: float) -> int:
    """How long an end takes that has a law of its own, by two draws [beats]."""
    e = w.radio.ends[end]
    if e.law == EVEN:
        return int((e.low + first * (e.high - e.low)) * BEAT + 0.5)
    return int(travel(first, second, e.low, e.spread) * BEAT + 0.5)


@inline
def way_up(w: Any, stream: int, hashed: Any, held: Any, when: int) -> tuple[int, int]:
    """How long the next message of a stream takes until the way down begins, or in all where there are no cells.

    Args:
        stream: that is said.
        hashed: hash of the message.
        held: hash by which the rung draws its time.
        when: it is asked for [beats].

    Returns:
        delay [beats], and fate by which nobody hears it (0: none).
    """
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    if a.zones > 0:
        return way_up_from(w, stream, hashed, held, when)
    if a.way == CELLULAR:
        wait = outage(w.totals[0].seed, s.key, when / BEAT)
        in_all = max(0.0, wait) + travel(draw(hashed + SPREAD), draw(hashed + OTHER))
        return int(in_all * BEAT + 0.5), OUTAGE if wait < 0.0 else HEARD
    return own_time(w, hashed, held), HEARD


@inline
def way_up_from(w: Any, stream: int, hashed: Any, held: Any, when: int) -> tuple[int, int]:
    """The same where there are cells: by the one in which its sender is."""
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    wait = 0.0
    if a.way == CELLULAR:
        wait = outage(w.totals[0].seed, s.key, when / BEAT, r.ends[2 * s.zone].outages)
    e = r.ends[2 * s.zone]
    if e.law == OWN:
        time = own_time(w, hashed, held) // 2
    else:
        time = time_of(w, 2 * s.zone, draw(hashed ^ FIRST), draw(hashed ^ SECOND))
    fate, lot = HEARD, draw(hashed ^ THIRD)
    if wait < 0.0:
        fate = OUTAGE
    elif lot < e.loss + (1.0 - e.loss) * e.drop:
        fate = LOSS if lot < e.loss else BUSY
    e.offered += f.bytes
    if when >= a.warm:
        count_up(e, fate)
    return int(max(0.0, wait) * BEAT + 0.5) + time + e.wait, fate


@inline
def count_up(e: Any, fate: int) -> None:
    """Count what became of a message on its way up."""
    e.said += 1
    e.lost += fate == LOSS
    e.cut += fate == OUTAGE
    e.left += fate == BUSY


@inline
def way_down(w: Any, station: int, zone: int, stream: int, number: int) -> int:
    """How long the way down takes to who was in a zone when a message was said [beats]."""
    r, a = w.radio, w.radio.air[0]
    hashed = mix(r.streams[stream].hash ^ (U(number) * SPREAD))
    if r.ends[2 * zone + 1].law == OWN:
        whole = own_time(w, hashed, hashed)
        time = whole - whole // 2
    else:
        pair = hashed ^ r.stations[station].hash
        time = time_of(w, 2 * zone + 1, draw(pair + SPREAD), draw(pair + OTHER))
    c = r.contents[stream * REMEMBERED + number % REMEMBERED]
    if a.way == CELLULAR:
        key, chance = r.stations[station].key, r.ends[2 * zone + 1].outages
        time += int(max(0.0, outage(w.totals[0].seed, key, c.sent / BEAT, chance)) * BEAT + 0.5)
    return time + r.crowds[(c.step & (a.memory - 1)) * a.zones + zone].wait


@inline
def fate_down(w: Any, sender: int, zone: int, step: int, chance: int) -> int:
    """Fate that a whole draw picks of a message that came up, between two zones in a step."""
    r, a = w.radio, w.radio.air[0]
    limit = r.admitted[sender * a.zones + zone]
    if chance >= limit:
        return LOSS
    drop = r.crowds[(step & (a.memory - 1)) * a.zones + zone].drop
    return BUSY if chance >= limit * (1.0 - drop) else HEARD


@inline
def fill_cells(w: Any, step: int, measured: bool) -> None:
    """How full each cell is in a step, by what was offered up to the one before.

    A fluid queue: what comes faster than the cell bears waits, and what would wait longer than it may is lost.
    """
    r, a, dt = w.radio, w.radio.air[0], w.totals[0].dt
    for end in range(2 * a.zones):
        e = r.ends[end]
        e.rate += (e.offered / dt - e.rate) * min(1.0, dt)
        e.offered, e.wait, e.drop = 0, 0, 0.0
        if e.capacity > 0.0:
            most = e.buffer * e.capacity
            e.backlog = min(most, max(0.0, e.backlog + (e.rate - e.capacity) * dt))
            e.wait = int(e.backlog / e.capacity * BEAT + 0.5)
            e.drop = 1.0 - e.capacity / e.rate if e.rate > e.capacity and e.backlog >= most else 0.0
        if measured:
            e.rate_sum += e.rate
            e.rate_most, e.wait_most = max(e.rate_most, e.rate), max(e.wait_most, e.wait)
            e.steps += 1
            e.full += e.capacity > 0.0 and e.rate > e.capacity
        if end % 2 == 1:
            c = r.crowds[(step & (a.memory - 1)) * a.zones + end // 2]
            c.wait, c.drop = e.wait, e.drop
