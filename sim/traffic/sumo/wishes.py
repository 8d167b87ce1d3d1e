"""What the elements of SUMO's files ask for, before anything is looked up or drawn."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from sim.park.xml import Document, Node
from sim.traffic.departures import (
    AVERAGE,
    BASE,
    BEST,
    DESIRED,
    FIRST_ALLOWED,
    FREE,
    FREE_POSITION,
    LAST,
    MAXIMUM,
    RANDOM,
    RANDOM_FREE,
    RANDOM_POSITION,
    RANDOM_SPEED,
    SPEED_LIMIT,
)
from sim.traffic.sumo.times import Rate, time_of

LANES = {"first": FIRST_ALLOWED, "best": BEST, "best_prob": BEST, "free": FREE, "allowed": FREE, "random": RANDOM}
AT_STOP = -99.0  #: code of a position only here: where the first stop is
POSITIONS = {
    "stop": AT_STOP,
    "base": BASE,
    "random": RANDOM_POSITION,
    "random_free": RANDOM_FREE,
    "free": FREE_POSITION,
    "last": LAST,
}
SPEEDS = {
    "max": MAXIMUM,
    "desired": DESIRED,
    "speedLimit": SPEED_LIMIT,
    "random": RANDOM_SPEED,
    "last": MAXIMUM,
    "avg": AVERAGE,
}
#: No lane is longer [m]. Source: assumed, the Earth is 4e7 m around.
LONGEST = 1e7
#: Words that are taken as a near one: told to the user.
NEARLY = {
    "departLane": {"best_prob": "best", "allowed": "free"},
    "departSpeed": {"last": "max"},
}
#: Places where a vehicle may halt, by the attribute that names them.
PLACES = ("busStop", "trainStop", "containerStop", "chargingStation", "parkingArea")
_STOP = frozenset((
    *PLACES, "lane", "edge", "startPos", "endPos", "duration", "until", "friendlyPos", "actType", "index", "tripId",
    "line", "parking", "triggered", "containerTriggered",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a file something is said, and whose it is: for faults that are found later."""

    document: Document
    line: int
    tag: str
    id: str

    def fault(self, what: str, wanted: str = "") -> None:
        """Remember something that is wrong there."""
        self.document.fault(Node(self.tag, {"id": self.id}, self.line), what, wanted)

    def __str__(self) -> str:
        return f"{self.document.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Along:
    """A position on a lane or edge: `metres` [m] from its start, or from its end (`back`)."""

    metres: float
    back: bool = False

    def on(self, length: float) -> float:
        """Distance from the start of a lane [m], which may lie outside it."""
        return length - self.metres if self.back else self.metres


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop asked for: at a named place, or on a lane or edge; times in [s].

    Args:
        begin: where it begins on the lane; None: not said.
        friendly: whether ends outside the lane mean its nearest end.
        aside: off the road.
        spot: where it is asked for.
    """

    place: str
    lane: str
    edge: str
    begin: Along | None
    end: Along
    friendly: bool
    duration: float
    until: float
    aside: bool
    spot: Spot = field(compare=False)


@dataclass(frozen=True, slots=True)
class Fixed:
    """A route as edge names, and where it is said."""

    edges: str
    halts: tuple[Halt, ...]
    repeat: int
    spot: Spot = field(compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A route or distribution of routes by its id."""

    name: str


@dataclass(frozen=True, slots=True)
class Choice:
    """Routes to draw from, with weights."""

    ways: tuple[Fixed | Named, ...]
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Trip:
    """A trip to be routed over some edges.

    Args:
        source: edge to begin on; empty: in `from_zone`, or where its first stop is.
        target: edge to end on; empty: in `to_zone`, or where its last stop is.
        via: edges to pass, in order.
        from_zone: name of the zone to begin in.
        to_zone: name of the zone to end in.
    """

    source: str
    target: str
    via: tuple[str, ...] = ()
    from_zone: str = ""
    to_zone: str = ""


Way = Fixed | Named | Choice | Trip


@dataclass(slots=True)
class Wish:
    """What a `<vehicle>`, `<trip>` or `<flow>` asks for.

    Args:
        spot: where it is asked for; its id is that of the vehicle, or of the flow.
        kind: vehicle type or distribution.
        time: [s], or the rate of a flow.
        lane: index, or a code of `sim.traffic.departures`.
        position: on the first edge, or a code.
        speed: [m/s], or a code.
        arrival: on the last edge; None: at its end; "random".
        speed_factor: of this vehicle alone [-]; nan: drawn.
        faulty: whether something that it says is wrong.
    """

    spot: Spot
    kind: str
    time: float | Rate
    way: Way
    lane: int
    position: Along | float
    speed: float
    arrival: Along | str | None
    halts: tuple[Halt, ...]
    speed_factor: float
    faulty: bool = False

    @property
    def id(self) -> str:
        """Of the vehicle, or of the flow."""
        return self.spot.id

    def fault(self, what: str, wanted: str = "") -> None:
        """Remember something that is wrong with it."""
        self.spot.fault(what, wanted)

    def left_aside(self, what: str) -> None:
        """Count something that is not done as it asks."""
        self.spot.document.left_aside[what] += 1


def lane_of(document: Document, node: Node, name: str, default: int) -> int:
    """An attribute such as `departLane` as index or code."""
    text = node.text(name)
    if not text:
        return default
    if text in LANES:
        _note(document, node, name, text)
        return LANES[text]
    if not text.isdecimal():
        document.fault(node, f'{name} is "{text}"', f"wanted a number or one of {', '.join(LANES)}")
        return default
    return int(text)


def position_of(document: Document, node: Node) -> Along | float:
    """`departPos` as position or code."""
    text = node.text("departPos")
    if not text:
        return BASE
    if text in POSITIONS:
        return POSITIONS[text]
    return along(document, node, "departPos")


def speed_of(document: Document, node: Node, name: str, default: float) -> float:
    """An attribute such as `departSpeed` [m/s] or a code."""
    text = node.text(name)
    if not text:
        return default
    if text in SPEEDS:
        _note(document, node, name, text)
        return SPEEDS[text]
    return document.number(node, name, None, 0.0)


def arrival_of(document: Document, node: Node) -> Along | str | None:
    """`arrivalPos`: a position, "random", or None for the end."""
    text = node.text("arrivalPos")
    if text in ("", "max"):
        return None
    if text in ("random", "center"):
        return text
    return along(document, node, "arrivalPos")


def along(document: Document, node: Node, name: str) -> Along:
    """A position whose negative numbers count from the end."""
    metres = document.number(node, name)
    if abs(metres) > LONGEST:
        document.fault(node, f'{name} is "{node.text(name)}"', f"wanted metres along a lane, at most {LONGEST:g}")
    back = metres < 0.0 or node.text(name).startswith("-")
    return Along(abs(metres), back)


def nearly(name: str, text: str, whose: str) -> str:
    """What is told where a word is taken as a near one; empty if it is taken as it is."""
    near = NEARLY.get(name, {}).get(text, "")
    return f'{name}="{text}" of {whose} (taken as {near})' if near else ""


def _note(document: Document, node: Node, name: str, text: str) -> None:
    if told := nearly(name, text, f"<{node.tag}>"):
        document.left_aside[told] += 1


def halts_of(document: Document, node: Node, owner: Node | None = None) -> tuple[Halt, ...]:
    """The `<stop>` elements inside an element; faults are told of the owner, the element itself if none is given."""
    return tuple(_halt(document, child, owner or node) for child in node.children if child.tag == "stop")


def _halt(document: Document, node: Node, owner: Node) -> Halt:
    document.spare(node, _STOP)
    aside = node.has("parkingArea") or node.text("parking") == "opportunistic"
    aside = aside or document.flag(node, "parking", False)
    places = [node.text(name) for name in PLACES if node.has(name)]
    duration = time_of(document, node, "duration", 0.0)
    until = time_of(document, node, "until", -math.inf)
    if len(places) != 1 and not node.has("lane") and not node.has("edge"):
        document.fault(node, "it does not say where", "wanted busStop, or lane and endPos")
    if not node.has("duration") and not node.has("until"):
        document.fault(node, "it does not say how long", "wanted duration or until")
    for name, time in (("duration", duration), ("until", until)):
        if -math.inf < time < 0.0:
            document.fault(node, f'{name} is "{node.text(name)}"', "wanted 0 or more")
    if node.text("triggered") not in ("", "false", "0") or node.text("containerTriggered") not in ("", "false", "0"):
        document.left_aside["waiting for passengers or goods at a <stop> (not simulated)"] += 1
    begin, end, friendly = extent_of(document, node, not node.has("startPos") and not node.has("endPos"))
    spot = Spot(document, node.line, owner.tag, owner.text("id"))
    where = (places[0] if places else "", node.text("lane"), node.text("edge"))
    return Halt(*where, begin, end, friendly, duration, until, aside, spot)


def extent_of(document: Document, node: Node, friendly: bool = False) -> tuple[Along | None, Along, bool]:
    """`startPos` (None: not said) and `endPos` of a stop or place, and `friendlyPos` (`friendly`: if not said)."""
    begin = along(document, node, "startPos") if node.has("startPos") else None
    end = along(document, node, "endPos") if node.has("endPos") else Along(0.0, True)
    return begin, end, document.flag(node, "friendlyPos", friendly)
