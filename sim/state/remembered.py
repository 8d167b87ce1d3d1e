"""What is remembered of what was said: what messages say, and where everybody was when they were said."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray


class Contents:
    """`REMEMBERED` rows a stream: what its last messages say, as the fields carry it."""

    said: A[Array, C("beat", "when it was said, by its sender's clock", "i4", -1)]
    sent: A[Array, C("beat", "when it was said", "i4")]
    step: A[Array, C("-", "in which it was said", "i4", -1)]
    arrives: A[Array, C("beat", "when who hears it knows it; before outages and cells of who hears it", "i4")]
    lane: A[Array, C("-", "lane of the sender, or told of; of objects: first row of `Objects`", "i4", -1)]
    zone: A[Array, C("-", "cell of the network in which its sender was; 0: in none", "i2")]
    cut: A[Array, C("-", "fate by which all lost it on its way up; 0: none", "u1")]
    position: A[Array, C("m", "on the lane; of a signal: its phase; of objects: how many")]
    speed: A[Array, C("m/s", "of the sender; of a signal: step at which the phase ends at the earliest")]
    acceleration: A[Array, C("m/s2", "of the sender; of a signal: step at which it ends at the latest")]
    likely: A[Array, C("-", "of a signal: step at which it probably ends; of a merge: time to it [s]", "f4")]
    confidence: A[Array, C("-", "of a signal: chance that it does; of a merge: speed there [m/s]", "f4")]
    about: A[
        Array,
        C(
            "-",
            "row of `Merges` where its sender merges, or station that leads its platoon; + 1; 0: none; -: link; of a "
            "map: `Streams.flaw`",
            "i4",
        ),
    ]
    to: A[
        Array,
        C(
            "-",
            "station behind which its sender asks to be; -: that it lets in, before or behind itself; + 1; 0: none",
            "i4",
        ),
    ]


class Traces:
    """What decides what a station heard of what was said in a step: `Air.stations` rows a step, `Air.memory` steps.

    A row a block, so that those of one step lie side by side, and blocks that are not used take no memory.
    """

    x: A[Array, C("m", "east", "f4")]
    y: A[Array, C("m", "north", "f4")]
    load: A[Array, C("1/s", "messages said by others within range; -1: it was deaf")]
    patch: A[Array, C("-", "where it stood for lines of sight", "i4")]
    step: A[Array, C("-", "which", "i4", -1)]
    station: A[Array, C("-", "row of `Stations`", "i4", -1)]
    zone: A[Array, C("-", "cell of the network in which it was; 0: in none", "i4")]
