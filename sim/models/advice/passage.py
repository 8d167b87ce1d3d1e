"""When to be at a junction so that nobody need stop there: gentle braking to be at a line no sooner than told.

Source: T/CSAE 157-2020, cooperative intersection passing, from memory: the roadside orders, vehicles adapt their speed;
order kept as by right of way, and changed only where it saves more time than it costs: assumed, as a reservation
that never serves first come, first served (Dresner, Stone 2008, doi:10.1613/jair.2502) against priority.
"""

from __future__ import annotations

import math

from sim.compiled import inline


@inline
def braking_to_be_at(way: float, speed: float, time: float) -> float:
    """How hard to brake evenly so as to be at a line no sooner than told [m/s2]; 0: not at all.

    Args:
        way: to the line [m].
        speed: own [m/s].
        time: from now [s].

    Source: motion at constant acceleration.
    """
    if way <= 0.0 or speed * time <= way:
        return 0.0
    hard = 2.0 * (speed * time - way) / (time * time)
    if hard * time > speed:  # comes to a stand before
        hard = 0.5 * speed * speed / way
    return hard


@inline
def share_of_time(way: float, whole: float) -> float:
    """Share of the time for a whole way after which a part of it is covered by one who sets off from rest [-].

    Args:
        way: the part [m].
        whole: [m].

    Source: motion at constant acceleration.
    """
    return math.sqrt(min(1.0, max(0.0, way) / max(whole, 0.1)))
