"""How near two on crossing paths are to being in the area where their paths cross at once, both keeping their speeds.

Who gets there first clears the area at some time; the second collides if he enters before. His time to collision is his
time to the area; the deceleration that avoids it lets him enter when the first has just left, or stops him before it.

Source: documentation of SUMO's SSM device (crossing situations); Gettman, Head 2003, FHWA-RD-03-050.
"""

from __future__ import annotations

import math

from sim.compiled import inline


@inline
def arrival(distance: float, speed: float) -> float:
    """Time to cover a distance at a speed [s]; 0 if it lies behind, inf if he stands before it."""
    if distance <= 0.0:
        return 0.0
    if speed <= 0.0:
        return math.inf
    return distance / speed


@inline
def time_to_collision(enter: float, first_leaves: float) -> float:
    """Time until the second enters an area that the first has not left [s]; inf if it is clear by then."""
    if first_leaves > enter:
        return enter
    return math.inf


@inline
def deceleration_to_avoid(distance: float, speed: float, first_leaves: float, reaction: float) -> float:
    """Constant deceleration of the second, after a reaction time, that just avoids entering too early [m/s2].

    `distance` is his way to the area [m], `first_leaves` the time until it is clear [s]; inf if no braking avoids it.
    """
    if speed <= 0.0 or speed * first_leaves <= distance:
        return 0.0
    room = distance - speed * reaction
    if room <= 0.0:
        return math.inf
    time = first_leaves - reaction
    if 2.0 * room >= speed * time:
        return 2.0 * (speed * time - room) / (time * time)
    return speed * speed / (2.0 * room)
