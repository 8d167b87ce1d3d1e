"""Where somebody on foot or by bicycle is.

Source: T/CSAE 157-2020, fields as publicly listed, from memory of the standard; size computed from those fields.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, motion, place, register, second

PSM = register(
    Message(
        name="PSM",
        title="where somebody on foot or by bicycle is",
        sender="person",
        fields=(second(), *place(), *motion()[:2], Field("kind", "-", 1.0, 0, 7)),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + 3 + 13 + 15 + 12,
        period=1.0,
        reach=150.0,
        lifetime=2.0,
        source="T/CSAE 157-2020, from memory; size from its fields",
        twin="VAM",
    )
)
