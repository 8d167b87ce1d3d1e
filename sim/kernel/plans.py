"""What a route wants on each lane of each of its edges: which link to take, and where a lane change is needed."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.compiled import PLAIN, addresses, cached, opener
from sim.state.columns import layout
from sim.state.place import Plans

#: Differences between lanes beyond this way behind an edge do not matter on it yet [m]; SUMO's limit of looking ahead.
FAR = 3000.0


class Ways(NamedTuple):
    """What `plan_routes` wants to know, and the plans it fills.

    Args:
        edges: (stages,) edge index of every stage.
        begin: (routes + 1,) first stage of each route.
        halt: (stages,) index on the edge of the lane with the next planned halt; -1: none.
        class_bit: (routes,) class of road user, as bit.
        stage_plan: (stages,) row of `plans` of each stage's lane 0.
        plans: rows of `sim.state.place.Plans`.
        first_lane: (edges,).
        lanes: (edges,) how many.
        length: (lanes,) [m].
        allowed: (lanes,) classes, as bits.
        out: (lanes + 1,) first way out of each lane.
        out_link: (ways out,) link.
        out_target: (ways out,) lane.
        out_allowed: (ways out,) classes, as bits.
    """

    edges: np.ndarray
    begin: np.ndarray
    halt: np.ndarray
    class_bit: np.ndarray
    stage_plan: np.ndarray
    plans: np.ndarray
    first_lane: np.ndarray
    lanes: np.ndarray
    length: np.ndarray
    allowed: np.ndarray
    out: np.ndarray
    out_link: np.ndarray
    out_target: np.ndarray
    out_allowed: np.ndarray


_KINDS = ("i4", "i8", "i8", "u8", "i8", "plans", "i8", "i8", "f8", "u8", "i8", "i8", "i8", "u8")
_LAYOUT = {
    name: layout(Plans) if kind == "plans" else np.dtype(kind) for name, kind in zip(Ways._fields, _KINDS, strict=True)
}
_open_ways = opener(_LAYOUT, (), frozenset(_LAYOUT) - {"plans"})


def fill_plans(ways: Ways) -> None:
    """Fill the plans of all routes."""
    lists = (np.ascontiguousarray(x, kind) for x, kind in zip(ways, _LAYOUT.values(), strict=True))
    given = Ways(*lists)._replace(plans=ways.plans)
    block = addresses(given)  # must live as long as the call
    plan_routes(given if PLAIN else block.ctypes.data, len(given.begin) - 1)


@cached
def plan_routes(handle: Any, routes: int) -> None:
    """Fill the plans of so many routes, each from its last edge backwards, behind a handle."""
    w = _open_ways(handle)
    edges, begin, halt, class_bit, stage_plan, plans = w.edges, w.begin, w.halt, w.class_bit, w.stage_plan, w.plans
    first_lane, lanes, length, allowed = w.first_lane, w.lanes, w.length, w.allowed
    out, out_link, out_target, out_allowed = w.out, w.out_link, w.out_target, w.out_allowed
    for route in range(routes):
        bit = class_bit[route]
        for stage in range(begin[route + 1] - 1, begin[route] - 1, -1):
            edge = edges[stage]
            last = stage == begin[route + 1] - 1
            best = -1.0
            shortest = length[first_lane[edge]]
            for j in range(1, lanes[edge]):
                shortest = min(shortest, length[first_lane[edge] + j])
            for j in range(lanes[edge]):
                lane = first_lane[edge] + j
                row = stage_plan[stage] + j
                plans[row].link = -1
                plans[row].reach = -1.0
                if not allowed[lane] & bit:
                    continue
                reach = length[lane]
                if not last:
                    beyond, turn = 0.0, 127
                    for k in range(out[lane], out[lane + 1]):
                        target = out_target[k]
                        at = target - first_lane[edges[stage + 1]]
                        if at < 0 or at >= lanes[edges[stage + 1]] or not out_allowed[k] & bit:
                            continue
                        ahead = plans[stage_plan[stage + 1] + at]
                        if ahead.reach < 0.0:
                            continue
                        aside = abs(int(ahead.offset))
                        worth = float(ahead.reach)
                        if halt[stage + 1] >= 0:  # enter by the lane of the halt, wherever it leads
                            aside = abs(halt[stage + 1] - at)
                            worth = FAR + length[target] if aside == 0 else length[target]
                        if worth > beyond or (worth == beyond and aside < turn):
                            beyond, turn = worth, aside
                            plans[row].link = out_link[k]
                    reach += beyond
                else:
                    reach += FAR
                plans[row].reach = min(reach, FAR + shortest)
                best = max(best, plans[row].reach)
            for j in range(lanes[edge]):
                row = stage_plan[stage] + j
                nearest = 127
                for i in range(lanes[edge]):
                    if plans[stage_plan[stage] + i].reach == best and abs(i - j) < abs(nearest):
                        nearest = i - j
                plans[row].offset = nearest
