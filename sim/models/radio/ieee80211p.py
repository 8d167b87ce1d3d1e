"""IEEE 802.11p: too weak, receiver busy, lost on the way, collided; by distance and density.

Source: Sepulcre, Gonzalez-Martin, Gozalvez, Molina-Masegosa, Coll-Perales 2022, doi:10.1109/TVT.2021.3124708,
eqs. 1 to 35; these know of same slots by chance only: those of who waited for the same packet are added here. Frame
error rates from Goubet et al. 2015, fig. 14, as given there.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np

from sim.models.interference import Receiver, at_least_one, disturbed, overlap, places_of_others
from sim.models.propagation import WLAN
from sim.models.radio import BUSY, COLLISION, PROPAGATION, RADIO, SENSITIVITY, Air, Rung, after_each_other

#: Weakest signal noticed, noise in 10 MHz [dBm]; antennas 1.5 m high over an environment of 0.5 m [m].
SENSITIVITY_LEVEL, NOISE, HEIGHT = -85.0, -95.0, 1.0
#: Slot [s]; preamble and signal field [s]; headers [byte]; bandwidth [Hz].
SLOT, PREAMBLE, HEADERS, BAND = 13e-6, 40e-6, 30, 10e6
#: Contention window of awareness messages [slots]; EN 302 663 (access category video), from memory.
WINDOW = 7
#: Energy of a bit over noise [dB], and share of frames lost.
_LEVELS = (5.0, 10, 15, 20, 25, 30, 35)
_ERRORS = (1, 0.4, 1.5e-2, 4e-3, 3e-3, 2e-3, 1e-3)


def air_time(air: Air) -> float:
    """Time that a packet takes on the air [s]."""
    return PREAMBLE + 8.0 * (air.payload + HEADERS) / air.data_rate


@cache
def receiver(power: float, data_rate: float) -> Receiver:
    """How well frames at a data rate are received."""
    gain = 10.0 * math.log10(BAND / data_rate)
    levels = tuple(x - gain for x in _LEVELS)
    return Receiver(power, SENSITIVITY_LEVEL, NOISE, levels, _ERRORS, HEIGHT, WLAN)


@cache
def _spoiled(power: float, data_rate: float, distance: tuple[float, ...], sight: bool) -> tuple[np.ndarray, np.ndarray]:
    return disturbed(receiver(power, data_rate), np.array(distance), sight)


@cache
def _field(power: float, data_rate: float) -> tuple[np.ndarray, float]:
    """What two sense alike by distance in metres [-], and metres of road that one senses [m]."""
    who = receiver(power, data_rate)
    return overlap(who), float(who.sensed(np.arange(-1500.0, 1501.0)).sum())


def busy(air: Air, load: float) -> float:
    """Channel busy ratio at a density of senders [-]; eqs. 34, 35 up to where that parabola turns."""
    offered = load * air.rate * air_time(air) * _field(air.power, air.data_rate)[1]
    turned = min(offered, 0.913 / (2.0 * 0.2481))
    return float(min(1.0, max(0.0, -0.2481 * turned**2 + 0.913 * turned + 0.003844)) if load > 0.0 else 0.0)


def fates(air: Air, distance: np.ndarray, load: float, sight: bool) -> np.ndarray:
    """Shares of every fate, (TOLD, distances)."""
    who, others = receiver(air.power, air.data_rate), places_of_others()
    by_noise, spoiled = _spoiled(air.power, air.data_rate, tuple(map(float, distance)), sight)
    alike = _field(air.power, air.data_rate)[0]
    apart = np.abs(others[None, :] + distance[:, None])
    to_receiver = who.sensed(others)[None, :]
    to_sender = who.sensed(apart.ravel()).reshape(apart.shape)
    free = 1.0 - busy(air, load) * np.interp(apart, np.arange(len(alike)), alike)
    same_slot = SLOT * air.rate * to_sender / free  # eq. 22
    # who waited for the same end of a packet may count down to the same slot; as many wait as in a queue so loaded
    waited = busy(air, load) * np.interp(apart, np.arange(len(alike)), alike)
    together = waited * air.rate * air_time(air) / ((WINDOW + 1) * free) * to_sender
    hidden = air_time(air) * air.rate * (1.0 - to_sender) / free  # eqs. 16, 18
    nearer = np.abs(others)[None, :] < distance[:, None]
    occupied = np.where(nearer, same_slot * to_receiver, 0.0) + hidden * to_receiver  # eqs. 16, 21
    clashes = spoiled * (np.where(nearer, 0.0, same_slot) + together + hidden * (2.0 - to_receiver))  # eqs. 28, 32
    chances = {
        SENSITIVITY: 1.0 - who.sensed(distance, sight=sight),
        BUSY: at_least_one(occupied, load),
        PROPAGATION: by_noise,
        COLLISION: at_least_one(clashes, load),
    }
    return after_each_other(chances, len(distance))


def delay(air: Air) -> tuple[float, float]:
    """Least and greatest delay [s]: on the air at once, or after some 20 packets of others; assumed."""
    return (air.low, air.high) if air.high >= 0.0 else (air_time(air), 20.0 * air_time(air))


RADIO.named("ieee80211p")(Rung(fates, busy, delay))
