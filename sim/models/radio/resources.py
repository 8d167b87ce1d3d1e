"""C-V2X sidelink (PC5 mode 4) with every sub-channel: reservations, strengths against all others, one packet at a time.

Nothing is averaged here: the kernel simulates each sub-frame and sub-channel, and this file gives it its tables. Shares
by distance and density, for whoever asks for them, are those of `packet_delivery`.

Source: TS 36.213 14.1.1.6, TS 36.321 5.14.1.1; receiver as in Gonzalez-Martin et al. 2019,
doi:10.1109/TVT.2018.2888704.
"""

from __future__ import annotations

import numpy as np

from sim.chance import quantile
from sim.models.propagation import SHADOW, SHADOW_AROUND, path_losses
from sim.models.radio import RADIO, Air, Rung
from sim.models.radio.packet_delivery import FRAME, busy, fates, receiver, window

#: Strengths are whole multiples of this [mW]; how far others disturb at most [m].
UNIT, FARTHEST = 1e-15, 1000.0

__all__ = ["UNIT", "error_rates", "gains", "levels", "noise", "reach", "sensitivity", "shadows"]


def _whole(level: float) -> int:
    """A level [dBm] in units of `UNIT`."""
    return round(10.0 ** (level / 10.0) / UNIT)


def noise(air: Air) -> int:
    """Noise in a resource block, with the receiver's own [1e-15 mW]."""
    return _whole(receiver(air.power, air.sub_channels, 1).noise)


def sensitivity(air: Air) -> int:
    """Weakest signal that is noticed [1e-15 mW]."""
    return _whole(receiver(air.power, air.sub_channels).sensitivity)


def reach(air: Air) -> float:
    """Distance at which others are weaker than noise [m], at most `FARTHEST`, at least the range."""
    who, places = receiver(air.power, air.sub_channels), np.arange(10.0, FARTHEST + 5.0, 10.0)
    loud = places[who.strength(places) >= who.noise]
    return max(air.range, float(loud[-1]) if len(loud) else 10.0)


def gains(air: Air, width: float, classes: int, sight: bool) -> np.ndarray:
    """Mean strength of a signal from each class of distance of a width [m], (classes,) [1e-15 mW]."""
    who = receiver(air.power, air.sub_channels)
    middle = (np.arange(classes) + 0.5) * width
    level = air.power - path_losses(middle, who.height, who.frequency, sight)
    return np.asarray(10.0 ** (level / 10.0) / UNIT)


def shadows(count: int, sight: bool) -> np.ndarray:
    """Equally likely factors of a strength by shadowing, (count,) [-]."""
    spread = SHADOW if sight else SHADOW_AROUND
    return np.asarray(10.0 ** (spread * quantile((np.arange(count) + 0.5) / count) / 10.0))


def error_rates(air: Air, least: float, fine: float, rows: int) -> np.ndarray:
    """Share of packets lost from a ratio [dB] on, so many rows a dB, (rows,) [-]."""
    return receiver(air.power, air.sub_channels).error(least + np.arange(rows) / fine)


def levels() -> np.ndarray:
    """Strength of each level that a station can remember: none, then half dB by half dB from -130 dBm, (256,)."""
    steps = 10.0 ** ((-130.0 + 0.5 * (np.arange(256) - 1)) / 10.0) / UNIT
    return np.where(np.arange(256) == 0, 0, np.round(steps)).astype(np.int64)


def _delay(air: Air) -> tuple[float, float]:
    return FRAME, window(air) + FRAME


RADIO.named("resources")(Rung(fates, busy, _delay, "resources"))
