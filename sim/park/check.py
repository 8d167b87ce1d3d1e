"""Whether a network can be driven, and what in it is surely not meant: everything at once, by the map's own ids."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import chain

import numpy as np

from sim.errors import Fault
from sim.park.classes import class_bits
from sim.park.geometry import length_of
from sim.park.network import Connection, Lane, Network
from sim.park.signal import Signal

#: Above this a speed limit is a slip [m/s], and a lane too wide [m]. Source: assumed, far outside road traffic.
TOP_SPEED, TOP_WIDTH = 150.0, 50.0
#: A lane and its shape may differ this much before somebody should look: factor [-] and length [m]. Source: assumed.
STRETCH, SLACK = 1.5, 10.0
#: Letters a signal may show, and those that let a movement pass (`sim.park.signal.Phase`).
LETTERS, PASSING = frozenset("GgyYrusoO"), frozenset("GgsoO")
_TOLERANCE = 0.05  # [m] rounding in files
_DRIVERS = class_bits(["passenger", "taxi", "bus", "delivery", "truck"])


def check(network: Network) -> list[Fault]:
    """Everything that is wrong with a network: what cannot be driven first, then what is surely not meant."""
    return list(_dangling(network)) or faults(network) + cautions(network)


def faults(network: Network) -> list[Fault]:
    """What makes a network impossible to drive; empty if it can be driven."""
    dangling = list(_dangling(network))
    return dangling or list(chain(_twice(network), _lanes(network), _signals(network), _conflicts(network)))


def cautions(network: Network) -> list[Fault]:
    """What can be driven but is surely not meant: dead lanes, unreachable edges, movements that never get green.

    Files of other programs are full of them, so they are warnings there; in a map of ours they are faults.
    """
    return list(chain(_no_way_on(network), _unreachable(network), _never_green(network), _stretched(network)))


# ------------------------------------------------------------------------------------------------ impossible


def _dangling(network: Network) -> Iterator[Fault]:
    """References to things that are not there; nothing else can be looked at before these are cured."""
    sizes = {
        "junction": len(network.junctions),
        "edge": len(network.edges),
        "lane": len(network.lanes),
        "signal": len(network.signals),
    }
    for where, kind, index in chain(_edge_references(network), _way_references(network), _place_references(network)):
        if not 0 <= index < sizes[kind]:
            yield Fault(where, f"refers to {kind} number {index}", f"there are {sizes[kind]}")


def _edge_references(network: Network) -> Iterator[tuple[str, str, int]]:
    for edge in network.edges:
        yield from ((f"edge {edge.id}", "junction", i) for i in (edge.start, edge.end))
        yield from ((f"edge {edge.id}", "lane", i) for i in edge.lanes)
    yield from ((f"lane {lane.id}", "edge", lane.edge) for lane in network.lanes)


def _way_references(network: Network) -> Iterator[tuple[str, str, int]]:
    for rank, connection in enumerate(network.connections):
        yield from ((f"connection {rank}", "lane", i) for i in (connection.source, connection.target, *connection.via))
        yield f"connection {rank}", "junction", connection.junction
        if connection.signal != -1:
            yield f"connection {rank}", "signal", connection.signal
    for rank, conflict in enumerate(network.conflicts):
        yield from ((f"conflict {rank}", "lane", i) for i in (conflict.lane, conflict.foe))


def _place_references(network: Network) -> Iterator[tuple[str, str, int]]:
    yield from ((f"stop {stop.id}", "lane", stop.lane) for stop in network.stops)
    yield from ((f"roadside {x.id}", "junction", x.junction) for x in network.roadside if x.junction != -1)
    for place in network.places:
        yield from ((f"place {place.id}", "edge", i) for i in (*place.departures, *place.arrivals))


def _twice(network: Network) -> Iterator[Fault]:
    """Ids given twice."""
    for kind in ("junctions", "edges", "lanes", "signals", "stops", "roadside", "places"):
        seen = set()
        for thing in getattr(network, kind):
            if thing.id in seen:
                yield Fault(f"{kind.removesuffix('s')} {thing.id}", "this id is given twice", "ids must differ")
            seen.add(thing.id)


def _lanes(network: Network) -> Iterator[Fault]:
    """Impossible geometry and absurd numbers."""
    for edge in network.edges:
        if not edge.lanes:
            yield Fault(f"edge {edge.id}", "has no lane")
    for lane in network.lanes:
        where = f"lane {lane.id}"
        if lane.shape.ndim != 2 or lane.shape.shape[0] < 2 or lane.shape.shape[1] != 2:
            yield Fault(where, f"its shape has {len(lane.shape)} point(s)", "at least two are needed")
        elif not np.all(np.isfinite(lane.shape)):
            yield Fault(where, "its shape has coordinates that are no finite numbers")
        elif not network.edges[lane.edge].internal and length_of(lane.shape) == 0.0:
            yield Fault(where, "its shape has zero length: all its points are the same")
        yield from _amounts(where, lane)


def _amounts(where: str, lane: Lane) -> Iterator[Fault]:
    for what, amount, high in (
        ("length", lane.length, math.inf),
        ("speed", lane.speed, TOP_SPEED),
        ("width", lane.width, TOP_WIDTH),
    ):
        if not (0.0 < amount <= high and math.isfinite(amount)):
            wanted = "a finite number above 0" + (f" and not above {high:g}" if math.isfinite(high) else "")
            yield Fault(where, f"{what} is {amount:g}", f"wanted {wanted}")


def _signals(network: Network) -> Iterator[Fault]:
    """Programmes that cannot run."""
    groups: dict[int, int] = {}
    for connection in network.connections:
        if connection.signal != -1:
            groups[connection.signal] = max(groups.get(connection.signal, -1), connection.group)
            if connection.group < 0:
                yield Fault(_named(network, connection), "has a signal but no place in its phase states")
    for rank, signal in enumerate(network.signals):
        where = f"signal {signal.id}"
        if not signal.phases:
            yield Fault(where, "its programme has no phase")
        yield from _phases(where, signal, groups.get(rank, -1))


def _phases(where: str, signal: Signal, last: int) -> Iterator[Fault]:
    """Faults of the phases of a signal whose highest group in use is `last`."""
    for rank, phase in enumerate(signal.phases):
        spot = f"{where}, phase {rank}"
        unknown = "".join(sorted(set(phase.state) - LETTERS))
        if unknown:
            yield Fault(spot, f"unknown letters {unknown} in state {phase.state}", f"known: {''.join(sorted(LETTERS))}")
        if last >= len(phase.state):
            yield Fault(spot, f"state has {len(phase.state)} letters", f"its movements need {last + 1}")
        times = (phase.duration, phase.minimum, phase.maximum)
        if not all(time > 0.0 for time in times) or not math.isfinite(phase.duration):
            yield Fault(
                spot, "duration, minimum, maximum are " + ", ".join(f"{x:g}" for x in times), "wanted above 0 s"
            )
        elif phase.minimum > phase.maximum:
            yield Fault(spot, f"minimum {phase.minimum:g} s is above maximum {phase.maximum:g} s")
        if any(not 0 <= i < len(signal.phases) for i in phase.following):
            yield Fault(spot, f"next phases {phase.following} are not all there", f"there are {len(signal.phases)}")


def _conflicts(network: Network) -> Iterator[Fault]:
    """Conflicts and connections that do not fit the lanes they are on."""
    for connection in network.connections:
        where = _named(network, connection)
        if not connection.via:
            yield Fault(where, "has no internal lane")
        if any(_internal(network, i) for i in (connection.source, connection.target)):
            yield Fault(where, "begins or ends on an internal lane", "its internal lanes belong in between")
        if not all(_internal(network, i) for i in connection.via):
            yield Fault(where, "leads over a lane that is not internal")
    for conflict in network.conflicts:
        lane, foe = network.lanes[conflict.lane], network.lanes[conflict.foe]
        where = f"conflict of lanes {lane.id} and {foe.id}"
        if not (_internal(network, conflict.lane) and _internal(network, conflict.foe)):
            yield Fault(where, "one of them is not internal")
        for one, begin, end in ((lane, conflict.begin, conflict.end), (foe, conflict.foe_begin, conflict.foe_end)):
            if not -_TOLERANCE <= begin <= end <= one.length + _TOLERANCE:
                what = f"reaches from {begin:g} m to {end:g} m on {one.id}"
                yield Fault(where, what, f"that lane reaches from 0 to {one.length:g} m")


def _internal(network: Network, lane: int) -> bool:
    return network.edges[network.lanes[lane].edge].internal


def _named(network: Network, connection: Connection) -> str:
    lanes = network.lanes
    return f"connection {lanes[connection.source].id} to {lanes[connection.target].id}"


# ------------------------------------------------------------------------------------------------ not meant


def _no_way_on(network: Network) -> Iterator[Fault]:
    """Edges from which no lane leads on, though roads do leave the junction at their end."""
    leading = {network.lanes[connection.source].edge for connection in network.connections}
    leaving = _neighbours(network, lambda edge: network.edges[edge].start)
    for rank, edge in enumerate(network.edges):
        if edge.internal or rank in leading or not _driven(network, rank):
            continue
        if any(network.edges[i].end != edge.start for i in leaving.get(edge.end, ())):
            yield Fault(f"edge {edge.id}", "none of its lanes leads on", f"roads leave junction {_end(network, rank)}")


def _unreachable(network: Network) -> Iterator[Fault]:
    """Edges that can be reached neither from where traffic enters the network nor from its main body."""
    edges = [i for i, edge in enumerate(network.edges) if not edge.internal and _driven(network, i)]
    if not edges:
        return
    pairs = {(network.lanes[x.source].edge, network.lanes[x.target].edge) for x in network.connections}
    pairs = {(one, other) for one, other in pairs if one != other}
    arriving = _neighbours(network, lambda edge: network.edges[edge].end)
    entered = {other for _, other in pairs}
    known = _main_body(len(network.edges), pairs)
    for i in edges:
        start, end = network.edges[i].start, network.edges[i].end
        if i not in entered and not any(network.edges[j].start != end for j in arriving.get(start, ())):
            known.add(i)  # at the border: here traffic enters
    known = _spread(known, pairs)
    for i in edges:
        if i not in known:
            yield Fault(f"edge {network.edges[i].id}", "cannot be reached from the rest of the network")


def _main_body(count: int, pairs: Iterable[tuple[int, int]]) -> set[int]:
    """The largest set of edges each of which leads to each other one; of equal ones the first."""
    from scipy.sparse import csr_array  # takes long, and a map that is kept was checked before
    from scipy.sparse.csgraph import connected_components

    table = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
    graph = csr_array((np.ones(len(table)), (table[:, 0], table[:, 1])), shape=(count, count))
    _, label = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(label)
    first = int(np.flatnonzero(sizes[label] == sizes.max())[0])
    return set(np.flatnonzero(label == label[first]).tolist()) if sizes.max() > 1 else set()


def _spread(known: set[int], pairs: Iterable[tuple[int, int]]) -> set[int]:
    """All edges that can be reached from some."""
    following: dict[int, list[int]] = {}
    for one, other in pairs:
        following.setdefault(one, []).append(other)
    found, rest = set(known), list(known)
    while rest:
        new = [i for i in following.get(rest.pop(), ()) if i not in found]
        found.update(new)
        rest += new
    return found


def _never_green(network: Network) -> Iterator[Fault]:
    """Movements whose signal never lets them pass."""
    for connection in network.connections:
        if connection.signal != -1:
            signal = network.signals[connection.signal]
            shown = {phase.state[connection.group : connection.group + 1] for phase in signal.phases}
            if signal.kind in ("fixed", "actuated", "rings") and connection.group >= 0 and not shown & PASSING:
                yield Fault(f"signal {signal.id}", f"{_named(network, connection)} never gets green")


def _stretched(network: Network) -> Iterator[Fault]:
    """Lanes whose length has little to do with their shape."""
    for lane in network.lanes:
        drawn = length_of(lane.shape)
        if not (lane.length > 0.0 and math.isfinite(lane.length) and math.isfinite(drawn)):
            continue
        short, long = sorted((drawn, lane.length))
        if long > short * STRETCH and long - short > SLACK:
            yield Fault(f"lane {lane.id}", f"its length is {lane.length:.1f} m, its shape {drawn:.1f} m long")


def _neighbours(network: Network, junction: Callable[[int], int]) -> dict[int, list[int]]:
    """Normal edges for cars by a junction of theirs."""
    found: dict[int, list[int]] = {}
    for rank, edge in enumerate(network.edges):
        if not edge.internal and _driven(network, rank):
            found.setdefault(junction(rank), []).append(rank)
    return found


def _driven(network: Network, edge: int) -> bool:
    """Whether motor traffic may use the edge at all."""
    return any(network.lanes[i].allowed & _DRIVERS for i in network.edges[edge].lanes)


def _end(network: Network, edge: int) -> str:
    return network.junctions[network.edges[edge].end].id
