"""Junctions of a map of ours: their control, main roads, and signal programmes as stages."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.park.conversion.centre_lines import Drawing, Said, Way
from sim.park.network import Connection, Network
from sim.park.signal import Phase, Signal

_GREEN, _ENDING = frozenset("Gg"), frozenset("yYu")

#: Signal, group in it, road one comes by, direction one goes.
Move = tuple[int, int, str, str]


@dataclass(slots=True)
class _Stage:
    """Movements (road, direction) that have green in a phase, and what follows until the next green [s]."""

    green: set[tuple[str, str]]
    phase: Phase
    tail: float = 0.0


def junctions(network: Network, drawing: Drawing) -> Iterator[Said]:
    """Junctions at which roads end.

    Args:
        network: the source.
        drawing: its roads.
    """
    ways: dict[int, list[Connection]] = defaultdict(list)
    for connection in network.connections:
        ways[connection.junction].append(connection)
    for rank, roads in drawing.used().items():
        node, here = network.junctions[rank], ways[rank]
        said: dict[str, Any] = {"kind": "junction", "id": drawing.names[rank]}
        said |= {"name": node.name} if node.name else {}
        said |= {"control": _control(node.control), "u_turn": any(x.direction == "t" for x in here)}
        main = _main(network, drawing, here, roads) if said["control"] in ("priority", "yield", "stop") else []
        said |= {"main": main} if main else {}
        yield said, np.array([[node.x, node.y]])


def _control(control: str) -> str:
    """A ring is drawn as one-way roads that have the way, not as one point; a dead end needs no control."""
    return {"roundabout": "priority", "dead_end": "none"}.get(control, control)


def _main(network: Network, drawing: Drawing, here: list[Connection], roads: list[Way]) -> list[str]:
    """The two roads that have the way, if the source's right of way says so."""
    if len(roads) < 3:
        return []
    road = drawing.edges()
    ends = [(network.lanes[x.source].edge, network.lanes[x.target].edge, x) for x in here]
    named = [(road[a].removeprefix("-"), road[b].removeprefix("-"), x) for a, b, x in ends if a in road and b in road]
    for wanted in ("s", "sLR", "sLRlr"):
        pairs = {frozenset((a, b)) for a, b, x in named if x.rule == "M" and x.direction in wanted and a != b}
        if len(pairs) == 1:
            return sorted(pairs.pop())
    return []


def programmes(before: Network, plain: Network, drawing: Drawing) -> dict[str, Any]:
    """Signal programmes as stages: junction's name -> what it says.

    Args:
        before: the source.
        plain: the map without them, as it reads: there each movement has the direction that a stage must name.
        drawing: roads of the source.
    """
    road, rank = drawing.edges(), {edge.id: i for i, edge in enumerate(plain.edges)}
    letters = {(plain.lanes[x.source].edge, plain.lanes[x.target].edge): x.direction for x in plain.connections}
    moves: dict[int, list[Move]] = defaultdict(list)
    for x in before.connections:
        a, b = (before.lanes[i].edge for i in (x.source, x.target))
        if x.signal >= 0 and a in road and b in road and before.signals[x.signal].kind != "rail":
            letter = letters.get((rank.get(road[a], -1), rank.get(road[b], -1)))
            if letter:
                moves[x.junction].append((x.signal, x.group, road[a].removeprefix("-"), letter))
    found = {}
    for junction, several in moves.items():
        if before.junctions[junction].control == "signal":
            signal = Counter(x[0] for x in several).most_common(1)[0][0]
            own = [x for x in several if x[0] == signal]
            found[drawing.names[junction]] = _programme(
                before.signals[signal], own, _new(plain, drawing, junction, own)
            )
    return {name: said for name, said in found.items() if said}


def _new(plain: Network, drawing: Drawing, junction: int, moves: list[Move]) -> dict[str, str]:
    """Directions by road that the map has at a junction and none of some movements has."""
    known = {(road, way) for _, _, road, way in moves}
    found: dict[str, str] = defaultdict(str)
    for x in plain.connections:
        road = plain.edges[plain.lanes[x.source].edge].id.removeprefix("-")
        here = plain.junctions[x.junction].id == drawing.names[junction]
        if here and (road, x.direction) not in known and x.direction not in found[road]:
            found[road] += x.direction
    return found


def _programme(signal: Signal, moves: list[Move], new: Mapping[str, str]) -> dict[str, Any]:
    """What a signal's programme says of one junction; empty if no phase is a plain green.

    Args:
        signal: of the source.
        moves: its movements at the junction.
        new: directions that the map has and the source has not, by road: they go when the road has green.
    """
    stages: list[_Stage] = []
    yellow: list[float] = []
    before = 0.0
    for phase in _phases(signal):
        shown = [(phase.state[group : group + 1], road, letter) for _, group, road, letter in moves]
        ending = any(letter in _ENDING for letter, _, _ in shown)
        green = {(road, way) for letter, road, way in shown if letter in _GREEN}
        if green and not ending:
            stages.append(_Stage(green | {(road, way) for road, _ in green for way in new.get(road, "")}, phase))
            continue
        yellow += [phase.duration] if ending else []
        before += 0.0 if stages else phase.duration
        if stages:
            stages[-1].tail += phase.duration
    if not stages:
        return {}
    stages[-1].tail += before
    return _said(signal, stages, statistics.median(yellow) if yellow else 0.0)


def _phases(signal: Signal) -> tuple[Phase, ...]:
    """The phases that follow each other; those of rings go on together, as a map of ours has no rings."""
    if signal.rings is None:
        return signal.phases
    return tuple(Phase(letters, most, least, most) for letters, least, most in signal.rings.in_turn())


def _said(signal: Signal, stages: list[_Stage], yellow: float) -> dict[str, Any]:
    """Stages in the map's words; where nothing ends after one, its green lasts until the next."""
    red = max(0.0, statistics.median(stage.tail for stage in stages) - yellow)
    phases = []
    for rank, stage in enumerate(stages):
        ends = not stage.green <= stages[(rank + 1) % len(stages)].green
        more = stage.tail - (yellow + red if ends else 0.0)
        green: dict[str, str] = {}
        for road, way in sorted(stage.green):
            green[road] = green.get(road, "") + way
        times = {"duration": stage.phase.duration}
        if signal.kind in ("actuated", "rings"):
            times |= {"minimum": stage.phase.minimum, "maximum": stage.phase.maximum}
        phases.append({"green": green, **{what: max(1.0, round(time + more, 3)) for what, time in times.items()}})
    kind = "actuated" if signal.kind in ("actuated", "rings") else "fixed"
    said = {"kind": kind, "offset": signal.offset, "yellow": round(yellow, 3), "all_red": round(red, 3)}
    arrow = {"right_on_red": True} if any("s" in phase.state for phase in signal.phases) else {}
    return {**said, **arrow, "phases": phases}
