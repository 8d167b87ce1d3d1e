"""Draws about messages, keyed by hashes: in [0, 1), or whole numbers that are compared as such."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.chance import mix
from sim.compiled import inline

U = np.uint64
#: Odd numbers that spread small whole numbers over 64 bits (SplitMix64's, and one of L'Ecuyer's).
SPREAD, OTHER = U(0x9E3779B97F4A7C15), U(0xD1342543DE82EF95)
UNIT = 1.0 / 9007199254740992.0
#: What whole draws of receptions lie below: the share 1 [-].
CERTAIN = 1 << 30


@inline
def draw(hashed: Any) -> float:
    """Draw in [0, 1) of a hash [-]."""
    return float(mix(hashed) >> U(11)) * UNIT


@inline
def lot(hashed: Any) -> int:
    """Whole draw of a hash, from 0 to below `CERTAIN`."""
    return int(mix(hashed) >> U(34))
