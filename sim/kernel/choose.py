"""Semi-persistent scheduling of the sidelink (PC5 mode 4): which sub-frame and sub-channels a sender reserves.

A station remembers for a second how strong all signals were in each resource, and how strong the one it could read
was. It leaves out resources that others have reserved by their last message, and those it could not sense as it sent
itself; of the fifth that is quietest it takes one by chance, and keeps it for some messages.

Source: TS 36.213 14.1.1.6 and TS 36.321 5.14.1.1, as described in Gonzalez-Martin et al. 2019,
doi:10.1109/TVT.2018.2888704, section II.
"""

from __future__ import annotations

from typing import Any

from sim.chance import RESOURCE, uniform
from sim.compiled import inline
from sim.state.air import BEAT, SECOND

FRAME = BEAT // 1000
#: Period of reservations, by which what is sensed is folded; what of it processing takes, so that a packet is there
#: when the next one is asked for; shortest selection window [sub-frames]. `sim.models.radio.packet_delivery.WINDOWS`.
WINDOW, PROCESSING, SHORTEST = 100, 10, 20
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
    width = 2 * SECOND * w.radio.air[0].sub_channels
    for i in range(block * width, (block + 1) * width):
        w.radio.sensed[i] = 0


@inline
def folding(period: int) -> int:
    """Period of reservations that serves one of messages, and by which what is sensed is folded [sub-frames]."""
    if period >= WINDOW:
        return WINDOW
    return WINDOW // 2 if period >= WINDOW // 2 else WINDOW // 5


@inline
def look_back(w: Any, block: int, frame: int, wide: int, now: int, channel: int) -> tuple[int, int]:
    """What is known of a resource: level read of whom had it a period ago, and sum of strengths over a second.

    Args:
        frame: in which it lies [sub-frames].
        wide: sub-channels of it.
        now: first sub-frame that is not known yet.
        channel: first of its sub-channels.

    Returns:
        `OWN` instead of the level if it could not be sensed, as the station sent itself.
    """
    r, channels, fold = w.radio, w.radio.air[0].sub_channels, w.radio.air[0].folded
    taken, total = 0, 0
    heard, read = block * 2 * SECOND * channels, (block * 2 + 1) * SECOND * channels
    back = frame - fold
    while back >= now:
        back -= fold
    newest = True
    for _ in range(SECOND // fold):
        at = back % SECOND * channels + channel
        for c in range(wide):
            level = int(r.sensed[heard + at + c])
            if level == OWN:
                return OWN, 0
            total += r.levels[level]
            if newest:
                taken = max(taken, int(r.sensed[read + at + c]))
        back, newest = back - fold, False
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
def choose(w: Any, stream: int) -> None:
    """Reserve resources for the next messages of a stream, by what was sensed up to now."""
    r, a = w.radio, w.radio.air[0]
    f = r.streams[stream]
    s = r.stations[f.station]
    fold, wide = folding(f.period // FRAME), min(int(f.sub_channels), int(a.sub_channels))
    a.folded = fold
    first, channels = f.next // FRAME + 1, a.sub_channels - wide + 1
    count, threshold, free = max(SHORTEST, fold - PROCESSING) * channels, level_of(w, a.sensitivity), 0
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
    f.offset, f.sub_channel = (1 + pick // channels) * FRAME, pick % channels
    times = max(1, WINDOW // fold)
    f.reserved = times * (KEPT + int(uniform(seed, RESOURCE, key, at + 1) * MORE))


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
