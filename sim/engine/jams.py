"""A jam that cannot dissolve: a circle of vehicles each of which waits for the next, or somebody whom nothing lets go.

Looked up in the arrays between two steps, by nobody's leave: no driver decides anything by what is found here.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from sim.engine.waiting import never_turns_green, whom
from sim.kernel.decide import BY_END, BY_LIGHT
from sim.park.classes import CLASSES
from sim.park.network import Network
from sim.state.world import World

#: Who stands so many times as long as a jam's patience, for a reason that cannot end, stands for ever; assumed.
FOR_EVER = 3.0
WHY = {BY_END: "can neither go on nor change lanes", BY_LIGHT: "stands before a light that never turns green"}
ON_FOOT = np.uint64(1 << CLASSES.index("pedestrian"))


def find_jam(w: World, patience: float) -> list[int]:
    """Rows of the largest circle of vehicles that wait for each other longer than `patience` [s]; empty if none."""
    v = w.vehicles
    waits = (v["departure"] >= 0) & (v["waiting"] >= patience) & ~v["holding"]
    rows = np.flatnonzero(waits)
    if len(rows) < 2:
        return []
    ahead = {int(r): [x for x in whom(w, int(r)) if waits[x]] for r in rows}
    pairs = [(r, x) for r, others in ahead.items() for x in others]
    if not pairs:
        return []
    from scipy.sparse import coo_array  # takes long, and few runs have a jam
    from scipy.sparse.csgraph import connected_components

    n = len(v)
    one, other = np.array(pairs).T
    graph = coo_array((np.ones(len(pairs), np.int8), (one, other)), shape=(n, n)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    size = np.bincount(label, minlength=n)
    biggest = int(size.argmax())
    if size[biggest] < 2:
        return []
    return _in_order(w, set(np.flatnonzero(label == biggest).tolist()), ahead)


def _in_order(w: World, members: set[int], ahead: dict[int, list[int]]) -> list[int]:
    """The shortest circle from the smallest departure among members, each followed by whom it waits for."""
    first = min(members, key=lambda r: int(w.vehicles["departure"][r]))
    came_from: dict[int, int] = {}
    queue = deque([first])
    while queue:
        row = queue.popleft()
        for other in ahead[row]:
            if other == first:
                circle = [row]
                while circle[-1] != first:
                    circle.append(came_from[circle[-1]])
                return circle[::-1]
            if other in members and other not in came_from:
                came_from[other] = row
                queue.append(other)
    return [first]


def find_stuck(w: World, patience: float) -> list[int]:
    """Rows of who has stood longer than `FOR_EVER` times `patience` [s] though nobody holds it up; by departure.

    Nobody who is at a halt, told to stand, before a light that still changes, or where a road or lane is closed.
    """
    v = w.vehicles
    still = (v["departure"] >= 0) & (v["waiting"] >= FOR_EVER * patience) & ~v["holding"]
    still &= (v["blocker"] < 0) & (w.profiles["class_bit"][v["profile"]] != ON_FOOT)
    still &= v["advice_end"] <= w.totals[0].step
    found = [int(r) for r in np.flatnonzero(still) if _is_stuck(w, int(r))]
    return sorted(found, key=lambda r: int(v["departure"][r]))


def _is_stuck(w: World, row: int) -> bool:
    """Whether nothing that may still change keeps somebody who waits for nobody."""
    if w.lane["shut"].any() or np.isfinite(w.lane["block"]).any():
        return False
    blocker = w.vehicles["blocker"][row]
    if blocker == BY_LIGHT:
        return never_turns_green(w, row)
    return blocker == BY_END and not whom(w, row)


def describe(jam: list[int], w: World, network: Network, ids: list[str], clock: float) -> str:
    """Sentence that names a jam's circle."""
    more = f" and {len(jam) - 8} more" if len(jam) > 8 else ""
    return (
        f"jam found at {clock:.0f} s: {len(jam)} vehicles wait for each other in a circle: "
        f"{' -> '.join(_place(r, w, network, ids) for r in jam[:8])}{more}"
    )


def describe_stuck(row: int, w: World, network: Network, ids: list[str], clock: float) -> str:
    """Sentence that names somebody whom nothing lets go."""
    why = WHY[int(w.vehicles["blocker"][row])]
    return f"standstill found at {clock:.0f} s: {_place(row, w, network, ids)} {why}"


def _place(row: int, w: World, network: Network, ids: list[str]) -> str:
    """Who, and where."""
    r = w.vehicles[row]
    return f"{ids[r['departure']]} on {network.lanes[r['lane']].id}"
