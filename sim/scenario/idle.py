"""What a scenario asks for and nothing can come of: no fault, but told."""

from __future__ import annotations

from collections.abc import Iterator

from sim.apps import APPS
from sim.engine.stations import BESIDES
from sim.scenario.document import Document
from sim.scenario.schema import Scenario
from sim.units import clock_text


def cautions(scenario: Scenario, said: Document) -> list[str]:
    """Every entry that has no effect in a run, with its place and why."""
    return [*_unheard(scenario, said), *_unsaid(scenario, said), *_out_of_time(scenario, said)]


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


def _unsaid(scenario: Scenario, said: Document) -> Iterator[str]:
    """Rates of messages that nobody says in this scenario."""
    equip = scenario.equip.equipment()
    units = "a roadside unit, such as equip: { junctions: [...] }"
    wanted = {
        **dict.fromkeys(("map", "rsi", "spat"), "" if equip.junctions else units),
        "rsm": "" if equip.sensors else "a sensor, such as equip: { sensors: [{ junction: ... }] }",
        "psm": "" if equip.shares.get("pedestrian") else "people on foot, such as equip: { pedestrian: 30 % }",
        **{x: "" if apps & {*scenario.apps} else " or ".join(sorted(apps)) for x, apps in BESIDES.items()},
    }
    for name in scenario.radio.rates if scenario.radio else ():
        if wanted.get(name):
            where = said.where(("radio", "rates", name))
            yield f"{where}: has no effect: nobody says {name} here; that wants {wanted[name]}"


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
