"""MOBIL: a lane is better if I can accelerate more there, what others lose being weighed by my politeness.

Change if a' - a + p (a'_n - a_n + a'_o - a_o) exceeds a threshold, n being the new follower and o the old one. That the
new follower can bear it is asked apart (`sim.kernel.beside.bears`).

Source: Kesting, Treiber, Helbing 2007, doi:10.3141/1999-10, eqs. 2-3; threshold 0.1 m/s2.
"""

from __future__ import annotations

from sim.compiled import inline

#: What a change must bring at least [m/s2].
THRESHOLD = 0.1


@inline
def incentive(own: float, own_then: float, others: float, others_then: float, politeness: float) -> float:
    """What a change is worth to a driver [m/s2].

    Args:
        own: acceleration on the present lane [m/s2].
        own_then: acceleration after a change [m/s2].
        others: sum of accelerations of both followers now [m/s2].
        others_then: the same after a change [m/s2].
        politeness: weight of the others [-].
    """
    return own_then - own + politeness * (others_then - others)
