"""Roads with room for one vehicle that both directions share: how, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Passing:
    """How a road with room for one vehicle is shared by both directions.

    Args:
        control: courtesy (first come, first served), priority (of one direction), signal (alternating), or request
            (asked for and granted by radio).
        first: direction that has priority, or gets the first green: along the drawing or against it.
        batch: most vehicles one behind the other while somebody waits on the other side.
        green: of the alternating signal, each way [s].
        patience: waiting time after which a direction without priority is let go [s].
        sight: how far one sees along the road [m]; one is not longer between two places to pass.
        bays: places to pass within the road; None: as many as the control needs.
        bay: their length [m].
        mouth: length of the piece at each end on which one waits [m].

    Source: assumed.
    """

    control: Literal["courtesy", "priority", "signal", "request"]
    first: Literal["forward", "backward"] = "forward"
    batch: int = 6
    green: float = 20.0
    patience: float = 60.0
    sight: float = 150.0
    bays: int | None = None
    bay: float = 30.0
    mouth: float = 30.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A road that both directions share, strip by strip, with places to wait between and at the ends.

    Args:
        id: of the road.
        strips: edge along the drawing and edge against it of each shared strip, in the order of the drawing.
    """

    id: str
    passing: Passing
    strips: tuple[tuple[int, int], ...]
