"""What a vehicle means to do, and asks others for.

Source: T/CSAE 157-2020, fields as publicly listed, from memory of the standard; size computed from those fields.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, motion, place, register, second

VIR = register(
    Message(
        name="VIR",
        title="what a vehicle means to do, and asks others for",
        sender="vehicle",
        fields=(second(), *place(), *motion()[:2], Field("until", "s", 0.1, 0, 65_535)),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + 64,
        element=96,  # a request: lane change, way through a junction, priority; assumed
        elements=(0, 8),
        period=0.1,
        reach=300.0,
        lifetime=1.0,
        trigger="when a manoeuvre is meant, then every 0.1 s until it is done",
        source="T/CSAE 157-2020, from memory; size from its fields",
        twin="MCM",
    )
)
