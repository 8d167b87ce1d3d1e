"""What a road of a map of ours says: class, lanes, speed, width, who may use it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from sim.park.building.draft import ROAD_USERS
from sim.park.classes import CLASSES
from sim.park.network import Lane

if TYPE_CHECKING:
    from sim.park.conversion.centre_lines import Drawing, Way

#: Road class by a word in the source's type. Source: OpenStreetMap's highway classes; which is which here is assumed.
BY_TYPE = {
    "motorway": "expressway", "trunk": "expressway", "primary": "arterial", "secondary": "arterial",
    "tertiary": "collector", "unclassified": "local", "residential": "local", "living": "access", "service": "access",
    "expressway": "expressway", "arterial": "arterial", "collector": "collector", "local": "local", "access": "access",
}  # fmt: skip
#: Else by speed limit, from [m/s]. Source: assumed, between the usual speeds of the classes.
BY_SPEED = ((19.4, "expressway"), (13.0, "arterial"), (8.0, "collector"), (5.0, "local"), (0.0, "access"))
_WIDER = 0.15  # [m] by which lanes of a road may differ unsaid


def described(drawing: Drawing, way: Way) -> dict[str, Any]:
    """Properties of a road; what it cannot say is counted in the drawing."""
    edge, (forward, backward) = drawing.network.edges[way.forward], way.lanes
    lanes = [*forward, *backward]
    speed = max(lane.speed for lane in lanes)
    width = sum(lane.width for lane in lanes) / len(lanes)
    said: dict[str, Any] = {"kind": "road", "id": way.id, "class": _class(edge.road_class, forward[0].speed)}
    said |= {"name": edge.name} if edge.name else {}
    said |= {"lanes_forward": len(forward)}
    said |= {"lanes_backward": len(backward)} if backward else {"oneway": True}
    said |= {"speed": f"{speed:.6g} m/s", "width": f"{width:.4g} m", "setback": list(way.setback)}
    said |= {"median": f"{way.median:.4g} m"} if way.median else {}
    said |= {"grade": edge.grade} if edge.grade else {}
    said |= _permissions(drawing, [forward, backward])
    said |= {"_source_edge": edge.id}
    said |= {"_source_edge_backward": drawing.network.edges[way.backward].id} if backward else {}
    drawing.counts["lane(s) with another speed limit than their road's fastest"] += sum(
        abs(lane.speed - speed) > 0.05 for lane in lanes
    )
    drawing.counts["lane(s) with another width than the mean of their road"] += sum(
        abs(lane.width - width) > _WIDER for lane in lanes
    )
    drawing.counts = +drawing.counts
    return said


def _class(kind: str, speed: float) -> str:
    for word, name in BY_TYPE.items():
        if word in kind:
            return name
    return next(name for least, name in BY_SPEED if speed >= least)


def _permissions(drawing: Drawing, directions: Sequence[list[Lane]]) -> dict[str, Any]:
    """Who may use the road, and its kerb lanes if those are for fewer."""
    lanes = [lane for several in directions for lane in several]
    several = [those for those in directions if len(those) > 1]
    everybody = reduce(or_, (lane.allowed & ROAD_USERS for lane in lanes))
    kerb = {those[0].allowed & ROAD_USERS for those in several}
    apart = len(kerb) == 1 and len(several) == sum(map(bool, directions)) and kerb != {everybody}
    said = {} if everybody == ROAD_USERS else {"allowed": _classes(everybody)}
    said |= {"kerb_lane_for": _classes(next(iter(kerb)))} if apart else {}
    others = [lane for those in directions for lane in those[1 if apart else 0 :]]
    drawing.counts["lane(s) that are now for all whom another lane of their road admits"] += sum(
        lane.allowed & ROAD_USERS != everybody for lane in others
    )
    return said


def _classes(mask: int) -> list[str]:
    return [name for rank, name in enumerate(CLASSES) if mask >> rank & 1]
