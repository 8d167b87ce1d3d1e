"""What follows from a message that is heard, and from one that is lost."""

from __future__ import annotations

from typing import Any

from sim.compiled import inline
from sim.kernel.call import tell
from sim.kernel.memory import arrival, count_delay, remember
from sim.kernel.tally import is_counted, tally_fate, through_of
from sim.state.air import DELAYS, THROUGH

RESOURCES = 2  # rank in sim.engine.air.WAYS


@inline
def take(w: Any, station: int, m: Any) -> None:
    """What follows from a reception where each is its own: the first of a pair, one after a loss, through a network."""
    r, a = w.radio, w.radio.air[0]
    before = remember(w, station, m)
    f = r.streams[m.stream]
    if not a.own_times and not f.wakes:
        return
    arrives = arrival(w, station, m.stream, m.number)
    if a.own_times and m.said >= a.warm:
        count_delay(w, int(m.message), arrives - m.said, 1)
        if a.zones > 0:
            r.zone_delays[int(r.stations[station].zone) * DELAYS + min(arrives - m.said, DELAYS - 1)] += 1
            r.through[through_of(w, station) + THROUGH - 1] += arrives - m.said
    if a.way == RESOURCES and (not before or m.number == f.first):
        tell(w, station, m.stream, arrives)


@inline
def count_fate(w: Any, station: int, k: int, kind: int, fate: int) -> None:
    """Count what became of a message at a station, in a class of distance; not of those that are decided apart."""
    if is_counted(w, k):
        tally_fate(w, station, k, kind, fate)
