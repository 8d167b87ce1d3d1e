"""Which lights a signal shows, and until when.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from dataclasses import replace

from sim.v2x import COUNTER, FRAME, JUNCTION, MINUTE, OF_LIGHT, OF_PHASE, OF_TIMED, Field, Message, register, second

_TIME = ("s", 0.1, 0, 36_000, 36_001)

SPAT = register(
    Message(
        name="SPAT",
        title="which lights a signal shows, and until when",
        sender="roadside",
        fields=(JUNCTION, MINUTE, replace(second(), optional=True)),
        each=(
            Field("phase", "-", 1.0, 0, 255),
            Field("light", "-", 1.0, 0, 8),
            Field("start", *_TIME),
            Field("minimum_end", *_TIME, optional=True),
            Field("maximum_end", *_TIME, optional=True),
            Field("likely_end", *_TIME),
            Field("confidence", "-", 0.005, 0, 200, optional=True),
        ),
        item="light",
        bits=FRAME + COUNTER + 2 + 5 + 4 + 17 + 16 + 4 + 42,  # the last: minute, second and its accuracy
        element=OF_PHASE + OF_LIGHT,  # a phase with its light and the end of it
        full=OF_PHASE + 3 * OF_TIMED,  # with its next two lights, and each one's least and greatest end and confidence
        elements=(1, 16),
        period=0.1,
        reach=150.0,
        lifetime=1.0,
        source="T/CSAE 53-2020, from memory; 43, 149, 284 bytes with 4, 4 x 3, 8 x 3 lights, as measured",
        twin="SPATEM",
    )
)
