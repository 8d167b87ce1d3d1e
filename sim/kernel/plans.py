"""What a route wants on each lane of each of its edges: which link to take, and where a lane change is needed."""

from __future__ import annotations

from typing import Any

from sim.compiled import cached

#: Differences between lanes beyond this way behind an edge do not matter on it yet [m]; SUMO's limit of looking ahead.
FAR = 3000.0


@cached
def plan_routes(edges: Any, begin: Any, halt: Any, class_bit: Any, net: Any, stage_plan: Any, plans: Any) -> None:
    """Fill `plans` for all routes, each from its last edge backwards.

    Args:
        edges: (stages,) edge index of every stage.
        begin: (routes + 1,) first stage of each route.
        halt: (stages,) index on the edge of the lane with the next planned halt; -1: none.
        class_bit: (routes,) class of road user, as bit.
        net: (first lane of edge, lanes of edge, length of lane, classes of lane, first way out of lane,
            link of way out, target lane of way out, classes of way out).
        stage_plan: (stages,) row of `plans` of each stage's lane 0.
        plans: rows of `sim.state.world.Plans`.
    """
    first_lane, lanes, length, allowed, out, out_link, out_target, out_allowed = net
    for route in range(begin.size - 1):
        bit = class_bit[route]
        for stage in range(begin[route + 1] - 1, begin[route] - 1, -1):
            edge = edges[stage]
            last = stage == begin[route + 1] - 1
            best = -1.0
            far = FAR + length[first_lane[edge] : first_lane[edge] + lanes[edge]].min()
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
                plans[row].reach = min(reach, far)
                best = max(best, plans[row].reach)
            for j in range(lanes[edge]):
                row = stage_plan[stage] + j
                nearest = 127
                for i in range(lanes[edge]):
                    if plans[stage_plan[stage] + i].reach == best and abs(i - j) < abs(nearest):
                        nearest = i - j
                plans[row].offset = nearest
