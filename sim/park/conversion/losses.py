"""What is not as it was when a map of ours was made of another program's network: counted, and an example named."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sim.park.conversion.centre_lines import Drawing
from sim.park.network import Network

_ONE_PERCENT = 0.01


def differences(before: Network, after: Network, drawing: Drawing) -> Iterator[str]:
    """Sentences on connections, lengths, controls and signals that came out otherwise."""
    name, rank = drawing.edges(), {edge.id: i for i, edge in enumerate(after.edges)}
    edges = {i: rank[x] for i, x in name.items() if x in rank}
    yield from _connections(before, after, edges)
    yield from _rules(before, after, edges)
    yield from _lengths(before, after, edges)
    yield from _signals(before, after, drawing)
    rings = sum(x.control == "roundabout" for x in before.junctions)
    if rings:
        yield f"{rings} junction(s) of roundabouts are drawn as a ring of one-way roads that have the way"
    missing = {x.control for x in before.junctions} - {x.control for x in after.junctions} - {"dead_end", "roundabout"}
    if missing:
        yield f"no junction is left of control {', '.join(sorted(missing))}"
    if before.stops or before.roadside:
        yield f"{len(before.stops)} stop(s) and {len(before.roadside)} roadside unit(s) are not carried over"
    if any(len(lane.elevation) for lane in before.lanes):
        yield "elevations are not carried over"


def _ways(network: Network, edges: dict[int, int] | None) -> set[tuple[int, int]]:
    """Pairs of edges that a movement joins, by the indices of the map."""
    pairs = {(network.lanes[x.source].edge, network.lanes[x.target].edge) for x in network.connections}
    return pairs if edges is None else {(edges[a], edges[b]) for a, b in pairs if a in edges and b in edges}


def _connections(before: Network, after: Network, edges: dict[int, int]) -> Iterator[str]:
    there, now = _ways(before, edges), _ways(after, None)
    told = (("not there any more", there - now), ("that were not there", {x for x in now - there if _both(x, edges)}))
    for what, pairs in told:
        if pairs:
            a, b = (after.edges[i].id for i in min(pairs))
            yield f"{len(pairs)} of {len(there)} movements {what}, built anew by angles (such as {a} to {b})"
    lanes = {"before": len(before.connections), "now": len(after.connections)}
    if lanes["before"] != lanes["now"]:
        yield f"{lanes['before']} connections of lanes have become {lanes['now']}"


def _both(pair: tuple[int, int], edges: dict[int, int]) -> bool:
    known = set(edges.values())
    return pair[0] in known and pair[1] in known


def _rules(before: Network, after: Network, edges: dict[int, int]) -> Iterator[str]:
    """Movements without a signal that gave way and do not now, or the other way round."""
    rules = []
    for network, known in ((before, edges), (after, {i: i for i in edges.values()})):
        giving = {x.lane for x in network.conflicts if x.yields}
        ways = [(network.lanes[x.source].edge, network.lanes[x.target].edge, x) for x in network.connections]
        unlit = [(known[a], known[b], x.via) for a, b, x in ways if a in known and b in known and x.signal < 0]
        rules.append({(a, b): not giving.isdisjoint(via) for a, b, via in unlit})
    shared = rules[0].keys() & rules[1].keys()
    other = sum(rules[0][pair] != rules[1][pair] for pair in shared)
    if other:
        yield f"{other} of {len(shared)} movements without a signal now give way and did not, or the other way round"


def _lengths(before: Network, after: Network, edges: dict[int, int]) -> Iterator[str]:
    off = {}
    for i, j in edges.items():
        a, b = (max(x.lanes[k].length for k in x.edges[e].lanes) for x, e in ((before, i), (after, j)))
        if abs(a - b) > max(_ONE_PERCENT * a, 0.05):
            off[i] = (a, b)
    if off:
        worst = max(off, key=lambda i: abs(math.log(off[i][0] / off[i][1])))
        a, b = off[worst]
        example = f"most {before.edges[worst].id}: {a:.1f} m, now {b:.1f} m"
        yield f"{len(off)} of {len(edges)} edges differ by more than 1 % in length ({example})"


def _signals(before: Network, after: Network, drawing: Drawing) -> Iterator[str]:
    cycle = {x.id: sum(phase.duration for phase in x.phases) for x in after.signals}
    own = {}
    for x in before.connections:
        if x.signal >= 0 and before.signals[x.signal].kind in ("fixed", "actuated"):
            own[drawing.names[x.junction]] = sum(phase.duration for phase in before.signals[x.signal].phases)
    rings = sum(x.kind == "rings" for x in before.signals)
    if rings:
        yield f"{rings} signal(s) with rings (NEMA) go from phase to phase in all rings together, by detectors"
    other = [name for name, time in own.items() if name in cycle and abs(cycle[name] - time) > 0.5]
    if other:
        a, b = own[other[0]], cycle[other[0]]
        yield f"{len(other)} of {len(own)} signal(s) have another cycle (such as {other[0]}: {a:g} s, now {b:g} s)"
