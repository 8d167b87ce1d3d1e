"""Whether a message got through to a station: decided when somebody asks, and the same answer whenever he does.

A reception is one draw, keyed by sender, receiver and number, against a share that follows from where both were when
it was said and how full the receiver's channel was. Everybody leaves a trace of that in each step, so that nothing
need be decided that nobody asks for: `sim.kernel.memory.known` is what drivers and stations ask.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.chance import mix
from sim.compiled import inline
from sim.kernel.draws import CERTAIN, SPREAD, U, lot
from sim.kernel.network import HEARD, fate_down
from sim.kernel.places import in_sight
from sim.state.air import REMEMBERED

#: Fates that bounds are known of, `sim.models.radio.TOLD`.
FATES = 7
#: Load in the trace of who was jammed.
DEAF = -1.0


@inline
def leave_trace(w: Any, station: int, step: int, jammed: bool) -> None:
    """Note where a station is in a step, and how full its channel."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    p = r.traces[(step & (a.memory - 1)) * a.stations + s.block]
    p.x, p.y, p.patch, p.step, p.station = s.x, s.y, s.patch, step, station
    p.load, p.zone = DEAF if jammed else s.load, s.zone


@inline
def trace_of(w: Any, station: int, step: int) -> int:
    """Row of `Traces` of a station in a step; -1: it was not on the air, or that is too long ago."""
    r, a = w.radio, w.radio.air[0]
    block = r.stations[station].block
    if block < 0:
        return -1
    place = (step & (a.memory - 1)) * a.stations + block
    return place if r.traces[place].step == step and r.traces[place].station == station else -1


@inline
def zone_then(w: Any, station: int, step: int) -> int:
    """Cell of the network in which a station was in a step; 0: in none, or that is not known."""
    row = trace_of(w, station, step)
    return int(w.radio.traces[row].zone) if row >= 0 else 0


@inline
def between(w: Any, load: float) -> tuple[int, float]:
    """Between which loads of `Radio.fates` one lies: the lower one's number, and the share of the way to the next."""
    a = w.radio.air[0]
    at = min(load / a.load_step, a.loads - 1.0)
    low = min(int(at), a.loads - 2)
    return low, at - low


@inline
def limit_heard(w: Any, load: float, kind: int) -> int:
    """Draws below which one hears whose channel bears such a load, in a class of sight and distance."""
    r, a = w.radio, w.radio.air[0]
    low, share = between(w, load)
    width = FATES * (a.sights * a.classes + 1)
    part, rest = np.float32(share), np.float32(1.0 - share)
    heard = rest * r.fates[low * width + kind] + part * r.fates[(low + 1) * width + kind]
    return int(np.int32(np.ceil(heard * np.float32(CERTAIN))))


@inline
def set_limits(w: Any, load: float) -> None:
    """Draws below which one hears whose channel bears such a load, as `limit_heard`, or shares another fate."""
    r, a = w.radio, w.radio.air[0]
    low, share = between(w, load)
    size = FATES * (a.sights * a.classes + 1)
    part, rest = np.float32(share), np.float32(1.0 - share)
    limits, fates, one, two = r.limits, r.fates, low * size, (low + 1) * size
    for i in range(size):
        bound = rest * fates[one + i] + part * fates[two + i]
        limits[i] = np.int32(np.ceil(bound * np.float32(CERTAIN)))


@inline
def fate_of(w: Any, kind: int, chance: int) -> int:
    """Fate that a whole draw picks in a class of sight and distance, of one who does not hear; his limits are set."""
    limits, width, fate = w.radio.limits, w.radio.air[0].sights * w.radio.air[0].classes + 1, 1
    for i in range(1, FATES - 1):  # limits rise, so it need not stop at the first
        fate += chance >= limits[i * width + kind]
    return fate


@inline
def got_through(w: Any, station: int, stream: int, number: int) -> bool:
    """Whether a message of another's stream, of those remembered, got through to a station."""
    r, a = w.radio, w.radio.air[0]
    f, s = r.streams[stream], r.stations[station]
    c = r.contents[stream * REMEMBERED + number % REMEMBERED]
    here, there = trace_of(w, station, c.step), trace_of(w, f.station, c.step)
    if here < 0 or there < 0 or r.traces[here].load == DEAF or c.cut != 0:
        return False
    p, q = r.traces[here], r.traces[there]
    dx, dy = q.x - p.x, q.y - p.y
    square = dx * dx + dy * dy
    if square > np.float32(a.range * a.range):
        return False
    chance = lot(mix(f.hash ^ (U(number) * SPREAD)) ^ s.hash)
    if a.zones > 0 and (c.zone | p.zone) != 0:  # else as the rung of the ladder tells
        return fate_down(w, int(c.zone), int(p.zone), c.step, chance) == HEARD
    kind = int(np.int32(np.sqrt(square) * np.float32(1.0 / a.step_of_class)))
    if a.sights > 1:
        kind += in_sight(w, p.patch, q.patch) * a.classes
    return chance < limit_heard(w, p.load, kind)
