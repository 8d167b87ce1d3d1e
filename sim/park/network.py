"""The place: junctions, edges, lanes, connections, conflicts and signals, as an importer found or built them.

Everything is immutable and plain. Lengths are [m], speeds [m/s], times [s], coordinates [m] in a local plane with x to
the east and y to the north. References between things are whole-number indices into the tuples of `Network`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Literal

import numpy as np

from sim.park.rings import Rings

FloatArray = np.ndarray

#: Classes of road users that a lane may admit (SUMO's names); their bit in `Lane.allowed` is their rank here.
CLASSES = (
    "ignoring", "private", "emergency", "authority", "army", "vip", "pedestrian", "passenger", "hov", "taxi", "bus",
    "coach", "delivery", "truck", "trailer", "motorcycle", "moped", "bicycle", "evehicle", "tram", "rail_urban", "rail",
    "rail_electric", "rail_fast", "ship", "scooter", "subway", "cable_car", "wheelchair", "container", "aircraft",
    "drone", "custom1", "custom2",
)  # fmt: skip
EVERY_CLASS = (1 << len(CLASSES)) - 1
#: Movements over a junction for which drivers may have a critical gap, in the words of capacity manuals (HCM).
MOVEMENTS = ("major_left", "minor_right", "minor_through", "minor_left", "permitted_left", "roundabout")
#: Classes on rails.
ON_RAILS = ("tram", "rail_urban", "rail", "rail_electric", "rail_fast", "subway", "cable_car")


def class_bits(names: Iterable[str]) -> int:
    """Bit mask of some classes of road users; KeyError names an unknown one."""
    bits = 0
    for name in names:
        if name not in CLASSES:
            raise KeyError(name)
        bits |= 1 << CLASSES.index(name)
    return bits


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
class Phase:
    """One phase of a signal programme.

    Args:
        state: a letter for each group. SUMO's: G green with priority, g green with yielding, y yellow, Y yellow major,
            r red, u red-yellow, s green right-turn arrow (stop, then yield), o off blinking (yield), O off (by rule).
        duration: [s]; of an actuated phase the usual one.
        minimum: [s]; equal to duration if fixed.
        maximum: [s]; equal to duration if fixed.
        following: indices of possible next phases; empty: the next in order.
    """

    state: str
    duration: float
    minimum: float
    maximum: float
    following: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal controller with one programme.

    Args:
        kind: fixed; actuated (extends a green phase while detectors are met within `max_gap`); rings (phases side by
            side, as `rings` tells); rail (its one phase is red, and it opens when the track up to the next such signal
            is free of other trains); or passage (at the end of a shared strip: red for who would enter it, until the
            strip is his direction's).
        offset: [s], shift of the programme.
        detector_gap: distance of the detector from the stop line in time at free speed [s].
        max_gap: time gap that ends an actuated green [s].
        passing_time: headway at which a queue is reckoned to pass the line, for placing detectors [s].
        rings: of a signal of that kind.
    """

    id: str
    kind: Literal["fixed", "actuated", "rings", "rail", "passage"]
    programme: str
    offset: float
    phases: tuple[Phase, ...]
    detector_gap: float = 2.0
    max_gap: float = 3.0
    passing_time: float = 1.9
    rings: Rings | None = None
    #: what the file says and the program does not do yet, for warnings
    ignored: tuple[str, ...] = ()


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
class Passing:
    """How a road with room for one vehicle is shared by both directions.

    Args:
        control: courtesy (first come, first served), priority (of one direction), signal (alternating), or request
            (asked for and granted by radio).
        first: direction that has priority, or gets the first green: along the drawing or against it.
        batch: most vehicles one behind the other while somebody waits on the other side.
        green: of the alternating signal, each way [s].
        patience: waiting time after which a direction without priority is let go [s].
        sight: how far one sees along the road [m]; one is not longer between two places to pass.
        bays: places to pass within the road; None: as many as the control needs.
        bay: their length [m].
        mouth: length of the piece at each end on which one waits [m].

    Source: assumed.
    """

    control: Literal["courtesy", "priority", "signal", "request"]
    first: Literal["forward", "backward"] = "forward"
    batch: int = 6
    green: float = 20.0
    patience: float = 60.0
    sight: float = 150.0
    bays: int | None = None
    bay: float = 30.0
    mouth: float = 30.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A road that both directions share, strip by strip, with places to wait between and at the ends.

    Args:
        id: of the road.
        strips: edge along the drawing and edge against it of each shared strip, in the order of the drawing.
    """

    id: str
    passing: Passing
    strips: tuple[tuple[int, int], ...]


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


class Names:
    """Where in a network each id stands."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @cached_property
    def junction(self) -> dict[str, int]:
        """Junction index by id."""
        return {x.id: i for i, x in enumerate(self._network.junctions)}

    @cached_property
    def edge(self) -> dict[str, int]:
        """Edge index by id."""
        return {x.id: i for i, x in enumerate(self._network.edges)}

    @cached_property
    def lane(self) -> dict[str, int]:
        """Lane index by id."""
        return {x.id: i for i, x in enumerate(self._network.lanes)}

    @cached_property
    def signal(self) -> dict[str, int]:
        """Signal index by id."""
        return {x.id: i for i, x in enumerate(self._network.signals)}

    @cached_property
    def walkway(self) -> dict[str, int]:
        """Walkway index by id."""
        return {x.id: i for i, x in enumerate(self._network.walkways)}

    @cached_property
    def stop(self) -> dict[str, int]:
        """Stop index by id."""
        return {x.id: i for i, x in enumerate(self._network.stops)}

    @cached_property
    def place(self) -> dict[str, int]:
        """Place index by id."""
        return {x.id: i for i, x in enumerate(self._network.places)}
