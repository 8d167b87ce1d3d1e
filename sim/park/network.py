"""The place: junctions, edges, lanes, connections, conflicts and signals, as an importer found or built them.

Everything is immutable and plain. Lengths are [m], speeds [m/s], times [s], coordinates [m] in a local plane with x to
the east and y to the north. References between things are whole-number indices into the tuples of `Network`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

import numpy as np

from sim.park.classes import EVERY_CLASS
from sim.park.passing import Passage
from sim.park.signal import Signal

FloatArray = np.ndarray
#: Movements over a junction for which drivers may have a critical gap, in the words of capacity manuals (HCM).
MOVEMENTS = ("major_left", "minor_right", "minor_through", "minor_left", "permitted_left", "roundabout")


class Crossing(IntEnum):
    """How two internal lanes meet."""

    CROSS = 0  #: paths cross
    MERGE = 1  #: both end in the same lane
    DIVERGE = 2  #: both begin in the same lane


@dataclass(frozen=True, slots=True)
class Junction:
    """A place where edges meet.

    Args:
        control: priority, yield, stop, all_way_stop, right_before_left, signal, roundabout, dead_end, zipper, none.
        shape: outline, (points, 2) [m]; may be empty.
    """

    id: str
    x: float
    y: float
    control: str
    shape: FloatArray
    name: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """One carriageway from junction to junction; or, with `internal`, the path of connections inside a junction.

    Args:
        start: junction index; for an internal edge the junction it lies in.
        end: junction index; for an internal edge the same.
        lanes: lane indices from the kerb (index 0) to the middle.
        road_class: arterial, collector, local, expressway, ... or the importer's own type.
        grade: pilot road grade (domain section 3), 0 if none.
        state: built, planned or half_width.
        opposite: edge index of the same track driven the other way; -1: none.
    """

    id: str
    name: str
    start: int
    end: int
    lanes: tuple[int, ...]
    internal: bool
    road_class: str = ""
    priority: int = 0
    grade: int = 0
    state: Literal["built", "planned", "half_width"] = "built"
    roundabout: bool = False
    opposite: int = -1

    @property
    def footway(self) -> bool:
        """Whether people walk there, at a crossing or where they wait for one."""
        return self.road_class == "footway"


@dataclass(frozen=True, slots=True)
class Lane:
    """A strip that vehicles follow one behind another.

    Args:
        edge: edge index.
        index: 0 at the kerb.
        allowed: bit mask of classes, see `CLASSES`.
        change_left: bit mask of classes that may change to the lane on the left, if there is one.
        change_right: likewise to the right.
        shape: centre line, (points, 2) [m].
        passing_width: widest body that may pass those who ride on the strip at its kerb [m]; inf: no such strip.
    """

    id: str
    edge: int
    index: int
    length: float
    speed: float
    width: float
    allowed: int
    shape: FloatArray
    change_left: int = EVERY_CLASS
    change_right: int = EVERY_CLASS
    #: elevation along `shape`, (points,) [m]; empty if flat
    elevation: FloatArray = field(default_factory=lambda: np.empty(0))
    passing_width: float = math.inf


#: Distance from a line from which foes are seen [m], and from which those who drive beside one are: where lanes take
#: turns, and where one leaves a ring. Source: SUMO documentation, SUMO_Road_Networks, attribute visibility, and its
#: NLHandler (100 m of zipper links); of rings: assumed.
SEEN, SEEN_BESIDE = 4.5, 100.0


@dataclass(frozen=True, slots=True)
class Connection:
    """A way from one normal lane to another over a junction.

    Args:
        source: lane index.
        target: lane index.
        via: internal lanes in order of travel, at least one (importers build them where a file has none). Each begins
            at a stop line; a second one is a waiting place inside the junction (left turn under permissive green).
        junction: junction index.
        direction: s straight, l left, r right, t turn-around, L partly left, R partly right.
        rule: right of way without (working) signal, for the whole connection. SUMO's letters: M major, m minor (yield),
            `=` right before left, s stop, w all-way stop, Z zipper.
        signal: index in `Network.signals`, -1 if none; `group`: position in that signal's phase strings.
        keep_clear: do not enter without room behind the junction.
        visibility: distance from the stop line from which foes on other approaches are seen [m].
        within: letter at its waiting place inside, whatever the signal shows: m gives way, M only to those who cannot
            stop any more; empty: as the signal or the rule says.
    """

    source: int
    target: int
    via: tuple[int, ...]
    junction: int
    direction: str = "s"
    rule: str = "M"
    signal: int = -1
    group: int = -1
    keep_clear: bool = True
    visibility: float = SEEN
    allowed: int = EVERY_CLASS
    within: str = ""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two internal lanes that cannot be used at the same time; one record for each of the two directions.

    Args:
        lane: internal lane index of whom this is told.
        foe: internal lane index of the other.
        kind: crossing, merging or diverging.
        begin: where the conflict area begins on `lane`, from its start [m], 0 <= begin <= end <= length.
        end: where it ends on `lane` [m].
        foe_begin: where it begins on `foe` [m].
        foe_end: where it ends on `foe` [m].
        yields: whether users of `lane` must give way to those approaching `foe` (when their rule or light says yield).
    """

    lane: int
    foe: int
    kind: Crossing
    begin: float
    end: float
    foe_begin: float
    foe_end: float
    yields: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """A bus stop, gate bay or loading place on a lane between two positions [m]."""

    id: str
    lane: int
    begin: float
    end: float
    name: str = ""


@dataclass(frozen=True, slots=True)
class Walkway:
    """A crossing for people on foot over an arm of a junction; left and right are seen from the junction.

    Args:
        junction: junction index.
        from_left: edge on which people come to it at the left kerb; `from_right` likewise.
        to_left: edge on which they leave it at the left kerb; `to_right` likewise.
        length: from kerb to kerb [m].
    """

    id: str
    junction: int
    from_left: int
    to_left: int
    from_right: int
    to_right: int
    length: float
    width: float


@dataclass(frozen=True, slots=True)
class Roadside:
    """A roadside unit or sensor."""

    id: str
    kind: str
    x: float
    y: float
    junction: int = -1


@dataclass(frozen=True, slots=True)
class Place:
    """A named gate, plant, housing or stop where trips begin and end: edges they may leave by and arrive at."""

    id: str
    name: str
    kind: str
    x: float
    y: float
    departures: tuple[int, ...]
    arrivals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """A park's roads. `crs`: how x, y became of WGS 84 (a PROJ string, with `offset` added); empty if not known."""

    name: str
    junctions: tuple[Junction, ...]
    edges: tuple[Edge, ...]
    lanes: tuple[Lane, ...]
    connections: tuple[Connection, ...]
    conflicts: tuple[Conflict, ...]
    signals: tuple[Signal, ...] = ()
    stops: tuple[Stop, ...] = ()
    roadside: tuple[Roadside, ...] = ()
    places: tuple[Place, ...] = ()
    passages: tuple[Passage, ...] = ()
    walkways: tuple[Walkway, ...] = ()
    synthetic: bool = False
    left_hand: bool = False
    crs: str = ""
    offset: tuple[float, float] = (0.0, 0.0)
    #: outlines of buildings, (points, 2) [m] each: signals and sensors do not pass them
    buildings: tuple[np.ndarray, ...] = ()
    #: outlines of areas that a scenario can name, by id, (points, 2) [m] each
    areas: Mapping[str, np.ndarray] = field(default_factory=dict)
    #: told once to the user: what the file holds that the program leaves aside, with counts
    warnings: tuple[str, ...] = ()
