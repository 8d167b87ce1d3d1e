"""What a scenario asks for and nothing can come of: no fault, but told."""

from __future__ import annotations

from collections.abc import Iterator

from sim.apps import APPS
from sim.engine.stations import BESIDES, BY_SIGNS
from sim.park.network import Network
from sim.scenario.cells import CellPart, EndPart
from sim.scenario.document import Document
from sim.scenario.needless import idle_apps
from sim.scenario.radio import RadioPart
from sim.scenario.schema import Scenario
from sim.units import clock_text

_DELAYS = frozenset(("delay", "most_delay"))
#: Settings of the radio that not every rung of the ladder reads, and which of them each one does.
BY_RUNG = _DELAYS | {"loss", "power", "sub_channels", "data_rate", "rate_control", "cells"}
READ = {
    "ideal": frozenset[str](),
    "disc": _DELAYS | {"loss", "cells"},
    "cellular": frozenset(("loss", "cells")),
    "packet_delivery": _DELAYS | {"power", "sub_channels", "rate_control"},
    "resources": frozenset(("power", "sub_channels", "rate_control")),
    "ieee80211p": _DELAYS | {"power", "data_rate", "rate_control"},
}
#: Occurrences that befall equipped road users of a card.
_OF_A_CARD = ("clock_drift", "gnss_error")


def cautions(scenario: Scenario, said: Document, park: Network) -> list[str]:
    """Every entry that has no effect in a run, with its place and why."""
    return [
        *_unheard(scenario, said),
        *_not_read(scenario, said),
        *_unsaid(scenario, said),
        *_out_of_time(scenario, said),
        *_of_nobody(scenario, said),
        *_unseen(scenario, said),
        *idle_apps(scenario, said, park),
    ]


def _unheard(scenario: Scenario, said: Document) -> Iterator[str]:
    """Equipment without a radio, and applications without a radio or without anybody who has them."""
    equipped = scenario.equip.equipment()
    anybody = any(share > 0.0 for share in equipped.shares.values())  # where a share is said to be 0, it is meant so
    named = [name for name in scenario.apps if not APPS[name].built_in]
    if scenario.radio is None:
        why = "has no effect: nobody says anything without a radio section, such as radio: { model: packet_delivery }"
        if anybody or equipped.junctions:
            yield f"{said.where(('equip',))}: {why}"
        if named:
            yield f"{said.where(('apps',))}: {why}"
    elif named and not equipped.shares:
        why = "has no effect: no vehicle is equipped; wanted shares of cards such as equip: { human_car: 30 % }"
        yield f"{said.where(('apps',))}: {why}"


def _not_read(scenario: Scenario, said: Document) -> Iterator[str]:
    """Settings of the radio that the chosen rung of the ladder does not read."""
    radio = scenario.radio
    if radio is None:
        return
    for name in sorted(BY_RUNG - READ[radio.model]):
        if getattr(radio, name) != RadioPart.model_fields[name].default:
            yield f"{said.where(('radio', name))}: has no effect: the model {radio.model} does not read it"
    for rank, cell in enumerate(radio.cells or () if "cells" in READ[radio.model] else ()):
        yield from _not_read_in(cell, radio.model, said, ("radio", "cells", rank))


def _not_read_in(cell: CellPart, model: str, said: Document, where: tuple[str | int, ...]) -> Iterator[str]:
    """Settings of a cell that the chosen rung does not read, or that do nothing by themselves."""
    parts: dict[tuple[str, ...], EndPart] = {(): cell}
    parts |= {(way,): part for way, part in (("up", cell.up), ("down", cell.down)) if part}
    if model != "cellular":
        for way, part in parts.items():
            if part.spread is not None:
                yield f"{said.where((*where, *way, 'spread'))}: has no effect: the model {model} does not read it"
        if cell.outages is not None:
            yield f"{said.where((*where, 'outages'))}: has no effect: the model {model} does not read it"
    for way, part in parts.items():
        if part.buffer is not None and not _bounded(cell, part):
            yield f"{said.where((*where, *way, 'buffer'))}: has no effect: no capacity is told"
    if not cell.told() and cell.outages is None and not any(x.told() for x in (cell.up, cell.down) if x):
        yield f"{said.where(where)}: the cell {cell.name} tells nothing but its place: it only has figures of its own"


def _bounded(cell: CellPart, part: EndPart) -> bool:
    """Whether an end that a part tells of has a capacity: one of its own, or the cell's."""
    ends = (cell, cell.up, cell.down) if part is cell else (cell, part)
    return any(x.capacity is not None for x in ends if x)


def _unsaid(scenario: Scenario, said: Document) -> Iterator[str]:
    """Rates of messages that nobody says in this scenario."""
    equip = scenario.equip.equipment()
    units = "a roadside unit, such as equip: { junctions: [...] }"
    riders = any(share for name, share in equip.shares.items() if name != "pedestrian")
    wanted = {
        "bsm": "" if riders else "an equipped vehicle, such as equip: { human_car: 30 % }",
        **dict.fromkeys(("map", "rsi", "spat"), "" if equip.junctions else units),
        "rsm": "" if equip.sensors else "a sensor, such as equip: { sensors: [{ junction: ... }] }",
        "psm": "" if equip.shares.get("pedestrian") else "people on foot, such as equip: { pedestrian: 30 % }",
        **{x: "" if apps & {*scenario.apps} else " or ".join(sorted(apps)) for x, apps in BESIDES.items()},
    }
    for name in scenario.radio.rates if scenario.radio else ():
        if wanted.get(name):
            where = said.where(("radio", "rates", name))
            yield f"{where}: has no effect: nobody says {name} here; that wants {wanted[name]}"


def _of_nobody(scenario: Scenario, said: Document) -> Iterator[str]:
    """Faults of clocks and positions that nobody has."""
    shares = scenario.equip.equipment().shares
    for rank, x in enumerate(scenario.occurrences):
        where = f"{said.where(('occurrences', rank))} ({x.kind}): has no effect:"
        if x.kind == "clock_drift" and not x.ahead and not x.drift:
            yield f"{where} it tells neither ahead nor drift"
        elif x.kind in _OF_A_CARD and x.card is not None and x.card not in shares:
            yield f"{where} no {x.card} is equipped"
        elif x.kind == "gnss_error" and x.card is None and not shares:
            yield f"{where} no vehicle is equipped"


def _unseen(scenario: Scenario, said: Document) -> Iterator[str]:
    """Signs that are known by radio only, where no radio tells of them."""
    told = scenario.radio is not None and scenario.equip.junctions and BY_SIGNS & {*scenario.apps}
    for rank, x in enumerate(scenario.occurrences):
        if x.kind == "sign" and x.board is False and not told:
            wanted = "wanted radio, a unit in equip.junctions and apps: [signage], or board: true"
            yield f"{said.where(('occurrences', rank))} (sign): has no effect: nothing tells of it; {wanted}"
        elif x.tells == "sign" and not told:
            where = f"{said.where(('occurrences', rank))} ({x.kind})"
            yield f"{where}: has no effect: nobody heeds signs; wanted apps: [signage]"


def _out_of_time(scenario: Scenario, said: Document) -> Iterator[str]:
    """Occurrences that begin after the run or are over before it."""
    clock = scenario.run.clock()
    for rank, x in enumerate(scenario.occurrences):
        happens = x.occurrence()
        where = f"{said.where(('occurrences', rank))} ({x.kind})"
        if happens.begin >= clock.end:
            why = f"it begins at {clock_text(happens.begin)}, and the run ends at {clock_text(clock.end)}"
            yield f"{where}: has no effect: {why}"
        elif happens.end <= clock.begin:
            why = f"it ends at {clock_text(happens.end)}, and the run begins at {clock_text(clock.begin)}"
            yield f"{where}: has no effect: {why}"
