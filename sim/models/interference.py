"""What one more sender does to a packet: error rates of a signal among others, averaged over shadowing.

Source: Gonzalez-Martin et al. 2019, doi:10.1109/TVT.2018.2888704, eqs. 10 to 18; here by quadrature instead of
convolved histograms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.chance import quantile
from sim.models.propagation import SHADOW, SHADOW_AROUND, path_losses

#: Signal levels and levels of interference that stand for their distributions [-].
SIGNALS, INTERFERENCES = 32, 12
#: Spacing of places of others [m], and how far they still disturb [m].
SPACING, FARTHEST = 10.0, 1000.0


@dataclass(frozen=True, slots=True)
class Receiver:
    """How well packets are received.

    Args:
        power: of every sender [dBm].
        sensitivity: weakest signal that is noticed [dBm].
        noise: in the packet's band, with the receiver's own [dBm].
        levels: signal over noise and interference [dB], rising, (n,).
        errors: share of packets lost at those levels [-], (n,).
        height: effective antenna height [m].
        frequency: [GHz].
    """

    power: float
    sensitivity: float
    noise: float
    levels: tuple[float, ...]
    errors: tuple[float, ...]
    height: float
    frequency: float

    def strength(self, distance: np.ndarray, sight: bool = True) -> np.ndarray:
        """Mean strength of signals from such distances [dBm], (n,)."""
        return self.power - path_losses(distance, self.height, self.frequency, sight)

    def sensed(self, distance: np.ndarray, threshold: float | None = None, sight: bool = True) -> np.ndarray:
        """Share of signals from such distances that is above a threshold [-], (n,); by default that of noticing."""
        from scipy.special import ndtr  # takes long, and only runs with messages need it

        level = self.sensitivity if threshold is None else threshold
        return np.asarray(ndtr((self.strength(distance, sight) - level) / (SHADOW if sight else SHADOW_AROUND)))

    def error(self, ratio: np.ndarray) -> np.ndarray:
        """Share of packets lost at ratios of signal to noise and interference [dB]."""
        return np.asarray(np.interp(ratio, self.levels, self.errors))

    def signals(self, mean: float, sight: bool) -> np.ndarray:
        """Equally likely strengths of a signal that is noticed [dBm], (SIGNALS,)."""
        from scipy.special import ndtr

        spread = SHADOW if sight else SHADOW_AROUND
        low = ndtr((self.sensitivity - mean) / spread)
        share = low + (1.0 - low) * (np.arange(SIGNALS) + 0.5) / SIGNALS
        return np.asarray(mean + spread * quantile(np.clip(share, 1e-12, 1.0 - 1e-12)))


def places_of_others() -> np.ndarray:
    """Where others are looked for, along the road from the receiver [m], (places,)."""
    half = np.arange(SPACING / 2.0, FARTHEST, SPACING)
    return np.concatenate([-half[::-1], half])


def disturbed(receiver: Receiver, distance: np.ndarray, sight: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """How often noise alone, and how often another sender at each place, spoils a packet that is noticed.

    Returns:
        by noise [-] (distances,); by one other [-] (distances, places), if noise did not.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(INTERFERENCES)
    weights = weights / weights.sum()
    others = receiver.strength(places_of_others())[:, None] + SHADOW * nodes
    floor = 10.0 * np.log10(10.0 ** (others / 10.0) + 10.0 ** (receiver.noise / 10.0))
    by_noise, by_other = np.zeros(len(distance)), np.zeros((len(distance), len(others)))
    for k, mean in enumerate(receiver.strength(distance, sight)):
        signals = receiver.signals(mean, sight)
        by_noise[k] = receiver.error(signals - receiver.noise).mean()
        either = receiver.error(signals[:, None, None] - floor).mean(0) @ weights
        by_other[k] = np.clip((either - by_noise[k]) / (1.0 - by_noise[k] + 1e-12), 0.0, 1.0)
    return by_noise, by_other


def at_least_one(chance: np.ndarray, density: float) -> np.ndarray:
    """Chance that at least one of the others does it [-], (…); they stand at `places_of_others` at a density [1/m].

    Args:
        chance: that one at a place does it [-], (…, places).
    """
    fewer = np.log1p(-np.clip(chance, 0.0, 1.0 - 1e-9))
    return np.asarray(-np.expm1(density * SPACING * fewer.sum(-1)))


def overlap(receiver: Receiver, threshold: float | None = None) -> np.ndarray:
    """How alike what two sense is [-], by their distance in metres, (3001,): autocorrelation, 1 at no distance.

    Args:
        threshold: above which a signal is sensed [dBm]; by default that of noticing.
    """
    from scipy.signal import fftconvolve

    sensed = receiver.sensed(np.arange(-1500.0, 1501.0), threshold)
    alike = fftconvolve(sensed, sensed)[len(sensed) - 1 :]
    return np.asarray(alike / alike[0])
