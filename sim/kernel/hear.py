"""What becomes of each message at each receiver within range."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.at_once import hear_all
from sim.kernel.draws import lot
from sim.kernel.memory import count_delay, count_gap
from sim.kernel.nearby import count_near, look_around, weigh_near
from sim.kernel.network import fate_down
from sim.kernel.outcome import count_fate, take
from sim.kernel.pairs import heard_lately
from sim.kernel.places import in_sight, is_jammed
from sim.kernel.tally import HEARD, JAMMED, count_asked, count_passed
from sim.kernel.traces import between, fate_of, leave_trace, set_limits
from sim.state.air import FORGED, RECENT, REMEMBERED, STALE


@inline
def busy_at(w: Any, load: float) -> float:
    """How busy the channel is that bears such a load; counted."""
    r, a = w.radio, w.radio.air[0]
    low, share = between(w, load)
    busy = int(1e6 * ((1.0 - share) * r.occupied[low] + share * r.occupied[low + 1]))
    a.busy_sum += busy
    a.busy_count += 1
    a.busy_most = max(a.busy_most, busy)
    return 1e-6 * busy


@inline
def hear(w: Any, station: int, step: int, measured: bool) -> None:
    """Let a station take note of how much is said around it; who counts decides every reception.

    Args:
        measured: behind the warm-up.
    """
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    s.busy = busy_at(w, s.load)
    jammed = a.jammed > 0 and is_jammed(w, s.x, s.y)
    leave_trace(w, station, step, jammed)
    if s.counts and not (a.apart or jammed or a.each):
        found = hear_all(w, station)
    else:
        found = count_near(w, station) - s.uttered
        if s.counts:
            hear_each(w, station, jammed)
    a.decided += found
    if a.weighed:
        r.ends[2 * s.zone + 1].offered += weigh_near(w, station)
    if measured:
        count_asked(w, station, found - s.told, s.counts)
    s.told = 0
    dt = w.totals[0].dt
    s.load += (found / dt - s.load) * min(1.0, dt)


@inline
def hear_each(w: Any, station: int, jammed: bool) -> None:
    """Decide the receptions of one station one after the other."""
    r, a = w.radio, w.radio.air[0]
    s = r.stations[station]
    found = look_around(w, station, a.range)
    set_limits(w, s.load)
    near, kinds, spoken, limits = r.near, r.away, r.spoken, r.limits
    mine, first, apart, sights, zones = s.hash, s.block * a.slots, a.apart, a.sights, a.zones
    for i in range(found):
        m = spoken[near[i]]
        if m.station == station:
            continue
        kind = kinds[i]
        if sights > 1:
            kind += in_sight(w, s.patch, r.stations[m.station].patch) * a.classes
        chance = lot(r.keys[near[i]] ^ mine)
        if apart and r.cut[near[i]] != 0:
            count_fate(w, station, near[i], kinds[i], r.cut[near[i]])
            continue
        if jammed:
            count_fate(w, station, near[i], kinds[i], JAMMED)
            continue
        if zones > 0 and (r.stations[m.station].zone | s.zone) != 0:
            fate = fate_down(w, r.stations[m.station].zone, s.zone, w.totals[0].step, chance)
            if fate != HEARD:
                count_fate(w, station, near[i], kinds[i], fate)
                continue
        elif chance >= limits[kind]:
            count_fate(w, station, near[i], kinds[i], fate_of(w, kind, chance))
            continue
        count_fate(w, station, near[i], kinds[i], HEARD)
        if apart or not heard_lately(w, near[i], first):
            r.after[near[i] * RECENT] += 1
            take(w, station, m)


@inline
def settle(w: Any) -> None:
    """Count what all receivers of a message have in common: its delay, and the time since those before."""
    r, a = w.radio, w.radio.air[0]
    count_passed(w)
    for k in range(a.spoken):
        m = r.spoken[k]
        if m.said < a.warm:
            continue
        heard = 0
        for i in range(RECENT):
            heard += r.after[k * RECENT + i]
        if heard == 0:
            continue
        if m.flaw != 0 and m.station >= a.apart_told:
            a.stale += heard if m.flaw == STALE else 0
            a.forged += heard if m.flaw == FORGED else 0
        if a.own_times:
            continue
        count_delay(w, int(m.message), m.arrives - m.said, heard)
        count_gap(w, int(m.message), m.before, m.arrives, m.aged, r.after[k * RECENT + 1])
        for since in range(2, RECENT):
            times = r.after[k * RECENT + since]
            if times > 0:
                last = r.contents[m.stream * REMEMBERED + (m.number - since) % REMEMBERED]
                count_gap(w, int(m.message), last.arrives, m.arrives, last.arrives - last.sent, times)
