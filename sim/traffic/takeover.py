"""When automated vehicles hand over to people: why, how soon somebody answers, and what happens if nobody does.

Plain and frozen, in SI; `sim.services.takeover` carries it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields

from sim.provenance import Standing, Value

#: Cause of a demand before the edge of the operational design domain; others are named by the scenario.
ODD_EXIT = "odd_exit"
#: Gentle enough for a minimal risk manoeuvre [m/s2]. Source: UN R157, 5.3.
HARDEST = 4.0

_SUMO: tuple[str, Standing] = ("ToC device of Eclipse SUMO 1.28 (Luecken et al. 2019)", "verified")
_META: tuple[str, Standing] = (
    "take-over times of 129 studies; Zhang et al. 2019, doi:10.1016/j.trf.2019.04.020",
    "memory",
)
_R157: tuple[str, Standing] = ("UN R157: 10 s from the transition demand to the minimal risk manoeuvre", "memory")
_OWN: tuple[str, Standing] = ("the makers of this program; no source", "assumed")


@dataclass(frozen=True, slots=True)
class Takeover:
    """How control goes over.

    Args:
        per_km: demands a kilometre driven by the system [1/km], by cause.
        outside: ids of edges outside the operational design domain: the driver is asked before them.
        driver: card whose ways people have who take over.
        lead: from the demand to the minimal risk manoeuvre [s].
        response: mean of the log-normal time until somebody has taken over [s].
        deviation: of that time [s].
        unanswered: share of demands that nobody in the vehicle answers at all [-]; 1: nobody is in it.
        time_gap: kept while a demand stands [s]; 0: as ever.
        deceleration: of the minimal risk manoeuvre [m/s2].
        awareness: of a driver who has just taken over [-].
        recovery: how fast it comes back to 1 [1/s].
        manual: least time for which a driver keeps control [s].
        vehicles_per_operator: automated vehicles on the road for each operator at the remote desk [-]; 0: no desk, and
            who stands after a minimal risk manoeuvre is helped by somebody who comes.
        help: mean time an operator needs to clear a stop, or somebody to come and do so [s]; exponential.
    """

    per_km: Mapping[str, float] = field(default_factory=dict)
    outside: tuple[str, ...] = ()
    driver: str = "human_car"
    lead: float = 10.0
    response: float = 2.7
    deviation: float = 1.5
    unanswered: float = 0.05
    time_gap: float = 0.0
    deceleration: float = 1.5
    awareness: float = 0.5
    recovery: float = 0.1
    manual: float = 60.0
    vehicles_per_operator: float = 0.0
    help: float = 120.0

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of causes; their rank is the value of a demand's event."""
        return (*sorted(self.per_km), ODD_EXIT)

    def log_normal(self) -> tuple[float, float]:
        """Mean and deviation of the logarithm of the response time [-]."""
        spread = math.log1p((self.deviation / self.response) ** 2)
        return math.log(self.response) - 0.5 * spread, math.sqrt(spread)

    def levels(self) -> list[float]:
        """Awareness in each second after taking over, until it is whole again [-]."""
        seconds = math.ceil((1.0 - self.awareness) / self.recovery - 1e-9)
        return [self.awareness + self.recovery * second for second in range(seconds)]


DEFAULTS = {
    "lead": Value(10.0, "s", *_R157),
    "response": Value(2.7, "s", *_META),
    "deviation": Value(1.5, "s", *_META),
    "unanswered": Value(0.05, "-", "share that SUMO's ToC device leaves unanswered in time; here: at all", "assumed"),
    "deceleration": Value(1.5, "m/s2", *_SUMO),
    "awareness": Value(0.5, "-", *_SUMO),
    "recovery": Value(0.1, "1/s", *_SUMO),
    "manual": Value(60.0, "s", *_OWN),
    "help": Value(120.0, "s", *_OWN),
}
assert all(x.default == DEFAULTS[x.name].amount for x in fields(Takeover) if x.name in DEFAULTS)


def defaults_left(told: Takeover) -> Iterator[tuple[str, Value]]:
    """Defaults that a scenario was left with."""
    return ((name, value) for name, value in DEFAULTS.items() if getattr(told, name) == value.amount)


#: Errors of a driver who is not fully aware, for awareness A: a Wiener process of time 100 A [s] and deviation
#: 0.2 (1 - A) that weighs 0.75 in the gap [-] and 0.15 in the closing speed, a metre of gap [1/s].
#: Source: defaults of SUMO's driver state device (MSDriverState.h).
PERSISTENCE, INTENSITY, IN_GAP, IN_CLOSING = 100.0, 0.2, 0.75, 0.15


def errors(awareness: float) -> dict[str, Value]:
    """Parameters of a card that tell a driver's errors of perception at some awareness [-]."""
    source: tuple[str, Standing] = ("driver state device of Eclipse SUMO 1.28", "verified")
    intensity = INTENSITY * (1.0 - awareness)
    return {
        "error_time": Value(PERSISTENCE * awareness, "s", *source),
        "gap_variation": Value(IN_GAP * intensity, "-", *source),
        "closing_rate": Value(IN_CLOSING * intensity, "1/s", *source),
    }
