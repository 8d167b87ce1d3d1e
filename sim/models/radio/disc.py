"""Everybody in range hears all but a flat share, after a delay.

Cells (`radio.cells`) may have delays, losses and a capacity of their own.

Source: radius and delay as in Eclipse MOSAIC's simple network simulator (509.4 m, 0.4 to 2.4 ms).
"""

from __future__ import annotations

from sim.models.radio import RADIO, Air, Rung, flat, never_busy

#: Delay where none is given [s].
LOW, HIGH = 0.4e-3, 2.4e-3


def _delay(air: Air) -> tuple[float, float]:
    return (air.low, air.high) if air.high >= 0.0 else (LOW, HIGH)


RADIO.named("disc")(Rung(flat, never_busy, _delay, cells=True))
