"""Cells of a network with delays and losses of their own: where they are, what each end of a way adds, how full it is.

Zone 0 is what lies in no cell: there all is as the rung of the ladder tells.
"""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray

#: How long an end takes, `Ends.law`: half of what the rung tells, evenly between two times, or log-normal.
OWN, EVEN, NORMAL = 0, 1, 2


class Stretches:
    """A row a stretch of a lane in one zone, lane by lane; the first row is for all lanes that no cell touches."""

    begin: A[Array, C("m", "on the lane")]
    zone: A[Array, C("-", "which", "i4")]


class Ends:
    """Two rows a zone: the way of messages up to the network, and that down from it."""

    law: A[Array, C("-", "how long it takes: 0 half of the rung's own, 1 evenly between two, 2 log-normal", "i1")]
    low: A[Array, C("s", "least delay; of law 2: median")]
    high: A[Array, C("s", "greatest delay")]
    spread: A[Array, C("-", "of the logarithm, of law 2")]
    loss: A[Array, C("-", "share lost of what goes up")]
    outages: A[Array, C("-", "chance of an outage in a block of time")]
    capacity: A[Array, C("byte/s", "that it bears; 0: whatever comes")]
    buffer: A[Array, C("s", "longest wait for room; what would wait longer is lost")]
    offered: A[Array, C("byte", "in this step", "i8")]
    rate: A[Array, C("byte/s", "offered, averaged over a second")]
    backlog: A[Array, C("byte", "that waits for room")]
    wait: A[Array, C("beat", "for room, of what comes in this step", "i4")]
    drop: A[Array, C("-", "share for which there is no room in this step")]
    rate_sum: A[Array, C("byte/s", "rates summed over steps behind the warm-up")]
    rate_most: A[Array, C("byte/s", "highest of them")]
    wait_most: A[Array, C("beat", "longest of the waits", "i4")]
    steps: A[Array, C("-", "steps behind the warm-up", "i8")]
    full: A[Array, C("-", "of them those in which more was offered than it bears", "i8")]
    said: A[Array, C("-", "messages said behind the warm-up, of an end up", "i8")]
    lost: A[Array, C("-", "of them lost for no reason given, for all", "i8")]
    cut: A[Array, C("-", "of them lost by an outage, for all", "i8")]
    left: A[Array, C("-", "of them lost for want of room, for all", "i8")]


class Crowds:
    """A row a step that is remembered and zone: how full its way down was."""

    wait: A[Array, C("beat", "for room", "i4")]
    drop: A[Array, C("-", "share for which there was none", "f4")]
