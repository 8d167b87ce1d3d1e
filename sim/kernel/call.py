"""Event messages: apps are told of the first that gets through to them, and of each that says something new."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.memory import arrival
from sim.kernel.order import record
from sim.kernel.traces import got_through
from sim.state.air import PARTED


@inline
def tell(w: Any, station: int, stream: int, arrives: int) -> None:
    """Note that apps are to be told of a message once it is known."""
    r, a = w.radio, w.radio.air[0]
    if a.waiting >= a.waiting_room:
        a.overflow += 1
        return
    d = r.due[a.waiting]
    d.beat, d.station, d.stream = arrives, station, stream
    a.waiting += 1


@inline
def is_new(w: Any, station: int, stream: int, number: int) -> bool:
    """Whether a message of a stream tells a station something: new content, or none before it got through lately."""
    back = 1
    while back < PARTED and back <= number and not got_through(w, station, stream, number - back):
        back += 1
    return back == PARTED or back > number or number == w.radio.streams[stream].first


@inline
def call(w: Any) -> None:
    """Note which event messages of this step get through to whom, and tell him something."""
    r, a = w.radio, w.radio.air[0]
    calls = 0
    for k in range(a.spoken):
        if r.streams[r.spoken[k].stream].wakes:
            r.near[calls] = k
            calls += 1
    for i in range(a.present):
        station = r.on_air[i]
        for j in range(calls):
            m = r.spoken[r.near[j]]
            if m.station == station or not got_through(w, station, m.stream, m.number):
                continue
            if is_new(w, station, m.stream, m.number):
                tell(w, station, m.stream, arrival(w, station, m.stream, m.number))


@inline
def tell_apps(w: Any, now: int) -> None:
    """Leave a record of each message that has become known to somebody and that apps wait for."""
    r, a = w.radio, w.radio.air[0]
    i, told = 0, 0
    while i < a.waiting and told < w.totals[0].on_road:
        d = r.due[i]
        if d.beat > now:
            i += 1
            continue
        s = r.stations[d.station]
        if s.row >= 0:
            v = w.vehicles[s.row]
            record(w, a.event, s.departure, -1, float(d.stream), v.lane, v.position)
            told += 1
        a.waiting -= 1
        r.due[i] = r.due[a.waiting]
