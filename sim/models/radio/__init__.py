"""The radio ladder, one rung a file: how likely each fate of a packet is, by distance, load of the channel and sight.

A rung gives shares, not outcomes: the kernel decides each reception by one keyed draw among them. So the same scenario
runs on every rung. The load is told as the density of senders that would make it on a straight road [1/m], each saying
`Air.rate` messages a second.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.registry import Registry

#: What can become of a packet that is said within range, in the order of the kernel's codes.
FATES = (
    "heard", "half_duplex", "sensitivity", "propagation", "collision", "busy", "loss", "outage", "jammed",
)  # fmt: skip
HEARD, HALF_DUPLEX, SENSITIVITY, PROPAGATION, COLLISION, BUSY, LOSS, OUTAGE, JAMMED = range(len(FATES))
#: Fates that a rung tells shares of.
TOLD = LOSS + 1


@dataclass(frozen=True, slots=True)
class Air:
    """What a rung is told of the air.

    Args:
        range: farthest receiver that is looked at [m].
        rate: messages a second of an ordinary sender [1/s].
        power: [dBm].
        payload: bytes of an ordinary packet, security header among them.
        sub_channels: of the sidelink's 10 MHz [-].
        data_rate: of 802.11p [bit/s].
        loss: share lost for no reason given [-].
        low: least delay on the way [s].
        high: greatest delay on the way [s]; below 0: the model's own.
    """

    range: float = 300.0
    rate: float = 10.0
    power: float = 20.0
    payload: int = 190
    sub_channels: int = 4
    data_rate: float = 6e6
    loss: float = 0.0
    low: float = 0.0
    high: float = -1.0


@dataclass(frozen=True, slots=True)
class Rung:
    """A rung of the ladder.

    Args:
        fates: (air, distances [m] (n,), load [1/m], sight) -> shares (TOLD, n), the first of them heard.
        busy: (air, load [1/m]) -> channel busy ratio [-].
        delay: (air) -> least and greatest delay [s].
        way: how the kernel carries: `shares` by these shares; `cellular` through a network that has outages;
            `resources` by simulating every sub-channel.
        kept: (air) -> messages in a row that take equally long on the way.
        cells: whether a network carries them, which may have cells with delays and losses of their own.
    """

    fates: Callable[[Air, np.ndarray, float, bool], np.ndarray]
    busy: Callable[[Air, float], float]
    delay: Callable[[Air], tuple[float, float]]
    way: str = "shares"
    kept: Callable[[Air], int] = lambda air: 1
    cells: bool = False


RADIO: Registry[Rung] = Registry("radio model")


def flat(air: Air, distance: np.ndarray, load: float, sight: bool) -> np.ndarray:
    """Shares where all that happens is a flat loss."""
    shares = np.zeros((TOLD, len(distance)))
    shares[LOSS] = air.loss
    shares[HEARD] = 1.0 - air.loss
    return shares


def never_busy(air: Air, load: float) -> float:
    """Channel busy ratio of a channel that is never busy [-]."""
    return 0.0


def after_each_other(ways: dict[int, np.ndarray], count: int) -> np.ndarray:
    """Shares (TOLD, count) of causes that strike one after the other, each with its own chance (count,)."""
    shares, left = np.zeros((TOLD, count)), np.ones(count)
    for cause, chance in ways.items():
        shares[cause] = left * chance
        left = left * (1.0 - chance)
    shares[HEARD] = left
    return shares


RADIO.discover(sys.modules[__name__])
