"""Whom a vehicle or the roadside sees, told to others.

Source: T/CSAE 157-2020, fields as publicly listed, from memory of the standard; size computed from those fields.
"""

from __future__ import annotations

from sim.v2x import COUNTER, FRAME, IDENTITY, PLACE, SECOND, Message, motion, place, register, second

SSM = register(
    Message(
        name="SSM",
        title="whom a vehicle or the roadside sees, told to others",
        sender="vehicle",
        fields=(second(), *place(), *motion()[:3]),
        bits=FRAME + COUNTER + IDENTITY + SECOND + PLACE + 40,
        element=210,  # an object with its confidence; assumed
        elements=(1, 16),
        period=0.1,
        reach=300.0,
        lifetime=1.0,
        source="T/CSAE 157-2020, from memory; size from its fields",
        twin="CPM",
    )
)
