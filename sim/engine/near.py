"""Who is on some lanes now, for services that look often: plain tuples, as few calls as can be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sim.state.world import World


class Car(NamedTuple):
    """A vehicle on a lane: its departure, [m], [m/s], [m/s2]; `left` to the end of its lane."""

    who: int
    position: float
    speed: float
    length: float
    link: int
    holding: bool
    comfortable: float
    hardest: float
    left: float

    def comes(self, slow: float) -> float:
        """Time until at the end of the lane [s], at no less than a speed [m/s]; 0 for one who stands there."""
        return 0.0 if self.left < 2.0 else self.left / max(self.speed, slow)

    def is_bound(self, hard: float, ahead: float) -> bool:
        """Whether it passes the end of its lane if the line there begins to shut.

        Args:
            hard: deceleration beyond which nobody stops for that [m/s2].
            ahead: time it may go on as it does before [s].
        """
        braking = max(hard, self.comfortable)
        return self.speed > 0.0 and self.left < 0.5 * self.speed**2 / braking + self.speed * ahead

    def cannot_stop(self, dt: float) -> bool:
        """Whether it passes a line that is shut."""
        return self.speed > 0.0 and self.left < 0.5 * self.speed**2 / self.hardest + self.speed * dt


def cars(w: World, counts: Sequence[int], slots: Sequence[int], lengths: Sequence[float]) -> list[list[Car]]:
    """Who is on each of some lanes, from their ends backwards.

    Args:
        counts: places used on each lane.
        slots: first place of each in `Loose.slots`.
        lengths: of each [m].
    """
    found: list[list[Car]] = [[] for _ in counts]
    used = [i for i, count in enumerate(counts) if count]
    if not used:
        return found
    places = [w.loose.slots[slots[i] : slots[i] + counts[i]] for i in used]
    rows = np.concatenate(places)
    where = np.repeat(used, [counts[i] for i in used])
    here = rows >= 0  # the others are shadows of lane changes
    v = plain(w.vehicles)[rows[here]]
    p = plain(w.profiles)[v["profile"]]
    columns = (
        v["departure"], v["position"], v["speed"], v["length"], v["link"], v["holding"], p["deceleration"],
        p["emergency"],
    )  # fmt: skip
    for lane, *told in zip(where[here].tolist(), *(x.tolist() for x in columns), strict=True):
        found[lane].append(Car._make((*told, lengths[lane] - told[1])))
    return found


def plain(table: Any) -> np.ndarray:
    """A table without the conveniences of a record array, which cost more than the look itself."""
    return np.ndarray.view(table, np.ndarray)
