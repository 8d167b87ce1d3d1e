"""What a network is built from: centre lines between nodes, and what is known of each; a map before it has lanes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from sim.park.classes import EVERY_CLASS, ON_RAILS, class_bits
from sim.park.passing import Passing

#: Who may use a carriageway unless the map says otherwise: everybody on wheels and not on rails.
ROAD_USERS = EVERY_CLASS & ~class_bits(
    (*ON_RAILS, "pedestrian", "wheelchair", "ship", "aircraft", "drone", "container")
)
#: Who may use a bus lane.
BUS_LANE_USERS = class_bits(["bus", "coach", "emergency", "authority"])
#: Importance of road classes when nothing else decides who gives way.
CLASS_RANK = {"access": 0, "local": 1, "collector": 2, "arterial": 3, "expressway": 4}

Left = Literal["protected", "permissive", "both"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Movements that have green at the same time.

    Args:
        green: road id -> direction letters (network.Connection) that go with priority or by rule where they must yield.
        duration: [s] of green; nan: a share of the cycle.
        minimum: [s], of an actuated stage; nan: default.
        maximum: [s], of an actuated stage; nan: default.
    """

    green: Mapping[str, str]
    duration: float
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Programme:
    """How a junction is signalled; with no stages they are made from the junction's shape.

    Args:
        cycle: [s]; nan: by the number of stages.
        offset: [s].
        yellow: [s]. Source: assumed, 3 s is usual at up to 60 km/h.
        all_red: clearance after yellow [s]. Source: assumed.
        left: how left turns that have a lane of their own go: in a stage of their own, with the opposing stream while
            giving way to it, or both.
        right_on_red: whether right turns may pass at red after stopping, giving way.
        partial: whether stages may name movements that are not there, since some roads are not built.
    """

    kind: Literal["fixed", "actuated"] = "fixed"
    cycle: float = float("nan")
    offset: float = 0.0
    yellow: float = 3.0
    all_red: float = 2.0
    left: Left = "protected"
    right_on_red: bool = False
    stages: tuple[Stage, ...] = ()
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Node:
    """Where roads meet or end.

    Args:
        control: as `network.Junction.control`.
        main: ids of the two roads that have the way; empty: decided by class, lanes and straightness.
        u_turn: whether one may turn around; None: only at a dead end.
        radius: of a roundabout, to the middle of its ring [m].
        ring_lanes: of a roundabout.
        crossings: ids of roads that people may cross on foot before they reach it.
    """

    id: str
    x: float
    y: float
    control: str = "priority"
    name: str = ""
    main: tuple[str, ...] = ()
    u_turn: bool | None = None
    radius: float = 20.0
    ring_lanes: int = 1
    crossings: tuple[str, ...] = ()
    programme: Programme = field(default_factory=Programme)


@dataclass(frozen=True, slots=True)
class Road:
    """A centre line from node to node.

    Args:
        start: node id.
        end: node id.
        shape: (points, 2) [m], from the one node to the other.
        forward: lanes in the direction of the shape.
        backward: lanes against it; 0: one-way, and the lanes lie about the centre line.
        speed: [m/s].
        width: of a lane [m].
        median: width between the two directions [m].
        shift: how far the carriageway lies to the right of the centre line [m].
        bus_lane: whether the kerb lane of each direction with two lanes or more is for some classes only.
        kerb_lane: for which, by default for buses.
        beside: whether bicycles ride beside the vehicles in the kerb lane, on a strip of it.
        setback: how far before its two ends its lanes end [m]; nan: by the shape of the junction there.
        ring: part of a roundabout.
        passing: of a road with room for one vehicle: how both directions share it.
        shared: both directions lie on the same strip, along the middle.
    """

    id: str
    start: str
    end: str
    shape: np.ndarray
    forward: int
    backward: int
    speed: float
    width: float
    name: str = ""
    road_class: str = "local"
    median: float = 0.0
    shift: float = 0.0
    grade: int = 0
    state: Literal["built", "planned", "half_width"] = "built"
    allowed: int = ROAD_USERS
    bus_lane: bool = False
    kerb_lane: int = BUS_LANE_USERS
    beside: bool = False
    setback: tuple[float, float] = (math.nan, math.nan)
    ring: bool = False
    passing: Passing | None = None
    shared: bool = False

    @property
    def rank(self) -> tuple[int, int, float]:
        """Importance, to be compared: ring, class, lanes, speed."""
        rank = 9 if self.ring else CLASS_RANK.get(self.road_class, 1)
        return rank, max(self.forward, self.backward), self.speed

    @property
    def reach_right(self) -> float:
        """From the centre line to the right edge of the carriageway [m]."""
        return self._beside(self.forward) + self.shift

    @property
    def reach_left(self) -> float:
        """From the centre line to the left edge of the carriageway [m]."""
        return self._beside(self.backward) - self.shift

    def _beside(self, lanes: int) -> float:
        """From the middle of the carriageway to its edge beside some lanes [m]."""
        if self.shared or not self.backward:
            return self.forward * self.width / 2.0
        return self.median / 2.0 + lanes * self.width


@dataclass(frozen=True, slots=True)
class Draft:
    """A map before it has lanes; fields as in `network.Network`."""

    name: str
    nodes: tuple[Node, ...]
    roads: tuple[Road, ...]
    synthetic: bool = False
    left_hand: bool = False
    crs: str = ""
    #: road -> how it is shared, and ids of its strips in the order of the drawing
    strips: Mapping[str, tuple[Passing, tuple[str, ...]]] = field(default_factory=dict)
