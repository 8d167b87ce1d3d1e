"""Lay out where ways merge: where a ramp or a minor lane joins another one, and where a lane ends beside another."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sim.park.network import Connection, Network
from sim.pilot import Pilot
from sim.state.columns import allocate
from sim.state.roadside import Merges

#: Rules of those who let others go first where ways merge without a signal, or go by turns; and ways of a ramp.
MINOR, TURNS, RAMP = "m", "Z", "sLR"


def lay_merges(pilot: Pilot) -> dict[str, Any]:
    """Rows of `Merges`, their feeders, and which lanes lead there as the minor and as the major one."""
    if "cooperative_merge" not in pilot.apps:
        none = {name: np.full(1, -1, np.int32) for name in ("feeders", "merge_from", "merge_into")}
        return {"merges": allocate(Merges, 1), **none}
    park, reach = pilot.park, pilot.apps["cooperative_merge"]["range"]
    minors = merging(park)
    merges = allocate(Merges, max(1, len(minors)))
    came, into = (np.full(len(park.lanes), -1, np.int32) for _ in range(2))
    feeders: list[int] = []
    for rank, (majors, mine) in enumerate(minors):
        lanes = feeding(park, mine, reach)
        merges[rank] = len(feeders), len(feeders) + len(lanes)
        feeders += lanes
        came[mine], into[majors] = rank, rank
    return {"merges": merges, "feeders": np.array([*feeders, 0], np.int32), "merge_from": came, "merge_into": into}


def merging(park: Network) -> list[tuple[list[int], list[int]]]:
    """Of each merge the last lanes of the major ways and of the minor ones; all of them end at one place."""
    found = [_joining(park, [c for c in park.connections if c.target == x]) for x in range(len(park.lanes))]
    return [x for x in [*found, *_ending(park)] if x[0] and x[1]]


def _joining(park: Network, ways: list[Connection]) -> tuple[list[int], list[int]]:
    """Ways onto one lane: the major ones, and the minor ones: nearer to the kerb where one takes turns."""
    ways = [c for c in ways if c.via and c.signal < 0 and c.rule in (MINOR, TURNS, "M")]
    turns = sorted(
        (c for c in ways if c.rule == TURNS), key=lambda c: park.edges[park.lanes[c.source].edge].lanes.index(c.source)
    )
    minor = [c for c in ways if c.rule == MINOR and c.direction in RAMP] + turns[:-1]
    major = [c for c in ways if c.rule == "M"] + turns[-1:]
    return [c.via[-1] for c in major], [c.via[-1] for c in minor]


def _ending(park: Network) -> list[tuple[list[int], list[int]]]:
    """Lanes that end beside one that goes on."""
    goes_on = {c.source for c in park.connections}
    found = []
    for edge in park.edges:
        if edge.internal or not goes_on & set(edge.lanes):
            continue
        for one, other in zip(edge.lanes, edge.lanes[1:], strict=False):
            pair = (one, other) if other in goes_on else (other, one)
            if pair[0] not in goes_on and pair[1] in goes_on:
                found.append(([pair[1]], [pair[0]]))
    return found


def feeding(park: Network, ends: list[int], reach: float) -> list[int]:
    """Lanes from which one comes to the end of some lanes within a reach [m], these among them, sorted."""
    before: dict[int, list[int]] = {}
    for c in park.connections:
        chain = [c.source, *c.via, c.target]
        for one, other in pairwise(chain):
            before.setdefault(other, []).append(one)
    way = dict.fromkeys(ends, 0.0)  # from the end of a lane to the end of the last one
    asked = list(ends)
    while asked:
        lane = asked.pop()
        beyond = way[lane] + park.lanes[lane].length
        for one in before.get(lane, ()) if beyond < reach else ():
            if beyond < way.get(one, np.inf):
                way[one] = beyond
                asked.append(one)
    return sorted(way)
