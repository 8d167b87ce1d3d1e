"""Everybody in range hears everything at once.

Source: none needed: the upper bound that the other rungs are held against.
"""

from __future__ import annotations

from sim.models.radio import RADIO, Air, Rung, flat, never_busy


def _at_once(air: Air) -> tuple[float, float]:
    return 0.0, 0.0


RADIO.named("ideal")(Rung(lambda air, d, load, sight: flat(Air(), d, load, sight), never_busy, _at_once))
