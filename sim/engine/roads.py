"""Lay the place out as arrays: lanes, links, and where their ways meet."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np

from sim.engine.movements import movements_by_gap
from sim.park.network import Conflict, Crossing, Network
from sim.state import place, traffic
from sim.state.columns import allocate
from sim.state.place import TOLD_AFAR, TOLD_BEHIND, TOLD_HERE


def lay_links(network: Network, light: list[int]) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray]:
    """Rows of `Links`, and each entry's source lane, target lane and classes; connections' links follow each other."""
    total = sum(len(c.via) + 1 for c in network.connections)
    links = allocate(place.Links, total)
    entries = np.zeros((len(network.connections), 3), np.int64)
    allowed = np.zeros(len(network.connections), np.uint64)
    movements = movements_by_gap(network)
    clears = _clearing(network)
    row = 0
    for number, c in enumerate(network.connections):
        way = [c.source, *c.via, c.target]
        entries[number] = row, c.source, c.target
        allowed[number] = c.allowed
        for step in range(len(way) - 1):
            k = links[row]
            k.lane, k.target, k.source = way[step + 1], c.target, way[step]
            k.entry = step == 0
            k.waiting = 0 < step < len(c.via)
            if k.entry or k.waiting:
                k.light = light[c.signal] + c.group if c.signal >= 0 else -1
                k.rule = ord(c.rule)
                k.movement = movements[number]
            k.within = ord(c.within) if k.waiting and c.within else 0
            k.waits = step == 0 and len(c.via) > 1
            k.keep_clear = c.keep_clear
            k.visibility = c.visibility
            k.straight = c.direction == "s"
            k.clears = clears.get(k.lane, 0.0)
            k.inside = network.lanes[way[step + 1]].length if step < len(c.via) else 0.0
            row += 1
    return links, entries[:, 0], entries[:, 1:], allowed


def _clearing(network: Network) -> dict[int, float]:
    """By internal lane: how long somebody with priority who has passed his line is in the way of who waits there [s].

    At the speeds that the lanes allow: until he is out of the area, less the time one takes to get to it.
    """
    found: dict[int, float] = {}
    for c in network.conflicts:
        if c.yields and c.begin <= c.end:
            left = c.foe_end / network.lanes[c.foe].speed - c.begin / network.lanes[c.lane].speed
            found[c.lane] = max(left, found.get(c.lane, 0.0))
    return found


def crossed_lanes(network: Network) -> set[int]:
    """Internal lanes that another path crosses: only these need to be kept clear."""
    return {c.lane for c in network.conflicts if c.kind == 0}


def mouths(network: Network) -> set[int]:
    """Lanes at whose end one waits for a strip that both directions share, but for bays within such a road."""
    strips = {edge for passage in network.passages for pair in passage.strips for edge in pair}
    lanes = network.lanes
    before = {c.source for c in network.connections if lanes[c.target].edge in strips}
    return before - {c.target for c in network.connections if lanes[c.source].edge in strips}


def lay_lanes(network: Network) -> tuple[Any, np.ndarray]:
    """Rows of `Lanes`, and the list their inlets point into."""
    lanes = allocate(place.Lanes, len(network.lanes))
    inlets: list[list[int]] = [[] for _ in network.lanes]
    for name in ("length", "speed", "edge", "index", "change_left", "change_right", "passing_width"):
        lanes[name] = [getattr(lane, name) for lane in network.lanes]
    for edge in network.edges:
        for right, left in itertools.pairwise(edge.lanes):
            if not edge.internal:
                lanes[right].left, lanes[left].right = left, right
        for lane in edge.lanes:
            lanes[lane].internal = edge.internal
    row = 0
    for c in network.connections:
        way = [c.source, *c.via, c.target]
        for step in range(len(way) - 1):
            if step > 0:
                lanes[way[step]].link = row + step
            inlets[way[step + 1]].append(way[step])
        row += len(way) - 1
    sizes = np.array([len(i) for i in inlets])
    lanes["inlet_end"] = np.cumsum(sizes)
    lanes["inlet"] = lanes["inlet_end"] - sizes
    return lanes, np.array([*itertools.chain.from_iterable(inlets)], np.int32)


def _real_conflicts(network: Network) -> list[Conflict]:
    """Conflicts but those at a waiting place, where one may stand without being in anybody's way."""
    before_waiting = {lane for c in network.connections for lane in c.via[:-1]}
    decided = {(c.lane, c.foe) for c in network.conflicts if c.yields}
    return [
        c
        for c in network.conflicts
        if c.kind != Crossing.CROSS
        or not (c.lane in before_waiting or c.foe in before_waiting)
        or (c.lane, c.foe) in decided
        or (c.foe, c.lane) in decided
    ]


def _standing_room(conflicts: list[Conflict]) -> list[float]:
    """Way before each conflict's area that no other area of its lane covers [m]; inf if it is the first one."""
    areas: dict[int, list[Conflict]] = {}
    for c in conflicts:
        if c.kind != Crossing.DIVERGE and c.begin < c.end:
            areas.setdefault(c.lane, []).append(c)
    return [
        c.begin - max((x.end for x in areas.get(c.lane, ()) if x.begin < c.begin), default=-math.inf) for c in conflicts
    ]


def lay_conflicts(network: Network, lanes: Any, links: Any) -> Any:
    """Rows of `Conflicts`, ordered by lane; sets each lane's span, and what of lanes and links is watched."""
    ordered = sorted(_real_conflicts(network), key=lambda c: (c.lane, c.kind != Crossing.DIVERGE, c.foe, c.kind))
    rows = allocate(place.Conflicts, len(ordered))
    for name in ("foe", "kind", "begin", "end", "foe_begin", "foe_end", "yields"):
        rows[name] = [getattr(c, name) for c in ordered]
    rows["room"] = _standing_room(ordered)
    apart = (rows["kind"] == Crossing.CROSS) & (rows["begin"] == rows["end"])  # paths that do not touch
    rows["begin"][apart] = rows["foe_begin"][apart] = np.inf
    rows["end"][apart] = rows["foe_end"][apart] = -np.inf
    yielding = {(c.lane, c.foe) for c in ordered if c.yields}
    rows["mutual"] = [c.yields and (c.foe, c.lane) in yielding for c in ordered]
    owner = np.array([c.lane for c in ordered], np.int64)
    lanes["conflict"] = np.searchsorted(owner, np.arange(len(lanes)), "left")
    lanes["conflict_end"] = np.searchsorted(owner, np.arange(len(lanes)), "right")
    parting = np.bincount(owner[rows["kind"] == Crossing.DIVERGE], minlength=len(lanes))
    lanes["parted"] = lanes["conflict"] + parting[: len(lanes)]
    lanes["watched"][rows["foe"][rows["yields"]]] = True
    watched = lanes["watched"][links["lane"]]
    inner = lanes["link"][links["lane"]]
    behind = (inner >= 0) & links["waiting"][inner] & watched[inner]
    links["told"] = TOLD_HERE * watched + TOLD_BEHIND * behind
    on_foot = np.array([network.edges[lane.edge].footway for lane in network.lanes], bool)
    walked = np.zeros(len(lanes), bool)
    walked[owner[on_foot[rows["foe"]] & ~on_foot[owner]]] = True
    links["told"][walked[links["lane"]] & (links["told"] > 0)] |= TOLD_AFAR
    _mark_places(network, lanes, links)
    rows["bit"] = lanes["bit"][rows["foe"]]
    np.bitwise_or.at(lanes["foes"], owner, rows["bit"])
    np.bitwise_or.at(lanes["givers"], owner[rows["yields"]], rows["bit"][rows["yields"]])
    return rows


def lay_areas(conflicts: Any, lanes: Any) -> Any:
    """Rows of `Areas`: each knows the row that tells the same conflict from the foe's side."""
    rows = allocate(traffic.Areas, len(conflicts))
    owner = np.repeat(np.arange(len(lanes)), lanes["conflict_end"] - lanes["conflict"])
    columns = (owner, *(conflicts[name] for name in ("foe", "kind", "begin", "end", "foe_begin", "foe_end")))
    known = {place: i for i, place in enumerate(zip(*(x.tolist() for x in columns), strict=True))}
    for i, (lane, foe, kind, begin, end, foe_begin, foe_end) in enumerate(known):
        rows["mirror"][i] = known.get((foe, lane, kind, foe_begin, foe_end, begin, end), -1)
    return rows


def _mark_places(network: Network, lanes: Any, links: Any) -> None:
    """Give each internal lane, and the links that lead to it, its junction and its place in the junction's masks."""
    taken = [0] * len(network.junctions)
    places = np.full(len(lanes), -1, np.int8)
    for edge in network.edges:
        if edge.internal:
            for lane in edge.lanes:
                lanes[lane].junction = edge.start
                places[lane] = taken[edge.start] % 64
                lanes[lane].bit = np.uint64(1) << np.uint64(places[lane])
                taken[edge.start] += 1
    links["junction"], links["place"] = lanes["junction"][links["lane"]], places[links["lane"]]


def _rings(network: Network) -> list[list[int]]:
    """Edges of each roundabout."""
    edges = [i for i, e in enumerate(network.edges) if e.roundabout and not e.internal]
    ends: dict[int, list[int]] = {}
    for i in edges:
        ends.setdefault(network.edges[i].start, []).append(i)
    rings, seen = [], set()
    for first in edges:
        ring, ahead = [], [first]
        while ahead:
            i = ahead.pop()
            if i not in seen:
                seen.add(i)
                ring.append(i)
                ahead += ends.get(network.edges[i].end, [])
        if ring:
            rings.append(sorted(ring))
    return rings


def lay_tracks(network: Network, lanes: Any, links: Any) -> tuple[Any, np.ndarray]:
    """Rows of `Tracks`, and their lanes; marks the lanes of rings and the links that lead into one."""
    tracks = []
    for ring in _rings(network):
        for index in range(max(len(network.edges[i].lanes) for i in ring)):
            tracks.append([network.edges[i].lanes[index] for i in ring if index < len(network.edges[i].lanes)])
    for number, members in enumerate(tracks):
        lanes["track"][members] = number
    rows = allocate(place.Tracks, len(tracks))
    rows["length"] = [lanes["length"][members].sum() for members in tracks]
    for c in network.connections:
        number = int(lanes["track"][c.target])
        if number >= 0:
            tracks[number] += c.via
            if lanes["track"][c.source] >= 0:
                rows["length"][number] += lanes["length"][list(c.via)].sum()
    outside = links["entry"] & (lanes["track"][_sources(network)] < 0)
    links["joins"] = np.where(outside, lanes["track"][links["target"]], -1)
    sizes = np.array([len(members) for members in tracks], np.int32)
    rows["end"] = np.cumsum(sizes)
    rows["first"] = rows["end"] - sizes
    return rows, np.array([*itertools.chain.from_iterable(tracks)], np.int32)


def _sources(network: Network) -> np.ndarray:
    """Lane each link's connection leads from (links,)."""
    return np.array([c.source for c in network.connections for _ in range(len(c.via) + 1)], np.int64)
