"""Slow and plain: semi-persistent scheduling and reception on a road, a millisecond at a time, station by station.

Written for itself: nothing of the kernel's code or tables but the path loss and the table of error rates.
"""

from __future__ import annotations

import numpy as np

from sim.models.propagation import path_losses
from sim.models.radio.packet_delivery import receiver

SHADOW, UNHEARD = 3.0, -1


class Sidelink:
    """Stations that stand along a road and all say one message each period.

    Args:
        places: [m], (stations,).
        period: [ms]; 100 or more.
        channels: sub-channels.
    """

    def __init__(self, places: np.ndarray, period: int, channels: int, power: float, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.n, self.period, self.channels = len(places), period, channels
        who = receiver(power, channels)
        self.who, self.floor = who, 10.0 ** (who.noise / 10.0)
        away = np.abs(places[:, None] - places[None, :])
        self.away = away
        loss = path_losses(away.ravel(), who.height, who.frequency).reshape(away.shape)
        self.mean = power - loss
        self.asks = self.rng.integers(0, period, self.n)
        self.sends = np.full(self.n, UNHEARD)
        self.channel = np.zeros(self.n, int)
        self.left = np.zeros(self.n, int)
        self.energy = np.zeros((self.n, 1000, channels))
        self.blind = np.zeros((self.n, 1000), bool)
        self.read = np.full((self.n, 1000, channels), -np.inf)
        self.mix()

    def mix(self) -> None:
        """Draw shadowing of all pairs anew, the same both ways."""
        spread = self.rng.normal(0.0, SHADOW, self.mean.shape)
        self.level = self.mean + np.triu(spread, 1) + np.triu(spread, 1).T

    def choose(self, i: int, now: int) -> None:
        """Reserve a resource in the next 100 ms, by what was sensed in the last second."""
        frames = now + 1 + np.arange(100)
        past = (frames[:, None] - 100 * (1 + np.arange(10))[None, :]) % 1000
        could = ~self.blind[i][past].any(1)
        reserved = self.read[i][past[:, 0]]  # levels in the period before
        energy = self.energy[i][past].sum(1)
        threshold = self.who.sensitivity
        while True:
            free = could[:, None] & (reserved < threshold)
            if free.sum() >= 0.2 * free.size:
                break
            threshold += 3.0
        at = np.argwhere(free)
        order = np.lexsort((self.rng.random(len(at)), energy[free]))
        frame, channel = at[order[self.rng.integers(0, int(np.ceil(0.2 * free.size)))]]
        self.sends[i], self.channel[i] = frames[frame], channel
        self.left[i] = self.rng.integers(5, 16)

    def run(self, warm: int, until: int, width: float) -> tuple[np.ndarray, float]:
        """Share heard by distance in classes of a width [m], (classes,), behind a time [ms]; channel busy ratio."""
        classes = int(self.away.max() / width) + 1
        told, heard = np.zeros(classes), np.zeros(classes)
        busy, looked = 0.0, 0
        for now in range(until):
            if now % 1000 == 0:
                self.mix()
            for i in np.flatnonzero(self.asks == now):
                if self.left[i] == 0:
                    self.choose(int(i), now)
                else:
                    self.sends[i] += self.period
            sending = np.flatnonzero(self.sends == now)
            got = self.frame(now, sending)
            if now >= warm:
                for i in sending:
                    others = np.arange(self.n) != i
                    kind = (self.away[i][others] / width).astype(int)
                    told += np.bincount(kind, minlength=classes)
                    heard += np.bincount(kind, got[i][others], minlength=classes)
                free = ~np.isin(np.arange(self.n), sending)
                busy += (self.energy[free, now % 1000] > 10.0**-9.4).mean()
                looked += 1
            self.asks[self.asks == now] += self.period
            self.left[sending] -= 1
        return heard / np.maximum(told, 1), busy / looked

    def frame(self, now: int, sending: np.ndarray) -> dict[int, np.ndarray]:
        """What happens in a millisecond; returns who hears each sender, (stations,) bool."""
        at, got = now % 1000, {}
        self.energy[:, at] = 0.0
        self.read[:, at] = -np.inf
        self.blind[:, at] = False
        self.blind[sending, at] = True
        power = 10.0 ** (self.level / 10.0)
        for i in sending:
            self.energy[:, at, self.channel[i]] += power[i]
        self.energy[sending, at] = 0.0
        for i in sending:
            rest = np.maximum(self.energy[:, at, self.channel[i]] - power[i], 0.0) + self.floor
            ratio = 10.0 * np.log10(power[i] / rest)
            listens = ~self.blind[:, at] & (self.level[i] >= self.who.sensitivity)
            got[int(i)] = listens & (self.rng.random(self.n) >= self.who.error(ratio))
            read = listens & (ratio >= 0.0)
            self.read[read, at, self.channel[i]] = self.level[i][read]
        return got
