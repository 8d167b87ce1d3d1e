"""Crossing on foot: whether a gap is long enough, and whether a vehicle is gone before one comes to its path.

Source: critical headway of HCM 7, ch. 20; times to a common area compared as for vehicles.
"""

from __future__ import annotations

from sim.compiled import inline


@inline
def gap_suffices(arrive: float, leave: float, comes: float, gone: float, margin: float) -> bool:
    """Whether one who will be on a crossing until `leave`, and at a vehicle's path from `arrive`, is not in its way.

    Args:
        arrive: from now until at the vehicle's path [s].
        leave: from now until over it [s].
        comes: from now until the vehicle is there [s].
        gone: from now until it has passed [s].
        margin: to set out and to be clear [s].

    Source: critical headway t_c = L / S_p + t_s of HCM 7, eq. 20-77.
    """
    return comes >= leave + margin or gone <= arrive


@inline
def clears_before(way: float, speed: float, rate: float, distance: float, pace: float, margin: float) -> bool:
    """Whether a vehicle has covered its way before one who walks has covered his distance, with a margin [s].

    Args:
        way: until the vehicle is clear of the area [m].
        speed: of the vehicle [m/s].
        rate: at which it may be expected to speed up [m/s2].
        distance: of the one who walks to the area [m].
        pace: of that one [m/s].
        margin: [s].

    Source: times to an area compared, as for vehicles (Erdmann, Krajzewicz 2013, doi:10.1007/978-3-662-45079-6_1).
    """
    time = max(0.0, distance / pace - margin)
    return speed * time + 0.5 * rate * time * time > way
