"""When SUMO's vehicles and flows depart.

Source: SUMO documentation, Definition_of_Vehicles,_Vehicle_Types,_and_Routes, section Repeated vehicles (Flows).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sim import chance
from sim.park.xml import Document, Node

HOUR = 3600.0
MOST = 5_000_000  #: vehicles of one flow; more is a slip of the pen
#: How often a flow with a probability draws [s]. Source: Eclipse SUMO 1.28, which draws in each step of the length it
#: is run with, here 0.1 s, with that share of the probability a second.
DRAWN = 0.1
LATEST = 1e16  #: [s]; SUMO's own clock ends at 9.2e15 s
#: Elements that stand for several departures.
FLOWS = frozenset(("flow", "personFlow", "containerFlow"))
RATES = ("period", "vehsPerHour", "perHour", "probability")


def seconds_of(text: str) -> float | None:
    """A text as time [s]: seconds, H:M:S or D:H:M:S; None if it is none of them."""
    try:
        numbers = [float(part) for part in text.split(":")]
    except ValueError:
        return None
    if len(numbers) not in (1, 3, 4) or not all(abs(x) < LATEST for x in numbers):
        return None
    if len(numbers) == 1:
        return numbers[0]
    days, hours, minutes, seconds = numbers if len(numbers) == 4 else (0.0, *numbers)
    return days * 24 * HOUR + hours * HOUR + minutes * 60.0 + seconds


def time_of(document: Document, node: Node, name: str, default: float | None = None) -> float:
    """An attribute as time [s]; a fault (and 0) if it is none."""
    text = node.text(name)
    if not text and default is not None:
        return default
    time = seconds_of(text)
    if time is None:
        what = f'{name} is "{text}"' if text else f"{name} is missing"
        document.fault(node, what, "wanted seconds or hours:minutes:seconds")
        return 0.0
    return time


@dataclass(slots=True)
class Order:
    """SUMO's rule for route files: whoever departs before the latest one above him in the file is left out.

    It does not hold in additional files. Flows and people on foot count by the time they begin, lines of buses do not
    count for those below them.

    Source: Eclipse SUMO 1.28, as it reads files made for the purpose.

    Args:
        kept: whether the file is one that SUMO wants in order.
        latest: departure so far [s].
    """

    kept: bool
    latest: float = -math.inf

    def late(self, node: Node, begin: float = 0.0) -> bool:
        """Whether SUMO leaves this element out; `begin` [s]: of a flow that says none."""
        text = node.text("begin") if node.tag in FLOWS else node.text("depart")
        time = begin if node.tag in FLOWS and not text else seconds_of(text)
        if time is None or not self.kept:  # departs when something happens, or at the run's begin
            return False
        if time < self.latest:
            return True
        self.latest = self.latest if node.text("line") else time
        return False


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a flow sends vehicles.

    Args:
        begin: [s].
        end: [s]; inf: of the run.
        number: at most so many; inf: as many as fit.
        period: [s] between two; 0: evenly from `begin` to `end`.
        random: `` at even periods; `exp`: exponential gaps of mean `period`; `second`: by `probability` a second.
        probability: [-] of a departure in a second.
    """

    begin: float
    end: float
    number: float
    period: float = 0.0
    random: str = ""
    probability: float = 0.0

    def too_many(self, end: float) -> bool:
        """Whether it asks for more than `MOST` vehicles, or seconds to draw in, until the end of a run [s]."""
        span = max(0.0, min(self.end, end) - self.begin)
        if self.random == "second":
            return span / DRAWN > MOST
        return self.period > 0.0 and min(self.number, span / self.period) > MOST

    def times(self, name: str, seed: int, begin: float, end: float) -> np.ndarray:
        """Departures in [begin, end) [s], in order, (vehicles,)."""
        last = min(self.end, end)
        if self.random == "exp":
            found = self._exponential(name, seed, last)
        elif self.random == "second":
            found = self._bernoulli(name, seed, last)
        else:
            found = self._even(end, last)
        kept: np.ndarray = found[(found >= begin) & (found < end)]
        return kept

    def _even(self, run_end: float, last: float) -> np.ndarray:
        if self.period <= 0.0:  # a number over a time
            span = (self.end if math.isfinite(self.end) else run_end) - self.begin
            return self.begin + np.arange(int(self.number)) * (span / max(self.number, 1.0))
        count = min(self.number, max(0.0, math.ceil((last - self.begin) / self.period)))
        return self.begin + np.arange(int(count)) * self.period

    def _exponential(self, name: str, seed: int, last: float) -> np.ndarray:
        if math.isfinite(self.number):
            count = int(self.number)
        else:
            mean = max(0.0, last - self.begin) / self.period
            count = int(mean + 10.0 * math.sqrt(mean) + 20.0)
        draws = chance.uniforms(seed, chance.DEPARTURE, np.array([chance.key(name)], dtype=np.uint64), np.arange(count))
        times: np.ndarray = self.begin + np.cumsum(-np.log(1.0 - draws) * self.period)
        return times[times < last]

    def _bernoulli(self, name: str, seed: int, last: float) -> np.ndarray:
        moments = self.begin + np.arange(max(0, math.ceil((last - self.begin) / DRAWN))) * DRAWN
        draws = chance.uniforms(
            seed, chance.DEPARTURE, np.array([chance.key(name)], dtype=np.uint64), np.arange(len(moments))
        )
        hits: np.ndarray = moments[draws < self.probability * DRAWN]
        return hits[: int(min(self.number, len(hits)))]


def rate_of(document: Document, node: Node, begin: float, end: float) -> Rate:
    """A flow's rate; `begin` and `end` [s] are those of the interval it stands in, or 0 and inf."""
    first, last = time_of(document, node, "begin", begin), time_of(document, node, "end", end)
    if last < first:
        document.fault(node, f"it ends ({last:g} s) before it begins ({first:g} s)", "wanted begin before end")
    number = document.number(node, "number", math.inf, 0.0)
    if math.isfinite(number) and (number != int(number) or number > MOST):
        document.fault(node, f'number is "{node.text("number")}"', f"wanted a whole number up to {MOST}")
        number = 0.0
    given = [name for name in RATES if node.has(name)]
    if len(given) > 1 or (given and node.has("number") and node.has("end")):
        names = ", ".join([*given, *(x for x in ("number", "end") if node.has(x))])
        document.fault(
            node, f"it says how often in too many ways ({names})", "keep one rate, and one of number and end"
        )
    elif not given and not node.has("number"):
        document.fault(node, "it does not say how many vehicles", f"wanted number or one of {', '.join(RATES)}")
        number = 0.0
    plain = Rate(first, last, number)
    return _given_rate(document, node, given[0], plain) if given else plain


def _given_rate(document: Document, node: Node, name: str, plain: Rate) -> Rate:
    text = node.text(name)
    if name == "probability":
        share = document.number(node, name, None, 0.0)
        if share > 1.0 or share <= 0.0:
            document.fault(node, f'probability is "{text}"', "wanted more than 0, up to 1")
        return Rate(plain.begin, plain.end, plain.number, 0.0, "second", share)
    random = ""
    if name == "period" and text.startswith("exp(") and text.endswith(")"):
        random, node = "exp", Node(node.tag, {**node.attributes, name: text[4:-1]}, node.line)
    amount = (
        time_of(document, node, name) if name == "period" and not random else document.number(node, name, None, 0.0)
    )
    if amount <= 0.0:  # SUMO: invalid repetition rate
        document.fault(node, f'{name} is "{text}"', f"wanted more than 0{' s' if name == 'period' else ''}")
        return Rate(plain.begin, plain.end, 0.0)
    period = amount if name == "period" and not random else (1.0 / amount if random else HOUR / amount)
    return Rate(plain.begin, plain.end, plain.number, period, random)
