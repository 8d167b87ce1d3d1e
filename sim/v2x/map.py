"""Which lanes lead where at a junction.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, Field, Message, place, register

MAP = register(
    Message(
        name="MAP",
        title="which lanes lead where at a junction",
        sender="roadside",
        fields=(*place(), Field("lane_width", "m", 0.01, 0, 32_767), Field("speed_limit", "m/s", 0.02, 0, 8190, 8191)),
        bits=FRAME + COUNTER + 1 + 5 + 120,
        element=440,  # a road that leads in, with its lanes, their ways on and five points; assumed
        elements=(1, 32),
        period=1.0,
        reach=300.0,
        lifetime=60.0,
        source="T/CSAE 53-2020, from memory; about 412 to 1,026 bytes with eight to eighteen roads",
        twin="MAPEM",
    )
)
