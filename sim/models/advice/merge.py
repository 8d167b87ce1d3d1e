"""How hard to brake so that somebody who merges has room before one.

Who merges and who drives on the main road are put in the order in which they come to the place where the ways meet; who
comes second is a gap in time behind, as behind a vehicle that is already there.

Source: virtual vehicles, Uno, Sakaguchi, Tsugawa 1999, doi:10.1109/ITSC.1999.821160, from memory; surveyed by
Rios-Torres, Malikopoulos 2017, doi:10.1109/TITS.2016.2600504.
"""

from __future__ import annotations

from sim.compiled import inline
from sim.models.advice.passage import braking_to_be_at


@inline
def braking_to_let_in(way: float, speed: float, comes: float, comes_speed: float, length: float, gap: float) -> float:
    """How hard to brake evenly so as to be behind somebody where ways meet [m/s2]; 0: not at all.

    Args:
        way: own way to where ways meet [m].
        speed: own [m/s].
        comes: time until he is there [s].
        comes_speed: his speed there [m/s].
        length: of his body and the gap at rest [m].
        gap: in time between his rear and me [s].
    """
    time = max(0.0, comes) + length / max(comes_speed, 1.0) + gap
    return braking_to_be_at(way, speed, time)


@inline
def falls_behind(way: float, speed: float, braking: float, comes: float, comes_speed: float) -> bool:
    """Whether somebody who brakes no harder than told stays behind one who is at a place before him.

    Args:
        way: of who brakes, to be behind the other one's rear there [m].
        speed: his [m/s].
        braking: his [m/s2].
        comes: time until the other one's rear is there [s].
        comes_speed: the other one's speed then [m/s].
    """
    if speed <= comes_speed:
        return speed * comes <= way
    time = (speed - comes_speed) / braking  # to be as slow
    if time <= comes:
        return speed * time - 0.5 * braking * time * time + comes_speed * (comes - time) <= way
    then = speed - braking * comes
    nearer = speed * comes - 0.5 * braking * comes * comes
    return nearer + 0.5 * (then - comes_speed) * (then - comes_speed) / braking <= way
