"""What SPAT tells of a signal: its phases, which are groups that always show the same, and how many lights of each."""

from __future__ import annotations

import numpy as np

from sim.park.network import Network
from sim.park.signal import Signal

#: Most phases of a SPAT (T/CSAE 53-2020), and lights of one that are told: the present one and the next two; assumed.
PHASES, LIGHTS = 16, 3
#: Signals that services open: when, nobody can say.
OPENED = ("rail", "passage")


def phases_of(signal: Signal) -> np.ndarray:
    """Number of the phase of each group (groups,), from 1 in the order of groups; 0 would mean that it is not known."""
    shown = ["".join(x) for x in zip(*(phase.state for phase in signal.phases), strict=True)]
    if signal.kind in OPENED:
        shown = [str(group) for group in range(len(shown))]
    rank = {letters: i + 1 for i, letters in enumerate(dict.fromkeys(shown))}
    return np.array([rank[letters] for letters in shown])


def lights_of(park: Network, signal: int, junction: int) -> list[tuple[int, bool]]:
    """Of each phase at a junction how many lights are told, and whether also when each of them ends.

    Of what never changes, or nobody can say when, the present light is told, and its end as unknown.
    """
    told, numbers = park.signals[signal], phases_of(park.signals[signal])
    groups = sorted({c.group for c in park.connections if (c.signal, c.junction) == (signal, junction)})
    found: dict[int, tuple[int, bool]] = {}
    for group in groups:
        letters = [phase.state[group] for phase in told.phases]
        changes = sum(letters[i] != letters[i - 1] for i in range(len(letters)))
        timed = changes > 0 and told.kind not in OPENED
        found[int(numbers[group])] = (min(LIGHTS, changes) if timed else 1, timed)
    return [found[number] for number in sorted(found)][:PHASES]
