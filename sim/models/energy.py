"""What power a vehicle's wheels need, per mass; braking gives nothing back.

Source: vehicle specific power on a level road, Jimenez-Palacios 1999, Understanding and quantifying motor vehicle
emissions with vehicle specific power and TILDAS remote sensing (thesis, MIT); its coefficients from memory, those
of light vehicles for all.
"""

from __future__ import annotations

from sim.compiled import inline


@inline
def specific_power(speed: float, acceleration: float) -> float:
    """Power at the wheels [W/kg]; 0 when braking and when standing."""
    return max(0.0, speed * (1.1 * acceleration + 0.132 + 0.000302 * speed * speed))
