"""What is said, one message a file: fields as the standard carries them, size, rhythm, who says it and to whom.

Names and fields follow T/CSAE 53-2020 (YD/T 3709-2020) and, of phase II, T/CSAE 157-2020; no text of a standard was at
hand, so every message tells in its source how far it was checked. A value is quantised when it is said: `Field.carried`
is what a receiver reads.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.registry import Registry


@dataclass(frozen=True, slots=True)
class Field:
    """A number or a choice in a message.

    Args:
        unit: SI unit, `deg`, or `-`.
        resolution: what one count stands for, in `unit`.
        low: least count that means a value.
        high: greatest such count.
        unknown: count that means "not available"; None if there is none.
        optional: whether a message may leave it out.
        turn: counts of a whole turn, of an angle; 0: it does not begin anew.
    """

    name: str
    unit: str
    resolution: float
    low: int
    high: int
    unknown: int | None = None
    optional: bool = False
    turn: int = 0

    @property
    def bits(self) -> int:
        """Bits of the field in unaligned PER: those of its range, the mark for "not available" among it [bit]."""
        counts = [self.low, self.high] + ([] if self.unknown is None else [self.unknown])
        return (max(counts) - min(counts)).bit_length()

    def count(self, value: float) -> int:
        """Whole number that is sent for a value in `unit`; what is not finite is sent as not available.

        Angles go round; else what is beyond the range is sent as its end.

        Raises:
            ValueError: not finite, and the field has no mark for that.
        """
        if not math.isfinite(value):
            if self.unknown is None:
                raise ValueError(f"{self.name} cannot say {value}: the standard has no mark for it")
            return self.unknown
        count = round(value / self.resolution)
        return count % self.turn if self.turn else min(self.high, max(self.low, count))

    def value(self, count: int) -> float:
        """What a receiver reads of a count, in `unit`; nan if it means "not available"."""
        return math.nan if count == self.unknown else count * self.resolution

    def carried(self, value: float) -> float:
        """What is left of a value on its way through the field, in `unit`."""
        return self.value(self.count(value))


@dataclass(frozen=True, slots=True)
class Message:
    """A kind of message.

    Args:
        title: what it is for, in a line.
        sender: `vehicle`, `roadside` or `person`.
        fields: numbers of the message, and of an element of its list where `each` is empty.
        each: numbers of one element of its list.
        item: what such an element is.
        bits: bits that every message has, in unaligned PER, frame included [bit].
        element: bits of one element of its list [bit]; 0: it has none.
        elements: how many elements its list may hold, least and most.
        full: bits of an element that says all it may [bit]; 0: as `element`.
        more: bits that come besides, once, where elements say all they may [bit].
        period: [s] between two of a sender; 0: only when something happens.
        reach: [m] that its applications need.
        lifetime: [s] after which what it says is not believed any more.
        source: where this is from, and how far it was checked.
        trigger: when it is said, in words.
        twin: what ETSI calls the like.
    """

    name: str
    title: str
    sender: str
    fields: tuple[Field, ...]
    bits: int
    period: float
    reach: float
    lifetime: float
    source: str
    each: tuple[Field, ...] = ()
    item: str = ""
    element: int = 0
    elements: tuple[int, int] = (0, 0)
    full: int = 0
    more: int = 0
    trigger: str = "at a fixed rate"
    twin: str = ""

    def size(self, elements: int | None = None, full: bool = False) -> int:
        """Size on the application layer, without security header [byte].

        Args:
            elements: how many elements its list holds; by default the least it may.
            full: whether they say all they may.

        Raises:
            ValueError: the list cannot hold so many.
        """
        low, high = self.elements
        count = low if elements is None else elements
        if not low <= count <= high:
            raise ValueError(f"{self.name} holds {low} to {high} elements, not {count}")
        told = self.more + (self.full or self.element) * count if full else self.element * count
        return -(-(self.bits + told) // 8)

    def field(self, name: str) -> Field:
        """A field by name; KeyError if there is none."""
        return {x.name: x for x in (*self.fields, *self.each)}[name]

    def carried(self, values: Mapping[str, float]) -> dict[str, float]:
        """What a receiver reads of what was to be said; KeyError for a field the message does not have."""
        return {name: self.field(name).carried(value) for name, value in values.items()}


MESSAGES: Registry[Message] = Registry("message")


def register(message: Message) -> Message:
    """Register a message under its name in small letters, which is that of its file."""
    MESSAGES.named(message.name.lower())(message)
    return message


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a lane over a junction, as MAP tells it: junction that comes next, lane there, phase (-1: none)."""

    to: int
    lane: int
    phase: int = -1


@dataclass(frozen=True, slots=True)
class Strip:
    """A lane that leads to a junction, as MAP tells it: its width [m], and its ways over the junction."""

    width: float
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Road:
    """A road that leads to a junction, as MAP tells it.

    Args:
        start: junction that it comes from.
        speed: limit [m/s].
        points: of its centre line, off the junction: latitudes and longitudes [1e-7 deg], two to 31.
        strips: from the kerb.
    """

    start: int
    speed: float
    points: tuple[tuple[int, int], ...]
    strips: tuple[Strip, ...]

    def nexts(self) -> dict[tuple[int, int], None]:
        """Junctions that one comes to from here, each with the phase for it, as often as they differ."""
        return {(way.to, way.phase): None for strip in self.strips for way in strip.ways}


#: How an offset of a place is told: the first way that carries it; counts from -n to n - 1, and its bits.
OFFSETS = ((2048, 24), (8192, 28), (32_768, 32), (131_072, 36), (2_097_152, 44), (8_388_608, 48))


def offset(point: tuple[int, int]) -> int:
    """Rank in `OFFSETS` of the way to tell an offset, the last one if none carries it."""
    wide = (i for i, (most, _) in enumerate(OFFSETS) if all(-most <= x < most for x in point))
    return next(wide, len(OFFSETS) - 1)


#: Identity of a node 17, place 64, and 8 marks and counts; of a road: marks 5, the junction it comes from 17, one limit
#: 22, width 15, counts 15; of a lane: marks 7, number 8, width 15, what it allows 12; of a way: marks 3, junction 17,
#: lane 21.
NODE, _ROAD, _STRIP, _WAY = 17 + 64 + 8, 5 + 17 + 22 + 15 + 15, 7 + 8 + 15 + 12, 3 + 17 + 21
#: How many roads a node tells of; without any it does not say so.
_ROADS = 5
#: A point of a road besides its offset; a movement without its phase; a phase; how many ways there are.
_POINT, _MOVEMENT, _PHASE, _COUNT = 1 + 1 + 3, 1 + 1 + 17, 8, 4


def bits_of(road: Road) -> int:
    """Bits of a road that leads to the junction, in unaligned PER [bit]."""
    points = sum(_POINT + OFFSETS[offset(x)][1] for x in road.points)
    nexts = road.nexts()
    moves = 0 if nexts else -5  # without movements they are not counted either
    moves += sum(_MOVEMENT + _PHASE * (phase >= 0) for _, phase in nexts)
    ways = [way for strip in road.strips for way in strip.ways]
    strips = sum(_STRIP + (_COUNT if strip.ways else 0) for strip in road.strips)
    return _ROAD + points + moves + strips + sum(_WAY + _PHASE * (way.phase >= 0) for way in ways)


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign, as RSI tells it.

    Args:
        kind: its number in GB 5768.2; 0: the text says it.
        text: what it says, in ASCII.
        points: where one passes it and where it ends to hold, off the unit: latitude and longitude [1e-7 deg].
        radius: beside the way between them, where it holds [m].
        start: minute of the year from which on it holds; 527,040: not told.
        end: minute of the year up to which; None: for good.
        priority: 0 to 7.
    """

    kind: int
    text: str
    points: tuple[tuple[int, int], tuple[int, int]]
    radius: float
    start: int = 527_040
    end: int | None = None
    priority: int = 0


#: Of an RSI: how many events it holds; a list that is empty is not there.
EVENTS_TOLD = 3
#: Bits of a phase of SPAT without its lights; of a light with how long it lasts probably; of one with its least and
#: greatest end and how sure that is, too.
OF_PHASE, OF_LIGHT, OF_TIMED = 13, 46, 86


def size_of_lights(phases: Sequence[tuple[int, bool]]) -> int:
    """Size of a SPAT without security header [byte].

    Args:
        phases: of each how many lights are told, and whether also when each ends at the earliest and at the latest.
    """
    bits = (OF_PHASE + lights * (OF_TIMED if timed else OF_LIGHT) for lights, timed in phases)
    return -(-(MESSAGES["spat"].bits + sum(bits)) // 8)


def size_of(roads: Sequence[Road]) -> int:
    """Size of a MAP that tells of these roads, without security header [byte]."""
    bits = MESSAGES["map"].bits + sum(bits_of(x) for x in roads)
    return -(-(bits if roads else bits - _ROADS) // 8)


#: Bits of the frame that says which message follows, and of a message's mark that it may be extended.
FRAME = 4 + 1
#: Bits that many messages share: counter, identity, time in the minute, position without height.
COUNTER, IDENTITY, SECOND, PLACE = 7, 64, 16, 1 + 31 + 32


def place() -> tuple[Field, ...]:
    """Position in the plane and height, as all messages say it."""
    return (
        Field("latitude", "deg", 1e-7, -900_000_000, 900_000_000, 900_000_001),
        Field("longitude", "deg", 1e-7, -1_799_999_999, 1_800_000_000, 1_800_000_001),
        Field("elevation", "m", 0.1, -4095, 61_439, -4096, optional=True),
    )


def motion() -> tuple[Field, ...]:
    """Speed, heading and accelerations, as messages on vehicles say them."""
    return (
        Field("speed", "m/s", 0.02, 0, 8190, 8191),
        Field("heading", "deg", 0.0125, 0, 28_799, 28_800, turn=28_800),
        Field("acceleration", "m/s2", 0.01, -2000, 2000, 2001),
        Field("lateral_acceleration", "m/s2", 0.01, -2000, 2000, 2001),
        Field("vertical_acceleration", "m/s2", 0.1962, -126, 127, -127),
        Field("yaw_rate", "deg/s", 0.01, -32_767, 32_767),
    )


def second() -> Field:
    """Time in the minute, by which a receiver knows the age of what it hears."""
    return Field("second", "s", 0.001, 0, 60_999, 65_535)


#: Minute of the year, and the number of a junction, as units say them.
MINUTE = Field("minute", "min", 1.0, 0, 527_039, 527_040, optional=True)
JUNCTION = Field("junction", "-", 1.0, 0, 65_535)

MESSAGES.discover(sys.modules[__name__])
