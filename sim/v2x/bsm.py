"""What a vehicle says of itself: where it is and how it moves.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed, from memory of the standard; 36 bytes at least, as
measured with an independent encoder.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Field, Message, motion, place, register, second

#: Gear 3, speed 13, heading 15, accelerations 48, brakes 7, size 23, class 10, and 7 marks of what is left out.
_OWN = 3 + 13 + 15 + 48 + 7 + 23 + 10 + 7

#: What may be left out, in the standard's codes where it has no unit: accuracies (codes of 2020, 0 is nan), events (sum
#: of 2^k of the flags that are set: 0 hazard lights, 2 brakes do not lock, 7 hard braking …), and the way ahead
#: (positive to the right; 3276.7 m: straight). Accuracies of the place go together, radius and its confidence, too.
_MORE = (
    Field("height", "m", 0.05, 1, 127, 0, optional=True),
    Field("wheel_angle", "deg", 1.5, -126, 126, 127, optional=True),
    Field("time_confidence", "-", 1.0, 1, 39, 0, optional=True),
    Field("semi_major", "m", 0.05, 0, 254, 255, optional=True),
    Field("semi_minor", "m", 0.05, 0, 254, 255, optional=True),
    Field("orientation", "deg", 360.0 / 65_535, 0, 65_534, 65_535, optional=True, turn=65_535),
    Field("position_confidence", "-", 1.0, 1, 15, 0, optional=True),
    Field("elevation_confidence", "-", 1.0, 1, 15, 0, optional=True),
    Field("speed_confidence", "-", 1.0, 1, 7, 0, optional=True),
    Field("heading_confidence", "-", 1.0, 1, 7, 0, optional=True),
    Field("wheel_confidence", "-", 1.0, 1, 3, 0, optional=True),
    Field("events", "-", 1.0, 0, 8191, optional=True),
    Field("curve_radius", "m", 0.1, -32_767, 32_767, optional=True),
    Field("curve_confidence", "-", 0.005, 0, 200, optional=True),
)

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
            *_MORE,
        ),
        each=(
            Field("offset_latitude", "deg", 1e-7, -32_768, 32_767),
            Field("offset_longitude", "deg", 1e-7, -32_768, 32_767),
            Field("offset_elevation", "m", 0.1, -2048, 2047, optional=True),
            Field("ago", "s", 0.01, 1, 65_534, 65_535),
        ),
        item="point",
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + _OWN,
        element=66,  # a point of the way driven, with height (up to 6.3 m off)
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
