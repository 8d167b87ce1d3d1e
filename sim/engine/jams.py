"""A jam that cannot dissolve: a circle of vehicles each of which waits for the next."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sim.kernel.order import row_of
from sim.park.network import Network
from sim.state.world import World


def find_jam(w: World, patience: float) -> list[int]:
    """Rows of the largest circle of vehicles that wait for each other longer than `patience` [s]; empty if none."""
    v = w.vehicles
    waits = (v["departure"] >= 0) & (v["waiting"] >= patience) & (v["blocker"] >= 0) & ~v["holding"]
    rows = np.flatnonzero(waits)
    if len(rows) < 2:
        return []
    rows = rows[waits[v["blocker"][rows]]]
    if len(rows) < 2:
        return []
    n = len(v)
    graph = coo_array((np.ones(len(rows), np.int8), (rows, v["blocker"][rows])), shape=(n, n)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    size = np.bincount(label, minlength=n)
    biggest = int(size.argmax())
    if size[biggest] < 2:
        return []
    return _in_order(w, np.flatnonzero(label == biggest))


def _in_order(w: World, members: np.ndarray) -> list[int]:
    """Members of a circle, each followed by whom it waits for; begins with the smallest departure."""
    first = int(members[np.argmin(w.vehicles["departure"][members])])
    found, row = [first], int(w.vehicles[first].blocker)
    while row != first and len(found) <= len(members):
        found.append(row)
        row = int(w.vehicles[row].blocker)
    return found


def describe(jam: list[int], w: World, network: Network, ids: list[str], clock: float) -> str:
    """Sentence that names a jam's circle."""
    parts = [f"{ids[w.vehicles[r].departure]} on {network.lanes[w.vehicles[r].lane].id}" for r in map(row_of, jam[:8])]
    more = f" and {len(jam) - 8} more" if len(jam) > 8 else ""
    return (
        f"jam found at {clock:.0f} s: {len(jam)} vehicles wait for each other in a circle: {' -> '.join(parts)}{more}"
    )
