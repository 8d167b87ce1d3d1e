"""How a queue leaves at a green light: saturation flow, start-up lost time, vehicles a cycle, as HCM measures them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.traffic.card import Card
from sim.verify.junctions import Times, flows, line, street
from sim.verify.roads import side_by_side
from sim.verify.trial import Trial, Watch, crossing_times

#: Vehicles of a queue whose headways are not counted as saturated. Source: HCM 7, ch. 31 (field measurement).
FIRST = 4
#: Cycles before measuring starts.
WARM_UP = 3


@dataclass(frozen=True, slots=True)
class Discharge:
    """What a queue without end comes to.

    Args:
        headways: saturated headway in each copy (copies,) [s].
        lost: start-up lost time in each copy (copies,) [s].
        per_cycle: vehicles that pass in a cycle, in each copy (copies,).
        cycle: [s].
    """

    headways: np.ndarray
    lost: np.ndarray
    per_cycle: np.ndarray
    cycle: float

    @property
    def saturation(self) -> float:
        """Saturation flow [veh/h]."""
        return 3600.0 / float(self.headways.mean())

    @property
    def capacity(self) -> float:
        """Capacity of the approach [veh/h]."""
        return 3600.0 * float(self.per_cycle.mean()) / self.cycle

    @property
    def effective_green(self) -> float:
        """Time of a cycle in which vehicles pass at saturation flow [s]."""
        return float(self.per_cycle.mean() * self.headways.mean())


def discharge(card: Card, times: Times, copies: int, cycles: int, seed: int = 1) -> Discharge:
    """Measure a queue without end at a signal, on some copies of a street for some cycles."""
    park = side_by_side(street([times]), copies)
    demand = flows(card, [("s0", "s1", 1800.0)], copies, arrivals="even")
    duration = (WARM_UP + cycles) * times.cycle
    watch = Watch(period=1.0, after=(WARM_UP - 0.5) * times.cycle)
    diary = Trial(park, demand, duration).run(seed, [watch])
    names = diary.departures.ids
    passed = crossing_times(watch.table(), line(park, "s0@0") - card["length"] - 0.1)
    headways, lost, counts = [], [], []
    for c in range(copies):
        mine = np.sort(passed[[f"@{c}." in name for name in names] & np.isfinite(passed)])
        of_cycles = [_of_cycle(mine, times, k) for k in range(WARM_UP, WARM_UP + cycles)]
        saturated = float(np.mean(np.concatenate([gaps[FIRST:] for gaps in of_cycles])))
        headways.append(saturated)
        lost.append(float(np.mean([gaps[:FIRST].sum() - FIRST * saturated for gaps in of_cycles])))
        counts.append(float(np.mean([len(gaps) for gaps in of_cycles])))
    return Discharge(np.array(headways), np.array(lost), np.array(counts), times.cycle)


def _of_cycle(passed: np.ndarray, times: Times, k: int) -> np.ndarray:
    """Headways in a cycle, the first one since its green began [s]."""
    begin = k * times.cycle + times.offset
    mine = passed[(passed >= begin) & (passed < begin + times.cycle)]
    return np.diff(mine, prepend=begin)
