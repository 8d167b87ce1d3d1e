"""From a file to checked records: JSON, features, properties, coordinates; every fault at once."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from sim import findings
from sim.errors import Fault, NetworkError
from sim.park.importers.geojson.records import KINDS, Header, NoteRecord
from sim.registry import near

#: What is left of a file that breaks off, from where it cannot be read: nothing, or a part of a word or number.
_CUT_OFF = re.compile(r"[-+.\\\w]*\s*")
#: Names of the coordinates that GeoJSON is in: WGS 84, longitude first.
_WGS_84 = ("crs84", "epsg:4326", "epsg::4326", "epsg/0/4326")
_HEADER = 'wanted a member "pilotzone": {"format": 1, "name": …, "synthetic": true} beside "features"'


@dataclass(frozen=True, slots=True)
class Feature:
    """A checked feature: where it stands in messages, what it says, and its (points, 2) longitudes and latitudes."""

    where: str
    record: Any
    coordinates: np.ndarray


@dataclass(slots=True)
class Source:
    """A map file as read: its header and features by kind; `warnings` are told to the user."""

    path: Path
    header: Header
    features: dict[str, list[Feature]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Feature]:
        """Features of a kind, in the file's order."""
        return self.features.get(kind, [])


def source_of(path: Path, collection: Any = None) -> Source:
    """What a map file says, or what was made of it.

    Args:
        path: of the file, for messages.
        collection: the GeoJSON to be read instead of the file.

    Raises:
        NetworkError: not JSON, not a map of ours, or faults in features: all of them.
    """
    collection = _json(path) if collection is None else collection
    if not isinstance(collection, dict) or collection.get("type") != "FeatureCollection":
        raise NetworkError(faults=[Fault(str(path), "is no GeoJSON FeatureCollection")])
    faults: list[Fault] = []
    header = _header(path, collection, faults)
    faults += _other_coordinates(path, collection.get("crs"))
    source = Source(path, header or Header(format=1))
    features = collection.get("features")
    if not isinstance(features, list):
        faults.append(Fault(str(path), "has no list of features"))
        features = []
    seen: set[tuple[str, str]] = set()
    for rank, raw in enumerate(features):
        feature = _feature(path, rank, raw, faults)
        if feature is None or isinstance(feature.record, NoteRecord):
            continue
        kind = feature.record.kind
        if (kind, feature.record.id) in seen:
            faults.append(Fault(feature.where, "this id is given twice", "ids of a kind must differ"))
        seen.add((kind, feature.record.id))
        source.features.setdefault(kind, []).append(feature)
    if faults:
        raise NetworkError(faults=faults)
    return source


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"), parse_constant=_no_constant)
    except OSError as error:
        raise NetworkError(faults=[Fault(str(path), f"cannot be read: {error.strerror}")]) from None
    except json.JSONDecodeError as error:
        raise NetworkError(faults=[_no_json(path, error)]) from None
    except UnicodeDecodeError:
        raise NetworkError(faults=[Fault(str(path), "is no text in UTF-8")]) from None
    except RecursionError:
        raise NetworkError(faults=[Fault(str(path), "is nested too deeply to be a map")]) from None
    except ValueError as error:
        raise NetworkError(faults=[Fault(str(path), str(error))]) from None


def _no_json(path: Path, error: json.JSONDecodeError) -> Fault:
    """What is wrong with a file that is no JSON: broken off, or ill-formed somewhere."""
    spot = f"{path}:{error.lineno}"
    if not error.doc.strip():
        return Fault(f"{path}:1", "the file breaks off in the middle: it is empty")
    if error.msg.startswith("Unterminated string") or _CUT_OFF.fullmatch(error.doc, error.pos):
        return Fault(spot, "the file breaks off in the middle", "copy or write it anew, it is truncated")
    return Fault(spot, f"this is not well-formed JSON ({error.msg} in column {error.colno})", "correct it there")


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON; wanted finite numbers")


def _header(path: Path, collection: dict[str, Any], faults: list[Fault]) -> Header | None:
    if "pilotzone" not in collection:
        faults.append(Fault(str(path), "does not say that it is a map of ours (some editors drop it)", _HEADER))
        return None
    try:
        return Header.model_validate(collection["pilotzone"])
    except ValidationError as error:
        faults.extend(_told(f"{path}: pilotzone", error, Header))
        return None


def _other_coordinates(path: Path, told: Any) -> list[Fault]:
    """A fault if the file says that its coordinates are not longitude and latitude of WGS 84.

    Source: RFC 7946, section 4; the member `crs` is of GeoJSON 2008, section 3.
    """
    properties = told.get("properties") if isinstance(told, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if told is None or (isinstance(name, str) and name.lower().endswith(_WGS_84)):
        return []
    cure = "GeoJSON is in WGS 84: export the map anew in EPSG:4326, or delete crs if it is in degrees already"
    return [Fault(f"{path}: crs", f"the coordinates are said to be in {name or json.dumps(told):.60}", cure)]


def _feature(path: Path, rank: int, raw: Any, faults: list[Fault]) -> Feature | None:
    spot = f"{path}: feature {rank}"
    properties = raw.get("properties") if isinstance(raw, dict) else None
    if not isinstance(properties, dict):
        faults.append(Fault(spot, "has no properties", "wanted a Feature with kind and id"))
        return None
    said = {key: value for key, value in properties.items() if value is not None and not key.startswith("_")}
    kind = said.get("kind")
    if kind not in KINDS:
        hint = near(str(kind), KINDS)
        faults.append(Fault(spot, f"unknown kind {kind}", f"{hint + ' ' if hint else ''}known: {', '.join(KINDS)}"))
        return None
    model, geometry = KINDS[kind]
    spot = f"{path}: {kind} {said.get('id', f'(feature {rank})')}"
    before = len(faults)
    coordinates = _coordinates(spot, raw.get("geometry"), geometry, faults) if geometry else np.empty((0, 2))
    try:
        record = model.model_validate(said)
    except ValidationError as error:
        faults.extend(_told(spot, error, model))
        return None
    return Feature(spot, record, coordinates) if len(faults) == before else None


def _coordinates(spot: str, raw: Any, wanted: str, faults: list[Fault]) -> np.ndarray:
    """Longitude and latitude of each point; an elevation is left aside."""
    kind: Any = raw.get("type") if isinstance(raw, dict) else None
    values: Any = raw.get("coordinates") if isinstance(raw, dict) else None
    if kind == f"Multi{wanted}" and isinstance(values, list) and len(values) == 1:
        kind, values = wanted, values[0]
    if kind != wanted:
        faults.append(Fault(spot, f"its geometry is {kind}", f"wanted {wanted}"))
        return np.empty((0, 2))
    if wanted == "Polygon":
        values = values[0] if isinstance(values, list) and values else None
    points = [values] if wanted == "Point" else values
    try:
        found = np.array([point[:2] for point in points], dtype=np.float64).reshape(-1, 2)
    except (TypeError, ValueError, OverflowError):
        faults.append(Fault(spot, "its coordinates are no pairs of numbers", "wanted [longitude, latitude]"))
        return np.empty((0, 2))
    if not np.all(np.isfinite(found)) or np.any(np.abs(found) > (180.0, 80.0)):
        faults.append(Fault(spot, "has coordinates outside WGS 84", "wanted longitude ±180 and latitude ±80 degrees"))
    elif wanted == "LineString" and len(_without_repeats(found)) < 2:
        faults.append(Fault(spot, "has zero length", "wanted two points or more that differ"))
    elif wanted == "Polygon" and len(np.unique(found, axis=0)) < 3:
        faults.append(Fault(spot, "has no area", "wanted three corners or more"))
    return _without_repeats(found)


def _without_repeats(points: np.ndarray) -> np.ndarray:
    kept = np.concatenate(([True], np.any(np.diff(points, axis=0) != 0.0, axis=1))) if len(points) else slice(None)
    return points[kept]


def _told(where: str, error: ValidationError, model: type[BaseModel]) -> Iterator[Fault]:
    """Faults of a record, in words."""
    known = [entry.alias or name for name, entry in model.model_fields.items()]
    for fault in error.errors(include_url=False):
        spot = ".".join(map(str, fault["loc"])) or "it"
        if fault["type"] == "extra_forbidden":
            hint = near(str(fault["loc"][-1]), known) if len(fault["loc"]) == 1 else ""
            yield Fault(f"{where}: {spot}", "unknown property", hint or "your own begin with _")
        else:
            yield Fault(f"{where}: {spot}", *findings.told(fault, model))
