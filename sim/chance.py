"""Keyed random numbers: a pure function of (seed, purpose, key, count), so order and chunking cannot matter.

A key is a hash of an entity's name: adding a vehicle, road or station shifts nobody else's draws.

Source: finaliser of SplitMix64, Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

import hashlib
import math
from statistics import NormalDist

import numpy as np

from sim.compiled import inline

U = np.uint64

# Purposes: what a draw is for. One number each, never reused.
DAWDLE = 1
SPEED_FACTOR = 2
CARD = 3
DEPARTURE = 4
DEPART_LANE = 6
DEPART_POSITION = 7
DEPART_SPEED = 8
PARAMETER = 9
DESTINATION = 10
GAP_ERROR = 12
CLOSING_ERROR = 13
CELL = 14
SAID = 15
CHANNEL = 16
EQUIPPED = 17
RESOURCE = 18
HEEDS = 19
REACTION = 20
SENSING = 21
HESITATION = 27
REQUEST = 28
DEMAND = 30
RESPONSE = 31
HELP = 32
SEEN = 40
ASTRAY = 41
LETS_CROSS = 33
WAITS = 34
DAY = 42
COUNTED = 43
LOOKS = 44
POSTED = 45


@inline
def mix(z: np.uint64) -> np.uint64:
    """Scramble 64 bits."""
    z = (z ^ (z >> U(30))) * U(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> U(27))) * U(0x94D049BB133111EB)
    return z ^ (z >> U(31))


@inline
def uniform(seed: int, purpose: int, key: np.uint64, count: int) -> float:
    """Draw in [0, 1) [-] number `count` of entity `key` for `purpose`."""
    z = mix(U(seed) + U(0x9E3779B97F4A7C15) * U(purpose + 1))
    z = mix(z ^ (U(key) * U(0xD1342543DE82EF95) + U(1)))
    z = mix(z ^ (U(count) * U(0x9E3779B97F4A7C15)))
    return float(z >> U(11)) * (1.0 / 9007199254740992.0)


def key(name: str) -> int:
    """Key of an entity: 64 bits of a hash of its name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def draw(seed: int, purpose: int, name: str, count: int = 0) -> float:
    """Draw in [0, 1) [-] for a named entity; outside compiled code."""
    return float(uniforms(seed, purpose, np.array([key(name)], U), count)[0])


def uniforms(seed: int, purpose: int, keys: np.ndarray, counts: np.ndarray | int = 0) -> np.ndarray:
    """Draws in [0, 1) [-] of many entities at once: the same bits as `uniform`.

    Args:
        keys: uint64 (entities,), or one.
        counts: (entities,), or one for all.
    """
    scramble = getattr(mix, "py_func", mix)  # plain arithmetic works on arrays without compiling
    counts = np.asarray(counts).astype(U)
    with np.errstate(over="ignore"):
        z = scramble(np.atleast_1d(np.asarray(seed, dtype=U) + U(0x9E3779B97F4A7C15) * U(purpose + 1)))
        z = scramble(z ^ (np.asarray(keys, dtype=U) * U(0xD1342543DE82EF95) + U(1)))
        z = scramble(z ^ (counts * U(0x9E3779B97F4A7C15)))
    draws: np.ndarray = (z >> U(11)).astype(np.float64) * (1.0 / 9007199254740992.0)
    return draws


#: Share of a distribution at either end from which nobody is drawn: at 0 and 1 there is no quantile.
_LEAST = 1e-16
_NORMAL = NormalDist()


def quantile(share: np.ndarray | float) -> np.ndarray:
    """Standard normal quantile [-] of shares in [0, 1]; Python's own, for SciPy's takes long to import."""
    inside = np.clip(np.asarray(share, np.float64), _LEAST, 1.0 - _LEAST)
    return np.array([_NORMAL.inv_cdf(x) for x in inside.ravel().tolist()]).reshape(inside.shape)


def below(quantile: float) -> float:
    """Share of standard normal draws below a value [-]."""
    return _NORMAL.cdf(quantile)


def normal(seed: int, purpose: int, name: str, count: int = 0) -> float:
    """Standard normal draw [-] for a named entity (Box-Muller on two keyed draws)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - draw(seed, purpose, name, 2 * count)))
    return radius * math.cos(2.0 * math.pi * draw(seed, purpose, name, 2 * count + 1))
