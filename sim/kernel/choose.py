"""Semi-persistent scheduling of the sidelink (PC5 mode 4): which sub-frame and sub-channels a sender reserves.

A station remembers for a second how strong all signals were in each resource, and of the one it could read how strong
it was and after what interval its sender comes again. It leaves out resources that others have reserved by their last
message, and those it could not sense as it sent itself; of the fifth that is quietest it takes one by chance, and keeps
it for some messages.

Source: TS 36.213 14.1.1.6 and TS 36.321 5.14.1.1, as described in Gonzalez-Martin et al. 2019,
doi:10.1109/TVT.2018.2888704, section II.
"""

from __future__ import annotations

from typing import Any

from sim.chance import RESOURCE, uniform
from sim.compiled import inline
from sim.models.radio.packet_delivery import WINDOW, interval_of, latest, times
from sim.state.air import BEAT, SECOND

FRAME = BEAT // 1000
#: Planes of what a station senses: strength of all signals, strength of what it read, and interval of its reservation.
PLANES = 3
#: Level of a sub-frame in which the station sent itself; steps of the threshold, 3 dB [half dB].
OWN, RAISE = 255, 6
#: Share of resources that must stay, and among which one is taken [-].
STAY = 0.2
#: Messages for which a reservation is kept at 10 Hz or less, least and how many more; more at higher rates.
KEPT, MORE = 5, 11


@inline
def level_of(w: Any, strength: int) -> int:
    """Level by which a strength [1e-15 mW] is remembered: half dB above -130 dBm, 0 for none."""
    levels = w.radio.levels
    if strength <= 0:
        return 0
    low, high = 1, 254
    while low < high:
        middle = (low + high + 1) // 2
        if levels[middle] <= strength:
            low = middle
        else:
            high = middle - 1
    return low


@inline
def forget_sensed(w: Any, block: int) -> None:
    """Forget what was sensed by who had a block before."""
    width = PLANES * SECOND * w.radio.air[0].sub_channels
    for i in range(block * width, (block + 1) * width):
        w.radio.sensed[i] = 0


@inline
def told_as(interval: int) -> int:
    """Code of an interval of reservations [sub-frames], a byte."""
    return interval if interval < WINDOW else WINDOW - 1 + interval // WINDOW


@inline
def told_by(code: int) -> int:
    """Interval of reservations of a code [sub-frames]."""
    return code if code < WINDOW else (code - WINDOW + 1) * WINDOW


@inline
def will_meet(back: int, ago: int, theirs: int, mine: int) -> bool:
    """Whether who was read comes again in a resource, or in a later one of the same reservation.

    Who comes again sooner than within 100 ms is awaited all that time, if it was read within its last interval.

    Args:
        back: how far before the resource it was read [sub-frames].
        ago: how long ago that was [sub-frames].
        theirs: interval of its reservation [sub-frames].
        mine: of the own one [sub-frames].
    """
    if theirs >= WINDOW:
        return theirs >= back and (theirs - back) % mine == 0
    if ago > max(theirs, min(mine, WINDOW)):
        return False
    until = theirs
    while until <= WINDOW:
        if until >= back and (until - back) % mine == 0:
            return True
        until += theirs
    return False


@inline
def look_back(w: Any, block: int, frame: int, wide: int, now: int, channel: int) -> tuple[int, int]:
    """What is known of a resource: strongest level read of who reserved it, and sum of strengths over a second.

    Args:
        frame: in which it lies [sub-frames].
        wide: sub-channels of it.
        now: first sub-frame that is not known yet.
        channel: first of its sub-channels.

    Returns:
        `OWN` instead of the level if it could not be sensed, as the station sent itself.
    """
    r, channels, mine = w.radio, w.radio.air[0].sub_channels, w.radio.air[0].interval
    fold = min(mine, WINDOW)
    taken, total = 0, 0
    heard = block * PLANES * SECOND * channels
    read = heard + SECOND * channels
    every = read + SECOND * channels
    back = (frame - now) // fold * fold + fold
    for _ in range(SECOND // fold):
        at = (frame - back) % SECOND * channels + channel
        for c in range(wide):
            level = int(r.sensed[heard + at + c])
            if level == OWN:
                return OWN, 0
            total += r.levels[level]
            level = int(r.sensed[read + at + c])
            if level > taken and will_meet(back, now - frame + back, told_by(int(r.sensed[every + at + c])), mine):
                taken = level
        back += fold
    return taken, total


@inline
def quietest(w: Any, count: int, threshold: int, wanted: int) -> int:
    """Level up to which so many of the resources below a threshold lie."""
    r, low, high = w.radio, 0, 255
    while low < high:
        middle, found = (low + high) // 2, 0
        for i in range(count):
            found += int(r.closed[i]) <= threshold and r.power[i] <= middle
        if found >= wanted:
            high = middle
        else:
            low = middle + 1
    return low


@inline
def choose(w: Any, stream: int, first: int) -> None:
    """Reserve resources for the next messages of a stream, from a sub-frame on, by what was sensed up to now."""
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    wide = min(int(f.sub_channels), int(a.sub_channels))
    a.interval = f.interval
    channels = a.sub_channels - wide + 1
    count, threshold, free = latest(f.interval) * channels, level_of(w, a.sensitivity), 0
    for i in range(count):
        taken, total = look_back(w, s.block, first + i // channels, wide, a.begin // FRAME, i % channels)
        r.closed[i], r.power[i] = taken, level_of(w, total)
    while True:
        free = 0
        for i in range(count):
            free += int(r.closed[i]) <= threshold
        if free >= STAY * count or threshold >= OWN - 1:
            break
        threshold = min(OWN - 1, threshold + RAISE)
    if free == 0:
        threshold, free = OWN, count
    a.chosen += 1
    key, seed = s.key, w.totals[0].seed
    at = 4 * (f.number * 64 + stream - s.stream)
    wanted = min(free, max(1, int(STAY * count + 0.999999)))
    last = quietest(w, count, threshold, wanted)
    pick = pick_one(w, count, threshold, last, wanted, uniform(seed, RESOURCE, key, at))
    f.booked, f.sub_channel = (first + pick // channels) * FRAME, pick % channels
    f.reserved = times(f.interval) * (KEPT + int(uniform(seed, RESOURCE, key, at + 1) * MORE))


@inline
def pick_one(w: Any, count: int, threshold: int, last: int, wanted: int, chance: float) -> int:
    """Resource that a draw picks of the quietest: below the last level each, on it as many as are still wanted."""
    r, below, on = w.radio, 0, 0
    for i in range(count):
        if int(r.closed[i]) <= threshold:
            below += r.power[i] < last
            on += r.power[i] == last
    among = chance * wanted
    if among < below:
        rank, quiet = int(among), True
    else:
        rank, quiet = min(on - 1, int((among - below) / max(1, wanted - below) * on)), False
    for i in range(count):
        if int(r.closed[i]) <= threshold:
            if (quiet and r.power[i] < last) or (not quiet and r.power[i] == last):
                rank -= 1
                if rank < 0:
                    return i
    return 0


@inline
def book(w: Any, stream: int, when: int, period: int) -> int:
    """When the sub-frame begins in which a message goes that is asked for now [beats]: the next one reserved.

    Reserves anew where none is left, or none soon enough.

    Args:
        when: it is asked for [beats].
        period: between this message and the next [beats].
    """
    f, begin = w.radio.streams[stream], w.radio.air[0].begin
    first = max(when, begin - FRAME) // FRAME + 1
    if f.reserved > 0 and f.booked // FRAME < first:
        late = first - f.booked // FRAME
        f.booked += (late + f.interval - 1) // f.interval * f.interval * FRAME
    if f.reserved <= 0 or f.booked // FRAME - first >= latest(f.interval):
        f.interval = interval_of(period // FRAME)
        choose(w, stream, first)
    return int(f.booked)
