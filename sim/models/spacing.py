"""What gap-keeping controllers keep besides their time gap.

Source: Xiao, Wang, van Arem 2017, doi:10.3141/2623-01: none from 15 m/s on, 75/v - 5 m below, up to 2 m.
"""

from __future__ import annotations

from sim.compiled import inline


@inline
def margin(speed: float, minimum_gap: float) -> float:
    """Gap kept besides the time gap: none when fast, the minimum gap when slow [m]."""
    return minimum_gap if speed * (minimum_gap + 5.0) <= 75.0 else max(0.0, 75.0 / speed - 5.0)
