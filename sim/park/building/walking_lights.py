"""Lights for people on foot: they walk beside the traffic that does not cross them, and stop in time to be over.

Vehicles that turn over a strip while people walk there have green too, but must give way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.park.building.movements import Movement
from sim.park.building.walkways import Strip
from sim.park.signal import Phase

#: Speed by which the time to get over is reckoned [m/s], and least time to set out [s]. Source: HCM 7 (3.5 ft/s) and
#: MUTCD 4E.06 (7 s, 4 s where few walk); from memory.
PACE, LEAST_WALK = 1.07, 5.0


@dataclass(frozen=True, slots=True)
class Foot:
    """What a crossing means for movements (ranks).

    Args:
        barring: must be red while people walk: they come by this arm, or leave by it straight on.
        lefts: turn left into it; with the way they bar, giving way they do not.
        rights: turn right into it, giving way.
        clearance: time to get over [s].
    """

    barring: frozenset[int]
    lefts: frozenset[int]
    rights: frozenset[int]
    clearance: float

    def walkable(self, state: str) -> bool:
        """Whether people may be on the strip in a state of the vehicles' lights."""
        return not any(state[i] in "GgyY" for i in self.barring) and not any(state[i] == "G" for i in self.lefts)


def feet(ways: Sequence[Movement], strips: Sequence[Strip]) -> list[Foot]:
    """What each crossing of a junction means for its movements."""
    found = []
    for strip in strips:
        leaving = {i: way.direction for i, way in enumerate(ways) if way.target.road.id == strip.road}
        coming = {i for i, way in enumerate(ways) if way.source.road.id == strip.road}
        barring = coming | {i for i, letter in leaving.items() if letter not in "lLrR"}
        lefts = {i for i, letter in leaving.items() if letter in "lL"} - coming
        rights = {i for i, letter in leaving.items() if letter in "rR"} - coming
        found.append(Foot(frozenset(barring), frozenset(lefts), frozenset(rights), strip.length / PACE))
    return found


def needs_own_stage(foot: Foot, states: Sequence[str]) -> bool:
    """Whether people would never walk with any of the vehicles' stages."""
    return not any(foot.walkable(state) for state in states)


def own_stage(several: Sequence[Foot]) -> float:
    """Time that a stage for people alone takes [s]."""
    return math.ceil(LEAST_WALK + max(foot.clearance for foot in several))


def walked(phases: list[Phase], several: Sequence[Foot]) -> list[Phase]:
    """The phases with a letter for each crossing behind those of the movements; split where people must stop."""
    for foot in several:
        phases = _walked(phases, foot)
    return phases


def _walked(phases: list[Phase], foot: Foot) -> list[Phase]:
    allowed = [foot.walkable(phase.state) for phase in phases]
    phases = _stretched(phases, allowed, foot)
    if not any(allowed):
        return [replace(phase, state=phase.state + "r") for phase in phases]
    if all(allowed):
        return [replace(phase, state=_giving(phase.state, foot) + "G") for phase in phases]
    begin = next(i for i in range(len(phases)) if allowed[i] and not allowed[i - 1])
    turned, may = phases[begin:] + phases[:begin], allowed[begin:] + allowed[:begin]
    found: list[list[Phase]] = []
    for i, phase in enumerate(turned):
        if not may[i]:
            found.append([replace(phase, state=phase.state + "r")])
            continue
        first = i
        while first > 0 and may[first - 1]:
            first -= 1
        last = i
        while last + 1 < len(turned) and may[last + 1]:
            last += 1
        found.append(_part(phase, foot, sum(x.minimum for x in turned[first:i]), turned[first : last + 1]))
    back = len(phases) - begin
    return [x for part in found[back:] + found[:back] for x in part]


def _stretched(phases: list[Phase], allowed: list[bool], foot: Foot) -> list[Phase]:
    """The phases with longer least greens, if an actuated signal would else not let people get over."""
    lacking = math.ceil(LEAST_WALK + foot.clearance)
    best = max((i for i in range(len(phases)) if allowed[i]), key=lambda i: phases[i].maximum, default=-1)
    if best < 0 or phases[best].minimum == phases[best].maximum:
        return phases
    least = min(max(phases[best].minimum, lacking), phases[best].maximum)
    longer = replace(phases[best], minimum=least, duration=max(phases[best].duration, least))
    return [longer if i == best else phase for i, phase in enumerate(phases)]


def _part(phase: Phase, foot: Foot, before: float, run: Sequence[Phase]) -> list[Phase]:
    """A phase in which people may be on the strip: as long as they may set out, and the rest of it.

    Args:
        before: least time since they may walk [s].
        run: all phases in which they may.
    """
    walking = math.floor(sum(x.minimum for x in run) - foot.clearance) - before
    state = _giving(phase.state, foot)
    if walking >= phase.minimum and (walking >= phase.maximum or phase.minimum == phase.maximum):
        return [replace(phase, state=state + "G")]
    if walking < 1.0:
        return [replace(phase, state=state + "r")]
    walk = replace(phase, state=state + "G", duration=walking, minimum=walking, maximum=walking)
    least, most = phase.minimum - walking, phase.maximum - walking
    if most <= 0.0:
        return [walk]
    rest = replace(phase, duration=max(phase.duration - walking, 0.1), minimum=max(least, 0.1), maximum=most)
    return [walk, replace(rest, state=state + "r")]


def _giving(state: str, foot: Foot) -> str:
    """The vehicles' letters, those who turn over the strip giving way."""
    return "".join("g" if letter == "G" and i in foot.rights else letter for i, letter in enumerate(state))
