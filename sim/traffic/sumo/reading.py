"""Reading SUMO's route and additional files into wishes, types, routes and stopping places."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import DemandError, Fault
from sim.park.xml import Document, Node
from sim.traffic.sumo import times, wishes
from sim.traffic.sumo.times import Order, rate_of, time_of
from sim.traffic.sumo.vehicle_types import Types
from sim.traffic.sumo.wishes import Along, Choice, Fixed, Named, Spot, Trip, Way, Wish

#: Ends of a trip that are no edges.
ELSEWHERE = ("fromJunction", "toJunction", "fromXY", "toXY", "fromLonLat", "toLonLat")
_COMMON = frozenset((
    *ELSEWHERE,
    "id", "type", "route", "from", "to", "via", "departLane", "departPos", "departSpeed", "arrivalPos", "speedFactor",
    "color", "line", "fromTaz", "toTaz", "arrivalLane", "arrivalSpeed",
))  # fmt: skip
_VEHICLE = _COMMON | {"depart", "routeLength", "arrival"}
_FLOW = _COMMON | {"begin", "end", "number", *times.RATES}
_ROUTE = frozenset(("id", "edges", "color", "cost", "savings", "probability", "exitTimes", "refId", "repeat"))
INSIDE = frozenset(("route", "routeDistribution", "stop", "param"))
PEOPLE = frozenset(("person", "personFlow", "container", "containerFlow"))
#: Elements that depart: SUMO wants them in order.
DEPARTING = PEOPLE | {"vehicle", "trip", "flow"}
#: Stopping places: elements of additional files.
STOPS = frozenset(("busStop", "trainStop", "containerStop", "chargingStation", "parkingArea"))
_PLACE = frozenset((
    "id", "name", "color", "lane", "startPos", "endPos", "friendlyPos", "lines", "angle", "personCapacity",
    "containerCapacity", "parkingLength", "power", "efficiency", "chargeInTransit", "chargeDelay", "width", "length",
    "roadsideCapacity", "onRoad", "departPos", "acceptedBadges",
))  # fmt: skip
DETECTORS = frozenset((
    "e1Detector", "inductionLoop", "e2Detector", "laneAreaDetector", "e3Detector", "entryExitDetector", "edgeData",
    "laneData", "instantInductionLoop", "routeProbe", "vTypeProbe", "timedEvent",
))  # fmt: skip
#: Without a meaning for traffic, or read elsewhere (signal programmes).
HARMLESS = frozenset(("tlLogic", "poly", "poi", "location", "metadata", "param", "viewsettings"))


#: What may be a file's only element, without a frame around it.
ALONE = frozenset(("tlLogic", "vehicle", "trip", "flow", "vType", "vTypeDistribution", "route", "routeDistribution"))


@dataclass(frozen=True, slots=True)
class Place:
    """A stopping place: where on which lane; `friendly`: ends outside the lane mean its nearest end."""

    spot: Spot
    lane: str
    begin: Along | None
    end: Along
    friendly: bool


@dataclass(frozen=True, slots=True)
class Zone:
    """Edges that trips between zones begin (`sources`) and end on (`sinks`)."""

    sources: tuple[str, ...]
    sinks: tuple[str, ...]


@dataclass(slots=True)
class Read:
    """Everything that the files of a demand hold.

    Args:
        default_lane: of vehicles that say none, index or code.
        default_speed: likewise [m/s] or code.
        nearly: attribute -> what is told of those who do not say it.
    """

    types: Types
    default_lane: int
    default_speed: float
    nearly: Mapping[str, str]
    wishes: list[Wish] = field(default_factory=list)
    routes: dict[str, Fixed | Choice] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)

    def file(self, path: Path, order: Order, above: tuple[Path, ...] = ()) -> None:
        """Read one file, and those it includes (`above`: those that include it).

        Raises:
            DemandError: the file cannot be read; faults inside are kept until `faults` is asked.
        """
        if path in above:
            raise DemandError(faults=[Fault(str(path), "the file includes itself")])
        document = Document(path, DemandError)
        self.documents.append(document)
        for node in document.elements(alone=ALONE):
            self._element(document, node, order, (*above, path))

    def faults(self) -> list[Fault]:
        """All that is wrong, in order of files and lines."""
        return [fault for document in self.documents for fault in document.in_order()]

    def warnings(self) -> tuple[str, ...]:
        """What is left aside, in order of files."""
        return tuple(warning for document in self.documents for warning in document.warnings())

    def _element(self, document: Document, node: Node, order: Order, above: tuple[Path, ...]) -> None:
        tag = node.tag
        if tag in DEPARTING:
            self._note_order(document, node, order)
        readers: dict[str, Callable[[Document, Node], object]] = {
            "vehicle": self._single,
            "trip": self._single,
            "flow": self._flow,
            "vType": self.types.add,
            "vTypeDistribution": self.types.add_distribution,
            "route": self._named_route,
            "routeDistribution": self._named_choice,
            "taz": self._zone,
        }
        if tag in readers:
            readers[tag](document, node)
        elif tag == "include":
            self.file(document.path.parent / node.text("href"), order, above)
        elif tag == "interval":
            self._interval(document, node, order)
        elif tag in STOPS:
            self._place(document, node)
        elif tag not in HARMLESS:
            what = "not simulated" if tag in PEOPLE else "not written" if tag in DETECTORS else "not read"
            document.left_aside[f"<{tag}> ({what})"] += 1

    def _note_order(self, document: Document, node: Node, order: Order, begin: float = 0.0) -> None:
        if order.late(node, begin) and node.tag not in PEOPLE:
            document.left_aside[
                f"<{node.tag}> out of the order of departures (SUMO leaves it out, here it drives)"
            ] += 1

    def _single(self, document: Document, node: Node) -> None:
        document.spare(node, _VEHICLE)
        word = node.text("depart")
        if word in ("triggered", "containerTriggered", "split", "now"):
            document.left_aside[f'<{node.tag}> with depart="{word}" (not simulated)'] += 1
            return
        known = len(document.faults)
        time = -math.inf if word == "begin" else time_of(document, node, "depart")
        self._wish(document, node, time, known)

    def _flow(self, document: Document, node: Node, begin: float = 0.0, end: float = math.inf) -> None:
        document.spare(node, _FLOW)
        known = len(document.faults)
        self._wish(document, node, rate_of(document, node, begin, end), known)

    def _interval(self, document: Document, node: Node, order: Order) -> None:
        begin, end = time_of(document, node, "begin", 0.0), time_of(document, node, "end", math.inf)
        for child in node.children:
            if child.tag == "flow":
                self._note_order(document, child, order, begin)
                self._flow(document, child, begin, end)
            else:
                document.left_aside[f"<{child.tag}> in <interval> (not read)"] += 1

    def _wish(self, document: Document, node: Node, time: float | times.Rate, known: int) -> None:
        """Keep what an element asks for; `known`: so many faults stood in the document before it."""
        way = self._way(document, node)
        if way is None:
            return
        for name, usual in (("arrivalLane", "current"), ("arrivalSpeed", "current")):
            if node.text(name) not in ("", usual):
                document.left_aside[f"attribute {name} of <{node.tag}> (not obeyed)"] += 1
        for name, told in self.nearly.items():
            if not node.text(name):
                document.left_aside[told] += 1
        if not node.text("id"):
            document.fault(node, "it has no id", "give it its own")
        wish = Wish(
            Spot(document, node.line, node.tag, node.text("id")),
            node.text("type") or "DEFAULT_VEHTYPE",
            time,
            way,
            wishes.lane_of(document, node, "departLane", self.default_lane),
            wishes.position_of(document, node),
            wishes.speed_of(document, node, "departSpeed", self.default_speed),
            wishes.arrival_of(document, node),
            wishes.halts_of(document, node),
            document.number(node, "speedFactor", math.nan, 0.05),
        )
        wish.faulty = len(document.faults) > known
        self.wishes.append(wish)

    def _way(self, document: Document, node: Node) -> Way | None:
        """How a vehicle goes; None if it is left aside or faulty."""
        for child in node.children:
            if child.tag not in INSIDE:
                document.left_aside[f"<{child.tag}> in <{node.tag}> (not read)"] += 1
        inside = [child for child in node.children if child.tag in ("route", "routeDistribution")]
        if node.has("route"):
            return Named(node.text("route"))
        if inside:
            read = self._route if inside[0].tag == "route" else self._choice
            return read(document, inside[0], node)
        return self._trip(document, node)

    def _trip(self, document: Document, node: Node) -> Trip | None:
        source, target = node.text("from"), node.text("to")
        from_zone = "" if source else node.text("fromTaz")
        to_zone = "" if target else node.text("toTaz")
        halts = any(child.tag == "stop" for child in node.children)
        if (source or from_zone or halts) and (target or to_zone or halts):
            return Trip(source, target, tuple(node.words("via")), from_zone, to_zone)
        if any(node.has(name) for name in ELSEWHERE):
            document.left_aside[f"<{node.tag}> between junctions or coordinates (not simulated)"] += 1
        else:
            document.fault(node, "it has no route", "wanted route, <route edges=...>, from and to, or stops")
        return None

    def _route(self, document: Document, node: Node, owner: Node | None = None) -> Fixed | Named:
        """Read a `<route>`; `owner`: the vehicle it stands in, if any."""
        document.spare(node, _ROUTE)
        if node.has("refId"):
            return Named(node.text("refId"))
        edges = " ".join(node.words("edges"))
        if not edges:
            document.fault(node, "it has no edges", 'wanted edges="first second ..."')
        owner = node if node.text("id") or owner is None else owner
        spot = Spot(document, node.line, owner.tag, owner.text("id"))
        return Fixed(edges, wishes.halts_of(document, node, owner), document.whole(node, "repeat", 0), spot)

    def _named_route(self, document: Document, node: Node) -> None:
        route = self._route(document, node)
        self._check_name(document, node)
        if isinstance(route, Fixed):
            self.routes[node.text("id")] = route

    def _named_choice(self, document: Document, node: Node) -> None:
        self._check_name(document, node)
        self.routes[node.text("id")] = self._choice(document, node)

    def _check_name(self, document: Document, node: Node) -> None:
        name = node.text("id")
        if not name or name in self.routes:
            document.fault(node, "there are two routes of this id" if name else "it has no id", "give it its own")

    def _choice(self, document: Document, node: Node, owner: Node | None = None) -> Choice:
        document.spare(node, frozenset(("id", "routes", "probabilities", "last")))
        ways: list[Fixed | Named] = []
        weights: list[float] = []
        for child in node.children:
            if child.tag == "route":
                ways.append(self._route(document, child, owner or node))
                weights.append(document.number(child, "probability", 1.0, 0.0))
                if isinstance(ways[-1], Fixed) and child.text("id"):
                    self._check_name(document, child)
                    self.routes[child.text("id")] = ways[-1]
        named = node.words("routes")
        shares = node.words("probabilities")
        ways += [Named(name) for name in named]
        if shares and len(shares) != len(named):
            document.fault(node, f'probabilities is "{node.text("probabilities")}"', f"wanted {len(named)} numbers")
            shares = []
        for share in shares or ["1"] * len(named):
            weights.append(
                document.number(Node(node.tag, {"probabilities": share}, node.line), "probabilities", 1.0, 0.0)
            )
        if math.fsum(weights) <= 0.0:
            document.fault(node, "it gives no route a probability", "wanted at least one")
            return Choice((), ())
        return Choice(tuple(ways), tuple(weights))

    def _zone(self, document: Document, node: Node) -> None:
        """Read a `<taz>`; who asks for one takes the edges that make his trip quickest, as in SUMO."""
        edges = node.words("edges")
        inside = {
            tag: [child.text("id") for child in node.children if child.tag == tag] for tag in ("tazSource", "tazSink")
        }
        self.zones[node.text("id")] = Zone((*edges, *inside["tazSource"]), (*edges, *inside["tazSink"]))

    def _place(self, document: Document, node: Node) -> None:
        document.spare(node, _PLACE)
        name = node.text("id")
        if not name or name in self.places:
            document.fault(node, "there are two stopping places of this id" if name else "it has no id")
        if node.tag == "parkingArea":
            document.left_aside["room in a <parkingArea> (not obeyed: all who come find some)"] += 1
        spot = Spot(document, node.line, node.tag, name)
        self.places[name] = Place(spot, node.text("lane"), *wishes.extent_of(document, node))
