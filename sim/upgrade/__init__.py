"""What may be changed in a pilot: dated operations with a cost, one a file, on the ids of the map and the scenario.

An operation edits what the user wrote (map and scenario as plain data), never what was built from it: whatever it makes
is read, built and checked as if it had been drawn so. What is kept is the operation; it holds when the map moves.
"""

from __future__ import annotations

import copy
import datetime
import math
import sys
from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeVar, Union

from pydantic import BeforeValidator, ConfigDict, Field, TypeAdapter

from sim.described import Described
from sim.errors import Fault, UpgradeError
from sim.provenance import Value
from sim.registry import Registry, near
from sim.units import parse

_MILLION = 1e6


def _yuan(value: Any) -> Any:
    """`1.6 M` as 1,600,000."""
    if not isinstance(value, str):
        return value
    number, million, rest = value.partition("M")
    try:
        amount = float(number) * (_MILLION if million else 1.0)
    except ValueError:
        amount = math.nan
    if rest.strip() or not math.isfinite(amount):
        raise ValueError(f'"{value}" is no amount of yuan; wanted one such as 1.6 M or 500000')
    return amount


Share = Annotated[float, BeforeValidator(lambda text: parse(text, "share"), json_schema_input_type=float | str)]
Money = Annotated[float, BeforeValidator(_yuan, json_schema_input_type=float | str), Field(ge=0.0, allow_inf_nan=False)]


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


@dataclass(slots=True)
class Site:
    """A park and its traffic as plain data, while operations are done on it.

    Args:
        collection: the map's GeoJSON.
        scenario: the scenario file's sections.
        written: (what, id, entry) -> who set it, and to what; since the last date.
    """

    collection: dict[str, Any]
    scenario: dict[str, Any]
    written: dict[tuple[str, str, str], tuple[str, Any]] = field(default_factory=dict)

    def features(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties of the map's features of a kind, by id."""
        told = [x.get("properties") or {} for x in self.collection["features"]]
        return {str(x.get("id")): x for x in told if x.get("kind") == kind}

    def feature(self, kind: str, name: str) -> dict[str, Any]:
        """Properties of a feature; UpgradeError if the map has none of this id."""
        known = self.features(kind)
        if name not in known:
            raise UpgradeError(f"there is no {kind} {name} on the map; {near(name, known) or 'none is near'}")
        return known[name]

    def point(self, kind: str, name: str) -> list[float]:
        """Longitude and latitude of a feature of the map [degrees]."""
        target = self.feature(kind, name)
        found = next(x for x in self.collection["features"] if x.get("properties") is target)
        return list(found["geometry"]["coordinates"])

    def add(self, properties: dict[str, Any], at: list[float], who: str) -> None:
        """Put a point on the map; UpgradeError if its id is taken."""
        if properties["id"] in self.features(properties["kind"]):
            raise UpgradeError(f"there is already a {properties['kind']} {properties['id']}")
        geometry = {"type": "Point", "coordinates": at}
        self.collection["features"].append({"type": "Feature", "properties": properties, "geometry": geometry})
        self.written[properties["kind"], properties["id"], ""] = (who, properties)

    def put(self, kind: str, name: str, entries: dict[str, Any], who: str) -> None:
        """Set entries of a feature; None takes one away. UpgradeError if another operation set one otherwise."""
        target = self.feature(kind, name)
        for entry, value in entries.items():
            self.claim(kind, name, entry, value, who)
            target.pop(entry, None)
            if value is not None:
                target[entry] = value

    def is_new(self, kind: str, name: str, entry: str) -> bool:
        """Whether an operation of the same date has set an entry."""
        return (kind, name, entry) in self.written

    def claim(self, kind: str, name: str, entry: str, value: Any, who: str) -> None:
        """Note who sets an entry; UpgradeError if another operation of the same date set it otherwise."""
        first, before = self.written.setdefault((kind, name, entry), (who, value))
        if before != value:
            raise UpgradeError(
                f"sets {entry} of {kind} {name} to {_shown(value)}, which {first} has set to {_shown(before)}"
            )


class Operation(Described):
    """Something that is done to a park at a date and price.

    Args:
        do: which operation it is.
        date: when it is done; an operation without a date is done before all that have one.
        cost: investment [yuan], such as 1.6 M; by default what is typical, see `pilotzone list operations NAME`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    typical: ClassVar[Value] = Value(0.0, "yuan", "nothing is built", "assumed")

    do: str
    date: datetime.date | None = None
    cost: Money | None = None

    @property
    def price(self) -> float:
        """Investment [yuan]."""
        return self.typical.amount if self.cost is None else self.cost

    @abstractmethod
    def change(self, site: Site, who: str) -> None:
        """Do it; UpgradeError if it cannot be done here.

        Args:
            site: is changed.
            who: how messages call this operation.
        """


T = TypeVar("T", bound=type[Operation])
OPERATIONS: Registry[type[Operation]] = Registry("operation")


def register(operation: T) -> T:
    """Register an operation under its module's name, which is what its `do` says."""
    OPERATIONS.register(operation)
    return operation


def upgraded(
    collection: dict[str, Any], scenario: dict[str, Any], operations: Sequence[Operation]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Map and scenario after some operations, in the order of their dates; what is handed in stays as it is.

    Raises:
        UpgradeError: every operation that cannot be done, with its place in the list.
    """
    site, faults = tried(collection, scenario, named(operations))
    if faults:
        raise UpgradeError(faults=list(faults.values()))
    return site.collection, site.scenario


def named(operations: Sequence[Operation]) -> dict[str, Operation]:
    """Operations by what messages call them: their place in the list."""
    return {f"operation {rank + 1} ({x.do})": x for rank, x in enumerate(operations)}


def tried(
    collection: dict[str, Any], scenario: dict[str, Any], operations: Mapping[str, Operation]
) -> tuple[Site, dict[str, Fault]]:
    """What comes of those operations that can be done, in the order of their dates, and a fault for each other one.

    Args:
        operations: by how messages call them; of one date in this order.
    """
    site, faults = Site(copy.deepcopy(collection), copy.deepcopy(scenario)), dict[str, Fault]()
    today = None
    for who, operation in sorted(operations.items(), key=lambda x: x[1].date or datetime.date.min):
        if operation.date != today:
            today, site.written = operation.date, {}
        try:
            operation.change(site, who)
        except UpgradeError as error:
            faults[who] = Fault(who, str(error))
    if faults:  # one that failed half-way may have left traces
        site, _ = tried(collection, scenario, {who: x for who, x in operations.items() if who not in faults})
    return site, faults


def mixes(scenario: dict[str, Any]) -> Iterable[dict[str, Any]]:
    """Every mix of cards that a scenario's traffic names."""
    traffic = scenario.setdefault("traffic", {})
    yield traffic.setdefault("cards", {"human_car": 1.0})
    for section in ("flows", "tables", "shifts"):
        for entry in traffic.get(section) or ():
            if isinstance(entry, dict) and isinstance(entry.get("cards"), dict):
                yield entry["cards"]


OPERATIONS.discover(sys.modules[__name__])

if TYPE_CHECKING:
    AnyOperation = Operation
else:
    #: Any operation, told apart by its `do`.
    AnyOperation = Annotated[
        Union[tuple(OPERATIONS[name] for name in OPERATIONS.names())],  # noqa: UP007 - of what is registered
        Field(discriminator="do"),
    ]
_ANY: TypeAdapter[Any] = TypeAdapter(AnyOperation)


def operation(told: dict[str, Any]) -> Operation:
    """The operation that some entries describe; pydantic's ValidationError if they do not."""
    found: Operation = _ANY.validate_python(told)
    return found
