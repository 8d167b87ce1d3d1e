"""Which lanes lead where at a junction.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, JUNCTION, NODE, Field, Message, Road, Strip, Way, bits_of, place, register

#: A small road to a junction with a signal: a lane with two ways on, five points within 364 m; assumed. What a unit
#: says is as long as what the map has there.
_USUAL = Road(1, 16.7, ((32_000, 0),) * 5, (Strip(3.5, (Way(2, 0, 1), Way(3, 1, 1))),))

MAP = register(
    Message(
        name="MAP",
        title="which lanes lead where at a junction",
        sender="roadside",
        fields=(JUNCTION, *place()),
        each=(Field("lane_width", "m", 0.01, 0, 32_767), Field("speed_limit", "m/s", 0.02, 0, 8190, 8191)),
        item="road",
        bits=FRAME + COUNTER + 1 + 5 + NODE,
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
