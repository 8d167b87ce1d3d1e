"""What event messages tell, and the board on which a run keeps what is said by which stream."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.state.roadside import HAZARD

#: Rank of a list of signs among `sim.engine.stations.CONTENTS`, and the application's name under which they are told.
SIGNS, SIGNAGE = 9, "signage"


@dataclass(frozen=True, slots=True)
class Told:
    """What an event message says: about what, on which lane, from where to where, and how fast one should be there.

    Args:
        about: name of the application that speaks.
        lane: index; it stands for all lanes of its edge.
        begin: on the lane [m].
        end: on the lane [m].
        speed: advised, or the limit [m/s].
        until: time of the clock up to which it holds [s]; inf: as long as it is said, or longer.
        what: a hazard or, of signs, a limit or that one keeps one's lane; as in `sim.state.roadside`.
        alone: it holds on that lane only.
    """

    about: str
    lane: int
    begin: float
    end: float
    speed: float
    until: float = math.inf
    what: int = HAZARD
    alone: bool = False

    @property
    def topic(self) -> tuple[int, float, int]:
        """What is replaced by the next thing told about it: of a lane one hazard, and each sign by its place."""
        return (self.lane, self.begin if self.what != HAZARD else 0.0, self.what)


@dataclass(slots=True)
class Board:
    """What streams of event messages say now, and who has taken which; shared by all stations of a run."""

    said: dict[int, tuple[Told, ...]] = field(default_factory=dict)
    taken: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Found:
    """Something that happened near the roadside: where."""

    lane: int
    position: float
