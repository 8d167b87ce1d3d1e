"""Which lights a signal shows, and until when.

Source: T/CSAE 53-2020 (YD/T 3709-2020), fields as publicly listed; from memory of the standard.
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.v2x import COUNTER, FRAME, Field, Message, register

_TIME = ("s", 0.1, 0, 36_000, 36_001)

#: Bits of a phase without its lights; of a light with how long it lasts probably; of one with its least and greatest
#: end and how sure that is, too.
_PHASE, _LIGHT, _TIMED = 13, 46, 86

SPAT = register(
    Message(
        name="SPAT",
        title="which lights a signal shows, and until when",
        sender="roadside",
        fields=(
            Field("phase", "-", 1.0, 0, 255),
            Field("light", "-", 1.0, 0, 8),
            Field("start", *_TIME),
            Field("minimum_end", *_TIME, optional=True),
            Field("maximum_end", *_TIME, optional=True),
            Field("likely_end", *_TIME),
            Field("confidence", "-", 0.005, 0, 200, optional=True),
        ),
        bits=FRAME + COUNTER + 2 + 5 + 4 + 17 + 16 + 4 + 42,  # the last: minute, second and its accuracy
        element=_PHASE + _LIGHT,  # a phase with its light and the end of it
        full=_PHASE + 3 * _TIMED,  # with its next two lights, and each one's least and greatest end and confidence
        elements=(1, 16),
        period=0.1,
        reach=150.0,
        lifetime=1.0,
        source="T/CSAE 53-2020, from memory; 43, 149, 284 bytes with 4, 4 x 3, 8 x 3 lights, as measured",
        twin="SPATEM",
    )
)


def size_of_lights(phases: Sequence[tuple[int, bool]]) -> int:
    """Size of a SPAT without security header [byte].

    Args:
        phases: of each how many lights are told, and whether also when each ends at the earliest and at the latest.
    """
    bits = (_PHASE + lights * (_TIMED if timed else _LIGHT) for lights, timed in phases)
    return -(-(SPAT.bits + sum(bits)) // 8)
