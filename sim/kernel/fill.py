"""What messages say when they are said: as their fields can carry it, by the sender's own clock and position."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sim.compiled import inline
from sim.kernel.clock import clock_of
from sim.kernel.places import astray, fine
from sim.kernel.sense import carry_sensor, list_objects
from sim.kernel.signals import extended, last_seen
from sim.state.air import BEAT, REMEMBERED
from sim.state.arranged import MOST_ORDERS

#: Contents that the kernel fills in; ranks as in `sim.engine.stations.CONTENTS`.
VEHICLE, SIGNAL, OBJECTS, PLACE_TOLD, INTENT, PLATOON, ORDERS, CHART = 1, 2, 3, 4, 5, 6, 7, 8
#: Fineness of what a message can carry; T/CSAE 53-2020, as in `sim.v2x`: 1e-7 degrees of latitude [m]; a share.
PLACE, SPEED, ACCELERATION, TIME, SHARE = 0.0111, 0.02, 0.01, 0.1, 0.005
STALE = 1  # `Streams.flaw`, as in `sim.services.radio_faults`
#: Of a speed in the text of an RSI: whole km/h [m/s].
TEXT = 1.0 / 3.6

#: Step at which a signal changes that a service opens, as in `sim.engine.controls`.
NEVER = np.iinfo(np.int64).max


@inline
def tell_signal(w: Any, c: Any, signal: int) -> None:
    """Write down the phase of a signal, and when it ends: at the earliest, at the latest, probably.

    Of one that a service opens nobody can say when it ends. A fixed programme is sure. A green that detectors extend
    ends in the first step at which nobody was seen for long enough, if nobody comes: that is likely, but no surer than
    the share of its extension that is over.
    """
    g = w.signals[signal]
    phase = w.phases[g.phase]
    c.position = float(g.phase - g.first)
    if g.change == NEVER:
        c.speed, c.acceleration, c.likely, c.confidence = math.nan, math.nan, math.nan, 0.0
        return
    soonest, latest, step = g.change, g.change, w.totals[0].step
    c.likely, c.confidence = float(soonest), 1.0
    if g.actuated and phase.maximum > phase.minimum:
        soonest, latest = max(g.change, step + 1), max(g.change, g.began + phase.maximum)
        last, likely = last_seen(w, signal), soonest
        for _ in range(g.max_gap + 1):
            end = extended(w, signal, likely, last)
            if end <= likely:
                break
            likely = end
        c.likely = float(likely)
        share = (step - g.began - phase.minimum) / (phase.maximum - phase.minimum)
        c.confidence = fine(min(1.0, max(0.0, share)), SHARE)
    tenth = max(1, round(TIME / w.totals[0].dt))  # what a tenth of a second is, if steps are finer
    c.speed, c.acceleration = float(soonest // tenth * tenth), float(-(-latest // tenth) * tenth)


@inline
def tell_intent(w: Any, c: Any, stream: int, when: int) -> bool:
    """Write down what a vehicle asks for, where it merges, whom it lets in; returns whether it still does any of it."""
    f = w.radio.streams[stream]
    s = w.radio.stations[f.station]
    v, p = w.vehicles[s.row], w.radio.pacts[f.station]
    asks = when <= f.about_position
    if not asks and p.meant < 0 and p.admits < 0 and p.crosses < 0:
        f.period = 0
        return False
    c.lane = f.about_lane if asks else -1
    c.position, c.speed = fine(v.position + astray(w, f.station, when), PLACE), fine(v.speed, SPEED)
    c.about, c.to = p.meant + 1, -1 - p.admits
    c.likely, c.confidence = fine((p.meant_at - when) / BEAT, TIME), fine(p.meant_speed, SPEED)
    if p.crosses >= 0 and p.meant < 0 and p.admits < 0:
        c.about, c.acceleration = -1 - p.crosses, fine(p.crosses_time, TIME)
        c.to = 1 + max(0, (p.kept - when) * 10 // BEAT) if p.keeps else 0
        c.likely, c.confidence = fine((p.crosses_at - when) / BEAT, TIME), fine(p.crosses_speed, SPEED)
    return True


@inline
def tell_orders(w: Any, c: Any, stream: int) -> bool:
    """Write down where a unit's orders stand, as put in order before; returns whether there are any."""
    r = w.radio
    f = r.streams[stream]
    unit = r.stations[f.station].arranger
    o = r.arrangers[unit]
    c.lane, c.position = (unit * REMEMBERED + f.number % REMEMBERED) * MOST_ORDERS, float(o.orders)
    f.bytes = o.header + (o.empty + o.element * o.orders + 7) // 8
    return o.orders > 0


@inline
def tell_platoon(w: Any, c: Any, station: int, when: int) -> None:
    """Write down where a vehicle believes to be, who leads its platoon, its place there, whom it asks or lets join."""
    v, p = w.vehicles[w.radio.stations[station].row], w.radio.pacts[station]
    c.lane, c.position, c.speed = v.lane, fine(v.position + astray(w, station, when), PLACE), fine(v.speed, SPEED)
    c.acceleration, c.likely, c.about = fine(v.acceleration, ACCELERATION), float(p.rank), p.lead + 1
    c.to = p.asks + 1 if p.asks >= 0 else -1 - p.lets


@inline
def fill_in(w: Any, stream: int, when: int, now: int, heading: float) -> bool:
    """Write down what a message says; returns whether there is anything to say."""
    r = w.radio
    f = r.streams[stream]
    s = r.stations[f.station]
    row = stream * REMEMBERED + f.number % REMEMBERED
    c = r.contents[row]
    c.said, c.sent, c.step = clock_of(s, when), when, w.totals[0].step
    if f.content == VEHICLE:
        v = w.vehicles[s.row]
        c.lane = v.lane
        c.position = fine(v.position + v.speed * (when - now) / BEAT + astray(w, f.station, when), PLACE)
        c.speed, c.acceleration = fine(v.speed, SPEED), fine(v.acceleration, ACCELERATION)
        if f.triggered:
            f.last_x, f.last_y, f.last_speed, f.last_heading = s.x, s.y, v.speed, heading
    elif f.content == SIGNAL:
        tell_signal(w, c, s.signal)
    elif f.content == OBJECTS:
        if s.departure >= 0:
            carry_sensor(w, f.station, when, heading)
        count, first = list_objects(w, s.sensor, s.patch, f.number, when)
        c.lane, c.position = first, float(count)
        n = r.sensors[s.sensor]
        f.bytes = n.header + (n.empty + n.element * count + 7) // 8
        return count > 0
    elif f.content == INTENT:
        return tell_intent(w, c, stream, when)
    elif f.content == ORDERS:
        return tell_orders(w, c, stream)
    elif f.content == PLATOON:
        tell_platoon(w, c, f.station, when)
    elif f.content == CHART:  # limits and groups are those of the map, unless it is out of date
        c.about, c.speed, c.position = f.flaw, fine(f.about_speed, SPEED), f.about_position
        r.air[0].groupless += f.flaw == STALE and f.about_position < 0.0 and when >= r.air[0].warm
    elif f.content == PLACE_TOLD:
        c.lane, c.position, c.speed = f.about_lane, fine(f.about_position, PLACE), fine(f.about_speed, TEXT)
    return True
