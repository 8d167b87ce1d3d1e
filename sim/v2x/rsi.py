"""What the roadside warns of: events, works, signs.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, Field, Message, place, register

RSI = register(
    Message(
        name="RSI",
        title="what the roadside warns of: events, works, signs",
        sender="roadside",
        fields=(
            *place(),
            Field("kind", "-", 1.0, 0, 65_535),
            Field("radius", "m", 0.1, 0, 65_535),
            Field("speed", "m/s", 0.02, 0, 8190, 8191, optional=True),
            Field("priority", "-", 1.0, 0, 7, optional=True),
        ),
        bits=FRAME + COUNTER + 3 + IDENTITY + PLACE,
        element=296,  # an event with its place, radius, two points of its way and no text; assumed
        elements=(1, 8),
        period=1.0,
        reach=300.0,
        lifetime=10.0,
        trigger="at a fixed rate while something is to be told",
        source="T/CSAE 53-2020, from memory; size of an event assumed",
        twin="DENM, IVIM",
    )
)
