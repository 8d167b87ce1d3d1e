"""Whom the roadside sees.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, Field, Message, motion, place, register, second

#: Kind 4, number 16, who saw it 4, time 16, offset 36, confidence 5, speed 13, heading 15, size 23, and 7 marks.
_SEEN = 4 + 16 + 4 + 16 + 36 + 5 + 13 + 15 + 23 + 7

RSM = register(
    Message(
        name="RSM",
        title="whom the roadside sees",
        sender="roadside",
        fields=place(),
        each=(
            second(),
            Field("kind", "-", 1.0, 0, 4),
            Field("offset_latitude", "deg", 1e-7, -32_768, 32_767),
            Field("offset_longitude", "deg", 1e-7, -32_768, 32_767),
            *motion()[:2],
            Field("acceleration", "m/s2", 0.01, -2000, 2000, 2001, optional=True),
            Field("width", "m", 0.01, 1, 1023, 0),
            Field("length", "m", 0.01, 1, 4095, 0),
        ),
        item="object",
        bits=FRAME + COUNTER + IDENTITY + PLACE + 4,
        element=_SEEN,
        full=_SEEN + 144,  # and its identity, gear, angle, accuracies, accelerations and class
        more=16,  # height of the place
        elements=(1, 16),
        period=0.1,
        reach=150.0,
        lifetime=1.0,
        source="T/CSAE 53-2020, from memory; 36, 157, 296 bytes with 1, 8, 16 objects as measured",
        twin="CPM",
    )
)
