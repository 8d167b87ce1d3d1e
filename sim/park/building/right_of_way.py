"""Who gives way to whom over a junction, and the letter that says so."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from sim.park.building.carriageways import Carriageway
from sim.park.building.draft import Node
from sim.park.building.movements import Movement
from sim.park.network import Crossing

#: Of two opposing streams the one that turns less has the way.
_PRECEDENCE = {"s": 3, "R": 2, "r": 2, "L": 1, "l": 1, "t": 0}
_OPPOSING = math.radians(135.0)

Pair = tuple[int, int]


def right_of_way(
    node: Node, ways: list[Movement], met: Iterable[tuple[int, int, Crossing]]
) -> tuple[set[Pair], list[str]]:
    """Which movements give way to which, and each one's letter (network.Connection.rule).

    Args:
        node: where.
        ways: its movements.
        met: pairs of ranks in `ways` that cross or merge, each once.

    Returns:
        pairs (who, to whom) of ranks in `ways`; a letter for each movement.
    """
    main = main_roads(node, [way.source for way in ways] + [way.target for way in ways])
    gives: set[Pair] = set()
    taking_turns: set[int] = set()
    for one, other, kind in met:
        if kind == Crossing.DIVERGE:
            continue
        if _takes_turns(node, ways[one], ways[other], kind):
            gives |= {(one, other), (other, one)}
            taking_turns |= {one, other}
        elif node.control == "all_way_stop":
            gives |= {(one, other), (other, one)}
        else:
            gives.add((one, other) if _yields(node, main, ways[one], ways[other], one > other) else (other, one))
    giving = {who for who, _ in gives}
    letter: Callable[[int], str] = lambda i: _letter(node, main, ways[i], i in giving, i in taking_turns)  # noqa: E731
    return gives, [letter(i) for i in range(len(ways))]


def main_roads(node: Node, around: Iterable[Carriageway]) -> set[str]:
    """Ids of the roads that have the way: those the map names, or the two greatest, straightest ones."""
    if node.main:
        return set(node.main)
    bearings: dict[str, tuple[Carriageway, float]] = {}
    for one in around:
        bearings[one.road.id] = one, one.outward if one.start == node.id else one.inward + math.pi
    rings = {name for name, (one, _) in bearings.items() if one.road.ring}
    if rings or len(bearings) < 2:
        return rings or set(bearings)

    def merit(pair: Sequence[str]) -> tuple[tuple[int, int, float], tuple[int, int, float], float]:
        (a, left), (b, right) = bearings[pair[0]], bearings[pair[1]]
        low, high = sorted((a.road.rank, b.road.rank))
        return low, high, -round(math.cos(left - right), 6)

    pairs: list[Sequence[str]] = list(combinations(sorted(bearings), 2))
    best = max(pairs, key=merit)
    return set(best)


def _takes_turns(node: Node, one: Movement, other: Movement, kind: Crossing) -> bool:
    """Whether two merging movements let each other in by turns (zipper)."""
    if kind != Crossing.MERGE:
        return False
    return one.source.edge == other.source.edge or node.control in ("zipper", "none")


def _yields(node: Node, main: set[str], one: Movement, other: Movement, later: bool) -> bool:
    """Whether `one` gives way to `other`, else `other` does; `later` decides what nothing else does."""
    if one.source.edge == other.source.edge:
        return _turning(one, other, later)
    if node.control not in ("right_before_left", "none"):
        first, second = one.source.road.id in main, other.source.road.id in main
        if first != second:
            return second
    between = (other.source.inward - one.source.inward + math.pi) % (2.0 * math.pi) - math.pi
    if abs(between) > _OPPOSING:
        return _turning(one, other, later)
    return between > 0.0  # the other comes from the right


def _turning(one: Movement, other: Movement, later: bool) -> bool:
    """Whether `one` turns more than `other`."""
    mine, its = _PRECEDENCE[one.direction], _PRECEDENCE[other.direction]
    return later if mine == its else mine < its


def _letter(node: Node, main: set[str], way: Movement, gives: bool, takes_turns: bool) -> str:
    if takes_turns:
        return "Z"
    if node.control == "all_way_stop":
        return "w"
    if node.control == "stop" and way.source.road.id not in main:
        return "s"
    if not gives:
        return "M"
    return "=" if node.control in ("right_before_left", "none") else "m"
