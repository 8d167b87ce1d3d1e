"""What hides road users from a sensor above the road: angles that bodies fill, shadows they throw.

Source: plane geometry; heights of bodies assumed.
"""

from __future__ import annotations

import math

from sim.compiled import inline

#: Bodies longer than this [m] are lorries and buses; heights of cars and of those [m], width of bodies [m]; assumed.
LONG, CAR_HEIGHT, LORRY_HEIGHT, WIDTH = 6.5, 1.5, 3.2, 1.9


@inline
def height_of(length):  # type: ignore[no-untyped-def]
    """Height of a body [m] by its length [m]."""
    return LORRY_HEIGHT if length > LONG else CAR_HEIGHT


@inline
def appears(distance, length, turned):  # type: ignore[no-untyped-def]
    """Half of the angle that a body fills [rad]: so far away [m], so long [m], turned so far out of the line [rad]."""
    across = length * abs(math.sin(turned)) + WIDTH * abs(math.cos(turned))
    return math.atan2(0.5 * across, max(distance, 0.5 * across))


@inline
def is_hidden(height, near, near_height, far, far_height):  # type: ignore[no-untyped-def]
    """Whether a sensor at a height [m] cannot see the upper half of a body behind a nearer one, in one line.

    Args:
        height: of the sensor [m].
        near: distance of the nearer body [m].
        near_height: its height [m].
        far: distance of the other body [m].
        far_height: its height [m].
    """
    if near <= 0.0:
        return False
    return height + (near_height - height) * far / near >= 0.5 * far_height
