"""Keyed random numbers: a pure function of (seed, purpose, key, count), so order and chunking cannot matter.

A key is a hash of an entity's name: adding a vehicle, road or station shifts nobody else's draws.

Source: finaliser of SplitMix64, Steele, Lea, Flood 2014, doi:10.1145/2660193.2660195.
"""

from __future__ import annotations

import hashlib
import math

import numpy as np

from sim.compiled import inline

U = np.uint64

# Purposes: what a draw is for. One number each, never reused.
DAWDLE = 1
SPEED_FACTOR = 2
CARD = 3
DEPARTURE = 4
ROUTE_NOISE = 5
DEPART_LANE = 6
DEPART_POSITION = 7
DEPART_SPEED = 8
PARAMETER = 9
DESTINATION = 10
DWELL = 11
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


#: Cephes' approximations of the normal quantile: the middle, the tails up to 8 and beyond; highest power first.
_TAIL, _SQRT_2_PI = 0.13533528323661269189, 2.50662827463100050242
_P0 = (
    -5.99633501014107895267e1, 9.80010754185999661536e1, -5.66762857469070293439e1, 1.39312609387279679503e1,
    -1.23916583867381258016e0,
)  # fmt: skip
_Q0 = (
    1.0, 1.95448858338141759834e0, 4.67627912898881538453e0, 8.63602421390890590575e1, -2.25462687854119370527e2,
    2.00260212380060660359e2, -8.20372256168333339912e1, 1.59056225126211695515e1, -1.18331621121330003142e0,
)  # fmt: skip
_P1 = (
    4.05544892305962419923e0, 3.15251094599893866154e1, 5.71628192246421288162e1, 4.40805073893200834700e1,
    1.46849561928858024014e1, 2.18663306850790267539e0, -1.40256079171354495875e-1, -3.50424626827848203418e-2,
    -8.57456785154685413611e-4,
)  # fmt: skip
_Q1 = (
    1.0, 1.57799883256466749731e1, 4.53907635128879210584e1, 4.13172038254672030440e1, 1.50425385692907503408e1,
    2.50464946208309415979e0, -1.42182922854787788574e-1, -3.80806407691578277194e-2, -9.33259480895457427372e-4,
)  # fmt: skip
_P2 = (
    3.23774891776946035970e0, 6.91522889068984211695e0, 3.93881025292474443415e0, 1.33303460815807542389e0,
    2.01485389549179081538e-1, 1.23716634817820021358e-2, 3.01581553508235416007e-4, 2.65806974686737550832e-6,
    6.23974539184983293730e-9,
)  # fmt: skip
_Q2 = (
    1.0, 6.02427039364742014255e0, 3.67983563856160859403e0, 1.37702099489081330271e0, 2.16236993594496635890e-1,
    1.34204006088543189037e-2, 3.28014464682127739104e-4, 2.89247864745380683936e-6, 6.79019408009981274425e-9,
)  # fmt: skip


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


def quantile(share: np.ndarray | float) -> np.ndarray:
    """Standard normal quantile [-] of shares in (0, 1); the same bits as SciPy's `ndtri`, which takes long to import.

    Source: `ndtri` in Moshier's Cephes library (netlib.org/cephes), relative error below 1e-15.
    """
    p = np.asarray(share, np.float64)
    lower = np.where(p > 1.0 - _TAIL, 1.0 - p, p)
    middle = lower > _TAIL
    y = np.where(middle, p - 0.5, 0.0)
    y2 = y * y
    near = (y + y * (y2 * _series(y2, _P0) / _series(y2, _Q0))) * _SQRT_2_PI
    with np.errstate(divide="ignore", invalid="ignore"):
        x = np.sqrt(-2.0 * np.log(np.where(middle, _TAIL, lower)))
        z = 1.0 / x
        tail = np.where(x < 8.0, z * _series(z, _P1) / _series(z, _Q1), z * _series(z, _P2) / _series(z, _Q2))
        far = np.where(np.isinf(x), x, x - np.log(x) / x - tail)  # at 0 and 1 there is no end
    return np.where(middle, near, np.where(p > 0.5, far, -far))


def below(quantile: float) -> float:
    """Share of standard normal draws below a value [-]."""
    return 0.5 * math.erfc(-quantile / math.sqrt(2.0))


def _series(x: np.ndarray, factors: tuple[float, ...]) -> np.ndarray:
    """Value of a polynomial, highest power first."""
    total = np.full_like(x, factors[0])
    for factor in factors[1:]:
        total = total * x + factor
    return total


def normal(seed: int, purpose: int, name: str, count: int = 0) -> float:
    """Standard normal draw [-] for a named entity (Box-Muller on two keyed draws)."""
    radius = math.sqrt(-2.0 * math.log(1.0 - draw(seed, purpose, name, 2 * count)))
    return radius * math.cos(2.0 * math.pi * draw(seed, purpose, name, 2 * count + 1))
