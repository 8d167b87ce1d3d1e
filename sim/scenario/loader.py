"""From a scenario file to a pilot: read, look up every name, tell every fault at once."""

from __future__ import annotations

import dataclasses
import hashlib
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from sim.errors import Fault, NetworkError, ScenarioError, UpgradeError
from sim.park import check, importers
from sim.park.names import Names
from sim.park.network import Network
from sim.pilot import Pilot
from sim.registry import near
from sim.scenario import carrying, document, faults, idle, schema, together
from sim.scenario.fields import Expected, FigureName, Known, Part
from sim.traffic.cards import CARDS
from sim.upgrade import Operation

SUMO = ".sumocfg"
_LONGEST = 14 * 86400.0


def load(path: str | Path, overrides: Mapping[str, str] | None = None, operations: Sequence[Operation] = ()) -> Pilot:
    """The pilot of a scenario file (.yaml of ours or a SUMO .sumocfg).

    Args:
        path: of the file; paths in it are relative to its folder.
        overrides: dotted path -> YAML text of entries to be set otherwise, e.g. {"run.step": "50 ms"}.
        operations: done on top of those of the scenario's plan that are due at its date.

    Raises:
        ScenarioError: every fault of the file, its plan and its map, each with file, line, path and what was wanted.
        UpgradeError: only operations cannot be done.
        NetworkError: only the map is at fault.
        DemandError: only a file with trips is at fault.
    """
    path, overrides = Path(path), dict(overrides or {})
    if path.suffix == SUMO and operations:
        raise UpgradeError(faults=[Fault(str(path), "is a SUMO configuration", "operations want a scenario of ours")])
    pilot = _sumo(path, overrides) if path.suffix == SUMO else _own(path, overrides, operations)
    return dataclasses.replace(pilot, overrides=overrides)


def sha256(path: Path) -> str:
    """Hash of a file's bytes, as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# ------------------------------------------------------------------------------------------------ our own files


def _own(path: Path, overrides: Mapping[str, str], operations: Sequence[Operation]) -> Pilot:
    said = document.read(path).overridden(overrides)
    plan = carrying.plan_file(said, path.parent)
    said, plan_faults = carrying.planned(said, path.parent)
    done = carrying.due(said) | carrying.named(operations)
    said, collection, undone = carrying.carried_out(said, path.parent, done) if done else (said, None, [])
    network, map_faults = _map(said, path.parent, collection)
    scenario, found = _scenario(said, network)
    if found or plan_faults or (undone and map_faults):
        raise ScenarioError(faults=[*found, *plan_faults, *undone, *map_faults])
    if undone:
        raise UpgradeError(faults=undone)
    if scenario is None or network is None or map_faults:
        raise NetworkError(faults=map_faults)
    pilot = _pilot(scenario, network, [path, *([plan] if plan else ())])
    told = tuple(x.model_dump(mode="json", exclude_none=True) for x in done.values())
    return dataclasses.replace(
        pilot, operations=told, warnings=(*pilot.warnings, *idle.cautions(scenario, said, network))
    )


def _scenario(said: document.Document, network: Network | None) -> tuple[schema.Scenario | None, list[Fault]]:
    """What a file says, checked, and every fault of it."""
    between = together.faults(said, network)
    try:
        return schema.Scenario.model_validate(said.data, context=_known(said, network)), between
    except ValidationError as error:
        return None, [*faults.told(error, schema.Scenario, said), *between]


def _pilot(scenario: schema.Scenario, network: Network, read: Sequence[Path]) -> Pilot:
    """A sound scenario as a pilot.

    Args:
        read: files that it was read from, the scenario's own first.
    """
    path, folder = read[0], read[0].parent
    files = [*read, folder / scenario.pilot.map, *(folder / x.file for x in scenario.traffic.tables if x.file)]
    demand = scenario.traffic.demand(folder)
    return Pilot(
        name=scenario.pilot.name or path.stem,
        park=network,
        demand=demand,
        rules=scenario.rules.rules(),
        clock=scenario.run.clock(),
        output=scenario.output.output(),
        occurrences=tuple(x.occurrence() for x in scenario.occurrences),
        radio=scenario.radio.radio() if scenario.radio else None,
        equip=scenario.equip.equipment(),
        apps=scenario.apps if scenario.radio else {},
        takeover=scenario.takeover.takeover() if scenario.takeover else None,
        expect=dict(scenario.expect),
        inputs={str(x): sha256(x) for x in files},
        warnings=tuple(map(str, check.cautions(network))),
        date=scenario.pilot.date.isoformat() if scenario.pilot.date else "",
    )


def _map(said: document.Document, folder: Path, collection: Any) -> tuple[Network | None, list[Fault]]:
    """The map that a scenario names, or what operations made of it, and what is wrong with it; neither if the scenario
    does not name one."""
    part = said.data.get("pilot")
    name = part.get("map") if isinstance(part, dict) else None
    if not isinstance(name, str) or not name:
        return None, []
    path, where = folder / name, said.where(("pilot", "map"))
    if not path.is_file():
        beside = [x.name for x in path.parent.iterdir()] if path.parent.is_dir() else []
        what = f"{name} is a folder" if path.is_dir() else f"there is no file {path}"
        return None, [Fault(where, what, near(path.name, beside) or "wanted a map")]
    try:
        network = importers.read_map(path, collection)
    except NetworkError as error:
        return None, list(error.faults) or [Fault(where, str(error))]
    except OSError as error:
        return None, [Fault(where, f"{path} cannot be read: {error.strerror}")]
    return network, check.faults(network)


def _known(said: document.Document, network: Network | None) -> Known:
    """Every name that a scenario can use."""
    traffic = said.data.get("traffic")
    own = traffic.get("own_cards") if isinstance(traffic, dict) else None
    cards: dict[str, Any] = {"card": [*CARDS.names(), *(own if isinstance(own, dict) else ())]}
    if network is None:
        return cards
    names = Names(network)
    normal = {x.id for x in network.edges if not x.internal}
    return cards | {
        "place": names.place,
        "edge": normal,
        "lane": names.lane,
        "stop": names.stop,
        "junction": names.junction,
        "area": network.areas,
        "crossing": names.walkway,
    }


# ------------------------------------------------------------------------------------------- SUMO configurations


class SumoSections(Part):
    """What the command may set of a SUMO configuration."""

    run: schema.RunPart
    rules: schema.RulesPart
    output: schema.OutputPart
    expect: dict[FigureName, Expected] = Field(default_factory=dict)


def _sumo(path: Path, overrides: Mapping[str, str]) -> Pilot:
    if not path.is_file():
        document.read(path)  # says what is wrong
    from sim.scenario import sumocfg  # its readers are not needed for files of ours

    pilot: Pilot = sumocfg.load(path)
    if not overrides:
        return pilot
    said = document.Document(str(path), _sections(pilot)).overridden(overrides)
    sections = _validated(said)
    clock = sections.run.clock()
    if math.isinf(pilot.clock.end) and "run.duration" not in overrides:
        clock = dataclasses.replace(clock, end=math.inf)
    return dataclasses.replace(
        pilot,
        clock=clock,
        rules=sections.rules.rules(),
        output=sections.output.output(),
        expect=dict(sections.expect),
    )


def _sections(pilot: Pilot) -> dict[str, Any]:
    """A pilot's settings as a scenario file would say them."""
    clock = pilot.clock
    run = {
        "start": clock.begin,
        "duration": min(clock.end - clock.begin, _LONGEST),
        "warm_up": clock.warm_up,
        "step": clock.step,
        "seed": clock.seed,
    }
    rules, output = dataclasses.asdict(pilot.rules), dataclasses.asdict(pilot.output)
    return {"run": run, "rules": rules, "output": output}


def _validated(said: document.Document) -> SumoSections:
    between = [*together.periods(said), *together.expectations(said)]
    try:
        sections = SumoSections.model_validate(said.data)
    except ValidationError as error:
        raise ScenarioError(faults=[*faults.told(error, SumoSections, said), *between]) from None
    if between:
        raise ScenarioError(faults=between)
    return sections
