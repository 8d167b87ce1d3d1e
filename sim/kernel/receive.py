"""What becomes of messages at each receiver where every sub-channel is simulated: strength against all others at once.

Strengths are whole numbers, so that the order in which they are summed up cannot matter.

Source: Gonzalez-Martin et al. 2019, doi:10.1109/TVT.2018.2888704, section II; shadowing between two stations stays
as it is for a second (assumed: some 25 m of way at 90 km/h, TR 36.885 A.1.4).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.choose import FRAME, OWN, PLANES, level_of, told_as
from sim.kernel.draws import SPREAD, draw
from sim.kernel.nearby import look_around
from sim.kernel.outcome import count_fate, take
from sim.kernel.pairs import heard_lately
from sim.kernel.places import in_sight, is_jammed
from sim.kernel.tally import JAMMED, count_asked
from sim.state.air import BEAT, RECENT, SECOND, SHADOWS

U = np.uint64
HEARD, HALF_DUPLEX, SENSITIVITY, PROPAGATION, COLLISION = 0, 1, 2, 3, 4  # ranks in sim.models.radio.FATES
#: Signal to noise and interference [dB]: least of the table of errors, rows a dB, rows of it.
LEAST, FINE, ROWS = -12.0, 4.0, 185
#: A sub-channel above this level counts as busy: -94 dBm, TS 36.214 5.1.30 as set by ETSI TS 103 613 [half dB].
BUSY_LEVEL = 1 + 2 * (130 - 94)


@inline
def strengths(w: Any, station: int, found: int, now: int) -> None:
    """How strong all messages within reach are at a station, and in sum in each sub-channel."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    channels, second = a.sub_channels, U(now // BEAT) * SPREAD
    for i in range(a.frames * channels):
        r.power[i] = 0
    for i in range(a.frames):
        r.own[i] = 0
    for i in range(found):
        m = r.spoken[r.near[i]]
        slot = r.slot[r.near[i]]
        if m.station == station:
            r.own[slot // channels] = 1
            r.strength[i] = -1
            continue
        other = r.stations[m.station]
        sight = in_sight(w, s.patch, other.patch) if a.sights > 1 else 0
        some = int(draw((s.hash ^ other.hash) + second) * SHADOWS)
        strength = int(r.gains[sight * a.reaches + r.away[i]] * r.shadows[sight * SHADOWS + some])
        r.strength[i] = strength
        wide = int(r.streams[m.stream].sub_channels)
        for c in range(wide):
            r.power[slot + c] += strength // wide


@inline
def sense(w: Any, station: int, now: int) -> float:
    """Remember how strong signals were in this step; returns the share of sub-channels that were busy."""
    r, a = w.radio, w.radio.air[0]
    channels, busy, sensed = a.sub_channels, 0, 0
    heard = r.stations[station].block * PLANES * SECOND * channels
    read = heard + SECOND * channels
    for frame in range(a.frames):
        at = (now // FRAME + frame) % SECOND * channels
        sensed += 1 - int(r.own[frame])
        for c in range(channels):
            level = OWN
            if r.own[frame] == 0:
                level = level_of(w, r.power[frame * channels + c])
                busy += level >= BUSY_LEVEL
            r.sensed[heard + at + c] = level
            r.sensed[read + at + c] = 0
    return busy / max(1, sensed * channels)


@inline
def error_rate(w: Any, signal: float, other: float) -> float:
    """Share of messages lost at such a strength, against such noise and interference."""
    at = (10.0 * math.log10(signal / other) - LEAST) * FINE
    low = int(min(max(at, 0.0), ROWS - 2.0))
    share = min(1.0, max(0.0, at - low))
    errors = w.radio.errors
    return (1.0 - share) * errors[low] + share * errors[low + 1]


@inline
def fate_in(w: Any, station: int, i: int, chance: float, now: int) -> int:
    """Fate of a message that arrives in a sub-frame; also remembers what can be read of its reservation."""
    r, a = w.radio, w.radio.air[0]
    k = r.near[i]
    slot, channels = r.slot[k], a.sub_channels
    if r.own[slot // channels] != 0:
        return HALF_DUPLEX
    strength = r.strength[i]
    if strength < a.sensitivity:
        return SENSITIVITY
    f = r.streams[r.spoken[k].stream]
    wide, all_together = int(f.sub_channels), 0
    for c in range(wide):
        all_together += r.power[slot + c]
    noise = int(f.blocks) * a.noise
    others = max(0, all_together - strength // wide * wide) + noise
    if strength >= others:  # so strong that who reserves can be read
        frame = (now // FRAME + slot // channels) % SECOND
        at = ((r.stations[station].block * PLANES + 1) * SECOND + frame) * channels + slot % channels
        every = told_as(int(f.interval))
        for c in range(wide):
            r.sensed[at + c] = level_of(w, strength // wide)
            r.sensed[at + SECOND * channels + c] = every
    if chance < error_rate(w, strength, noise):
        return PROPAGATION
    return COLLISION if chance < error_rate(w, strength, others) else HEARD


@inline
def receive(w: Any, station: int, now: int) -> None:
    """Decide every reception of one station in a part of a step, sub-frame by sub-frame."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    found = look_around(w, station, a.reach)
    strengths(w, station, found, now)
    busy = sense(w, station, now)
    a.busy_sum += int(1e6 * busy)
    a.busy_count += 1
    a.busy_most = max(a.busy_most, int(1e6 * busy))
    jammed = a.jammed > 0 and is_jammed(w, s.x, s.y)
    decided = 0
    for i in range(found):
        if r.strength[i] < 0:
            continue
        m = r.spoken[r.near[i]]
        kind = r.away[i]
        fate = fate_in(w, station, i, draw(r.keys[r.near[i]] ^ s.hash), now)
        if kind >= a.classes - 1:  # too far away to be asked
            continue
        decided += 1
        if jammed:
            fate = JAMMED
        count_fate(w, station, r.near[i], kind, fate)
        if fate != HEARD:
            continue
        if a.apart or not heard_lately(w, r.near[i], s.block * a.slots):
            r.after[r.near[i] * RECENT] += 1
            take(w, station, m)
    a.decided += decided
    if now >= a.warm:
        count_asked(w, station, decided, True)
    dt = a.frames * FRAME / BEAT
    s.load += (decided / dt - s.load) * min(1.0, dt)
    s.busy += (busy - s.busy) * min(1.0, dt)
