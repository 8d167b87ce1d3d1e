"""How the roadside orders vehicles: who goes when, how fast, on which lane.

Source: T/CSAE 157-2020, fields as publicly listed, from memory of the standard; size computed from those fields.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, place, register, second

RSC = register(
    Message(
        name="RSC",
        title="how the roadside orders vehicles: who goes when, how fast, on which lane",
        sender="roadside",
        fields=(
            second(),
            *place(),
            Field("speed", "m/s", 0.02, 0, 8190, 8191),
            Field("lane", "-", 1.0, 0, 255),
            Field("begin", "s", 0.1, 0, 65_535),
            Field("end", "s", 0.1, 0, 65_535),
        ),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + 5,
        element=152,  # a vehicle, and what it shall do; assumed
        elements=(0, 16),
        period=0.1,
        reach=300.0,
        lifetime=1.0,
        trigger="when vehicles are to be ordered, then every 0.1 s until they are",
        source="T/CSAE 157-2020, from memory; size from its fields",
        twin="MCM",
    )
)
