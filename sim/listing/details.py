"""All that is told of one thing: parameters, fields, settings, columns, keys; each with unit, source and standing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sim.errors import UnknownName
from sim.listing.keys import SCENARIO, Key, below
from sim.listing.overview import document, overview, registry
from sim.listing.sheet import Cell, Sheet
from sim.provenance import Value
from sim.registry import near
from sim.units import DIMENSIONS

_VALUES = ("parameter", "value", "unit", "standing", "source", "what it is")
_SETTINGS = ("setting", "default", "unit", "range", "what it is", "standing", "source")
_KEYS = ("key", "wanted", "default", "what it is")


def details(kind: str, names: Sequence[str]) -> list[Sheet]:
    """What is told of some things of a kind, in their order.

    Raises:
        UnknownName: there is no such thing; says which is near.
    """
    if kind == "keys":
        return [_keyed(f"keys below {name}", below(SCENARIO(), name)) for name in names]
    known = [str(row[0]) for row in overview(kind).rows]
    for name in names:
        if name not in known:
            what = f"there is no {name} among {kind}; {near(name, known) or 'known are ' + ', '.join(known)}"
            raise UnknownName(what)
    return [sheet for name in names for sheet in _TOLD.get(kind, _document(kind))(name)]


def _card(name: str) -> Iterator[Sheet]:
    """Every value that a card drives by, those that it has by its class among them."""
    from sim.models.mass import mass_of
    from sim.traffic.cards import CARDS
    from sim.traffic.meanings import MEANINGS
    from sim.traffic.walkers import yield_rate

    card = CARDS[name]
    values = card.parameters | {"yield_rate": yield_rate(card), "mass": mass_of(card.vehicle_class)}
    meanings = MEANINGS | {"mass": "by which energy and changes of speed in a crash are reckoned"}
    rows: list[tuple[Cell, ...]] = []
    for parameter, value in sorted(values.items()):
        told = _amount(value.amount)
        gaps = parameter.startswith(("critical_gap", "follow_up"))
        spread = card.spreads.get("gaps" if gaps else parameter)
        if spread is not None:
            told = f"{told:.7g} median, log-normal, deviation of its logarithm {spread.amount:g} ({spread.standing})"
        rows.append((parameter, told, value.unit, value.standing, value.source, meanings[parameter]))
    factor = card.speed_factor
    drawn = f"{factor.mean:g} normal, deviation {factor.deviation:.4g}, from {factor.low:g} to {factor.high:g}"
    rows.append(("speed_factor", drawn, "-", factor.standing, factor.source, "desired speed over speed limit"))
    title = f"{name}: {card.description} ({card.vehicle_class}, {card.car_following})"
    yield Sheet(title, _VALUES, tuple(rows), "standing: verified, derived, measured; memory, assumed: not checked")


def _amount(amount: float) -> Cell:
    return amount if math.isfinite(amount) else str(amount)


def _model(name: str) -> Iterator[Sheet]:
    """A car-following model's own parameters, and what the built-in cards that drive by it have."""
    from sim.models.car_following import parameters
    from sim.traffic.cards import CARDS
    from sim.traffic.meanings import MEANINGS

    cards = [CARDS[x] for x in CARDS.names() if CARDS[x].car_following == name]
    units = {key: value.unit for x in CARDS.names() for key, value in CARDS[x].parameters.items()}
    rows = [
        (x, units[x], MEANINGS[x], ", ".join(f"{card.name} {card[x]:g}" for card in cards))
        for x in parameters(name)
    ]  # fmt: skip
    note = "besides, every model has minimum_gap, maximum_acceleration, comfortable_deceleration and the speed wanted"
    drivers = ", ".join(card.name for card in cards) or "no built-in card"
    yield Sheet(f"{name} (driven by {drivers})", ("parameter", "unit", "what it is", "of cards"), tuple(rows), note)


def _message(name: str) -> Iterator[Sheet]:
    message: Any = registry("messages")[name]
    least, most = message.size(), message.size(message.elements[1], full=True)
    when = f"every {message.period:g} s, {message.trigger}" if message.period else message.trigger
    title = f"{message.name}, said by {message.sender}: {message.title}; {least} to {most} byte; {when}"
    parts = {"message": message.fields, message.item: message.each}
    rows = tuple(
        (
            x.name,
            f"{x.bits}-bit number",
            x.unit,
            x.resolution,
            f"{x.value(x.low):.7g} to {x.value(x.high):.7g}",
            x.optional,
            part,
        )
        for part, fields in parts.items()
        for x in fields
    )
    yield Sheet(title, ("field", "type", "unit", "resolution", "range", "optional", "of"), rows, message.source)


def _app(name: str) -> Iterator[Sheet]:
    app: Any = registry("apps")[name]
    rows = tuple(
        (key, x.amount, DIMENSIONS[x.dimension].unit, f"{x.low:g} to {x.high:g}", x.meaning, x.standing, x.source)
        for key, x in app.settings.items()
    )
    need = app.needs
    notes = [f"needs {_wanted(need)}", *(f"or {_wanted(x)}" for x in need.instead)]
    notes += [f"and {_wanted(x)}" for x in need.beside]
    yield Sheet(f"{name}: {app.title}", _SETTINGS, rows, "; ".join(notes))


def _wanted(need: Any) -> str:
    """What an application needs of a message, and who says so."""
    said = f"{need.message.upper()} that tell of {need.topic}" if need.topic else need.message.upper()
    told = f"{said} at {need.rate:g} Hz within {need.range:g} m, {need.latency * 1e3:g} ms old"
    return f"{told} ({need.source})"


def _case(name: str) -> Iterator[Sheet]:
    from sim.verify.case import CASES

    case = CASES[name]
    rows = []
    for x in case.settings:
        unit = "" if x.dimension in ("text", "file") else DIMENSIONS[x.dimension].unit
        default = ", ".join(f"{y:g}" for y in x.default) if isinstance(x.default, tuple) else x.default
        limits = f"{x.low:g} to {x.high:g}" if math.isfinite(x.high) else ""
        rows.append((x.name, default, unit, limits, x.meaning))
    yield Sheet(f"{name}: {case.title}", _SETTINGS[:5], tuple(rows), f"{case.standing}: {case.source}")


def _operation(name: str) -> Iterator[Sheet]:
    typical: Value = registry("operations")[name].typical
    sheet = _keyed(f"{name}: {overview_line('operations', name)}", below(SCENARIO(), f"plan.{name}"))
    cost = f"typical cost {typical.amount / 1e6:g} M yuan ({typical.standing}: {typical.source})"
    yield Sheet(sheet.title, sheet.columns, sheet.rows, cost)


def _metric(name: str) -> Iterator[Sheet]:
    metric: Any = registry("metrics")[name]
    yield Sheet(f"{name}: columns", ("column", "what it is"), tuple(metric.columns.items()))
    limits = tuple((count, str(limit)) for count, limit in metric.thresholds.items())
    if limits:
        yield Sheet(f"{name}: what counts as a conflict", ("count", "threshold"), limits)


def _event(name: str) -> Iterator[Sheet]:
    from sim.engine.events import KINDS

    kind = next(x for x in KINDS if x.name == name)
    rows = (("subject", kind.subject or "nobody"), ("other", kind.other or "nobody"), ("value", kind.value or "0"))
    yield Sheet(f"{name}: {kind.meaning}", ("column", "what it is"), rows)


def _table(name: str) -> Iterator[Sheet]:
    from sim.report.tables import TABLES

    table = TABLES[name]
    types = {"string": "text", "double": "number", "float": "number", "int64": "whole", "int32": "whole"}
    rows = tuple((x, meaning, types.get(str(kind), "text")) for x, (kind, meaning) in table.told.items())
    yield Sheet(f"{table.file}: a row is {table.row}", ("column", "what it is", "type"), rows)


def _radio(name: str) -> Iterator[Sheet]:
    yield from _document("radio")(name)
    yield _keyed("settings of the radio section", below(SCENARIO(), "radio"))


def _keyed(title: str, keys: Sequence[Key]) -> Sheet:
    return Sheet(title, _KEYS, tuple((x.path, x.wanted, x.default, x.meaning) for x in keys))


def _document(kind: str) -> Callable[[str], Iterator[Sheet]]:
    """For kinds whose members have nothing to be set: what they say of themselves."""

    def told(name: str) -> Iterator[Sheet]:
        paragraphs = [" ".join(x.split()) for x in document(kind, name).split("\n\n")]
        yield Sheet(name, ("", "what it is"), tuple((str(i + 1), x) for i, x in enumerate(paragraphs)))

    return told


def overview_line(kind: str, name: str) -> str:
    """What the overview says of one thing."""
    return str(next(row[1] for row in overview(kind).rows if row[0] == name)).rstrip(".")


_TOLD: dict[str, Callable[[str], Iterator[Sheet]]] = {
    "cards": _card,
    "models": _model,
    "messages": _message,
    "radio": _radio,
    "apps": _app,
    "cases": _case,
    "operations": _operation,
    "metrics": _metric,
    "events": _event,
    "tables": _table,
}
