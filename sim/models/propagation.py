"""How much weaker a signal is where it is heard: path loss and shadowing of the 5.9 GHz band.

Source: WINNER+ D5.3, 2010, table 4-1, model B1 (as TR 36.885 A.1.4 asks of vehicles); around a corner the same table's
rule for streets at right angles; free space as the least loss.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from sim.compiled import inline

#: Carrier of the Chinese band 5,905 to 5,925 MHz [GHz], and of 802.11p's control channel.
SIDELINK, WLAN = 5.91, 5.89
#: Speed of light as the model's source rounds it [m/s]; nearest distance it holds for [m].
LIGHT, NEAREST = 3.0e8, 3.0
#: Standard deviation of shadowing [dB], in sight and around a corner; TR 36.885.
SHADOW, SHADOW_AROUND = 3.0, 4.0
#: Reach and step of the table of losses [m].
TABLE, STEP = 6500.0, 0.5


@inline
def break_point(height: float, frequency: float) -> float:
    """Distance from which a signal falls faster [m]; antennas at an effective height [m], carrier [GHz]."""
    return 4.0 * height * height * frequency * 1e9 / LIGHT


@inline
def path_loss(distance: float, height: float, frequency: float) -> float:
    """Mean loss in line of sight [dB] over a distance [m]; effective antenna height [m], carrier [GHz]."""
    d = max(abs(distance), NEAREST)
    if d < 4.0 * height * height * frequency * 1e9 / LIGHT:
        loss = 22.7 * math.log10(d) + 27.0 + 20.0 * math.log10(frequency)
    else:
        loss = 40.0 * math.log10(d) + 7.56 - 34.6 * math.log10(height) + 2.7 * math.log10(frequency)
    return max(loss, 20.0 * math.log10(d) + 46.4 + 20.0 * math.log10(frequency / 5.0))


@inline
def path_loss_around(near: float, far: float, height: float, frequency: float) -> float:
    """Mean loss around a right corner [dB]: so far to it [m] and so far from it [m]."""
    near, far = max(abs(near), NEAREST), max(abs(far), NEAREST)
    least = math.inf
    for a, b in ((near, far), (far, near)):
        slope = max(2.8 - 0.0024 * a, 1.84)
        turned = 20.0 - 12.5 * slope + 10.0 * slope * math.log10(b) + 3.0 * math.log10(frequency / 5.0)
        least = min(least, path_loss(a, height, frequency) + turned)
    return max(least, path_loss(math.sqrt(near * near + far * far), height, frequency))


@cache
def _table(height: float, frequency: float, sight: bool) -> np.ndarray:
    """Mean losses from no distance to `TABLE` metres, every `STEP` [dB]; out of sight the corner lies half way."""
    loss: Any = getattr(path_loss, "py_func", path_loss)
    around: Any = getattr(path_loss_around, "py_func", path_loss_around)
    half = math.sqrt(0.5)
    places = np.arange(0.0, TABLE + STEP, STEP)
    if sight:
        return np.array([loss(float(d), height, frequency) for d in places])
    return np.array([around(half * float(d), half * float(d), height, frequency) for d in places])


def path_losses(distance: np.ndarray, height: float, frequency: float, sight: bool = True) -> np.ndarray:
    """Mean losses over many distances [dB], (n,), from a table; out of sight the corner lies half way: assumed."""
    places = np.arange(0.0, TABLE + STEP, STEP)
    return np.interp(np.abs(distance), places, _table(height, frequency, sight))
