"""What roadside units see, and what disturbs them and those they talk to."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray

#: Objects that a message can tell of.
MOST_OBJECTS = 16
#: Messages of a vehicle on what it senses whose objects are kept.
SHARED = 32
#: Road users that a sensor looks at at once, at most; more are counted as too many.
MOST_AROUND = 512
#: Jammed areas there can be at once.
MOST_JAMS = 64


class Sensors:
    """A row a sensor, at the roadside or of a vehicle: what it can see, and what became of whom it could have seen."""

    key: A[Array, C("-", "key of chance", "u8")]
    carrier: A[Array, C("-", "row of `Vehicles` that carries it; -1: stands at the roadside", "i4", -1)]
    astray: A[Array, C("m", "along the road, by which its carrier is wrong about where it is")]
    x: A[Array, C("m", "east")]
    y: A[Array, C("m", "north")]
    range: A[Array, C("m", "farthest road user it sees")]
    heading: A[Array, C("deg", "middle of its field of view, clockwise from north")]
    field: A[Array, C("deg", "width of its field of view")]
    height: A[Array, C("m", "above the road")]
    detection: A[Array, C("-", "chance to detect who is in view")]
    error: A[Array, C("m", "standard deviation of positions along the road")]
    delay: A[Array, C("beat", "from measuring to saying", "i8")]
    period: A[Array, C("beat", "between two of its messages", "i8")]
    ghosts: A[Array, C("1/s", "objects told of that are not there")]
    lane: A[Array, C("-", "first of the lanes within its range in `Radio.watched`", "i4")]
    lane_end: A[Array, C("-", "after the last of them", "i4")]
    objects: A[Array, C("-", "its first row of `Objects`", "i8")]
    kept: A[Array, C("-", "messages whose objects are kept", "i4")]
    empty: A[Array, C("bit", "size of its message without objects", "i4")]
    element: A[Array, C("bit", "size of an object", "i4")]
    header: A[Array, C("byte", "security header", "i4")]
    seen: A[Array, C("-", "road users detected", "i8")]
    missed: A[Array, C("-", "in view, not detected", "i8")]
    behind_buildings: A[Array, C("-", "hidden by a building", "i8")]
    behind_vehicles: A[Array, C("-", "hidden by another vehicle", "i8")]
    too_many: A[Array, C("-", "detected, not told for want of room", "i8")]
    false: A[Array, C("-", "told of, not there", "i8")]


class Objects:
    """`kept * MOST_OBJECTS` rows a sensor: what its last messages tell of, as their fields carry it.

    Of sensors of vehicles they lie where the block of their station does: they take room while it is on the air.
    """

    departure: A[Array, C("-", "who it is in truth, by which it is found; -1: nobody", "i4", -1)]
    lane: A[Array, C("-", "where", "i4", -1)]
    position: A[Array, C("m", "on the lane", "f4")]
    speed: A[Array, C("m/s", "", "f4")]
    length: A[Array, C("m", "", "f4")]
    heading: A[Array, C("deg", "", "f4")]


#: Places of which a station keeps in mind what it was told.
MOST_SLOW = 16
#: What holds at such a place: it comes slowly there, to a hazard; or a sign holds: a limit, or to keep one's lane.
HAZARD, LIMIT, KEEP_LANE = 0, 1, 2


class Slow:
    """`MOST_SLOW` rows a station: places of which it was told, without gaps; the latest is the last row."""

    lane: A[Array, C("-", "a lane of the edge where that is; -1: none", "i4", -1)]
    begin: A[Array, C("m", "on that edge, from where on")]
    end: A[Array, C("m", "on that edge, up to where")]
    speed: A[Array, C("m/s", "how slow")]
    until: A[Array, C("-", "step until which it holds, as it was told", "i8")]
    what: A[Array, C("-", "`HAZARD`, `LIMIT` or `KEEP_LANE`", "i1")]
    alone: A[Array, C("-", "it holds on that lane only", "?")]


class Merges:
    """A row a place where a way ends beside or before another one: its feeders, lanes from which one comes there."""

    first: A[Array, C("-", "first place in `Radio.feeders`", "i4")]
    end: A[Array, C("-", "after the last one", "i4")]


class Jams:
    """A row a jammed area."""

    on: A[Array, C("-", "", "?")]
    x: A[Array, C("m", "east")]
    y: A[Array, C("m", "north")]
    radius: A[Array, C("m", "")]


class Around:
    """A row a road user near the sensor that looks now, by distance."""

    row: A[Array, C("-", "of `Vehicles`", "i4")]
    away: A[Array, C("m", "from the sensor")]
    bearing: A[Array, C("rad", "of it, from the sensor")]
    half: A[Array, C("rad", "half of the angle it fills")]
    height: A[Array, C("m", "of its roof")]
    heading: A[Array, C("deg", "which way it goes")]
    patch: A[Array, C("-", "where it stands for lines of sight", "i4")]
