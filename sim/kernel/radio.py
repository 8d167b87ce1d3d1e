"""How messages are said, carried and heard: once a step, on the same loop as the cars.

Everything said within a step is sorted onto a grid; each receiver then looks at the cells around it and decides each
reception by one draw keyed by sender, receiver and number. Who hears remembers of each sender when the newest message
was said, when it is known, and what was known before: drivers read what they know, never the truth.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.choose import FRAME
from sim.kernel.hear import hear, settle
from sim.kernel.memory import sweep
from sim.kernel.order import record
from sim.kernel.receive import receive
from sim.kernel.say import RESOURCES, beats, gather, say, sort


@inline
def tell_apps(w: Any, step: int, now: int) -> None:
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


@inline
def carry(w: Any, step: int) -> None:
    """Say, carry and hear all messages of a step."""
    r, a = w.radio, w.radio.air[0]
    now, end = beats(w, step), beats(w, step + 1)
    gather(w, step, now)
    if a.way == RESOURCES:
        carry_in_parts(w, step, now, end)
    else:
        say(w, now, end)
        sort(w)
        for i in range(a.present):
            if not r.stations[r.on_air[i]].silent:
                hear(w, r.on_air[i])
                sweep(w, r.on_air[i], step)
        settle(w)
    if a.waiting > 0:
        tell_apps(w, step, now)


@inline
def carry_in_parts(w: Any, step: int, now: int, end: int) -> None:
    """Go through a step in parts of some sub-frames: who reserves must know what others have just reserved."""
    r, a = w.radio, w.radio.air[0]
    a.begin = now // FRAME * FRAME
    while a.begin < end:
        until = min(end, a.begin + a.frames * FRAME)
        say(w, now, until)
        sort(w)
        for i in range(a.present):
            if not r.stations[r.on_air[i]].silent:
                receive(w, r.on_air[i], a.begin)
        settle(w)
        a.begin += a.frames * FRAME
    for i in range(a.present):
        sweep(w, r.on_air[i], step)
