"""Slow and plain: semi-persistent scheduling and reception on a road, a millisecond at a time, station by station.

Written for itself: nothing of the kernel's code or tables but the path loss and the table of error rates.
"""

from __future__ import annotations

import math

import numpy as np

from sim.models.propagation import path_losses
from sim.models.radio.packet_delivery import receiver

SHADOW, UNHEARD = 3.0, -1
#: Intervals that a reservation may be told with [ms]: TS 36.213 table 14.2.1-2, and of TS 38.331 those below 100.
INTERVALS = (*range(20, 100), *range(100, 1001, 100))


class Sidelink:
    """Stations that stand along a road and all say one message each period.

    Args:
        places: [m], (stations,).
        period: [ms].
        channels: sub-channels.
        wide: sub-channels of a message.
        blocks: resource blocks of its data; 0: as many as 190 bytes take.
    """

    def __init__(
        self,
        places: np.ndarray,
        period: float,
        channels: int,
        power: float,
        seed: int,
        wide: int = 1,
        blocks: int = 0,
    ) -> None:
        self.rng = np.random.default_rng(seed)
        self.n, self.period, self.channels, self.wide = len(places), period, channels, wide
        self.interval = max(x for x in INTERVALS if x <= period + 1e-9)
        who = receiver(power, channels, blocks)
        self.who, self.floor = who, 10.0 ** (who.noise / 10.0)
        away = np.abs(places[:, None] - places[None, :])
        self.away = away
        loss = path_losses(away.ravel(), who.height, who.frequency).reshape(away.shape)
        self.mean = power - loss
        self.asks = self.rng.uniform(0, period, self.n)
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

    def latest(self) -> int:
        """Sub-frames behind asking within which a message may be sent [-]: what processing leaves of the interval."""
        return max(20, min(100, self.interval) - 10)

    def conflicts(self, now: int, frames: np.ndarray) -> np.ndarray:
        """Level of the strongest who will have each resource, as told by what was read; (frames, sub-channels) [dBm].

        Who was read at m with an interval r is awaited at m + r; with less than 100 ms again and again for 100 ms, if
        it was read within the last interval. Own messages lie in a frame and all intervals behind it.
        """
        back = np.arange(1, 1000)
        levels = self.read[self.me, (now - back) % 1000]
        some = np.isfinite(levels).any(1)
        back, levels = back[some], levels[some]
        worst = np.full((len(frames), self.channels), -np.inf)
        for q in range(1, max(1, 100 // self.interval) + 1):
            ahead = now - back[:, None] + q * self.interval - frames[None, :]
            met = (ahead >= 0) & (ahead % self.interval == 0) & ((q == 1) | (back[:, None] <= self.interval))
            if len(back):
                worst = np.maximum(worst, np.where(met[:, :, None], levels[:, None, :], -np.inf).max(0))
        return worst

    def choose(self, i: int, now: int) -> None:
        """Reserve a resource in the next sub-frames, by what was sensed in the last second."""
        self.me = i
        frames = now + np.arange(self.latest())
        step = min(100, self.interval)
        past = frames[:, None] - step * (1 + np.arange(1000 // step))[None, :]
        while past.max() >= now:
            past = np.where(past >= now, past - step * (1 + (past - now) // step), past)
        past %= 1000
        could = ~self.blind[i][past].any(1)
        at = self.channels - self.wide + 1
        each = self.conflicts(now, frames)
        reserved = np.max([each[:, c : c + at] for c in range(self.wide)], axis=0)
        energy = np.sum([self.energy[i][past].sum(1)[:, c : c + at] for c in range(self.wide)], axis=0)
        threshold = self.who.sensitivity
        while True:
            free = could[:, None] & (reserved < threshold)
            if free.sum() >= 0.2 * free.size or threshold > 60.0:
                break
            threshold += 3.0
        if not free.any():
            free[:] = True
        places = np.argwhere(free)
        order = np.lexsort((self.rng.random(len(places)), energy[free]))
        rank = self.rng.integers(0, min(len(places), int(np.ceil(0.2 * free.size))))
        frame, channel = places[order[rank]]
        self.sends[i], self.channel[i] = frames[frame], channel
        self.left[i] = max(1, 100 // self.interval) * self.rng.integers(5, 16)

    def ask(self, i: int, now: int) -> None:
        """Put a message into the next sub-frame that is reserved; reserve anew if none is left, or none soon enough.

        Args:
            now: first sub-frame that is still to come.
        """
        if self.left[i] > 0:
            while self.sends[i] < now:
                self.sends[i] += self.interval
        if self.left[i] == 0 or self.sends[i] - now >= self.latest():
            self.choose(i, now)

    def run(self, warm: int, until: int, width: float) -> tuple[np.ndarray, float]:
        """Share heard by distance in classes of a width [m], (classes,), behind a time [ms]; channel busy ratio."""
        classes = int(self.away.max() / width) + 1
        told, heard = np.zeros(classes), np.zeros(classes)
        busy, looked = 0.0, 0
        for now in range(until):
            if now % 1000 == 0:
                self.mix()
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
            self.left[sending] -= 1
            for i in np.flatnonzero(np.floor(self.asks) == now):
                self.ask(int(i), now + 1)
                self.asks[i] += self.period
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
            c = self.channel[i]
            self.energy[:, at, c : c + self.wide] += (power[i] / self.wide)[:, None]
        self.energy[sending, at] = 0.0
        for i in sending:
            mine = slice(self.channel[i], self.channel[i] + self.wide)
            rest = np.maximum(self.energy[:, at, mine].sum(1) - power[i], 0.0) + self.floor
            ratio = 10.0 * np.log10(power[i] / rest)
            listens = ~self.blind[:, at] & (self.level[i] >= self.who.sensitivity)
            got[int(i)] = listens & (self.rng.random(self.n) >= self.who.error(ratio))
            read = np.flatnonzero(listens & (ratio >= 0.0))
            self.read[read, at, mine] = (self.level[i][read] - 10.0 * math.log10(self.wide))[:, None]
        return got
