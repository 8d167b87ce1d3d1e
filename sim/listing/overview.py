"""What there is of each kind: a line and a source each."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

from sim.listing.sheet import Sheet
from sim.registry import Registry

#: Kinds whose members are modules: the package they lie in, and the registry that names them.
REGISTRIES = {
    "models": ("sim.models.car_following", "CAR_FOLLOWING"),
    "messages": ("sim.v2x", "MESSAGES"),
    "radio": ("sim.models.radio", "RADIO"),
    "apps": ("sim.apps", "APPS"),
    "services": ("sim.services", "SERVICES"),
    "operations": ("sim.upgrade", "OPERATIONS"),
    "metrics": ("sim.metrics", "METRICS"),
    "importers": ("sim.park.importers", "IMPORTERS"),
    "exporters": ("sim.report.exporters", "EXPORTERS"),
}
#: What a kind is for, where its name does not say.
_FOR = {
    "cards": "`traffic.cards`; each value with its source: pilotzone list cards NAME",
    "models": "`car_following` of a card; parameters: pilotzone list models NAME",
    "messages": "fields: pilotzone list messages NAME",
    "radio": "`radio.model`; settings: pilotzone list keys radio",
    "apps": "`apps`; settings: pilotzone list apps NAME",
    "operations": "`do` of a plan or option; settings: pilotzone list operations NAME",
    "metrics": "columns and thresholds: pilotzone list metrics NAME",
    "cases": "pilotzone verify; settings: pilotzone list cases NAME",
    "tables": "of a result folder; columns: pilotzone list tables NAME",
    "keys": "of a scenario; those below one: pilotzone list keys PATH, such as radio or traffic.flows",
}

Row = tuple[str, str, str]


def kinds() -> list[str]:
    """What `overview` tells of."""
    return [*_TOLD, *REGISTRIES]


def overview(kind: str) -> Sheet:
    """Name, line and source of everything of a kind."""
    found = tuple(_TOLD[kind]() if kind in _TOLD else _modules(kind))
    return Sheet(kind, ("name", "what it is", "source"), found, _FOR.get(kind, ""))


def registry(kind: str) -> Registry[Any]:
    """The filled registry of a kind of `REGISTRIES`."""
    package, name = REGISTRIES[kind]
    module = importlib.import_module(package)
    found: Registry[Any] = getattr(module, name)
    found.discover(module)
    return found


def document(kind: str, name: str) -> str:
    """What the module of a thing says of itself."""
    module = sys.modules[f"{REGISTRIES[kind][0]}.{name.replace('-', '_')}"]
    return inspect.getdoc(module) or ""


def _modules(kind: str) -> Iterator[Row]:
    for name in registry(kind).names():
        said = document(kind, name)
        source = said.partition("Source:")[2].split("\n\n")[0]
        yield name, " ".join(said.split("\n\n")[0].split()), " ".join(source.split())


def _cards() -> Iterator[Row]:
    from sim.traffic.cards import CARDS

    for name in CARDS.names():
        card = CARDS[name]
        unsure = sum(x.standing in ("assumed", "memory") for x in card.parameters.values())
        sources = f"{len(card.parameters)} parameters, {unsure} of them without a checked source"
        yield name, f"{card.description} ({card.vehicle_class}, {card.car_following})", sources


def _cases() -> Iterator[Row]:
    import sim.verify.run  # noqa: F401 - fills the registry
    from sim.verify.case import CASES

    for name in CASES.names():
        settings = ", ".join(setting.name for setting in CASES[name].settings)
        yield name, f"{CASES[name].title} ({settings or 'no settings'})", CASES[name].source


def _events() -> Iterator[Row]:
    from sim.engine.events import KINDS

    for kind in KINDS:
        parts = {"subject": kind.subject or "nobody", "other": kind.other, "value": kind.value}
        parts = {name: x for name, x in parts.items() if x and (name, x) != ("subject", "vehicle")}
        yield kind.name, "; ".join([kind.meaning, *(f"{name}: {x}" for name, x in parts.items())]), ""


def _tables() -> Iterator[Row]:
    from sim.report.tables import TABLES

    for table in TABLES.values():
        yield table.name, table.row, ""


def _keys() -> Iterator[Row]:
    from sim.listing.keys import SCENARIO, below

    for key in below(SCENARIO(), ""):
        yield key.path, key.meaning, ""


#: Kinds that are not modules.
_TOLD: dict[str, Callable[[], Iterator[Row]]] = {
    "cards": _cards,
    "cases": _cases,
    "events": _events,
    "tables": _tables,
    "keys": _keys,
}
