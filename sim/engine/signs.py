"""Signs at the road: where they hold and what they ask, as the pilot's occurrences tell, and their rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from sim import chance
from sim.errors import Fault, ScenarioError
from sim.park.network import Network
from sim.pilot import Occurrence, Pilot
from sim.registry import near
from sim.state import traffic
from sim.state.columns import allocate

#: Share of people who keep to a sign that they see, where nothing is told; assumed.
COMPLIANCE = 0.6


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign.

    Args:
        number: its place among the pilot's occurrences.
        lanes: where it holds.
        begin: on them, from where on [m].
        end: on them, up to where [m].
        speed: limit [m/s]; inf: it tells to keep one's lane.
        alone: it holds on one lane of several.
        until: time of the clock [s]; inf: for good.
    """

    number: int
    lanes: tuple[int, ...]
    begin: float
    end: float
    speed: float
    alone: bool
    until: float


def signs_of(pilot: Pilot) -> list[Sign]:
    """Every sign of a pilot, whether it holds now or not.

    Raises:
        ScenarioError: it stands where there is no road.
    """
    found = []
    for number, x in enumerate(pilot.occurrences):
        if x.kind == "sign":
            lanes, length = _lanes(pilot.park, x)
            begin = float(x.settings.get("position", 0.0))
            end = min(length, begin + float(x.settings.get("length", math.inf)))
            speed = float(x.settings.get("speed", math.inf))
            found.append(Sign(number, lanes, begin, end, speed, "lane" in x.settings, x.end))
    return found


def lanes_named(park: Network, occurrence: Occurrence) -> list[int]:
    """Lanes that an occurrence names, by edge or lane id."""
    edge, lane = occurrence.settings.get("edge"), occurrence.settings.get("lane")
    found = [i for i, x in enumerate(park.lanes) if x.id == lane or park.edges[x.edge].id == edge]
    if not found:
        name = str(edge or lane)
        hint = near(name, [e.id for e in park.edges]) if edge else near(name, [x.id for x in park.lanes])
        raise ScenarioError(faults=[Fault("occurrences", f"nothing on the map is called {name}", hint)])
    return found


def _lanes(park: Network, occurrence: Occurrence) -> tuple[tuple[int, ...], float]:
    """Lanes on which a sign holds, and how long the shortest of them is [m]."""
    found = lanes_named(park, occurrence)
    length, begin = min(park.lanes[i].length for i in found), float(occurrence.settings.get("position", 0.0))
    if begin >= length:
        what = f"a sign at {begin:g} m is not on {occurrence.settings.get('edge') or occurrence.settings.get('lane')}"
        raise ScenarioError(faults=[Fault("occurrences", what, f"it is {length:.1f} m long")])
    return tuple(found), length


def lay_signs(pilot: Pilot, lanes: Any) -> Any:
    """Rows of `Signs` by lane, none of which holds yet; the lanes are told which are theirs."""
    found = sorted(((lane, x) for x in signs_of(pilot) for lane in x.lanes), key=lambda x: (x[0], x[1].number))
    rows = allocate(traffic.Signs, len(found))
    for row, (_, sign) in zip(rows, found, strict=True):
        told = pilot.occurrences[sign.number]
        name = f"sign {told.settings.get('edge', told.settings.get('lane'))} {sign.begin} {told.begin}"
        row.number, row.key, row.begin, row.end = sign.number, chance.key(name), sign.begin, sign.end
        row.speed, row.keep = sign.speed, sign.speed == math.inf
        row.board, row.share = told.settings.get("board", True), told.settings.get("compliance", COMPLIANCE)
    for i, (lane, _) in enumerate(found):
        lanes["sign"][lane] = i if lanes["sign_end"][lane] == 0 else lanes["sign"][lane]
        lanes["sign_end"][lane] = i + 1
    return rows
