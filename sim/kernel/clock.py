"""What a station takes the time to be: clocks that run ahead, behind, or drift."""

from __future__ import annotations

import math
from typing import Any

from sim.compiled import inline


@inline
def is_right(s: Any) -> bool:
    """Whether a station's clock is right now."""
    return s.ahead == 0.0 and s.drift == 0.0


@inline
def clock_of(s: Any, when: int) -> int:
    """What a station's clock says [beats]."""
    return when if is_right(s) else when + math.floor(s.ahead + s.drift * (when - s.since) + 0.5)
