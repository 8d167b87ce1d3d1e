"""How messages are said, carried and heard: once a step, on the same loop as the cars.

Everything said within a step is sorted onto a grid; each receiver then looks at the cells around it and decides each
reception by one draw keyed by sender, receiver and number. Who hears remembers of each sender when the newest message
was said, when it is known, and what was known before: drivers read what they know, never the truth.
"""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.hear import hear, settle
from sim.kernel.memory import sweep
from sim.kernel.order import record
from sim.kernel.say import beats, gather, say, sort


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
    say(w, now, end)
    sort(w)
    for i in range(a.present):
        if not r.stations[r.on_air[i]].silent:
            hear(w, r.on_air[i])
            sweep(w, r.on_air[i], step)
    settle(w)
    if a.waiting > 0:
        tell_apps(w, step, now)
