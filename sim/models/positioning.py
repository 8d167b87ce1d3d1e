"""How far a satellite receiver is off, along the road.

Source: assumed: normally distributed, and as slow to change as errors of the atmosphere and of reflections are in a
moving car (some ten seconds).
"""

from __future__ import annotations

import math

from sim.chance import ASTRAY, uniform
from sim.compiled import inline

#: Time after which an error has become another one [s]; assumed.
MEMORY = 10.0


@inline
def normal(first, second):  # type: ignore[no-untyped-def]
    """Standard normal number [-] of two draws in [0, 1) (Box-Muller)."""
    return math.sqrt(-2.0 * math.log(1.0 - first)) * math.cos(2.0 * math.pi * second)


@inline
def stray(seed, key, time):  # type: ignore[no-untyped-def]
    """Error at a time [s] in standard deviations [-]: goes evenly from one draw to the next, a `MEMORY` later."""
    block = int(time // MEMORY)
    share = time / MEMORY - block
    one = normal(uniform(seed, ASTRAY, key, 2 * block), uniform(seed, ASTRAY, key, 2 * block + 1))
    two = normal(uniform(seed, ASTRAY, key, 2 * block + 2), uniform(seed, ASTRAY, key, 2 * block + 3))
    return ((1.0 - share) * one + share * two) / math.sqrt((1.0 - share) * (1.0 - share) + share * share)
