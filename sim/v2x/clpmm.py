"""What a vehicle says of its platoon: who leads it, its own place, whom it asks or lets join.

Source: T/CSAE 157-2020, platooning management, fields as publicly listed, from memory of the standard; size computed
from those fields.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, motion, place, register, second

CLPMM = register(
    Message(
        name="CLPMM",
        title="who leads a platoon, the own place in it, whom one asks or lets join",
        sender="vehicle",
        fields=(
            second(),
            *place(),
            *motion()[:3],
            Field("role", "-", 1.0, 0, 7),
            Field("status", "-", 1.0, 0, 7),
            Field("rank", "-", 1.0, 0, 31),
        ),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + 13 + 15 + 12 + 2 * IDENTITY + 3 + 3 + 5,
        element=IDENTITY,  # a member, in the order of the platoon
        elements=(0, 31),
        period=0.1,
        reach=300.0,
        lifetime=1.0,
        source="T/CSAE 157-2020, from memory; size from its fields",
        twin="platooning control message of ENSEMBLE",
    )
)
