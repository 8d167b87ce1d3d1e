"""C-V2X sidelink (PC5 mode 4): half-duplex, too weak, lost on the way, collided; by distance and density.

Source: Gonzalez-Martin, Sepulcre, Molina-Masegosa, Gozalvez 2019, doi:10.1109/TVT.2018.2888704, eqs. 6 to 34; error
rates of 190 byte packets from 3GPP R1-160284 as given there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np

from sim.compiled import inline
from sim.models.interference import Receiver, at_least_one, disturbed, overlap, places_of_others
from sim.models.propagation import SIDELINK
from sim.models.radio import COLLISION, HALF_DUPLEX, PROPAGATION, RADIO, SENSITIVITY, Air, Rung, after_each_other

#: Weakest signal noticed, noise of the whole 10 MHz [dBm]; antenna height [m].
SENSITIVITY_LEVEL, NOISE, HEIGHT = -90.5, -95.0, 1.5
#: Resource blocks of the band, those that tell of a packet, and bytes of the packet that the error rates are of [-].
BLOCKS, CONTROL, PACKET = 50, 2, 190
#: Blocks that carry its data and error rates by signal to noise [dB]: QPSK 0.7 in a quarter, 0.5 in a half of the band.
_QUARTER = (
    10,
    (0.0, 2, 4, 6, 8, 10, 12, 14, 16, 20, 20.001),
    (1, 0.9, 0.7, 0.4, 0.13, 0.045, 0.017, 7e-3, 1e-3, 1e-3, 1e-4),
)
_HALF = (12, (-2.0, 0, 2, 4, 6, 8, 10, 12, 20, 20.001), (1, 0.9, 0.7, 0.3, 0.09, 0.02, 2e-3, 1e-3, 1e-3, 1e-4))
#: Longest selection window, what of it processing takes so that a packet is there when the next one is asked for, and
#: shortest one [sub-frames]; TS 36.213 14.1.1.6: the sender chooses from 20 to 100 so that the packet's budget holds.
WINDOW, PROCESSING, SHORTEST = 100, 10, 20
#: Messages for which a reservation is kept on average [-], at 10 a second or less: 5 to 15; TS 36.321 5.14.1.1.
KEPT = 10
FRAME = 1e-3  #: sub-frame [s]
_ALONG = np.arange(-1500.0, 1501.0)  #: places a metre apart, along the road [m]
#: Share of resources that stays to choose from [-], step of raising the threshold [dB]; TS 36.213 14.1.1.6.
CANDIDATES, RAISE = 0.2, 3.0
#: Level above which a sub-channel is busy [dBm]; TS 36.214 5.1.30 as set by ETSI TS 103 613. Chance not looked at [-].
BUSY_LEVEL, RARE = -94.0, 1e-3


def _coding(sub_channels: int) -> tuple[int, tuple[float, ...], tuple[float, ...]]:
    """Blocks that carry `PACKET` bytes, and error rates by signal to noise: coded better where there is more room."""
    return _HALF if sub_channels <= 2 else _QUARTER


def blocks(air: Air) -> int:
    """Resource blocks that carry a packet's data [-]; what is shorter than `PACKET` is coded better instead."""
    least = _coding(air.sub_channels)[0]
    return max(least, math.ceil(air.payload * least / PACKET))


def packets_wide(air: Air) -> int:
    """Sub-channels that a packet takes, with the blocks that tell of it, all there are at most [-]."""
    return min(air.sub_channels, math.ceil((blocks(air) + CONTROL) / (BLOCKS // air.sub_channels)))


@cache
def receiver(power: float, sub_channels: int, carried: int = 0) -> Receiver:
    """How well packets are received whose data so many blocks carry, by default `PACKET` bytes."""
    least, levels, errors = _coding(sub_channels)
    noise = NOISE - 10.0 * math.log10(BLOCKS / (carried or least))
    return Receiver(power, SENSITIVITY_LEVEL, noise, levels, errors, HEIGHT, SIDELINK)


@cache
def _spoiled(
    power: float, sub_channels: int, carried: int, distance: tuple[float, ...], sight: bool
) -> tuple[np.ndarray, np.ndarray]:
    return disturbed(receiver(power, sub_channels, carried), np.array(distance), sight)


@cache
def _alike(power: float, sub_channels: int, threshold: float) -> np.ndarray:
    """What two sense alike above a threshold [dBm], by their distance in metres [-] (3001,)."""
    return overlap(receiver(power, sub_channels), threshold)


def resources(air: Air) -> float:
    """Resources among which a sender chooses, in a period of its own [-]; eq. 28.

    Wide packets may begin in any sub-channel (TS 36.213 14.1.1.6): few of them overlap as often as places drawn at
    chance do, many lie side by side; the mean of both, by ratio, is assumed.
    """
    wide = packets_wide(air)
    places = np.arange(air.sub_channels - wide + 1)
    by_chance = 1.0 / float((np.abs(places[:, None] - places[None, :]) < wide).mean())
    return math.sqrt(by_chance * (air.sub_channels // wide)) * 1000.0 / air.rate


def _own(air: Air) -> float:
    """Share of resources that one cannot choose as it has sent itself in their sub-frames within a second [-]."""
    often = float(interval(air))
    return (1.0 + 1000.0 / (KEPT * times(interval(air)) * often)) / min(often, float(WINDOW))


def excluded(senders: float, count: float) -> float:
    """Resources excluded where so many senders are sensed among so many resources [-]; eq. 29."""
    half = min(senders / 2.0, count - 1.0)
    later = np.arange(1, int(half) + 1)
    return min(count - 1.0, half + float(np.maximum(1.0 - later / (count - half), 0.0).sum()))


def _threshold(air: Air) -> float:
    """Signal from which on a reservation counts [dBm]: told by strength in a sub-channel, TS 36.214 5.1.29."""
    return SENSITIVITY_LEVEL + 10.0 * math.log10(packets_wide(air))


def _sensed(air: Air, load: float, threshold: float) -> float:
    """Senders that one senses above a threshold [dBm] at a density of senders [-]."""
    return load * float(receiver(air.power, air.sub_channels).sensed(_ALONG, threshold).sum())


def busy(air: Air, load: float) -> float:
    """Channel busy ratio at a density of senders [-]; eq. 34, of sub-channels, above the level that counts as busy."""
    wide = packets_wide(air)
    count = air.sub_channels / wide * 1000.0 / air.rate
    return excluded(_sensed(air, load, BUSY_LEVEL + 10.0 * math.log10(wide)), count) / count


def _steps(air: Air, load: float) -> Iterator[tuple[float, float, float]]:
    """Thresholds at which enough is left to choose from (TS 36.213): chance [-], level [dBm], resources excluded [-].

    How many are sensed varies as by chance, so that with the same load some go a step farther than others.
    """
    count, level, before = resources(air), _threshold(air), 0.0
    most = (1.0 - CANDIDATES / (1.0 - _own(air))) * count
    while before < 1.0:
        senders = _sensed(air, load, level)
        spread = math.sqrt(senders)
        low, away, high = (excluded(max(0.0, senders + x), count) for x in (-spread, 0.0, spread))
        margin = 2.0 * (most - away) / max(high - low, 1e-9) / math.sqrt(2.0)
        enough = max(before, 0.5 * (1.0 + math.erf(margin)))
        enough = 1.0 if enough > 1.0 - RARE else enough
        if enough - before > RARE:
            yield enough - before, level, min(away, most)
        level, before = level + RAISE, enough


def _collided(air: Air, load: float, spoiled: np.ndarray, distance: np.ndarray, lenient: bool) -> np.ndarray:
    """Chance of a collision [-], (distances,).

    Resources are excluded that others in reach of sensing have reserved; leniently: each one of those that they had
    in the last second, as they change.
    """
    who, count, least = receiver(air.power, air.sub_channels), resources(air), _threshold(air)
    alike = _alike(air.power, air.sub_channels, least)
    twice = load * float((who.sensed(_ALONG, least) ** 2).sum()) / _sensed(air, load, least)
    apart = np.abs(places_of_others()[None, :] + distance[:, None])
    # eq. 24 where the first message of a reservation is one in as many as are said a second; here as many as it holds
    first = 1.0 / (KEPT * times(interval(air)))
    total = np.zeros(len(distance))
    for share, threshold, away in _steps(air, 2.0 * load if lenient else load):
        both = alike * (away * twice - away**2 / count) + away**2 / count  # eq. 30
        chosen = (count - 2.0 * away + both) / (count - away) ** 2  # eqs. 23, 26, 27, 31
        if lenient or threshold > least:
            chosen = np.maximum(chosen, 1.0 / count)  # never rarer than by chance
        blind = 1.0 - (1.0 - first) * who.sensed(apart.ravel(), threshold).reshape(apart.shape)
        same = blind * np.interp(apart, np.arange(len(alike)), chosen)
        total += share * at_least_one(same * spoiled, load)
    return total


def fates(air: Air, distance: np.ndarray, load: float, sight: bool) -> np.ndarray:
    """Shares of every fate, (TOLD, distances)."""
    who = receiver(air.power, air.sub_channels)
    by_noise, spoiled = _spoiled(air.power, air.sub_channels, blocks(air), tuple(map(float, distance)), sight)
    taken = excluded(_sensed(air, load, _threshold(air)), resources(air)) / resources(air)  # eq. 34
    weight = min(1.0, max(0.0, 2.0 * taken - 0.4))  # eq. 22
    collided = np.zeros(len(distance))
    if load > 0.0:
        for share, lenient in ((weight, False), (1.0 - weight, True)):
            if share > 0.0:
                collided += share * _collided(air, load, spoiled, distance, lenient)
    chances = {
        HALF_DUPLEX: np.full(len(distance), min(1.0, air.rate / 1000.0)),  # eq. 7
        SENSITIVITY: 1.0 - who.sensed(distance, sight=sight),
        PROPAGATION: by_noise,
        COLLISION: collided,
    }
    return after_each_other(chances, len(distance))


@inline
def interval_of(period: int) -> int:
    """Interval of reservations that serves a period of messages [sub-frames]: the longest there is within it.

    Source: TS 36.213 table 14.2.1-2 knows 20, 50 and whole hundreds up to 1000 ms; TS 38.331 all below 100 ms, as here.
    """
    return min(1000, period // WINDOW * WINDOW) if period >= WINDOW else max(1, period)


@inline
def latest(interval: int) -> int:
    """Sub-frames behind asking within which a message must go [-]."""
    return min(interval, max(SHORTEST, min(interval, WINDOW) - PROCESSING))


@inline
def times(interval: int) -> int:
    """How often as many messages a reservation is kept for as at an interval of 100 ms [-]; TS 36.321 5.14.1.1."""
    return max(1, WINDOW // interval)


def interval(air: Air) -> int:
    """Interval of reservations [sub-frames]."""
    return int(interval_of(int(1000.0 / air.rate + 1e-9)))


def window(air: Air) -> float:
    """Length of the selection window [s]."""
    return FRAME * float(latest(interval(air)))


def delay(air: Air) -> tuple[float, float]:
    """Least and greatest delay from asking, somewhere in a sub-frame, to the end of the one that is taken [s]."""
    return (air.low, air.high) if air.high >= 0.0 else (1.5 * FRAME, window(air) + 0.5 * FRAME)


def kept(air: Air) -> int:
    """Messages in a row that lie in one reservation, and so take equally long [-]; 1 where a delay is given."""
    return 1 if air.high >= 0.0 else KEPT * int(times(interval(air)))


RADIO.named("packet_delivery")(Rung(fates, busy, delay, kept=kept))
