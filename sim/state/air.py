"""Who can say and hear what: stations, what they say, whom each of them has heard last, and what became of packets.

A station is an equipped vehicle, from its departure to its arrival, or a unit at the roadside. Times are whole tenths
of a millisecond since the run's beginning ("beats"), so that sums are exact and their order cannot matter.
"""

from __future__ import annotations

from typing import Annotated as A
from typing import Any, NamedTuple, get_args, get_type_hints

import numpy as np

from sim.state.arranged import Arrangers, Coming, Orders
from sim.state.belief import Apps, Pacts
from sim.state.channel import Air
from sim.state.columns import Column as C
from sim.state.columns import layout
from sim.state.grid import Axes, Cells, Due, Kinds, Outlines, Spoken, Transmissions, Units, Uttered
from sim.state.remembered import Contents, Traces
from sim.state.roadside import Around, Jams, Merges, Objects, Sensors, Slow
from sim.state.zones import Crowds, Ends, Stretches

Array = np.ndarray

#: Beats in a second.
BEAT = 10_000
#: Messages of a stream that are remembered; what was said before is forgotten.
REMEMBERED = 128
#: A pair in one number: stream + 1, the number of the newest message heard, and how many before it the newest one was
#: that was known when it was said (0: none, or too long ago); bits of the latter two.
NUMBER_BITS, BACK_BITS = 9, 3
#: Who has heard nothing of another's stream for so many messages has lost sight of it; the next one begins anew.
PARTED = 20
#: Gaps of fewer messages are counted message by message, longer ones pair by pair.
RECENT = 1 << BACK_BITS
#: Streams that fit in what is left of 32 bits.
MOST_STREAMS = (1 << (32 - NUMBER_BITS - BACK_BITS)) - 2
#: Beats up to which delays, gaps and ages are counted each by itself, so that they are told exactly; what is longer
#: counts as that long. A gap is of fewer messages than `PARTED`, of which the rarest are said once a second.
DELAYS, GAPS, AGES = PARTED * BEAT, PARTED * BEAT, PARTED * BEAT
#: What may be wrong with a message, `Streams.flaw`: it is out of date, or somebody else says it.
STALE, FORGED = 1, 2
#: Milliseconds that a station senses back, and strengths that stand for the spread of shadowing.
SECOND, SHADOWS = 1000, 1024
#: Length of the pieces of a lane between which lines of sight are known [m].
PATCH = 25.0


class Stations:
    """A row a station."""

    NEAR = (
        "row seen block stream stream_end patch first uttered silent counts zone x y load busy hash departure "
        "signal sensor told ahead drift since astray"
    )

    key: A[Array, C("-", "key of chance", "u8")]
    hash: A[Array, C("-", "key of chance, scrambled with the seed", "u8")]
    departure: A[Array, C("-", "row of `Starts`; -1: at the roadside", "i4", -1)]
    stream: A[Array, C("-", "first row of `Streams`", "i4")]
    stream_end: A[Array, C("-", "after the last row of `Streams`", "i4")]
    vir: A[Array, C("-", "row of `Streams` by which it asks; -1: cannot", "i4", -1)]
    clpmm: A[Array, C("-", "row of `Streams` by which it speaks of its platoon; -1: does not", "i4", -1)]
    ssm: A[Array, C("-", "row of `Streams` by which it shares what it senses; -1: does not", "i4", -1)]
    arranger: A[Array, C("-", "row of `Arrangers`; -1: orders nobody", "i4", -1)]
    signal: A[Array, C("-", "signal it speaks for; -1: none", "i4", -1)]
    block: A[Array, C("-", "block of `Pairs`; -1: not on the air", "i4", -1)]
    silent: A[Array, C("-", "out of order", "?")]
    zone: A[Array, C("-", "cell of the network in which it is; 0: in none", "i2")]
    first: A[Array, C("-", "first row of `Uttered` of this step", "i4")]
    counts: A[Array, C("-", "what it hears is counted message by message", "?")]
    uttered: A[Array, C("-", "messages said in this step", "i4")]
    told: A[Array, C("-", "messages of roadside units within range in this step", "i4")]
    tallied: A[Array, C("-", "first row of `Radio.tally` of receivers like this one", "i4")]
    x: A[Array, C("m", "east")]
    y: A[Array, C("m", "north")]
    row: A[Array, C("-", "row of `Vehicles` in this step; -1: none", "i4", -1)]
    seen: A[Array, C("-", "last step on the air", "i8", -1)]
    patch: A[
        Array, C("-", "piece of a lane where it is, or place at the roadside: where it stands for lines of sight", "i4")
    ]
    busy: A[Array, C("-", "channel busy ratio that it measures, averaged over a second")]
    ahead: A[Array, C("beat", "of its clock before true time")]
    drift: A[Array, C("-", "by which its clock gains on true time")]
    since: A[Array, C("beat", "from when on it gains", "i8")]
    astray: A[Array, C("m", "standard deviation of where it believes to be, along the road")]
    sensor: A[Array, C("-", "row of `Sensors`; -1: none", "i4", -1)]
    load: A[Array, C("1/s", "messages said by others within range, averaged over a second")]
    uses: A[Array, C("-", "applications whose advice is heeded, a bit each", "u4")]
    advised: A[Array, C("-", "those of them that advise now", "u4")]
    reaction: A[Array, C("-", "steps from a warning to acting on it", "i4")]
    warned: A[Array, C("-", "step since which a warning stands; -1: none does", "i8", -1)]


class Streams:
    """A row a kind of message that a station says."""

    NEAR = (
        "station kind bytes hash next period number last content triggered muted wakes flaw reserved sub_channel "
        "arrives"
    )

    station: A[Array, C("-", "row of `Stations`", "i4")]
    message: A[Array, C("-", "rank of its name among messages", "i2")]
    kind: A[Array, C("-", "by which it is counted: rank in sim.engine.kinds", "i2")]
    hash: A[Array, C("-", "key of chance, scrambled with the seed", "u8")]
    bytes: A[Array, C("-", "size with security header", "i2")]
    period: A[Array, C("beat", "between two; 0: silent until told", "i8")]
    pace: A[Array, C("beat", "between two once it is said, of what is said only now and then", "i8")]
    next: A[Array, C("beat", "when the next one is said", "i8")]
    triggered: A[Array, C("-", "said only when enough has changed", "?")]
    content: A[
        Array,
        C("-", "0 nothing the kernel knows of, 1 a vehicle, 2 a signal, 3 objects seen, 4 a place, 8 a map", "i1"),
    ]
    muted: A[Array, C("-", "not said, for it waits for what the back-haul brings", "?")]
    flaw: A[Array, C("-", "0 none, 1 out of date, 2 forged", "i1")]
    about_lane: A[Array, C("-", "lane of what it tells of, where that is a place; -1: none", "i4", -1)]
    about_position: A[
        Array, C("m", "on that lane; of an old map: places by which groups are numbered otherwise; -1: knows none")
    ]
    about_speed: A[Array, C("m/s", "advised there; of an old map: limit that it tells; -1: knows none")]
    sub_channels: A[Array, C("-", "that a message takes", "i4")]
    blocks: A[Array, C("-", "resource blocks that carry its data", "i2")]
    sub_channel: A[Array, C("-", "first of those it has reserved", "i2")]
    booked: A[Array, C("beat", "next sub-frame it has reserved", "i8")]
    interval: A[Array, C("-", "sub-frames after which its reservation comes again", "i2")]
    reserved: A[Array, C("-", "messages until it chooses other resources", "i2")]
    wakes: A[Array, C("-", "apps are told of each new version heard", "?")]
    number: A[Array, C("-", "messages said", "i8")]
    first: A[Array, C("-", "number of the first message with its present content, for what is told once", "i8")]
    last: A[Array, C("beat", "when the last one was said", "i8", -1_000_000)]
    arrives: A[Array, C("beat", "when who hears it knows it; before outages of who hears it", "i4")]
    last_x: A[Array, C("m", "where the last one was said")]
    last_y: A[Array, C("m", "where the last one was said")]
    last_speed: A[Array, C("m/s", "how fast then")]
    last_heading: A[Array, C("deg", "which way then")]


#: Numbers a row of `Radio.tally`: each fate of a packet, and in the rows of those who drive messages said and their
#: bytes with headers. A kind of receiver has a row a kind of message; a row a kind of message and class of distance;
#: and a last row of the receptions that were asked for.
TALLIED = 11
SAID_IN_ALL, BYTES_IN_ALL = TALLIED - 2, TALLIED - 1
#: Places in that last row: receptions of what vehicles and people say, those of them that were counted, and those of
#: what the roadside says, which are all counted.
WITHIN, COUNTED, TOLD = 0, 1, 2
#: Numbers a zone and kind of receiver: each fate of what vehicles and people say, and of what the roadside says, which
#: is all counted; receptions of the former, those of them that were counted, and sum of delays [beat].
THROUGH = 2 * (TALLIED - 2) + 3
#: Kinds of receivers, in the order of their rows.
RECEIVERS = ("vehicle", "roadside", "person")
#: Numbers that tell what became of a message: each fate, by kind of receiver.
BECAME = len(RECEIVERS) * SAID_IN_ALL


class Radio(NamedTuple):
    """Tables of the radio, and lists of their own lengths; all are short where nobody is equipped."""

    units: A[Any, Units]
    stations: A[Any, Stations]
    streams: A[Any, Streams]
    contents: A[Any, Contents]
    traces: A[Any, Traces]
    places: A[Any, Uttered]  #: in the order of saying
    uttered: A[Any, Spoken]  #: likewise
    spoken: A[Any, Spoken]  #: in the order of cells
    transmissions: A[Any, Transmissions]  #: that wait to be taken away
    due: A[Any, Due]
    cells: A[Any, Cells]
    axes: A[Any, Axes]
    outlines: A[Any, Outlines]
    kinds: A[Any, Kinds]
    air: A[Any, Air]
    apps: A[Any, Apps]
    pacts: A[Any, Pacts]
    sensors: A[Any, Sensors]
    objects: A[Any, Objects]
    jams: A[Any, Jams]
    around: A[Any, Around]
    slow: A[Any, Slow]
    merges: A[Any, Merges]
    arrangers: A[Any, Arrangers]
    orders: A[Any, Orders]
    coming: A[Any, Coming]
    stretches: A[Any, Stretches]
    ends: A[Any, Ends]
    crowds: A[Any, Crowds]
    x: Array  #: f4: of `spoken`, for looking around
    y: Array  #: f4: likewise
    x_around: Array  #: f4: scratch, of messages that may be within range of who is in a cell
    y_around: Array  #: f4: likewise
    keys_around: Array  #: u8: likewise, of their hashes, where somebody decides each of them
    stands_around: Array  #: i4: likewise, of their places in `sight`
    rows_around: Array  #: i4: likewise, of their rows of `spoken`
    bytes_around: Array  #: i4: likewise, of their sizes with security header, where receptions load a cell
    pairs: Array  #: u4: blocks, one a station on the air that counts: what it last heard of each stream, by hash
    keys: Array  #: u8: of `spoken`, hashes of messages
    marks: Array  #: u4: of `spoken`, stream and number as an entry of `pairs` has them
    counted_in: Array  #: i4: of `spoken`, first place in `passed` of its kind; behind all kinds if it is not counted
    stands: Array  #: i4: of `spoken`, where in `sight` its sender stands
    cut: Array  #: u1: of `spoken`, by what all lose it on its way up; 0: nothing
    after: Array  #: i4, (spoken, RECENT): receivers by how many messages ago they heard the stream; 0: long ago
    drawn: Array  #: i4: scratch, draws of one receiver, message by message of `rows_around` [2^-30]
    near: Array  #: i4: scratch, rows of `spoken` within range of one receiver, or places of those around that it hears
    away: Array  #: i4: scratch, their classes of distance, or those of all messages around, of sight, too
    places_heard: Array  #: i4: scratch, places in `pairs` of the streams that one receiver hears; -1: elsewhere
    missed: Array  #: i4: scratch, places among those around of what is said near one receiver and not heard
    rows: Array  #: i4: rows of `spoken` of what was uttered, in the order of saying
    on_air: Array  #: i4: stations on the air in this step
    in_cells: Array  #: i4: the same, in the order of cells
    cell: Array  #: i4: of `on_air`, cell of the grid where it is
    were_on_air: Array  #: i4: those in the step before
    free_blocks: Array  #: i4: stack of unused blocks of `pairs`
    fates: Array  #: f4, (loads, 7, sights * classes + 1): upper bound of a draw for each fate; out of range: 0
    limits: Array  #: i4, (7, sights * classes + 1): scratch, the same at the load of one receiver [2^-30]
    admitted: Array  #: i4, (zones, zones): whole draws below which one in a zone hears one in another [2^-30]
    through: Array  #: i8, (zones, receivers, THROUGH): what became of packets, by zone of the receiver
    zone_delays: Array  #: i8, (zones, DELAYS): how often each delay was seen, by zone of the receiver [beat]
    passed: Array  #: i8, (receivers, kinds + 1, classes): receptions of this step not in `tally` yet; last: not counted
    occupied: Array  #: f8, (loads,): channel busy ratio
    tally: Array  #: i8, (receivers * Air.rows, TALLIED): what became of packets, by kind and by distance
    delays: Array  #: i8, (kinds, DELAYS): how often each delay of a message heard was seen [beat]
    gaps: Array  #: i8, (kinds, GAPS): likewise, time between two messages heard of one sender
    ages: Array  #: i8, (kinds, AGES): ages begun less ages ended in this beat; summed up: pairs that old, or older
    became: Array  #: i4, (spoken, BECAME): of each message; short: nobody asks
    watched: Array  #: i4: lanes within range of each sensor, sensor by sensor; then of each lane
    vicinity: Array  #: i4, (lanes + 1,): first place in `watched` of the lanes about a lane; short: nobody shares
    sight: Array  #: u1: bits, which places see each other; see `sim.engine.sight`
    heralds: Array  #: i4, (lights,): stream of SPAT that tells of a light; -1: nobody does
    guides: Array  #: i4, (lanes,): stream of MAP that tells of a lane; -1: nobody does
    watchers: Array  #: i4, (junctions,): stream of RSM that tells of a junction; -1: nobody does
    feeders: Array  #: i4: lanes from which one merges, merge by merge
    merge_from: Array  #: i4, (lanes,): merge at whose end this lane gives way; -1: none; short: nobody cooperates
    merge_into: Array  #: i4, (lanes,): merge at whose end others come onto this lane's way; -1: none; likewise
    leading: Array  #: i4: lanes from which one comes to a junction that a unit orders, unit by unit
    arranged: Array  #: i4, (junctions,): row of `Arrangers` of a junction; -1: none; short: nobody orders
    used: Array  #: i8, (applications,): times each began to advise somebody
    since: Array  #: i8, (stations, applications): step since which a station is warned by each
    lately: Array  #: i8, likewise: step at which it was last warned by each
    standpoints: Array  #: i4: place of each piece of a lane, then of each unit at the roadside
    gains: Array  #: f8, (sights, classes within `Air.reach`): strength of a signal [1e-15 mW]
    shadows: Array  #: f8, (sights, SHADOWS): equally likely factors of it
    errors: Array  #: f4, (ERRORS,): share lost by signal to noise and interference, every quarter of a dB
    levels: Array  #: i8, (256,): strength of each level that is remembered [1e-15 mW]
    sensed: (
        Array  #: u1, (stations, 3, SECOND, sub-channels): levels of all signals and of what is read, and its interval
    )
    power: Array  #: i8, (sub-frames or SECOND, sub-channels): scratch, strength of all signals [1e-15 mW]
    closed: Array  #: u1, (SECOND, sub-channels): scratch, level at which a resource is taken
    slot: Array  #: i4: of `spoken`, sub-frame in the step * sub-channels + first sub-channel
    strength: Array  #: i8: scratch, of messages within reach [1e-15 mW]
    own: Array  #: u1: scratch, sub-frames in which the receiver sends itself


#: Row type of each list of `Radio`.
LISTS = {
    name: kind
    for kind, names in {
        "f4": "x y x_around y_around fates errors",
        "f8": "occupied gains shadows",
        "i4": (
            "stands_around rows_around bytes_around admitted counted_in stands after drawn near away places_heard "
            "missed rows on_air in_cells cell were_on_air free_blocks limits became watched vicinity heralds guides "
            "watchers feeders merge_from merge_into leading arranged standpoints slot"
        ),
        "i8": "through zone_delays passed tally delays gaps ages used since lately levels power strength",
        "u1": "cut sight sensed closed own",
        "u4": "pairs marks",
        "u8": "keys_around keys",
    }.items()
    for name in names.split()
}


def layout_of_radio() -> dict[str, np.dtype[Any]]:
    """Row layout of each array of a radio, in order."""
    hints = get_type_hints(Radio, include_extras=True)
    return {n: np.dtype(LISTS[n]) if n in LISTS else layout(get_args(hint)[1]) for n, hint in hints.items()}
