"""What the roadside warns of: events, works, signs.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from sim.v2x import COUNTER, EVENTS_TOLD, FRAME, IDENTITY, MINUTE, PLACE, Field, Message, place, register

#: Number 8, kind 16, who saw it 4, place 36, radius 16, text 31, times 49, priority 8, two points 96, confidence 8,
#: marks 9.
_EVENT = 8 + 16 + 4 + 36 + 16 + 31 + 49 + 8 + 96 + 8 + 9

RSI = register(
    Message(
        name="RSI",
        title="what the roadside warns of: events, works, signs",
        sender="roadside",
        fields=(
            MINUTE,
            *place(),
        ),
        each=(
            Field("kind", "-", 1.0, 0, 65_535),
            Field("radius", "m", 0.1, 0, 65_535),
            Field("speed", "m/s", 1.0 / 3.6, 0, 999),
            Field("priority", "-", 1.0, 0, 7, optional=True),
            Field("offset_latitude", "deg", 1e-7, -32_768, 32_767),
            Field("offset_longitude", "deg", 1e-7, -32_768, 32_767),
        ),
        item="event",
        bits=FRAME + COUNTER + 3 + 20 + IDENTITY + PLACE + EVENTS_TOLD,  # 20: minute of the year
        element=_EVENT,  # within 364 m of the unit; its text, of three letters, is the speed that is advised [km/h]
        elements=(1, 8),
        period=1.0,
        reach=300.0,
        lifetime=10.0,
        trigger="at a fixed rate while something is to be told: an event each, or up to 16 signs in one",
        source="T/CSAE 53-2020, from memory; 56 bytes with an event as measured, by our schema",
        twin="DENM, IVIM",
    )
)
