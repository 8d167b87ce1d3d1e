"""Whether somebody who comes towards one who turns left leaves him too little time.

Source: T/CSAE 53-2020, left turn assist, from memory; times as of post-encroachment time (Allen et al. 1978).
"""

from __future__ import annotations

from sim.compiled import inline


@inline
def bars_turn(
    distance: float, speed: float, acceleration: float, length: float, begin: float, end: float, margin: float
) -> bool:
    """Whether one is in somebody's way from `begin` to `end` [s from now], with a margin behind [s].

    Args:
        distance: of his front to where paths cross [m].
        speed: his, as told [m/s].
        acceleration: his, as told [m/s2]: who brakes so that he stops before does not come.
        length: of his body and the crossing area [m].
        margin: least time from one's being gone to his coming [s].
    """
    if distance <= -length or speed <= 0.0:
        return False
    if acceleration < 0.0 and speed * speed < -2.0 * acceleration * distance:
        return False
    comes, gone = distance / speed, (distance + length) / speed
    return gone > begin and comes < end + margin
