"""SUMO's vehicle types as cards, and distributions of types to draw from.

Source: SUMO documentation, Definition_of_Vehicles,_Vehicle_Types,_and_Routes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from sim.park.classes import CLASSES
from sim.park.xml import Document, Node
from sim.provenance import Value
from sim.registry import near
from sim.traffic.card import Card, SpeedFactor
from sim.traffic.sumo import defaults, following

#: Attribute -> (parameter of a card, unit, least).
NUMBERS = {
    "length": ("length", "m", 0.1),
    "width": ("width", "m", 0.1),
    "minGap": ("minimum_gap", "m", 0.0),
    "maxSpeed": ("maximum_speed", "m/s", 0.1),
    "accel": ("maximum_acceleration", "m/s2", 0.01),
    "decel": ("comfortable_deceleration", "m/s2", 0.01),
    "emergencyDecel": ("emergency_deceleration", "m/s2", 0.01),
    "sigma": ("imperfection", "-", 0.0),
    "tau": ("reaction_time", "s", 0.0),
    "jmTimegapMinor": ("minor_time_gap", "s", 0.0),
    "impatience": ("impatience", "-", -math.inf),
    "lcStrategic": ("strategic", "-", -math.inf),
    "lcCooperative": ("cooperative", "-", -1.0),
    "lcSpeedGain": ("speed_gain", "-", 0.0),
    "lcKeepRight": ("keep_right", "-", 0.0),
}
_READ = frozenset((
    "id", "vClass", "speedFactor", "speedDev", "carFollowModel", "probability", "color", "delta", "laneChangeModel",
))  # fmt: skip
#: Attributes that change how a vehicle looks or what it emits, not how it drives.
_HARMLESS = frozenset((
    "guiShape", "emissionClass", "imgFile", "osgFile", "height", "mass", "personCapacity", "containerCapacity",
    "boardingDuration", "loadingDuration", "boardingFactor", "carriageLength", "locomotiveLength", "carriageGap",
))  # fmt: skip
ATTRIBUTES = _READ | _HARMLESS | NUMBERS.keys()


@dataclass(frozen=True, slots=True)
class Options:
    """What a configuration says for all types: spread of speeds [-], model, time to impatience [s]."""

    deviation: float | None = None
    model: str = "Krauss"
    time_to_impatience: float = defaults.TIME_TO_IMPATIENCE


@dataclass(frozen=True, slots=True)
class Distribution:
    """Types to draw from, with weights that sum to 1."""

    types: tuple[str, ...]
    weights: tuple[float, ...]


@dataclass(slots=True)
class Types:
    """Vehicle types and distributions by id."""

    options: Options
    cards: dict[str, Card] = field(default_factory=dict)
    distributions: dict[str, Distribution] = field(default_factory=dict)
    _weights: dict[str, float] = field(default_factory=dict)
    _later: list[tuple[Document, Node]] = field(default_factory=list)

    def add(self, document: Document, node: Node) -> str:
        """Read a `<vType>`; its id."""
        name = node.text("id")
        if not name or name in self.cards or name in self.distributions:
            what = "there are two vehicle types of this id" if name else "it has no id"
            document.fault(node, what, "give it its own")
        self._weights[name] = document.number(node, "probability", 1.0, 0.0)
        self.cards[name] = _card(document, node, self.options)
        return name

    def add_distribution(self, document: Document, node: Node) -> None:
        """Read a `<vTypeDistribution>`; whom it names by id is looked up in `finish`."""
        name = node.text("id")
        if name in self.cards or name in self.distributions:
            document.fault(node, "there are two vehicle types of this id", "give it its own")
        inside = [self.add(document, child) for child in node.children if child.tag == "vType"]
        for child in node.children:
            if child.tag != "vType":
                document.left_aside[f"<{child.tag}> in <vTypeDistribution> (not read)"] += 1
        document.spare(node, frozenset(("id", "vTypes", "probabilities")))
        self.distributions[name] = Distribution(tuple(inside), tuple(self._weights[x] for x in inside))
        self._later.append((document, node))

    def finish(self) -> None:
        """Complete distributions by the types they name, when all files are read."""
        for document, node in self._later:
            inside = self.distributions[node.text("id")]
            named = node.words("vTypes")
            pairs = [*zip(inside.types, inside.weights, strict=True)]
            for name, weight in zip(named, self._named_weights(document, node, named), strict=True):
                if self._known(name):
                    pairs.append((name, weight))
                else:
                    document.fault(node, f'it names no vehicle type: "{name}"', near(name, self.cards))
            if not pairs and not named:
                document.fault(node, "it holds no vehicle type", "wanted at least one")
            pairs = pairs or [self._stand_in()]
            total = math.fsum(weight for _, weight in pairs)
            if total <= 0.0:
                document.fault(node, "its probabilities sum to 0", "wanted at least one type with a positive one")
                pairs, total = [self._stand_in()], 1.0
            types, weights = zip(*pairs, strict=True)
            self.distributions[node.text("id")] = Distribution(types, tuple(weight / total for weight in weights))

    def stand_in(self, names: Iterable[str]) -> None:
        """Define types that are asked for and not there, so that reading goes on and finds further faults."""
        for name in names:
            self.cards[name] = replace(built_in("DEFAULT_VEHTYPE", self.options), name=name)

    def _stand_in(self) -> tuple[str, float]:
        """The one type of a distribution all whose own are at fault."""
        self.cards.setdefault("", built_in("DEFAULT_VEHTYPE", self.options))
        return "", 1.0

    def _named_weights(self, document: Document, node: Node, named: list[str]) -> list[float]:
        texts = node.words("probabilities")
        if not texts:
            return [self._weights.get(name, 1.0) for name in named]
        try:
            weights = [float(text) for text in texts]
        except ValueError:
            weights = []
        if len(weights) != len(named) or not all(0.0 <= weight < math.inf for weight in weights):
            document.fault(node, f'probabilities is "{node.text("probabilities")}"', f"wanted {len(named)} numbers")
            return [1.0] * len(named)
        return weights

    def _known(self, name: str) -> bool:
        if name in defaults.BUILT_IN and name not in self.cards and name not in self.distributions:
            self.cards[name] = built_in(name, self.options)
        return name in self.cards

    def has(self, name: str) -> bool:
        """Whether a vehicle can be of this type or distribution."""
        return self._known(name) or name in self.distributions

    def near(self, name: str) -> str:
        """A hint at the nearest known name."""
        return near(name, [*self.cards, *self.distributions, *defaults.BUILT_IN])


def built_in(name: str, options: Options) -> Card:
    """The card of a type that SUMO defines itself."""
    vehicle_class = defaults.BUILT_IN[name]
    model = following.canonical(options.model)
    parameters = _parameters({}, vehicle_class, model, options)
    return Card(name, vehicle_class, following.ours(model), parameters, _spread(vehicle_class, options))


def _card(document: Document, node: Node, options: Options) -> Card:
    model = following.model_of(document, node, options.model)
    document.spare(node, ATTRIBUTES | following.OWN.get(model, {}).keys())
    for child in node.children:
        if child.tag != "param":
            document.left_aside[f"<{child.tag}> in <vType> (not read)"] += 1
        elif child.text("key").startswith(("has.", "device.")):
            document.left_aside[f"device in <vType> ({child.text('key')}, not simulated)"] += 1
    vehicle_class = node.text("vClass") or "passenger"
    if vehicle_class not in CLASSES:
        document.fault(node, f'vClass "{vehicle_class}" is not known', near(vehicle_class, CLASSES))
        vehicle_class = "passenger"  # reading goes on, for further faults
    given = {
        name: Value(document.number(node, attribute, None, low), unit, document.path.name, "given")
        for attribute, (name, unit, low) in NUMBERS.items()
        if attribute not in ("impatience", *following.UNREAD.get(model, ())) and node.has(attribute)
    } | following.own_of(document, node, model)
    if node.text("impatience") not in ("", "off"):
        given["impatience"] = Value(document.number(node, "impatience"), "-", document.path.name, "given")
    if document.number(node, "delta", 4.0) != 4.0:
        document.left_aside["attribute delta of <vType> (taken as 4)"] += 1
    if node.text("laneChangeModel") not in ("", "default", "LC2013"):
        document.left_aside[f"laneChangeModel {node.text('laneChangeModel')} (taken as ours)"] += 1
    return Card(
        node.text("id"),
        vehicle_class,
        following.ours(model),
        _parameters(given, vehicle_class, model, options),
        _speed_factor(document, node, _spread(vehicle_class, options)),
        colour=_colour(node.text("color")),
        description=f"vehicle type {node.text('id')} of {document.path.name}",
    )


def _parameters(given: Mapping[str, Value], vehicle_class: str, model: str, options: Options) -> dict[str, Value]:
    """All parameters of a card: what the file gives, else SUMO's defaults."""
    usual = defaults.of(vehicle_class)
    amounts = {
        "length": usual.length,
        "width": usual.width,
        "minimum_gap": usual.minimum_gap,
        "maximum_speed": usual.maximum_speed,
        "maximum_acceleration": usual.maximum_acceleration,
        "comfortable_deceleration": usual.comfortable_deceleration,
        "emergency_deceleration": usual.emergency_deceleration,
        "imperfection": usual.imperfection,
        "reaction_time": defaults.TIME_GAP,
        "minor_time_gap": defaults.MINOR_TIME_GAP,
        "impatience": 0.0,
        "strategic": 1.0,
        "cooperative": 1.0,
        "speed_gain": 1.0,
        "keep_right": 1.0,
    }
    units = {name: unit for name, unit, _ in NUMBERS.values()}
    values = {name: Value(amount, units[name], defaults.SOURCE, "verified") for name, amount in amounts.items()}
    values |= following.usual(model)
    values.update(given)
    braking = values["comfortable_deceleration"]
    if values["emergency_deceleration"].amount < braking.amount:
        values["emergency_deceleration"] = braking
    patience = options.time_to_impatience if options.time_to_impatience > 0.0 else math.inf
    values["time_to_impatience"] = Value(patience, "s", "SUMO option time-to-impatience", "verified")
    return values | following.shared(values, model)


def _spread(vehicle_class: str, options: Options) -> SpeedFactor:
    deviation = defaults.of(vehicle_class).deviation if options.deviation is None else options.deviation
    return SpeedFactor(1.0, deviation, 0.2, 2.0, defaults.SOURCE, "verified")


def _speed_factor(document: Document, node: Node, usual: SpeedFactor) -> SpeedFactor:
    """`speedFactor` as a number or normc(mean, deviation, low, high) or norm(mean, deviation), and `speedDev`."""
    text, deviation = node.text("speedFactor"), usual.deviation
    if not text and not node.has("speedDev"):
        return usual
    mean, low, high = usual.mean, usual.low, usual.high
    if text:
        parts = distribution(text)
        if parts is None:
            document.fault(node, f'speedFactor is "{text}"', "wanted a number or normc(mean, deviation, least, most)")
            return usual
        mean, deviation, low, high = _limits(parts, deviation)
    deviation = document.number(node, "speedDev", deviation, 0.0)
    return SpeedFactor(mean, deviation, low, high, document.path.name, "given")


def _limits(parts: tuple[str, tuple[float, ...]], deviation: float) -> tuple[float, float, float, float]:
    kind, numbers = parts
    if kind == "":
        return numbers[0], deviation, min(0.2, numbers[0]), max(2.0, numbers[0])
    if kind == "norm":
        return numbers[0], numbers[1], 0.05, max(2.0, numbers[0] + 5.0 * numbers[1])
    return numbers[0], numbers[1], numbers[2], numbers[3]


def distribution(text: str) -> tuple[str, tuple[float, ...]] | None:
    """Kind (`` for a plain number) and numbers of norm(..) or normc(..); None if it is neither."""
    kind, _, rest = text.removesuffix(")").partition("(")
    if not rest:
        kind, rest = "", kind
    try:
        numbers = tuple(float(word) for word in rest.split(","))
    except ValueError:
        return None
    wanted = {"": 1, "norm": 2, "normc": 4}.get(kind.strip())
    sound = all(map(math.isfinite, numbers)) and numbers[0] > 0.0 and (len(numbers) < 2 or numbers[1] >= 0.0)
    return (kind.strip(), numbers) if len(numbers) == wanted and sound else None


def _colour(text: str) -> str:
    """`#rrggbb` of SUMO's r,g,b (all 0..1, or 0..255); empty if it is a name or nothing."""
    try:
        parts = [float(word) for word in text.split(",")][:3]
    except ValueError:
        return ""
    if len(parts) < 3 or not all(0.0 <= part <= 255.0 for part in parts):
        return ""
    scale = 255.0 if max(parts) <= 1.0 else 1.0
    return "#" + "".join(f"{round(part * scale):02x}" for part in parts)
