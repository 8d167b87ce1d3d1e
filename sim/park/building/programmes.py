"""Signal programmes: those a map describes, and sensible ones where it says only that a junction is signalled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.errors import Fault, NetworkError
from sim.park.building.draft import Node, Programme, Stage
from sim.park.building.movements import Movement
from sim.park.building.walking_lights import Foot, needs_own_stage, own_stage, walked
from sim.park.signal import Phase, Signal

#: Cycle for each stage where the map gives none [s], least green of straight and of left stages [s], how much longer
#: than usual an actuated green may get [-], weight of a straight stage against one of left turns [-]. Source: assumed.
CYCLE_PER_STAGE, LEAST_GREEN, LEAST_LEFT, STRETCH, STRAIGHT_WEIGHT = 30.0, 8.0, 6.0, 2.0, 2.0
_OPPOSING = math.radians(135.0)


@dataclass(frozen=True, slots=True)
class _Green:
    """Movements (ranks) that go together, and for how long [s] or with what share of the cycle [-]."""

    members: frozenset[int]
    weight: float
    duration: float = math.nan
    minimum: float = LEAST_GREEN
    maximum: float = math.nan


def programme(node: Node, ways: list[Movement], gives: set[tuple[int, int]], feet: Sequence[Foot]) -> Signal:
    """The signal of a junction; a movement's group is its rank.

    Args:
        node: with what the map says about its programme.
        ways: its movements.
        gives: who gives way to whom, by rank: green together with whom one gives way to is permissive.
        feet: its crossings for people on foot, whose groups follow those of the movements.

    Raises:
        NetworkError: stages name roads or turns that are not there, or do not fit the cycle.
    """
    wanted = node.programme
    faults: list[Fault] = []
    if wanted.stages:
        described = [_described(node, ways, rank, stage, faults) for rank, stage in enumerate(wanted.stages)]
        greens = [green for green in described if green.members]
    else:
        greens = _made(ways, gives, wanted)
    states = [_state(green.members, green.members, wanted, ways, gives) for green in greens]
    alone = [foot for foot in feet if needs_own_stage(foot, states)]
    if alone:
        greens = [*greens, _Green(frozenset(), 1.0, own_stage(alone), own_stage(alone), own_stage(alone))]
    timed = [] if faults else _timed(node, wanted, greens, faults)
    if faults:
        raise NetworkError(faults=faults)
    phases = walked(_phases(wanted, timed, ways, gives), feet)
    return Signal(node.id, wanted.kind, "0", wanted.offset, tuple(phases))


def strip_end(node: Node, ways: list[Movement]) -> Signal:
    """The signal at the end of a shared strip: red for who would enter it; who leaves it goes on."""
    state = "".join("r" if way.target.road.shared else "G" for way in ways)
    return Signal(node.id, "passage", "0", 0.0, (Phase(state, 3600.0, 3600.0, 3600.0),))


# ------------------------------------------------------------------------------------------------ stages


def _described(node: Node, ways: list[Movement], rank: int, stage: Stage, faults: list[Fault]) -> _Green:
    """Movements of a stage that the map describes."""
    members: set[int] = set()
    for road, letters in stage.green.items():
        for letter in letters:
            found = {i for i, way in enumerate(ways) if way.source.road.id == road and way.direction == letter}
            members |= found
            if not found and not node.programme.partial:
                there = sorted({f"{way.source.road.id} {way.direction}" for way in ways})
                what = f"stage {rank} gives green to road {road}, direction {letter}, which is not there"
                faults.append(Fault(f"junction {node.id}", what, f"there are {', '.join(there)}"))
    minimum = LEAST_GREEN if math.isnan(stage.minimum) else stage.minimum
    return _Green(frozenset(members), 1.0, stage.duration, minimum, stage.maximum)


def _made(ways: list[Movement], gives: set[tuple[int, int]], wanted: Programme) -> list[_Green]:
    """Stages for each axis of a junction: straight on and right; left turns with lanes of their own after that."""
    found: list[_Green] = []
    for axis in _axes(ways):
        members = {i for i, way in enumerate(ways) if way.source.edge in axis}
        lefts = {i for i in members if ways[i].direction in "lLt"}
        shared = {(ways[i].source.edge, ways[i].lane) for i in members - lefts}
        own = {i for i in lefts if (ways[i].source.edge, ways[i].lane) not in shared}
        opposed = {i for i in own if any((i, j) in gives or (j, i) in gives for j in members - lefts)}
        if not opposed or wanted.left == "permissive":
            found.append(_Green(frozenset(members), STRAIGHT_WEIGHT))
            continue
        held = opposed if wanted.left == "protected" else set()
        found.append(_Green(frozenset(members - held), STRAIGHT_WEIGHT))
        found.append(_Green(_filled(opposed, members - lefts, gives), 1.0, minimum=LEAST_LEFT))
    return found


def _filled(chosen: set[int], others: set[int], gives: set[tuple[int, int]]) -> frozenset[int]:
    """A stage of some movements, and those others that are in nobody's way there."""
    members = set(chosen)
    for i in sorted(others):
        if not any((i, j) in gives or (j, i) in gives for j in members):
            members.add(i)
    return frozenset(members)


def _axes(ways: list[Movement]) -> list[set[int]]:
    """Edges one comes by, opposing ones together; in order of their first movement."""
    heading = {way.source.edge: way.source.inward for way in ways}
    found: list[set[int]] = []
    rest = list(heading)
    while rest:
        first = rest.pop(0)
        facing = {other: math.cos(heading[first] - heading[other]) for other in rest}
        partner = min(facing, key=lambda other: facing[other], default=None)
        axis = {first}
        if partner is not None and facing[partner] < math.cos(_OPPOSING):
            axis.add(partner)
            rest.remove(partner)
        found.append(axis)
    return found


# ------------------------------------------------------------------------------------------------ times


def _timed(node: Node, wanted: Programme, greens: list[_Green], faults: list[Fault]) -> list[_Green]:
    """Stages with their green times; what the stages leave open is shared out by weight, in whole seconds."""
    cycle = CYCLE_PER_STAGE * max(2, len(greens)) if math.isnan(wanted.cycle) else wanted.cycle
    open_ones = [green for green in greens if math.isnan(green.duration)]
    fixed = math.fsum(green.duration for green in greens if not math.isnan(green.duration))
    clearing = sum(bool(green.members) for green in greens)
    spare = cycle - fixed - clearing * (wanted.yellow + wanted.all_red)
    weight = math.fsum(green.weight for green in open_ones)
    found = []
    for green in greens:
        usual = green.duration if not math.isnan(green.duration) else max(0.0, round(spare * green.weight / weight))
        most = STRETCH * usual if math.isnan(green.maximum) else green.maximum
        found.append(replace(green, duration=usual, maximum=most))
    rest = spare - math.fsum(green.duration for green in found) + fixed
    if open_ones:
        last = max(i for i, green in enumerate(greens) if math.isnan(green.duration))
        found[last] = replace(found[last], duration=found[last].duration + rest)
    elif not math.isnan(wanted.cycle) and abs(rest) > 1e-6:
        what = f"its stages last {cycle - rest:g} s with yellow and all-red, its cycle {cycle:g} s"
        faults.append(Fault(f"junction {node.id}", what, "leave out the cycle or one duration"))
    for rank, green in enumerate(found):
        faults += _impossible(f"junction {node.id}", rank, green, wanted)
    return found


def _impossible(where: str, rank: int, green: _Green, wanted: Programme) -> list[Fault]:
    if wanted.kind == "fixed" and not green.duration >= 1.0:
        what = f"its cycle leaves {green.duration:g} s of green for stage {rank}"
        return [Fault(where, what, "wanted 1 s or more: a longer cycle")]
    if wanted.kind == "actuated" and not 0.0 < green.minimum <= green.maximum:
        what = f"stage {rank} has minimum green {green.minimum:g} s and maximum {green.maximum:g} s"
        return [Fault(where, what, "wanted 0 < minimum <= maximum: a longer cycle or other limits")]
    return []


# ------------------------------------------------------------------------------------------------ phases


def _phases(wanted: Programme, greens: list[_Green], ways: list[Movement], gives: set[tuple[int, int]]) -> list[Phase]:
    """Green, yellow and all-red for each stage; who has green in the next one keeps it."""
    found: list[Phase] = []
    for rank, green in enumerate(greens):
        following = greens[(rank + 1) % len(greens)]
        usual = green.duration
        minimum, maximum = (green.minimum, green.maximum) if wanted.kind == "actuated" else (usual, usual)
        if wanted.kind == "actuated":
            usual = min(max(usual, minimum), maximum)
        found.append(Phase(_state(green.members, green.members, wanted, ways, gives), usual, minimum, maximum))
        staying = green.members & following.members
        for letter, time in (("y", wanted.yellow), ("r", wanted.all_red)):
            if time > 0.0 and staying != green.members:
                state = _state(staying, green.members, wanted, ways, gives, letter)
                found.append(Phase(state, time, time, time))
    return found


def _state(
    passing: frozenset[int],
    members: frozenset[int],
    wanted: Programme,
    ways: Sequence[Movement],
    gives: set[tuple[int, int]],
    ending: str = "",
) -> str:
    """Letters of all movements while `passing` may pass and the other `members` of the stage show `ending`."""
    letters = []
    for i, way in enumerate(ways):
        if i in passing:
            letters.append("g" if any((i, j) in gives for j in members) else "G")
        elif i in members:
            letters.append(ending)
        else:
            letters.append("s" if wanted.right_on_red and way.direction in "rR" else "r")
    return "".join(letters)
