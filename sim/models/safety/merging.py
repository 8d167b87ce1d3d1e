"""How near two on merging paths are to touching, both keeping their speeds.

Their ways to the common end tell who leads and the gap between them as if they were on one lane. They touch when that
gap is used up, but not before both are where the paths have come together.

Source: projection to the merge point as in the documentation of SUMO's SSM device (merging situations); the gap then
obeys Hayward 1972 and FHWA-RD-03-050 as for one who follows.
"""

from __future__ import annotations

import math

from sim.compiled import inline


@inline
def time_to_collision(gap: float, closing: float, together: float) -> float:
    """Time until follower and leader touch [s]; inf if they do not.

    `gap` [m] is taken along the ways to the common end (negative: beside each other), `together` [s] the time until
    both are in the merging area.
    """
    if gap <= closing * together:
        return together
    if closing <= 0.0:
        return math.inf
    return gap / closing


@inline
def deceleration_to_avoid(
    gap: float, closing: float, together: float, distance: float, speed: float, reaction: float
) -> float:
    """Constant deceleration of the follower, after a reaction time, that just avoids touching [m/s2].

    `distance` [m] is the follower's way to the merging area, where he may stop instead; inf if no braking avoids it.
    """
    room = gap - closing * reaction
    time = together - reaction
    if closing <= 0.0 and gap > closing * together:
        return 0.0
    if time <= 0.0 and gap < closing * together:  # they touch before he reacts
        return math.inf
    if room > 0.0 and 2.0 * room >= closing * time:  # still closing in when both are there: as one who follows
        return closing * closing / (2.0 * room)
    if time <= 0.0:
        return math.inf
    needed = 2.0 * (closing - room / time) / time
    if needed * time <= speed:
        return needed
    before = distance - speed * reaction
    if before <= 0.0:
        return math.inf
    return speed * speed / (2.0 * before)
