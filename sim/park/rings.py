"""Dual ring programmes (NEMA): phases that follow each other in rings, and barriers that all rings pass together.

Source: FHWA, Signal Timing Manual, 2nd edition (NCHRP report 812), chapters 5 and 7; parameters as in SUMO
documentation, Simulation/NEMA.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

#: Which of two letters of one group is shown where rings differ: the one that comes first.
RANKS = "GgsyuOor"


@dataclass(frozen=True, slots=True)
class RingPhase:
    """What a signal lets go together as one phase of a ring; times in [s].

    Args:
        number: by which rings, barriers and recalls name it.
        state: a letter for each group while it is green.
        minimum: shortest green.
        maximum: longest green; in step with others its share of the cycle without yellow and clearance.
        extension: time without anybody on its detectors that ends its green.
        yellow: time; `red`: all red time behind it.
        called: is served in each round, whoever comes; `whole`: each of its greens lasts the maximum.
    """

    number: int
    state: str
    minimum: float
    maximum: float
    extension: float
    yellow: float
    red: float
    called: bool
    whole: bool

    @property
    def clearance(self) -> float:
        """From the end of green until the next phase of the ring may begin [s]."""
        return self.yellow + self.red


@dataclass(frozen=True, slots=True)
class Rings:
    """How the phases of a signal follow each other.

    Args:
        phases: all there are.
        rings: of each ring, of each side between barriers: places in `phases`, in order; a side may be empty.
        coordinated: places in `phases` of those that are kept in step with the cycle; none: the signal runs free.
        cycle: [s]; of a signal in step.
        by_end: the offset is that of the ends of coordinated greens, not of the first one's beginning.
        fixed: greens in step end at fixed times in the cycle, and may use what others have left over.
        reach: how far before its end somebody is noticed on a lane [m]; `reach_left`: on one that only turns left.
    """

    phases: tuple[RingPhase, ...]
    rings: tuple[tuple[tuple[int, ...], ...], ...]
    coordinated: tuple[int, ...]
    cycle: float
    by_end: bool
    fixed: bool
    reach: float
    reach_left: float

    def _kept(self) -> list[bool]:
        """On which sides of barriers there are coordinated phases."""
        return [any(x in self.coordinated for side in sides for x in side) for sides in zip(*self.rings, strict=True)]

    def ends(self) -> dict[int, float]:
        """Of each phase of a signal in step when it ends at the latest, after the end of coordinated greens [s]."""
        found: dict[int, float] = {}
        for ring in self.rings:
            order = [phase for side in ring for phase in side]
            last = [side[-1] for side, kept in zip(ring, self._kept(), strict=True) if side and kept]
            first = next((i for i, x in enumerate(order) if x in self.coordinated or x in last[:1]), -1)
            time = 0.0
            for phase in order[first + 1 :] + order[: first + 1]:
                before = order[order.index(phase) - 1]
                time += self.phases[before].clearance + self.phases[phase].maximum
                found[phase] = 0.0 if phase == order[first] else time
        return found

    def in_turn(self) -> Iterator[tuple[str, float, float]]:
        """Letters, least and greatest length [s] if the phases of all rings went on together, one after the other."""
        for sides in zip(*self.rings, strict=True):
            for rank in range(max(map(len, sides))):
                here = [self.phases[side[min(rank, len(side) - 1)]] for side in sides if side]
                green = merged([x.state for x in here])
                yellow, red = max(x.yellow for x in here), max(x.red for x in here)
                yield green, max(x.minimum for x in here), max(x.maximum for x in here)
                yield green.replace("G", "y").replace("g", "y"), yellow, yellow
                if red > 0.0:
                    yield "r" * len(green), red, red


def merged(states: list[str]) -> str:
    """What is shown where several rings say something of the same groups."""
    return "".join(min(letters, key=RANKS.index) for letters in zip(*states, strict=True))
