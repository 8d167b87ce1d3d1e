"""The channel by which all talk: how it is laid out, and sums of the whole run."""

from __future__ import annotations

from typing import Annotated as A

import numpy as np

from sim.state.columns import Column as C

Array = np.ndarray


class Air:
    """One row: the channel, and sums of the whole run."""

    on: A[Array, C("-", "somebody is equipped and the radio works", "?")]
    way: A[Array, C("-", "0 by shares, 1 cellular, 2 resources", "i4")]
    range: A[Array, C("m", "farthest receiver")]
    cell: A[Array, C("m", "side of a cell")]
    west: A[Array, C("m", "of the grid")]
    south: A[Array, C("m", "of the grid")]
    columns: A[Array, C("-", "cells from west to east", "i4")]
    lines: A[Array, C("-", "cells from south to north", "i4")]
    classes: A[Array, C("-", "of distance", "i4")]
    step_of_class: A[Array, C("m", "width of a class of distance")]
    loads: A[Array, C("-", "rows of `Busy`", "i4")]
    load_step: A[Array, C("1/s", "messages a second within range from one load to the next")]
    slots: A[Array, C("-", "rows of a block of `Pairs`; a power of two", "i4")]
    memory: A[Array, C("-", "steps that `Traces` tell of; a power of two", "i4")]
    low: A[Array, C("beat", "least delay on the way", "i8")]
    high: A[Array, C("beat", "greatest delay on the way", "i8")]
    kept: A[Array, C("-", "messages in a row that take equally long on the way", "i4")]
    processing: A[Array, C("beat", "delay before and behind the radio", "i8")]
    warm: A[Array, C("beat", "until then nothing is counted", "i8")]
    shared: A[Array, C("-", "rows of `Objects` of sensors at the roadside, the first of them", "i8")]
    stations: A[Array, C("-", "rows of `Stations`", "i4")]
    roadside: A[Array, C("-", "rows of `Stations` at the roadside, the first of them", "i4")]
    arrangers: A[Array, C("-", "rows of `Arrangers` in use", "i4")]
    present: A[Array, C("-", "used part of `Loose.on_air`", "i4")]
    free: A[Array, C("-", "used part of `Loose.free_blocks`", "i4")]
    spoken: A[Array, C("-", "used rows of `Spoken`", "i4")]
    around: A[Array, C("-", "used part of `Radio.x_around`", "i4")]
    home: A[
        Array, C("-", "place in `Radio.rows_around` of what is said in the cell itself, less its row of `Spoken`", "i4")
    ]
    calls: A[Array, C("-", "those of them that apps are told of", "i4")]
    event: A[Array, C("-", "kind of the record that tells of a message heard", "i4")]
    kinds: A[Array, C("-", "kinds of messages", "i4")]
    rows: A[Array, C("-", "rows of `Radio.tally` of a kind of receiver", "i4")]
    apart_told: A[Array, C("-", "rows of `Stations`, the first, of whom all receptions are decided apart", "i4")]
    each: A[Array, C("-", "what became of each message is asked for", "?")]
    listed: A[Array, C("-", "used rows of `Transmissions`", "i8")]
    listed_room: A[Array, C("-", "rows of `Transmissions`", "i8")]
    short_of_listed: A[Array, C("-", "stopped because `Transmissions` could overflow", "?")]
    sights: A[Array, C("-", "1: everybody is in sight; 2: `Radio.sight` tells", "i4")]
    waiting: A[Array, C("-", "rows of `Due` in use", "i4")]
    waiting_room: A[Array, C("-", "rows of `Due`", "i4")]
    room: A[Array, C("-", "rows of `Spoken`", "i4")]
    apart: A[Array, C("-", "messages may arrive behind the next one, or at each receiver otherwise", "?")]
    patches: A[Array, C("-", "places between which lines of sight are known", "i4")]
    own_times: A[Array, C("-", "each receiver of a message may know it at another time", "?")]
    zones: A[Array, C("-", "cells of the network with delays and losses of their own, and one more; 0: none", "i4")]
    weighed: A[Array, C("-", "what is heard loads a cell", "?")]
    controlled: A[Array, C("-", "who finds the channel busy says less", "?")]
    jammed: A[Array, C("-", "jammed areas there are now", "i4")]
    begin: A[Array, C("beat", "begin of the part of a step that is looked at", "i8")]
    frames: A[Array, C("-", "sub-frames in such a part", "i4")]
    interval: A[Array, C("-", "sub-frames after which a reservation comes again, of who chooses", "i4")]
    sub_channels: A[Array, C("-", "of the sidelink", "i4")]
    reach: A[Array, C("m", "how far others are sensed and disturb")]
    noise: A[Array, C("1e-15 mW", "in a resource block", "i8")]
    sensitivity: A[Array, C("1e-15 mW", "weakest signal that is noticed", "i8")]
    reaches: A[Array, C("-", "classes of distance within `reach`", "i4")]
    chosen: A[Array, C("-", "times resources were chosen", "i8")]
    stale: A[Array, C("-", "receptions of messages that are out of date", "i8")]
    groupless: A[Array, C("-", "MAP said that tell no groups of signals", "i8")]
    forged: A[Array, C("-", "receptions of forged messages", "i8")]
    decided: A[Array, C("-", "receptions: messages said within range of somebody, over all", "i8")]
    overflow: A[Array, C("-", "what could not be kept for want of room", "i8")]
    busy_sum: A[Array, C("1e-6", "channel busy ratio summed over stations and steps", "i8")]
    busy_count: A[Array, C("-", "stations and steps", "i8")]
    busy_most: A[Array, C("1e-6", "highest channel busy ratio", "i8")]
