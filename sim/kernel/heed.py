"""What equipped drivers do about what they have heard: the messages they remember, never what is true.

Called for equipped vehicles only, and only where an application runs.
"""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline
from sim.kernel.junction import GREEN_MAJOR, GREEN_MINOR
from sim.kernel.memory import known
from sim.kernel.order import record
from sim.kernel.say import beats
from sim.models.advice.green_wave import advised_speed
from sim.state.air import BEAT
from sim.state.belief import CACC, GREEN_WAVE

#: What is told of when green begins may be so uncertain [s]; assumed: about a start-up lost time. More is no advice.
UNCERTAIN = 3.0
ONE_GREEN_WAVE = 1  # rank in sim.state.belief.ACTING


@inline
def fresh(w: Any, station: int, stream: int, lifetime: float) -> int:
    """Row of `Contents` with what a station knows of a stream, if it is no older than so [s]; else -1."""
    if w.radio.stations[station].block < 0:  # has just set out
        return -1
    now = beats(w, w.totals[0].step)
    row = known(w, station, stream, now)
    if row >= 0 and now - w.radio.contents[row].said <= lifetime * BEAT:
        return row
    return -1


@inline
def hears(w: Any, row: int, leader: int) -> bool:
    """Whether a vehicle has lately heard the one ahead, whom its radar sees."""
    me, other, a = w.vehicles[row], w.vehicles[leader], w.radio.apps[0]
    if me.station < 0 or not w.radio.stations[me.station].uses & CACC:
        return False
    a.cacc_time += 1
    if other.station < 0:
        return False
    linked = fresh(w, me.station, w.radio.stations[other.station].stream, a.cacc_lifetime) >= 0
    a.cacc_linked += linked
    return linked


@inline
def is_green(w: Any, phase: int, group: int) -> bool:
    """Whether a phase lets a group go."""
    letter = w.loose.letters[w.phases[phase].state + group]
    return letter == GREEN_MAJOR or letter == GREEN_MINOR


@inline
def green_times(w: Any, light: int, told: int) -> tuple[float, float]:
    """Time that is left of a light's green for sure (0: not green), and until its next one begins for sure [s].

    As a heard SPAT tells, with the programme that MAP and SPAT carry; inf where that is too uncertain.
    """
    c, t = w.radio.contents[told], w.totals[0]
    signal = w.radio.stations[w.radio.streams[w.radio.heralds[light]].station].signal
    g = w.signals[signal]
    group = light - g.light
    phase = g.first + int(c.position)
    soon, late = (c.speed - t.step) * t.dt, (c.acceleration - t.step) * t.dt
    left = 0.0
    for _ in range(g.end - g.first):
        if not is_green(w, phase, group):
            break
        left = max(0.0, soon)
        phase = w.phases[phase].following
        soon += w.phases[phase].minimum * t.dt
        late += w.phases[phase].maximum * t.dt
    for _ in range(g.end - g.first):
        phase = w.phases[phase].following
        if is_green(w, phase, group):
            return left, max(0.0, late) if late - soon <= UNCERTAIN else math.inf
        soon += w.phases[phase].minimum * t.dt
        late += w.phases[phase].maximum * t.dt
    return left, math.inf


@inline
def note(w: Any, row: int, rank: int, acts: bool) -> None:
    """Count and record each time an application begins to act on a vehicle."""
    r = w.vehicles[row]
    s = w.radio.stations[r.station]
    bit = 1 << rank
    if acts and not s.advised & bit:
        s.advised |= bit
        w.radio.used[rank] += 1
        record(w, w.radio.apps[0].event, r.departure, -1, float(rank), r.lane, r.position)
    elif not acts and s.advised & bit:
        s.advised ^= bit


@inline
def ride(w: Any, row: int, desired: float) -> float:
    """Speed that green wave advises [m/s]; inf: none."""
    r, a = w.vehicles[row], w.radio.apps[0]
    p = w.profiles[r.profile]
    seen = w.lanes[r.lane].length - r.position
    stream = w.radio.heralds[r.ahead_light]
    if seen > a.green_wave_range or stream < 0:
        return math.inf
    told = fresh(w, r.station, stream, a.green_wave_lifetime)
    if told < 0:
        return math.inf
    left, wait = green_times(w, r.ahead_light, told)
    top = max(desired, min(w.lane[r.lane].limit * a.green_wave_factor, p.maximum_speed))
    wait += a.green_wave_margin
    return advised_speed(
        seen, r.speed, desired, top, a.green_wave_minimum, p.acceleration, p.deceleration, left, wait
    )  # fmt: skip


@inline
def heed(w: Any, row: int, desired: float) -> float:
    """Speed that applications advise [m/s]: above the desired one it is a wish, below it a bound; inf: none."""
    r = w.vehicles[row]
    advice = math.inf
    if w.radio.stations[r.station].uses & GREEN_WAVE:
        if r.ahead_light >= 0:
            advice = ride(w, row, desired)
        note(w, row, ONE_GREEN_WAVE, advice < math.inf)
    return advice


@inline
def heeded(w: Any, row: int, desired: float) -> tuple[float, float]:
    """Speed that applications advise (inf: none), and the one desired with it, which they can raise [m/s]."""
    if w.vehicles[row].station < 0 or not w.radio.apps[0].acting:
        return math.inf, desired
    advice = heed(w, row, desired)
    return advice, advice if desired < advice < math.inf else desired


@inline
def slowed(w: Any, row: int, advice: float, wish: float) -> float:
    """Speed no higher than lane changers ask for, and than applications advise, as far as comfortable [m/s]."""
    r = w.vehicles[row]
    if r.advice < advice and w.totals[0].step < r.advice_end:
        advice = r.advice
    if advice < wish:
        wish = max(advice, min(wish, r.speed - w.profiles[r.profile].deceleration * w.totals[0].dt))
    return wish
