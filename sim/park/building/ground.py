"""What of a network has been built so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.park.network import Conflict, Connection, Edge, Junction, Lane, Walkway
from sim.park.signal import Signal


@dataclass(slots=True)
class Ground:
    """Parts of a network under construction.

    Args:
        edges: carriageways at first.
        lanes: of these.
        nodes: how many junctions the map itself has.
        ends: further ones, where ways for people on foot end.
    """

    edges: list[Edge]
    lanes: list[Lane]
    nodes: int
    connections: list[Connection] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    signals: list[Signal] = field(default_factory=list)
    walkways: list[Walkway] = field(default_factory=list)
    ends: list[Junction] = field(default_factory=list)
