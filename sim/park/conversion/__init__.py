"""From a network of any importer to a map of ours, and what of it could not be carried over.

A map of ours says centre lines and what is built from them; connections, paths over junctions and right of way of each
movement it does not say, they are built anew. So the map is read back, and what came out is compared with what went in.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Fault, NetworkError, OutputError
from sim.park.conversion.centre_lines import Drawing, draw
from sim.park.conversion.controls import junctions, programmes
from sim.park.conversion.losses import differences
from sim.park.conversion.plane import Sphere
from sim.park.importers import read_anew, read_map
from sim.park.network import Network

__all__ = ["Converted", "convert"]

#: Roads that a map of ours cannot hold are left out and the rest is tried again, so often at the most.
_TRIES = 8

Map = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Converted:
    """A map that was written: how it reads, and what is not as it was."""

    path: Path
    network: Network
    notes: tuple[str, ...]

    @property
    def told(self) -> str:
        """What the map holds, in a line."""
        roads = [edge for edge in self.network.edges if not edge.internal]
        metres = sum(self.network.lanes[edge.lanes[0]].length for edge in roads)
        counts = (len(roads), len(self.network.junctions), len(self.network.signals), len(self.network.places))
        return "{:,} edges, {:,} junctions, {:,} signals, {:,} places, {:.1f} km".format(*counts, metres / 1000.0)


def convert(source: Path, out: Path) -> Converted:
    """Write the map of another program as a map of ours.

    Args:
        source: a file that an importer reads, but no map of ours.
        out: `.geojson` to be written; it appears only when it is whole.

    Raises:
        NetworkError: the source cannot be read, or nothing of it can be a map of ours.
        OutputError: the map cannot be written there.
    """
    if not out.name.endswith((".geojson", ".json")):
        raise OutputError(faults=[Fault(str(out), "maps of ours are GeoJSON", f"wanted {out.stem}.geojson")])
    if source.name.endswith((".geojson", ".json")):
        raise NetworkError(faults=[Fault(str(source), "is a map of ours already, or should be", "run it as it is")])
    before = read_map(source)
    sphere = Sphere(before)
    after, collection, left_out = _fitting(before, sphere, source, out)
    _write(out, collection)
    notes = [*before.warnings, *sphere.notes, *left_out.notes(), *differences(before, after, left_out), *after.warnings]
    return Converted(out, after, tuple(dict.fromkeys(notes)))


def _fitting(before: Network, sphere: Sphere, source: Path, out: Path) -> tuple[Network, Map, Drawing]:
    """The map as it reads back, with what it cannot hold left out."""
    left: dict[str, str] = {}
    for _ in range(_TRIES):
        drawing = draw(before, left)
        collection = _collection(before, drawing, sphere, source)
        try:
            plain = _read(out, collection)
            phases = programmes(before, plain, drawing)
            for properties in _junctions(collection, phases):
                properties["programme"] = phases[properties["id"]]
            return _signalled(collection, drawing, out, phases)
        except NetworkError as error:
            found = drawing.blamed(error.faults)
            if not found or len(left) + len(found) >= len(before.edges):
                raise
            left |= found
    raise NetworkError(
        faults=[Fault(str(source), f"no map of ours came of it in {_TRIES} tries, however much was left out")]
    )


def _signalled(collection: Map, drawing: Drawing, out: Path, phases: Map) -> tuple[Network, Map, Drawing]:
    """The map with signal programmes; those that do not fit the junction as built are made anew, and told."""
    try:
        return _read(out, collection), collection, drawing
    except NetworkError as error:
        unfit = {name for name in phases if any(_about(name, fault) for fault in error.faults)}
        unfit = unfit or set(phases)
    drawing.unsignalled += sorted(unfit)
    for properties in _junctions(collection, unfit):
        del properties["programme"]
    return _read(out, collection), collection, drawing


def _junctions(collection: Map, names: Collection[str]) -> list[Map]:
    """Properties of junctions of these names."""
    said = [feature["properties"] for feature in collection["features"]]
    return [x for x in said if x["kind"] == "junction" and x["id"] in names]


def _about(name: str, fault: Fault) -> bool:
    return bool(re.search(rf"(junction|signal) {re.escape(name)}(:|$)", fault.where))


def _read(out: Path, collection: Map) -> Network:
    return read_anew("geojson", out, json.loads(json.dumps(collection)))


def _collection(before: Network, drawing: Drawing, sphere: Sphere, source: Path) -> Map:
    features = [sphere.feature(said, points) for said, points in junctions(before, drawing)]
    features += [sphere.feature(said, points) for said, points in drawing.features()]
    note = f"Made from {source.name} by pilotzone import. {' '.join(sphere.notes)}".strip()
    head = {"format": 1, "name": before.name, "left_hand": before.left_hand, "origin": sphere.origin, "note": note}
    return {"type": "FeatureCollection", "pilotzone": head, "features": features}


def _write(out: Path, collection: Map) -> None:
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in collection["features"])
    head = json.dumps(collection["pilotzone"], ensure_ascii=False)
    text = f'{{\n"type": "FeatureCollection",\n"pilotzone": {head},\n"features": [\n{lines}\n]\n}}\n'
    partial = out.with_name(f"{out.name}.partial-{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(out)
    except OSError as error:
        partial.unlink(missing_ok=True) if partial.parent.is_dir() else None
        raise OutputError(
            faults=[Fault(str(out), f"cannot be written: {error.strerror}", "choose another --out")]
        ) from None
