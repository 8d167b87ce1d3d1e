"""Which lanes lead where at a junction.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.v2x import COUNTER, FRAME, OFFSETS, Field, Message, Road, Strip, Way, offset, place, register

#: Identity of a node 17, place 64, and 8 marks and counts; of a road: marks 5, the junction it comes from 17, one limit
#: 22, width 15, counts 15; of a lane: marks 7, number 8, width 15, what it allows 12; of a way: marks 3, junction 17,
#: lane 21.
_NODE, _ROAD, _STRIP, _WAY = 17 + 64 + 8, 5 + 17 + 22 + 15 + 15, 7 + 8 + 15 + 12, 3 + 17 + 21
#: A point of a road besides its offset; a movement without its phase; a phase; how many ways there are.
_POINT, _MOVEMENT, _PHASE, _COUNT = 1 + 1 + 3, 1 + 1 + 17, 8, 4


def bits_of(road: Road) -> int:
    """Bits of a road that leads to the junction, in unaligned PER [bit]."""
    points = sum(_POINT + OFFSETS[offset(x)][1] for x in road.points)
    nexts = road.nexts()
    moves = 0 if nexts else -5  # without movements they are not counted either
    moves += sum(_MOVEMENT + _PHASE * (phase >= 0) for _, phase in nexts)
    ways = [way for strip in road.strips for way in strip.ways]
    strips = sum(_STRIP + (_COUNT if strip.ways else 0) for strip in road.strips)
    return _ROAD + points + moves + strips + sum(_WAY + _PHASE * (way.phase >= 0) for way in ways)


def size_of(roads: Sequence[Road]) -> int:
    """Size of a MAP that tells of these roads, without security header [byte]."""
    return -(-(MAP.bits + sum(bits_of(x) for x in roads)) // 8)


#: A small road to a junction with a signal: a lane with two ways on, five points within 364 m; assumed. What a unit
#: says is as long as what the map has there.
_USUAL = Road(1, 16.7, ((32_000, 0),) * 5, (Strip(3.5, (Way(2, 0, 1), Way(3, 1, 1))),))

MAP = register(
    Message(
        name="MAP",
        title="which lanes lead where at a junction",
        sender="roadside",
        fields=(*place(), Field("lane_width", "m", 0.01, 0, 32_767), Field("speed_limit", "m/s", 0.02, 0, 8190, 8191)),
        bits=FRAME + COUNTER + 1 + 5 + _NODE,
        element=bits_of(_USUAL),
        elements=(1, 32),
        period=1.0,
        reach=300.0,
        lifetime=60.0,
        trigger="at a fixed rate; its size is that of what the map has at the junction",
        source="T/CSAE 53-2020, from memory; sizes as its schema gives them",
        twin="MAPEM",
    )
)
