"""C-V2X sidelink (PC5 mode 4): half-duplex, too weak, lost on the way, collided; by distance and density.

Source: Gonzalez-Martin, Sepulcre, Molina-Masegosa, Gozalvez 2019, doi:10.1109/TVT.2018.2888704, eqs. 6 to 34; error
rates of 190 byte packets from 3GPP R1-160284 as given there.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from sim.models.interference import Receiver, at_least_one, disturbed, overlap, places_of_others
from sim.models.propagation import SIDELINK
from sim.models.radio import COLLISION, HALF_DUPLEX, PROPAGATION, RADIO, SENSITIVITY, Air, Rung, after_each_other

#: Weakest signal noticed, noise of the whole 10 MHz [dBm]; antenna height [m]; packet a sub-channel takes [byte].
SENSITIVITY_LEVEL, NOISE, HEIGHT, PACKET = -90.5, -95.0, 1.5, 190
#: Blocks that carry data and error rates by signal to noise [dB]: QPSK 0.7 in a quarter, 0.5 in a half of the band.
_QUARTER = (
    10,
    (0.0, 2, 4, 6, 8, 10, 12, 14, 16, 20, 20.001),
    (1, 0.9, 0.7, 0.4, 0.13, 0.045, 0.017, 7e-3, 1e-3, 1e-3, 1e-4),
)
_HALF = (12, (-2.0, 0, 2, 4, 6, 8, 10, 12, 20, 20.001), (1, 0.9, 0.7, 0.3, 0.09, 0.02, 2e-3, 1e-3, 1e-3, 1e-4))
#: Selection window: resources of so many sub-frames are looked at, of which any may be taken [s], and messages for
#: which a reservation is kept on average [-], where no more than so many are said a second. TS 36.213 14.1.1.6: the
#: sender chooses from 20 to 100 sub-frames so that the packet's budget holds, here the time from one message to the
#: next less 10 ms for processing; TS 36.321 5.14.1.1: kept for 5 to 15, 10 to 30, 25 to 75 messages.
WINDOWS = ((10.0, 90e-3, 10), (20.0, 40e-3, 20), (math.inf, 20e-3, 50))
FRAME = 1e-3  #: sub-frame [s]
#: Share of resources that stays to choose from [-], step of raising the threshold [dB]; TS 36.213 14.1.1.6, finer.
CANDIDATES, RAISE = 0.2, 0.1


def packets_wide(air: Air) -> int:
    """Sub-channels that a packet takes [-]."""
    return max(1, math.ceil(air.payload / PACKET))


@cache
def receiver(power: float, sub_channels: int, wide: int = 1) -> Receiver:
    """How well packets that are so many of so many sub-channels wide are received: wider ones gather more noise."""
    blocks, levels, errors = _HALF if sub_channels <= 2 else _QUARTER
    noise = NOISE - 10.0 * math.log10(50 / (blocks * wide))
    return Receiver(power, SENSITIVITY_LEVEL, noise, levels, errors, HEIGHT, SIDELINK)


@cache
def _spoiled(
    power: float, sub_channels: int, wide: int, distance: tuple[float, ...], sight: bool
) -> tuple[np.ndarray, np.ndarray]:
    return disturbed(receiver(power, sub_channels, wide), np.array(distance), sight)


@cache
def _field(power: float, sub_channels: int) -> tuple[np.ndarray, np.ndarray]:
    """What two at a distance sense alike [-] (3001,), and places a metre apart."""
    return overlap(receiver(power, sub_channels)), np.arange(-1500.0, 1501.0)


def resources(air: Air) -> float:
    """Resources among which a sender chooses, in a period of its own [-]; eq. 28."""
    return max(1.0, air.sub_channels // packets_wide(air)) * 1000.0 / air.rate


def excluded(senders: float, count: float) -> float:
    """Resources excluded where so many senders are sensed among so many resources [-]; eq. 29."""
    half = min(senders / 2.0, count - 1.0)
    later = np.arange(1, int(half) + 1)
    return min(count - 1.0, half + float(np.maximum(1.0 - later / (count - half), 0.0).sum()))


def busy(air: Air, load: float) -> float:
    """Channel busy ratio at a density of senders [-]; eq. 34."""
    along = _field(air.power, air.sub_channels)[1]
    sensed = load * receiver(air.power, air.sub_channels).sensed(along).sum()
    return excluded(sensed, resources(air)) / resources(air)


def _collided(air: Air, load: float, spoiled: np.ndarray, distance: np.ndarray, lenient: bool) -> np.ndarray:
    """Chance of a collision [-], (distances,).

    Resources are excluded that others in reach of sensing have reserved; leniently: each one of those that they had
    in the last second, as they change. Where too few are left, the threshold rises until enough are (TS 36.213).
    """
    who, count = receiver(air.power, air.sub_channels), resources(air)
    alike, along = _field(air.power, air.sub_channels)
    sensed = who.sensed(along)
    heard, threshold = load * sensed.sum(), who.sensitivity
    had = 2.0 * load if lenient else load
    away = excluded(had * sensed.sum(), count)
    while count - away < CANDIDATES * count * (1.0 - 1e-9):
        threshold += RAISE
        away = excluded(had * who.sensed(along, threshold).sum(), count)
    both = alike * (load * away * (sensed**2).sum() / heard - away**2 / count) + away**2 / count  # eq. 30
    shared = (count - 2.0 * away + both) * (CANDIDATES * count / (count - away)) ** 2  # eqs. 26, 27
    apart = np.abs(places_of_others()[None, :] + distance[:, None])
    blind = 1.0 - (1.0 - 1.0 / air.rate) * who.sensed(apart.ravel(), threshold).reshape(apart.shape)  # eq. 24
    chosen = shared / (CANDIDATES * count) ** 2  # eqs. 23, 31
    if lenient or threshold > who.sensitivity:
        chosen = np.maximum(chosen, 1.0 / count)  # never rarer than by chance
    same = blind * np.interp(apart, np.arange(len(alike)), chosen)
    return at_least_one(same * spoiled, load)


def _room(air: Air, load: float) -> float:
    """How far exclusion alone still leaves something to choose [-]: 1 within its equations' bounds, 0 if nothing."""
    along = _field(air.power, air.sub_channels)[1]
    taken = load * float(receiver(air.power, air.sub_channels).sensed(along).sum()) / 2.0 / resources(air)
    return min(1.0, max(0.0, (0.95 - taken) / 0.2))


def fates(air: Air, distance: np.ndarray, load: float, sight: bool) -> np.ndarray:
    """Shares of every fate, (TOLD, distances)."""
    who = receiver(air.power, air.sub_channels)
    wide = min(air.sub_channels, packets_wide(air))
    by_noise, spoiled = _spoiled(air.power, air.sub_channels, wide, tuple(map(float, distance)), sight)
    weight = min(1.0, max(0.0, 2.0 * busy(air, load) - 0.4)) * _room(air, load)  # eq. 22
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


def window(air: Air) -> float:
    """Length of the selection window [s]."""
    return next(long for most, long, _ in WINDOWS if air.rate <= most)


def delay(air: Air) -> tuple[float, float]:
    """Least and greatest delay from asking, somewhere in a sub-frame, to the end of the one that is taken [s]."""
    return (air.low, air.high) if air.high >= 0.0 else (1.5 * FRAME, window(air) + 0.5 * FRAME)


def kept(air: Air) -> int:
    """Messages in a row that lie in one reservation, and so take equally long [-]; 1 where a delay is given."""
    return 1 if air.high >= 0.0 else next(long for most, _, long in WINDOWS if air.rate <= most)


RADIO.named("packet_delivery")(Rung(fates, busy, delay, kept=kept))
