"""Who is equipped; what is on the air in one step and where: messages, their grid, lanes, counts of times."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray


class Units:
    """A row a departure."""

    station: A[Array, C("-", "row of `Stations`; -1: not equipped", "i4", -1)]


class Uttered:
    """A row a message said in this step, in the order of saying."""

    hash: A[Array, C("-", "key of chance of this message", "u8")]
    x: A[Array, C("m", "east", "f4")]
    y: A[Array, C("m", "north", "f4")]
    cell: A[Array, C("-", "where on the grid", "i4")]
    slot: A[Array, C("-", "sub-frame in the step * sub-channels + first sub-channel", "i4")]
    stand: A[Array, C("-", "where in `Radio.sight` its sender stands", "i4")]
    cut: A[Array, C("-", "fate by which all lose it on its way up; 0: none", "u1")]


class Spoken:
    """A row a message said in this step: what its receivers look at, in half a line of the cache."""

    said: A[Array, C("beat", "when", "i4")]
    stream: A[Array, C("-", "row of `Streams`", "i4")]
    station: A[Array, C("-", "row of `Stations`", "i4")]
    number: A[Array, C("-", "of its stream", "i4")]
    arrives: A[Array, C("beat", "when who hears it knows it; before outages of who hears it", "i4")]
    before: A[Array, C("beat", "when the one before it did", "i4")]
    aged: A[Array, C("beat", "how long that one took", "i4")]
    bytes: A[Array, C("-", "size with security header", "i2")]
    message: A[Array, C("-", "rank of its name", "i1")]
    flaw: A[Array, C("-", "of its stream", "i1")]


class Transmissions:
    """A row a message and kind of receiver that was within its range, where each is asked for; one more if none was."""

    step: A[Array, C("-", "in which its fate was decided", "i8")]
    said: A[Array, C("beat", "when", "i8")]
    stream: A[Array, C("-", "row of `Streams`", "i4")]
    message: A[Array, C("-", "rank of its name", "i4")]
    station: A[Array, C("-", "row of `Stations`", "i4")]
    number: A[Array, C("-", "of its stream", "i4")]
    bytes: A[Array, C("-", "size with security header", "i4")]
    arrives: A[Array, C("beat", "when who hears it knows it; before outages of who hears it", "i8")]
    receiver: A[Array, C("-", "rank of the kind of receivers; -1: nobody was there", "i4")]
    heard: A[Array, C("-", "receptions", "i4")]
    half_duplex: A[Array, C("-", "lost so", "i4")]
    sensitivity: A[Array, C("-", "lost so", "i4")]
    propagation: A[Array, C("-", "lost so", "i4")]
    collision: A[Array, C("-", "lost so", "i4")]
    busy: A[Array, C("-", "lost so", "i4")]
    loss: A[Array, C("-", "lost so", "i4")]
    outage: A[Array, C("-", "lost so", "i4")]
    jammed: A[Array, C("-", "lost so", "i4")]


class Due:
    """A row a message that apps are to be told of, on its way."""

    beat: A[Array, C("beat", "when it is known", "i8")]
    station: A[Array, C("-", "who hears it", "i4")]
    stream: A[Array, C("-", "what is heard", "i4")]


class Cells:
    """A row a cell of the grid, and one more."""

    first: A[Array, C("-", "first row of `Spoken`", "i4")]
    count: A[Array, C("-", "rows filled so far", "i4")]
    stations: A[Array, C("-", "who is there", "i4")]
    counting: A[Array, C("-", "those of them that count what they hear", "i4")]
    head: A[Array, C("-", "first place in `Radio.in_cells`", "i4")]


class Axes:
    """A row a point of a lane's centre line."""

    x: A[Array, C("m", "east")]
    y: A[Array, C("m", "north")]
    along: A[Array, C("m", "on the lane, by its nominal length")]
    heading: A[Array, C("deg", "from here on, clockwise from north", "f4")]


class Outlines:
    """A row a lane."""

    first: A[Array, C("-", "first row of `Axes`", "i4")]
    end: A[Array, C("-", "after the last row of `Axes`", "i4")]
    patch: A[Array, C("-", "its first piece of `PATCH` metres, for lines of sight", "i4")]
    stretch: A[Array, C("-", "its first row of `Stretches`", "i4")]
    stretch_end: A[Array, C("-", "after the last of them", "i4", 1)]


class Kinds:
    """A row a kind of message: sums of the whole run behind the warm-up, and whether there may be more."""

    due: A[Array, C("beat", "for which senders had some to say, over all senders", "i8")]
    kept: A[Array, C("beat", "for which a fault kept senders from saying any, over all senders", "i8")]
    delay_time: A[Array, C("beat", "sum of delays", "i8")]
    delay_count: A[Array, C("-", "delays", "i8")]
    gap_time: A[Array, C("beat", "sum of gaps", "i8")]
    gap_count: A[Array, C("-", "gaps", "i8")]
    age_area: A[Array, C("beat2", "twice the area under ages", "i8")]
    passes: A[Array, C("-", "some of it was said in this step that is counted at those who count", "?")]
