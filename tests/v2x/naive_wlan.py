"""Slow and plain: 802.11p on a road, event by event: who talks waits until it is quiet, who listens locks on the first.

Written for itself: nothing of the model's code or formulas but the path loss and the table of error rates.
"""

from __future__ import annotations

import numpy as np

from sim.models.propagation import path_losses
from sim.models.radio.ieee80211p import receiver

#: Slot [s], time it must be quiet [slots], shadowing [dB] and time after which it is drawn anew [s].
SLOT, QUIET, SHADOW, MIXED = 13e-6, 4, 3.0, 0.1
NEVER = np.iinfo(np.int64).max
FATES = ("heard", "sensitivity", "busy", "propagation", "collision")


class Wlan:
    """Stations that stand along a road and all say one message each period.

    Args:
        places: [m], (stations,).
        rate: messages a second of each.
        power: [dBm].
        data_rate: [bit/s].
        length: of a packet [byte].
        window: slots that who had to wait counts down at most.
    """

    def __init__(
        self, places: np.ndarray, rate: float, power: float, data_rate: float, length: int, seed: int, window: int = 7
    ) -> None:
        self.rng, self.n, self.window = np.random.default_rng(seed), len(places), window
        self.who = receiver(power, data_rate)
        self.away = np.abs(places[:, None] - places[None, :])
        loss = path_losses(self.away.ravel(), self.who.height, self.who.frequency).reshape(self.away.shape)
        self.mean, self.floor = power - loss, 10.0 ** (self.who.noise / 10.0)
        self.lasts = max(1, round((40e-6 + 8.0 * (length + 30) / data_rate) / SLOT))
        self.period = 1.0 / rate / SLOT
        self.inner = (places > 0.35 * places.max()) & (places < 0.65 * places.max())
        self.asks = self.rng.uniform(0.0, self.period, self.n)
        self.sends = np.full(self.n, NEVER)
        self.left = np.full(self.n, -1)
        self.since = np.zeros(self.n, np.int64)
        self.loud = np.zeros(self.n, int)
        self.locked = np.full(self.n, -1)
        self.total = np.zeros(self.n)
        self.air: dict[int, tuple[int, np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = {}
        self.mix()

    def mix(self) -> None:
        """Draw shadowing of all pairs anew, the same both ways."""
        spread = np.triu(self.rng.normal(0.0, SHADOW, self.mean.shape), 1)
        self.level = self.mean + spread + spread.T
        self.strength = 10.0 ** (self.level / 10.0)
        np.fill_diagonal(self.strength, 0.0)

    def run(self, warm: float, until: float, width: float, far: float) -> tuple[np.ndarray, float]:
        """Shares of fates by distance in classes of a width [m], (classes, fates), behind a time; busy ratio amid."""
        classes = int(far / width)
        self.told, self.width = np.zeros((classes, len(FATES))), width
        end, begin, tenth, quiet = int(until / SLOT), int(warm / SLOT), 0.0, 0.0
        now = 0
        while now < end:
            at = min(int(self.asks.min()), int(self.sends.min()), min((x[0] for x in self.air.values()), default=NEVER))
            quiet += (at - now) * (self.loud[self.inner] > 0).mean() if now >= begin else 0.0
            now = at
            if now * SLOT >= tenth + MIXED:
                tenth += MIXED
                self.mix()
            for i in [i for i, x in self.air.items() if x[0] == now]:
                self.stop(i, now, now >= begin)
            for i in np.flatnonzero(self.asks.astype(np.int64) == now):
                self.asks[i] += self.period
                if self.left[i] >= 0:
                    continue  # still waiting with the one before
                free = self.loud[i] == 0
                self.left[i] = 0 if free else self.rng.integers(0, self.window + 1)
                self.sends[i] = now if free else NEVER
            starting = np.flatnonzero(self.sends == now)
            for i in starting:
                self.start(int(i), now)
            for i in starting:  # those of the same slot did not hear each other, others do now
                self.hush(int(i), now)
        return self.told / np.maximum(self.told.sum(1, keepdims=True), 1.0), quiet / (end - begin)

    def start(self, i: int, now: int) -> None:
        """Put a packet on the air; who is free and notices it locks on it."""
        noticed = self.level[i] >= self.who.sensitivity
        noticed[i] = False
        takes = noticed & (self.locked < 0)
        self.locked[takes], self.locked[i] = i, i
        self.total += self.strength[i]
        self.air[i] = (now + self.lasts, noticed, takes, self.strength[i].copy(), np.zeros(self.n))
        for _, _, _, own, most in self.air.values():
            np.maximum(most, self.total - own, out=most)
        self.sends[i], self.left[i] = NEVER, -1

    def hush(self, i: int, now: int) -> None:
        """Let who notices a packet stop counting down."""
        noticed = self.air[i][1].copy()
        noticed[i] = True
        stops = noticed & (self.loud == 0) & (self.left >= 0)
        self.left[stops] -= np.clip(now - self.since[stops] - QUIET, 0, self.left[stops])
        self.sends[noticed] = NEVER
        self.loud[noticed] += 1

    def stop(self, i: int, now: int, counts: bool) -> None:
        """Take a packet off the air, and count what became of it."""
        _, noticed, takes, own, most = self.air.pop(i)
        self.total = self.total - own if self.air else np.zeros(self.n)
        if counts:
            draw = self.rng.random(self.n)
            with np.errstate(divide="ignore"):
                alone = 10.0 * np.log10(own / self.floor)
                among = 10.0 * np.log10(own / (self.floor + np.maximum(most, 0.0)))
            fate = np.where(draw < self.who.error(alone), 3, np.where(draw < self.who.error(among), 4, 0))
            fate = np.where(noticed, np.where(takes, fate, 2), 1)
            kind = (self.away[i] / self.width).astype(int)
            some = self.inner & (kind < len(self.told))
            some[i] = False
            np.add.at(self.told, (kind[some], fate[some]), 1.0)
        free = takes & (self.locked == i)
        self.locked[free], self.locked[i] = -1, -1
        ends = noticed.copy()
        ends[i] = True
        self.loud[ends] -= 1
        ends &= self.loud == 0
        self.since[ends] = now
        waits = ends & (self.left >= 0)
        self.sends[waits] = now + QUIET + self.left[waits]
