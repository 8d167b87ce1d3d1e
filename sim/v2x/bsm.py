"""What a vehicle says of itself: where it is and how it moves.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed, from memory of the standard; 36 bytes at least, as
measured with an independent encoder.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, motion, place, register, second

#: Gear 3, speed 13, heading 15, accelerations 48, brakes 7, size 23, class 10, and 7 marks of what is left out.
_OWN = 3 + 13 + 15 + 48 + 7 + 23 + 10 + 7

BSM = register(
    Message(
        name="BSM",
        title="where a vehicle is and how it moves",
        sender="vehicle",
        fields=(
            second(),
            *place(),
            *motion(),
            Field("width", "m", 0.01, 1, 1023, 0),
            Field("length", "m", 0.01, 1, 4095, 0),
        ),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + _OWN,
        element=66,  # a point of the way driven, with height
        more=89 + 13 + 39,  # accuracies, height, angle; frame of the points; events and the way ahead
        elements=(0, 23),
        period=0.1,
        reach=300.0,
        lifetime=1.0,
        trigger="at a fixed rate, or after 4 m, 0.5 m/s or 4 degrees, every 0.1 to 1 s",
        source="T/CSAE 53-2020, from memory; sizes measured with an independent encoder",
        twin="CAM",
    )
)
