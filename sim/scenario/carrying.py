"""Operations carried out on a scenario and its map before they are checked and built."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from sim.errors import Fault, ScenarioError, UpgradeError
from sim.scenario import document, faults
from sim.scenario.fields import Part
from sim.upgrade import AnyOperation, Operation, upgraded

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


def planned(said: document.Document, folder: Path) -> document.Document:
    """A scenario with its plan in it, wherever that stands.

    Raises:
        ScenarioError: the plan's file is not there, or has faults.
    """
    path = plan_file(said, folder)
    if path is None:
        return said
    own = read_plan(path)
    places = {x: y for x, y in said.places.items() if x[:1] != ("plan",)}
    places |= {x: y for x, y in own.places.items() if x[:1] == ("plan",)}
    return document.Document(said.name, said.data | {"plan": own.data["plan"]}, places)


def plan_of(said: document.Document) -> list[Operation]:
    """Operations of a scenario's plan; none if it is not sound, which the scenario's own checks tell."""
    try:
        return list(_LIST.validate_python(said.data.get("plan") or []))
    except ValidationError:
        return []


def due(said: document.Document) -> list[Operation]:
    """Operations of a scenario's plan up to its date."""
    part = said.data.get("pilot")
    try:
        today = _DATE.validate_python(part.get("date") if isinstance(part, dict) else None)
    except ValidationError:
        return []
    return [x for x in plan_of(said) if x.date is not None and x.date <= today]


def carried_out(
    said: document.Document, folder: Path, operations: Sequence[Operation]
) -> tuple[document.Document, Any]:
    """A scenario and its map, as plain data, after some operations.

    Raises:
        UpgradeError: operations that cannot be done, or the map is no GeoJSON of ours.
    """
    part = said.data.get("pilot")
    name = part.get("map") if isinstance(part, dict) else None
    path = folder / str(name)
    if not isinstance(name, str) or not path.is_file():
        return said, None  # the scenario's own checks tell
    if path.suffix not in (".geojson", ".json"):
        cure = "operations want a map of ours: turn it into one with pilotzone import"
        raise UpgradeError(faults=[Fault(said.where(("pilot", "map")), f"{name} is no GeoJSON", cure)])
    try:
        collection = json.loads(path.read_text(encoding="utf-8"))
        collection["features"][0]["properties"]["kind"]
    except (OSError, ValueError, LookupError, TypeError):
        return said, None  # so do the map's
    collection, data = upgraded(collection, said.data, operations)
    return document.Document(said.name, data, said.places), collection
