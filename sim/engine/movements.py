"""Which movement of the capacity manuals each way over a junction is, for those who choose gaps."""

from __future__ import annotations

from sim.park.classes import class_bits
from sim.park.network import MOVEMENTS, Connection, Network

_RANK = {name: rank for rank, name in enumerate(MOVEMENTS)}
_WALKS = class_bits(("pedestrian", "wheelchair"))
#: Rules under which drivers wait for gaps in streams with priority.
_YIELDS = ("m", "s")


def movements_by_gap(network: Network) -> list[int]:
    """Rank in `MOVEMENTS` of each connection, -1 where nobody chooses gaps between vehicles.

    An approach is major if somebody may go straight on, or turn to the near side, without giving way to vehicles.
    Who leaves a roundabout over its outer lane crosses the way of one who drives beside him: manuals know no gap there.
    """
    waiting = {c.lane for c in network.conflicts if c.yields and network.lanes[c.foe].allowed & ~_WALKS}
    gives = [not waiting.isdisjoint(c.via) for c in network.connections]
    major = {
        network.lanes[c.source].edge
        for c, yields in zip(network.connections, gives, strict=True)
        if c.rule in "Mm" and not yields and c.direction not in "lLt" and c.signal < 0
    }
    return [
        _movement(network, c, network.lanes[c.source].edge in major) if yields else -1
        for c, yields in zip(network.connections, gives, strict=True)
    ]


def _movement(network: Network, c: Connection, major: bool) -> int:
    far, near = ("rR", "lL") if network.left_hand else ("lL", "rR")
    across = c.direction in far or c.direction == "t"
    if c.signal >= 0:
        return _RANK["permitted_left"] if across else -1
    if c.rule not in _YIELDS:
        return -1
    edges = network.edges
    before, behind = (edges[network.lanes[lane].edge] for lane in (c.source, c.target))
    if before.roundabout:
        return -1
    if behind.roundabout:
        return _RANK["roundabout"]
    if across:
        return _RANK["major_left" if major else "minor_left"]
    return _RANK["minor_right" if c.direction in near else "minor_through"]
