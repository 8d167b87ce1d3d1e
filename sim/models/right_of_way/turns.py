"""Whose turn it is on a strip that two directions share: by courtesy, priority, an alternating signal, or requests.

Whatever the control, a direction that waits gets its turn: a batch, a patience or a green time bounds the other's.

Source: rules assumed; capacity by HCM 7, ch. 19.
"""

from __future__ import annotations

from typing import NamedTuple

from sim.park.passing import Passing

#: Who comes after another by no more than this follows him in the same batch [s]. Source: assumed, twice the headway of
#: a queue that sets off (HCM 7, ch. 19: 1.9 s).
FOLLOWS = 4.0


class Side(NamedTuple):
    """One direction, as its turn is decided by.

    Args:
        waiting: vehicles known to want in [-].
        waited: how long the first of them has been there [s].
        arrives: time until the first of them is at the line; 0 if he stands there [s].
        able: whether there is room behind the strip for the first of them.
    """

    waiting: int
    waited: float
    arrives: float
    able: bool


def stays(how: Passing, turn: int, open_for: float, passed: int, sides: tuple[Side, Side]) -> bool:
    """Whether the direction that has its turn keeps it.

    Args:
        turn: 0: along the drawing, 1: against it.
        open_for: since its turn began [s].
        passed: who entered in this turn [-].

    Source: assumed; of a signal, a fixed time, in which it rests while nobody waits on the other side.
    """
    mine, other = sides[turn], sides[1 - turn]
    if not other.waiting or not other.able:
        return True
    if how.control == "signal":
        return open_for < how.green
    if not mine.waiting or not mine.able:
        return False
    if passed < 1 and (how.control != "request" or mine.arrives <= max(FOLLOWS, other.arrives)):
        return True  # who was given the way is let go first, unless he is still far away
    if how.control == "priority":
        return turn == first_of(how) and other.waited < how.patience
    return passed < how.batch and mine.arrives <= FOLLOWS


def begins(how: Passing, last: int, sides: tuple[Side, Side]) -> int:
    """Which direction has the next turn on an empty strip; -1: neither.

    Args:
        last: direction of the last turn; -1: there was none.

    Source: assumed: first come, first served, then by turns; but for priority.
    """
    first = first_of(how)
    able = [d for d in (first, 1 - first) if sides[d].waiting and sides[d].able]
    if len(able) < 2:
        return able[0] if able else -1
    if how.control == "priority":
        return 1 - first if sides[1 - first].waited >= how.patience and last == first else first
    if last >= 0:
        return 1 - last
    return first if how.control == "signal" else max(able, key=lambda d: sides[d].waited)


def first_of(how: Passing) -> int:
    """Direction that has priority, or the first green: 0 or 1."""
    return 0 if how.first == "forward" else 1


def alternating_capacity(batch: float, headway: float, lost: float, clearing: float) -> float:
    """Vehicles an hour, both directions together, over a strip that queues on both sides use in turns [1/h].

    Args:
        batch: vehicles of a turn [-].
        headway: between them at the line [s].
        lost: from the begin of a turn until the first is over the line [s].
        clearing: from the last over the line until the other side's turn begins [s].

    Source: HCM 7, ch. 19 (capacity is saturation flow times effective green over cycle), for two equal turns.
    """
    return 3600.0 * batch / (lost + (batch - 1.0) * headway + clearing)
