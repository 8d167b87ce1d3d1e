"""Operations carried out on a scenario and its map before they are checked and built."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import Fault, ScenarioError
from sim.scenario import document, faults
from sim.scenario.fields import Part
from sim.upgrade import AnyOperation, Operation, named, tried

__all__ = ["carried_out", "due", "named", "plan_file", "plan_of", "planned", "read_plan"]

_LIST: TypeAdapter[Any] = TypeAdapter(list[AnyOperation])
_DATE: TypeAdapter[datetime.date] = TypeAdapter(datetime.date)


class Plan(Part):
    """A plan file: `plan:` and nothing else.

    Args:
        plan: dated operations.
    """

    plan: list[AnyOperation]


def read_plan(path: Path) -> document.Document:
    """What a plan file says; ScenarioError lists every fault."""
    said = document.read(path)
    try:
        Plan.model_validate(said.data)
    except ValidationError as error:
        raise ScenarioError(faults=faults.told(error, Plan, said)) from None
    return said


def plan_file(said: document.Document, folder: Path) -> Path | None:
    """Where a scenario's plan lies that stands in a file of its own."""
    name = said.data.get("plan")
    return folder / name if isinstance(name, str) else None


def planned(said: document.Document, folder: Path) -> tuple[document.Document, list[Fault]]:
    """A scenario with its plan in it, wherever that stands; and what is wrong with the plan's file, if it is not."""
    path = plan_file(said, folder)
    if path is None:
        return said, []
    try:
        own = read_plan(path)
    except ScenarioError as error:
        return document.Document(said.name, said.data | {"plan": []}, said.places), list(error.faults)
    places = {x: y for x, y in said.places.items() if x[:1] != ("plan",)}
    places |= {x: y for x, y in own.places.items() if x[:1] == ("plan",)}
    return document.Document(said.name, said.data | {"plan": own.data["plan"]}, places), []


def plan_of(said: document.Document) -> list[Operation]:
    """Operations of a scenario's plan; none if it is not sound, which the scenario's own checks tell."""
    try:
        return list(_LIST.validate_python(said.data.get("plan") or []))
    except ValidationError:
        return []


def due(said: document.Document) -> dict[str, Operation]:
    """Operations of a scenario's plan up to its date, by where they stand."""
    part = said.data.get("pilot")
    try:
        today = _DATE.validate_python(part.get("date") if isinstance(part, dict) else None)
    except ValidationError:
        return {}
    done = [(rank, x) for rank, x in enumerate(plan_of(said)) if x.date is not None and x.date <= today]
    return {f"{said.where(('plan', rank))} ({x.do})": x for rank, x in done}


def carried_out(
    said: document.Document, folder: Path, operations: Mapping[str, Operation]
) -> tuple[document.Document, Any, list[Fault]]:
    """A scenario and its map, as plain data, after those of some operations that can be done; a fault for each other.

    Args:
        said: the scenario.
        folder: that its map's name is relative to.
        operations: by how messages call them.
    """
    part = said.data.get("pilot")
    name = part.get("map") if isinstance(part, dict) else None
    path = folder / str(name)
    if not isinstance(name, str) or not path.is_file():
        return said, None, []  # the scenario's own checks tell
    if path.suffix not in (".geojson", ".json"):
        cure = "operations want a map of ours: turn it into one with pilotzone import"
        return said, None, [Fault(said.where(("pilot", "map")), f"{name} is no GeoJSON", cure)]
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        collection["features"][0]["properties"]["kind"]
    except (OSError, ValueError, LookupError, TypeError):
        return said, None, []  # so do the map's
    site, faults = tried(collection, said.data, operations)
    return document.Document(said.name, site.scenario, said.places), site.collection, list(faults.values())
